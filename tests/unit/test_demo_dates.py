"""The demo holds together whatever the day on which it is made."""

from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from home.demo.dates import DemoCalendar, spread
from home.demo.material import city, matters
from home.demo.texts import draft_ids, labels_of, stream_of
from portal.core.workdays import announced_workday

# Two years with all their holidays, announced and guessed.
DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(731)]
TODAY = st.sampled_from(DAYS)
CALENDARS = [DemoCalendar(day) for day in DAYS[::3]]
OFFSET = st.integers(-1200, 300)


def rounds():
    return [(matter, one) for matter in matters() for one in matter.rounds]


@given(TODAY, OFFSET)
def test_an_office_day_is_worked_unless_it_would_no_longer_be_past(today, offset):
    day = DemoCalendar(today).office_day(offset)
    assert day >= today + timedelta(days=offset)
    assert (day < today) == (offset < 0)
    assert announced_workday(day) or offset < 0


@given(TODAY, OFFSET)
def test_an_opening_day_is_worked_and_not_late(today, offset):
    day = DemoCalendar(today).opening_day(offset)
    assert announced_workday(day)
    assert day <= today + timedelta(days=offset)


def test_office_days_skip_the_spring_festival():
    calendar = DemoCalendar(date(2026, 11, 24))
    assert calendar.office_day(-275) == date(2026, 2, 24)
    assert calendar.office_day(-240) == date(2026, 3, 30)


def test_a_leap_day_has_a_counterpart_in_other_years():
    assert DemoCalendar(date(2028, 2, 29)).years_before(0, 1) == date(2027, 3, 1)
    assert DemoCalendar(date(2028, 2, 29)).years_before(0, 0) == date(2028, 2, 29)


@given(st.integers(0, 12), st.integers(0, 40))
def test_opinions_are_spread_over_the_round_in_order(count, length):
    first = date(2026, 9, 1)
    days = spread(count, first, first + timedelta(days=length))
    assert len(days) == count
    assert days == sorted(days)
    assert all(0 <= (day - first).days <= length for day in days)


def test_every_round_is_long_enough_and_stands_where_its_story_has_it():
    for calendar, (matter, told) in product(CALENDARS, rounds()):
        today = calendar.today
        opens, closes = calendar.opening_day(told.opens), calendar.office_day(told.closes)
        assert (closes - opens).days >= 30 or told.shortened_reason
        assert opens < calendar.last_day_to_write(closes)
        is_open = told.closes > 0
        assert (opens <= today <= closes) == is_open, matter.name
        if told.feedback:
            assert closes < calendar.office_day(told.feedback.on, after=closes) < today


def test_every_decision_comes_step_by_step():
    decided = [matter for matter in matters() if matter.decision]
    for calendar, matter in product(CALENDARS, decided):
        legality = next(one for one in matter.reviews if one.kind == "legality")
        told = matter.decision
        steps = [
            calendar.office_day(offset)
            for offset in (
                matter.rounds[-1].feedback.on,
                legality.sent,
                legality.concluded,
                told.held,
                told.party_report,
                told.signed,
                told.published,
            )
        ]
        assert steps == sorted(steps), matter.name
        assert steps[-1] <= calendar.day(told.effective)


def test_document_numbers_rise_with_the_days_of_signing():
    this_year = [one.decision for one in matters() if one.decision and one.decision.signed > -365]
    by_signing = sorted(this_year, key=lambda one: one.signed)
    assert [one.serial for one in by_signing] == sorted(one.serial for one in by_signing)


def test_every_opinion_speaks_to_an_article_of_its_draft():
    for matter, told in rounds():
        known = {*labels_of(told.draft), ""}
        assert {voice.article for voice in told.opinions} <= known, matter.name


def test_every_matter_names_units_and_catalogues_that_exist():
    units = {unit["code"] for unit in city()["units"]}
    catalogues = {one["key"] for one in city()["catalogues"]}
    names = {matter.name for matter in matters()}
    for matter in matters():
        assert {matter.lead, *matter.co} <= units
        assert matter.catalogue in catalogues
        assert not matter.supersedes or matter.supersedes in names


def test_a_text_becomes_headings_and_articles_with_their_printed_numbers():
    text = "第一章　总则\n第一条　甲。\n第二条　乙。\n丙。\n第五条　丁。"
    blocks = stream_of(text, draft_ids("x", text))
    assert [block["type"] for block in blocks] == ["heading", "article", "article", "article"]
    assert [block["value"]["label"] for block in blocks[1:]] == ["", "", "第五条"]
    assert blocks[2]["value"]["text"] == "乙。\n丙。"
