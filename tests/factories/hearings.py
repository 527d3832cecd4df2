"""Hearings in each of their states, built through the services."""

from datetime import datetime, timedelta

from django.utils import timezone

from consultations import services
from consultations.models import ConsultationPage, DecisionItemPage, Hearing
from tests.factories.pages import a_matter, an_open_round
from tests.factories.people import a_publisher, an_editor

PEOPLE = tuple(
    services.Participant(f"{name}女士", "消费者", is_affected=number < 5)
    for number, name in enumerate("陆沈贾顾汤骆章鲁柴裴")
)


def a_plan(held_at: datetime, **changes: object) -> services.HearingPlan:
    """What is said of a hearing, complete."""
    values = {
        "held_at": held_at,
        "place": "市民中心二楼",
        "subject": "票价调整的两个方案。",
        "selection_method": "消费者公开报名，抽签产生。",
        "observers": 10,
        "chair": "市发展和改革委员会",
    }
    return services.HearingPlan(**(values | changes))


def a_planned_hearing(
    item: DecisionItemPage | None = None,
    *,
    at: datetime | None = None,
    days_ahead: int = 40,
    **changes: object,
) -> Hearing:
    """A hearing that is planned for a day so many days after `at`, and not announced."""
    at = at or timezone.now()
    item = item or a_matter(at=at, hearing_required=True)
    plan = a_plan(at + timedelta(days=days_ahead), **changes)
    return services.plan_hearing(item=item, plan=plan, by=an_editor(), at=at)


def an_announced_hearing(
    item: DecisionItemPage | None = None, *, at: datetime | None = None, days_ahead: int = 40
) -> Hearing:
    """A hearing whose notice is public since `at`, and the draft of its matter at least as long."""
    at = at or timezone.now()
    item = item or a_matter(at=at, hearing_required=True)
    rounds = ConsultationPage.objects.child_of(item)
    if not rounds.exists():
        an_open_round(item, at=at)
    # Wagtail stamps that with the clock.
    rounds.filter(first_published_at__gt=at).update(first_published_at=at)
    hearing = a_planned_hearing(item, at=at, days_ahead=days_ahead)
    services.announce_hearing(hearing=hearing, by=a_publisher(), at=at)
    return hearing


def a_held_hearing(item: DecisionItemPage, *, at: datetime | None = None) -> Hearing:
    """A hearing on a matter that was held a day before `at`, with its result."""
    at = at or timezone.now()
    announced_at = at - timedelta(days=35)
    hearing = an_announced_hearing(item, at=announced_at, days_ahead=34)
    by = a_publisher()
    day = announced_at + timedelta(days=20)
    services.publish_participants(hearing=hearing, participants=PEOPLE, by=by, at=day)
    services.record_materials(hearing=hearing, on=day.date(), by=by, at=day)
    services.record_hearing(hearing=hearing, conclusion="8人赞成，2人反对。", by=by, at=at)
    return hearing
