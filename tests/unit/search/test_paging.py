"""The way through the pages says where they end, and when that is before the results do."""

import pytest

from decisions.search.criteria import LAST_PAGE, PAGE_SIZE, read
from decisions.views.links import paging


@pytest.mark.parametrize(
    ("total", "last", "listed"),
    [
        (PAGE_SIZE, None, 0),
        (PAGE_SIZE + 1, 2, 0),
        (LAST_PAGE * PAGE_SIZE, LAST_PAGE, 0),
        (LAST_PAGE * PAGE_SIZE + 1, LAST_PAGE, LAST_PAGE * PAGE_SIZE),
    ],
)
def test_it_ends_with_the_last_page_and_says_what_that_leaves_out(total, last, listed):
    way = paging(read({"q": ["停车"]}), total)
    assert (way.links[-1].label if way.links else None) == (str(last) if last else None)
    assert way.listed == listed
