"""The story of one opinion: every way it can go, in order of time, with nothing told too early."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from consultations.lifecycle import (
    OFFICIAL_TIME,
    THAT_COUNT,
    Channel,
    Display,
    Outcome,
    Stage,
    WithheldReason,
    closing_instant,
)
from consultations.opinion_story import Answer, Moderation, OpinionFacts, headline, story


def on(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=OFFICIAL_TIME)


AT = on(1, 20)
RECEIVED = OpinionFacts(
    channel=Channel.ONLINE,
    received_at=on(1, 12, 10),
    confirmed_at=None,
    confirm_by=on(1, 14, 10),
    closes_on=date(2026, 2, 10),
    feedback_due_on=date(2026, 3, 12),
    moderation_workdays=2,
    stage=Stage.CONSULTING,
    matter="/catalogue/2026/07/",
)
CONFIRMED = replace(RECEIVED, confirmed_at=on(1, 12, 11))
SHOWN = replace(CONFIRMED, moderation=Moderation(Display.PUBLISHED, on(1, 13)), shown_at="/list/")
ANSWER = Answer(
    number=3,
    question="增设充电设施的期限",
    outcome=Outcome.ADOPTED,
    answered_at=on(2, 24),
    change="六个月改为十二个月",
    changed=("第六条", "/draft/#a-1"),
    place="/summary/#issue-3",
)
ANSWERED = replace(
    SHOWN,
    stage=Stage.FEEDBACK_PUBLISHED,
    summary=(date(2026, 2, 25), "/summary/"),
    answers=(ANSWER,),
)
PUBLISHED = replace(ANSWERED, stage=Stage.PUBLISHED, stage_since=date(2026, 4, 7))


def titles(facts, at=AT):
    return [event.title for event in story(facts, at=at)]


def states(facts, at=AT):
    return [event.state for event in story(facts, at=at)]


def event(facts, title, at=AT):
    return next(one for one in story(facts, at=at) if title in one.title)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


TO_COME = ["The consultation closes", "What became of it is published", "The decision is published"]


def test_what_waits_is_to_be_confirmed_first():
    assert titles(RECEIVED, on(1, 13)) == [
        "Received: Website",
        "You confirm by the link in our mail",
        "Checked, then shown",
        *TO_COME,
    ]
    assert states(RECEIVED, on(1, 13)) == ["done", "now", "later", "later", "later", "later"]
    confirm = event(RECEIVED, "You confirm", on(1, 13))
    assert confirm.when == "before 14 Jan 2026, 10:00"
    assert confirm.on is None


def test_what_was_not_confirmed_in_time_ends_there():
    for later in (AT, on(12, 1)):
        late = replace(RECEIVED, summary=(date(2026, 2, 25), "/summary/"), stage=Stage.PUBLISHED)
        assert titles(late, later) == [
            "Received: Website",
            "Not confirmed in time; it does not count",
        ]
        assert headline(late, at=later) == "Your opinion was not confirmed in time"


def test_what_is_confirmed_is_checked_next():
    assert titles(CONFIRMED) == [
        "Received: Website",
        "Confirmed; it counts",
        "Checked, then shown",
        *TO_COME,
    ]
    assert states(CONFIRMED)[2:] == ["now", "later", "later", "later"]
    assert event(CONFIRMED, "Checked").when == "within 2 working days after that"


def test_without_an_address_it_counts_at_once():
    nobody = replace(RECEIVED, confirm_by=None)
    assert titles(nobody)[:3] == [
        "Received: Website",
        "It counts; no e-mail address was given",
        "Checked, then shown",
    ]
    assert states(nobody)[:3] == ["done", "done", "now"]
    assert headline(nobody, at=AT) == "Your opinion has been received and counts"


def test_what_came_by_letter_was_entered_by_staff():
    letter = replace(CONFIRMED, channel=Channel.POST)
    assert titles(letter)[:2] == ["Received: Letter", "Checked, then shown"]
    assert event(letter, "Received").text == "Our staff entered it; it counts."


def test_what_is_shown_says_where_and_its_author_learns_the_name():
    shown = event(SHOWN, "Shown")
    assert (shown.title, shown.when, shown.on) == ("Shown", "13 Jan", date(2026, 1, 13))
    assert shown.links == (("See the opinions shown", "/list/"),)
    assert event(replace(SHOWN, shown_as="王**"), "Shown").title == "Shown, as “王**”"
    assert states(SHOWN) == ["done", "done", "done", "now", "later", "later"]


def test_parts_removed_are_told():
    redacted = replace(CONFIRMED, moderation=Moderation(Display.PUBLISHED_REDACTED, on(1, 13)))
    assert event(redacted, "Shown").title == "Shown with parts removed"
    assert event(redacted, "Shown").links == ()


def test_what_is_not_shown_has_its_reason():
    decided = Moderation(Display.WITHHELD, on(1, 13), WithheldReason.PERSONAL_INFO)
    withheld = event(replace(CONFIRMED, moderation=decided), "Not shown")
    assert withheld.text.startswith("Reason: It contains personal information.")
    assert "counted and answered" in withheld.text


def test_a_decision_of_which_no_record_is_left_stands_behind_the_confirmation():
    unrecorded = replace(CONFIRMED, moderation=Moderation(Display.PUBLISHED, None))
    assert titles(unrecorded)[:3] == ["Received: Website", "Confirmed; it counts", "Shown"]
    assert event(unrecorded, "Shown").when == ""


def test_what_its_author_keeps_private_is_counted_and_not_shown():
    private = replace(CONFIRMED, is_private=True)
    assert titles(private) == [
        "Received: Website",
        "Confirmed; it counts",
        "Counted, not shown",
        *TO_COME,
    ]
    waiting = replace(RECEIVED, is_private=True)
    assert titles(waiting, on(1, 13))[1:3] == [
        "You confirm by the link in our mail",
        "Counted, not shown",
    ]


def test_an_act_of_the_author_stands_before_what_is_still_to_come():
    taken_back = replace(SHOWN, withdrawn_at=on(1, 15), erased_at=on(1, 16))
    assert titles(taken_back) == [
        "Received: Website",
        "Confirmed; it counts",
        "Shown",
        "Its author took it back from the public; it still counts",
        "Text, name and e-mail address were erased at the author's wish",
        *TO_COME,
    ]
    before_moderation = replace(CONFIRMED, withdrawn_at=on(1, 12, 12))
    assert "Checked, then shown" not in titles(before_moderation)


def test_grouping_and_outcome_are_told_with_the_summary_and_name_the_changed_article():
    assert titles(ANSWERED, on(3, 1)) == [
        "Received: Website",
        "Confirmed; it counts",
        "Shown",
        "The consultation closed",
        "Grouped under the question “增设充电设施的期限”",
        "Answered: Adopted",
        "The adoption summary was published",
        "The decision is published",
    ]
    answered = event(ANSWERED, "Answered", on(3, 1))
    assert answered.links == (("第六条", "/draft/#a-1"),)
    assert "六个月改为十二个月" in answered.text
    assert states(ANSWERED, on(3, 1))[-1] == "now"


def test_the_end_of_the_story_is_the_decision():
    assert titles(PUBLISHED, on(5, 1))[-2:] == [
        "The adoption summary was published",
        "The decision was published",
    ]
    assert set(states(PUBLISHED, on(5, 1))) == {"done"}
    assert event(PUBLISHED, "The decision was", on(5, 1)).links[0][1] == "/catalogue/2026/07/"


@pytest.mark.parametrize("stage", [Stage.DEFERRED, Stage.WITHDRAWN])
def test_a_matter_that_was_set_aside_promises_nothing_more(stage):
    aside = replace(
        SHOWN, stage=stage, stage_since=date(2026, 2, 20), stage_reason="财政安排调整。"
    )
    told = story(aside, at=on(3, 1))
    assert told[-1].title == f"The matter was set aside: {stage.label}"
    assert told[-1].text == "财政安排调整。"
    assert {one.state for one in told} == {"done"}


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([Outcome.ADOPTED], "Your opinion was adopted"),
        ([Outcome.ADOPTED, Outcome.NOT_ADOPTED], "Your opinion was partly adopted"),
        ([Outcome.NOT_ADOPTED, Outcome.NOTED], "Your opinion was not adopted"),
        ([Outcome.NOTED], "Your opinion was noted for reference"),
        ([Outcome.OUT_OF_SCOPE], "Your opinion is outside this consultation"),
        ([], "Your opinion has been answered"),
    ],
)
def test_the_headline_says_what_became_of_it(outcomes, expected):
    answers = tuple(replace(ANSWER, outcome=one) for one in outcomes)
    assert headline(replace(ANSWERED, answers=answers), at=on(3, 1)) == expected


def test_the_headline_asks_for_the_confirmation():
    assert headline(RECEIVED, at=on(1, 13)) == "Your opinion waits for your confirmation"
    assert headline(CONFIRMED, at=AT) == "Your opinion has been received and counts"


days = st.integers(min_value=0, max_value=120).map(lambda n: on(1, 12, 10) + timedelta(days=n))
maybe = st.none() | days
facts = st.builds(
    replace,
    st.sampled_from([RECEIVED, CONFIRMED, SHOWN, ANSWERED, PUBLISHED]),
    channel=st.sampled_from(list(Channel)),
    is_private=st.booleans(),
    withdrawn_at=maybe,
    erased_at=maybe,
    stage=st.sampled_from(list(Stage)),
)


@given(facts, days)
def test_steps_to_come_stand_last_and_exactly_one_of_them_is_next(some, at):
    order = [{"done": 0, "now": 1, "later": 2}[one.state] for one in story(some, at=at)]
    assert order == sorted(order)
    assert order.count(1) == (1 if order[-1] else 0)
    assert order[0] == 0


@given(facts, days)
def test_what_is_done_is_told_in_order_of_time(some, at):
    told = [one.on for one in story(some, at=at) if one.state == "done" and one.on]
    assert told == sorted(told)


@given(facts, days)
def test_an_opinion_that_counts_learns_of_the_closing_either_way(some, at):
    is_over = at >= closing_instant(some.closes_on)
    closing = "The consultation closed" if is_over else "The consultation closes"
    assert (closing in titles(some, at)) or some.intake(at=at) not in THAT_COUNT
