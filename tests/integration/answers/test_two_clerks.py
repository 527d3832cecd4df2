"""Random interleavings of two people's acts; `make scale` runs a thousand of them."""

import pytest

from tests.integration.answers.two_clerks import interleaved

pytestmark = pytest.mark.django_db

INTERLEAVINGS = 60


def test_two_people_overwrite_nothing_and_leave_a_trace_of_everything():
    assert interleaved(INTERLEAVINGS) > INTERLEAVINGS
