"""What this app tells of a matter's story: catalogue, rounds, hearings, summaries."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.lifecycle import HearingState, Step
from consultations.models import DecisionItemPage, Hearing
from consultations.story import MatterEvent


def events(*, item: DecisionItemPage) -> list[MatterEvent]:
    """Return the public events of a matter up to its adoption summaries, in no order."""
    return [*_catalogue_events(item), *_round_events(item), *_hearing_events(item)]


def _catalogue_events(item: DecisionItemPage) -> list[MatterEvent]:
    catalogue = item.catalogue
    told = []
    if item.listed_on:
        told.append(
            MatterEvent(
                Step.CATALOGUE,
                item.listed_on,
                _("Listed in the yearly catalogue"),
                links=((catalogue.name_for_slug(catalogue.slug), catalogue.get_absolute_url()),),
            )
        )
    told += [
        MatterEvent(
            Step.CATALOGUE,
            adjustment.approved_on,
            _("Catalogue adjusted: %(kind)s") % {"kind": adjustment.get_kind_display()},
            adjustment.reason,
        )
        for adjustment in item.adjustments.all()
    ]
    return told


def _round_events(item: DecisionItemPage) -> list[MatterEvent]:
    told = []
    for page in item.public_rounds:
        if page.opens_on is None or page.closes_on is None:
            continue
        links = [(_("Draft and explanation"), page.get_absolute_url())]
        if page.changes_url:
            links.append((_("What changed since the earlier draft"), page.changes_url))
        told += [
            MatterEvent(
                Step.CONSULTATION,
                page.opens_on,
                _("Draft put to the public")
                if page.round == 1
                else _("Draft put to the public, round %(number)s") % {"number": page.round},
                page.shortened_reason,
                links=tuple(links),
            ),
            MatterEvent(Step.CONSULTATION, page.closes_on, _("Last day for opinions")),
        ]
        report = page.report
        if report is not None and report.published_on is not None:
            count = page.opinion_total
            told.append(
                MatterEvent(
                    Step.FEEDBACK,
                    report.published_on,
                    _("Adoption of opinions published"),
                    ngettext(
                        "%(count)s opinion, each answered.",
                        "%(count)s opinions, each answered.",
                        count,
                    )
                    % {"count": count}
                    if count
                    else _("No opinion was received."),
                    links=((_("Adoption summary"), report.get_absolute_url()),),
                )
            )
    return told


def _hearing_events(item: DecisionItemPage) -> list[MatterEvent]:
    told = []
    for hearing in item.public_hearings:
        if hearing.notice_on is not None:
            told.append(
                MatterEvent(
                    Step.CONSULTATION,
                    hearing.notice_on,
                    _("Hearing announced"),
                    hearing.subject,
                    links=((_("Notice of the hearing"), hearing.get_absolute_url()),),
                )
            )
        if hearing.participants_on is not None:
            told.append(
                MatterEvent(
                    Step.CONSULTATION,
                    hearing.participants_on,
                    _("Participants of the hearing published"),
                    links=((_("List of participants"), hearing.get_absolute_url()),),
                )
            )
        told.append(_the_hearing_itself(hearing))
    return told


def _the_hearing_itself(hearing: Hearing) -> MatterEvent:
    if hearing.state is HearingState.CANCELLED:
        title, text = _("Hearing not held"), hearing.cancelled_reason
    else:
        title, text = _("Hearing"), hearing.conclusion or hearing.place
    return MatterEvent(Step.CONSULTATION, hearing.held_on, title, text)
