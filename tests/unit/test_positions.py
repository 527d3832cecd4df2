"""Going on behind a position is what sorting says, and an index can begin there."""

from datetime import date
from itertools import product
from operator import eq, ge, gt, le, lt

import pytest
from django.db.models import Q

from portal.core.positions import behind, position_of

COMPARED = {"": eq, "lt": lt, "lte": le, "gt": gt, "gte": ge, "in": lambda one, many: one in many}


def holds(condition, row):
    """Tell whether a condition holds for a row, as a database would."""
    if isinstance(condition, Q):
        parts = [holds(one, row) for one in condition.children]
        return all(parts) if condition.connector == Q.AND else any(parts)
    column, _, how = condition[0].partition("__")
    return COMPARED[how](row[column], condition[1])


@pytest.mark.parametrize(
    "order", [("pk",), ("-pk",), ("day", "pk"), ("-day", "pk"), ("topic", "-day", "-pk")]
)
def test_what_stands_behind_a_position_is_what_sorting_says(order):
    rows = [
        {"topic": topic, "day": day, "pk": pk}
        for pk, (topic, day) in enumerate(product((1, 2), (1, 2, 2)))
    ]
    in_order = list(rows)
    for column in reversed(order):
        name = column.removeprefix("-")
        in_order.sort(key=lambda row, name=name: row[name], reverse=column != name)
    for place, row in enumerate(in_order):
        position = tuple(row[column.removeprefix("-")] for column in order)
        found = [one for one in in_order if holds(behind(order, position), one)]
        assert found == in_order[place + 1 :]


@pytest.mark.parametrize(
    ("order", "bound"), [(("-day", "pk"), ("day__lte", 7)), (("day", "-pk"), ("day__gte", 7))]
)
def test_an_index_on_the_first_column_can_begin_at_the_position(order, bound):
    """A bound that only one branch of an OR has is no place to begin at."""
    condition = behind(order, (7, 1))
    assert condition.connector == Q.AND
    assert bound in condition.children


def test_a_position_is_what_json_can_hold():
    assert position_of((date(2026, 3, 1), 7, None)) == ("2026-03-01", 7, None)
