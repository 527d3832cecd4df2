"""The course over the years is drawn from counts alone."""

from decisions.search.criteria import Criteria
from decisions.views.trend import MOST_YEARS, trend_of


def test_every_year_from_the_first_to_the_last_has_its_column():
    trend = trend_of(Criteria(text="停车"), {2023: 2, 2026: 4})
    assert [(one.year, one.count, one.percent) for one in trend.columns] == [
        (2023, 2, 50.0),
        (2024, 0, 0.0),
        (2025, 0, 0.0),
        (2026, 4, 100.0),
    ]
    assert [one.place for one in trend.columns] == [0, 1, 2, 3]
    assert trend.busiest.year == 2026
    assert trend.columns[0].top == 50.0


def test_one_year_is_no_course():
    assert trend_of(Criteria(), {}) is None
    assert trend_of(Criteria(), {2026: 3}) is None
    assert trend_of(Criteria(year=(2025,)), {2026: 3, 2025: 0}) is None


def test_two_tallest_years_are_not_one():
    assert trend_of(Criteria(), {2025: 3, 2026: 3}).busiest is None


def test_chosen_years_stand_out_and_can_be_taken_back():
    trend = trend_of(Criteria(year=(2025,)), {2025: 1, 2026: 3})
    assert trend.is_narrowed
    assert [one.is_chosen for one in trend.columns] == [True, False]
    assert [one.url for one in trend.columns] == ["?", "?year=2025&year=2026"]


def test_years_far_apart_are_not_filled_up():
    trend = trend_of(Criteria(), {1900: 1, 1900 + MOST_YEARS: 1})
    assert [one.year for one in trend.columns] == [1900, 1900 + MOST_YEARS]
