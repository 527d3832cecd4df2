"""What this app tells of a matter's story: catalogue, adjustments, rounds, adoption summaries."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.lifecycle import Step
from consultations.models import DecisionItemPage
from consultations.story import MatterEvent


def events(*, item: DecisionItemPage) -> list[MatterEvent]:
    """Return the public events of a matter up to its adoption summaries, in no order."""
    return [*_catalogue_events(item), *_round_events(item)]


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
        link = (_("Draft and explanation"), page.get_absolute_url())
        told += [
            MatterEvent(
                Step.CONSULTATION,
                page.opens_on,
                _("Draft put to the public"),
                page.shortened_reason,
                links=(link,),
            ),
            MatterEvent(Step.CONSULTATION, page.closes_on, _("Last day for opinions")),
        ]
        report = page.report
        if report is not None and report.published_on is not None:
            count = page.opinions.that_count().count()
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
