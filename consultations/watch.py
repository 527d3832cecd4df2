"""What the rules find on matters and on the site as time passes: for dashboards and the public.

Each app tells its own part of a matter through the Wagtail hooks `matter_findings` and
`matter_duties`, as it tells the matter's story.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Min
from django.db.models.functions import Coalesce
from wagtail import hooks
from wagtail.models import ModelLogEntry, PageLogEntry

from consultations.compliance.duties import Duty, duties_before_the_decision
from consultations.compliance.matter import MatterFacts, RoundFacts
from consultations.compliance.site import SiteFacts
from consultations.lifecycle import SET_ASIDE, Act, Display, Stage, official_date
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    Opinion,
    StageChange,
)
from portal.core.findings import Finding, findings
from portal.core.models import WorkCalendar, current_limits
from portal.core.remembered import remembered
from portal.core.waivers import waived_on

_LOGS = (PageLogEntry, ModelLogEntry)
_DECIDED = frozenset({Stage.DECIDED, Stage.PUBLISHED})


def matter_findings(item: DecisionItemPage, *, at: datetime) -> list[Finding]:
    """Return what is due or late on a matter at an instant, told by every app, oldest day first.

    Warnings that somebody went past with a reason are left out. A finding's `due_on` is the day
    by which its rule had, or has, to be met.
    """
    waived = waived_on(item)
    told = [one for tell in hooks.get_hooks("matter_findings") for one in tell(item=item, at=at)]
    left = [one for one in told if one.id not in waived]
    return sorted(left, key=lambda one: (one.due_on is None, one.due_on or at.date(), one.id))


def own_findings(*, item: DecisionItemPage, at: datetime) -> list[Finding]:
    """Return what is due or late on a matter up to its adoption summaries and hearings."""
    limits = current_limits()
    found = findings(Act.WATCH_MATTER, matter_facts(item, at=at, waiting=_waiting(item)), limits)
    for hearing in item.hearings.standing().announced().prefetch_related("participants"):
        if hearing.concluded_at is None:
            found += findings(Act.WATCH_HEARING, hearing.facts(at=at), limits)
    return found


def site_findings(*, at: datetime) -> list[Finding]:
    """Return what the whole site owes at an instant (CAT-1, PRI-1, LOG-1)."""
    return findings(Act.WATCH_SITE, _site_facts(at=at), current_limits())


def duties(*, item: DecisionItemPage, at: datetime) -> list[Duty]:
    """Return the duties on a matter up to its adoption summary, as the public may see them."""
    limits = remembered("limits", current_limits)
    public = [one for one in item.public_hearings if not one.cancelled_reason]
    hearing = public[-1].facts(at=at) if public else None
    return duties_before_the_decision(matter_facts(item, at=at), hearing, limits)


def matter_facts(
    item: DecisionItemPage, *, at: datetime, waiting: dict[int, datetime] | None = None
) -> MatterFacts:
    """Return what the rules read of a matter at an instant.

    Args:
        item: the matter.
        at: the instant.
        waiting: since when the oldest opinion waits for a moderator, by primary key of its round.

    """
    waiting = waiting or {}
    stage = Stage(item.stage)
    return MatterFacts(
        today=official_date(at),
        listed_on=item.listed_on,
        planned_by=item.planned_by,
        is_decided=stage in _DECIDED,
        is_set_aside=stage in SET_ASIDE,
        needs_participation=item.needs_participation,
        hearing_required=bool(item.hearing_required),
        rounds=_rounds(item, item.public_rounds, waiting),
        calls=_rounds(item, item.public_calls, waiting),
        is_workday=remembered("work-calendar", WorkCalendar),
    )


def _rounds(
    item: DecisionItemPage, pages: Iterable[ConsultationPage], waiting: dict[int, datetime]
) -> tuple[RoundFacts, ...]:
    return tuple(
        RoundFacts(
            name=one.title,
            opens_on=one.opens_on,
            closes_on=one.closes_on,
            reported_on=one.report.published_on if one.report else None,
            opinions=one.opinion_total if one.report else 0,
            pending_since=official_date(waiting[one.pk]) if one.pk in waiting else None,
            interpreted_on=_interpreted_on(one, item),
            is_excused=item.is_excused(one.pk, "CON-9"),
        )
        for one in pages
        if one.opens_on is not None and one.closes_on is not None
    )


def _interpreted_on(one: ConsultationPage, item: DecisionItemPage) -> date | None:
    """Return the day on which the first interpretation of a round's draft became public."""
    own = (page for page in item.public_interpretations if page.path.startswith(one.path))
    return next((page.published_on for page in own), None)


def _waiting(item: DecisionItemPage) -> dict[int, datetime]:
    """Return since when the oldest opinion of each public round waits for a moderator."""
    pending = Opinion.norel_objects.that_count().filter(
        consultation__in=[one.pk for one in (*item.public_rounds, *item.public_calls)],
        display=Display.PENDING,
    )
    since = Min(Coalesce("confirmed_at", "submit_date"))
    return dict(pending.order_by().values_list("consultation_id").annotate(since=since))


def _site_facts(*, at: datetime) -> SiteFacts:
    today = official_date(at)
    last_day = today - timedelta(days=current_limits().retention_days + 1)
    unpurged = Opinion.norel_objects.reported_before(last_day).with_contact_data()
    first_act = StageChange.objects.aggregate(first=Min("changed_at"))["first"]
    logs = (log.objects.aggregate(first=Min("timestamp"))["first"] for log in _LOGS)
    first_entry = min((one for one in logs if one is not None), default=None)
    return SiteFacts(
        today=today,
        catalogue_years=frozenset(CataloguePage.objects.live().values_list("year", flat=True)),
        rounds_to_purge=unpurged.order_by().values("consultation").distinct().count(),
        first_act_on=official_date(first_act) if first_act else None,
        log_since=official_date(first_entry) if first_entry else None,
    )
