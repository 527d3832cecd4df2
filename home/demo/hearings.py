"""The hearings of the demo, led through the verbs that staff use."""

from datetime import time

from consultations import services
from consultations.models import DecisionItemPage
from home.demo.dates import at_time
from home.demo.hands import Stagehands
from home.demo.material import HearingNote
from home.demo.past import dated
from portal.core.waivers import waive


def hear(told: HearingNote, item: DecisionItemPage, hands: Stagehands) -> None:
    """Announce a hearing and do what had been done about it by now."""
    calendar = hands.calendar
    by = hands.publisher
    with dated(at_time(calendar.day(told.notice))) as at:
        item.refresh_from_db()
        hearing = services.plan_hearing(
            item=item,
            plan=services.HearingPlan(
                held_at=at_time(calendar.office_day(told.held), time(told.hour)),
                place=told.place,
                subject=told.subject,
                selection_method=told.selection.strip(),
                apply_until=(None if told.apply_until is None else calendar.day(told.apply_until)),
                observers=told.observers,
                chair=told.chair,
            ),
            by=hands.editor,
            at=at,
        )
        if told.draft_came_later:
            waive(page=item, rule_id="HEA-2", reason=told.draft_came_later, by=by, at=at)
        services.announce_hearing(hearing=hearing, by=by, at=at)
    if told.materials is not None:
        handed_over = calendar.day(told.materials)
        with dated(at_time(handed_over)) as at:
            services.record_materials(hearing=hearing, on=handed_over, by=hands.editor, at=at)
    if told.participants is not None:
        people = [services.Participant(*one) for one in told.people]
        with dated(at_time(calendar.day(told.participants))) as at:
            services.publish_participants(hearing=hearing, participants=people, by=by, at=at)
    if told.conclusion:
        with dated(at_time(calendar.office_day(told.held), time(17, 0))) as at:
            services.record_hearing(hearing=hearing, conclusion=told.conclusion, by=by, at=at)
