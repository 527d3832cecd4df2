"""The portal is killed at random moments while people send opinions; nothing is lost.

Slow because each of the twenty deaths is followed by a real start of web server and workers.
"""

import os

import pytest

from tests.benchmarks.kills import survive

KILLS = 20


@pytest.mark.long
@pytest.mark.postgresql
def test_every_receipt_that_was_shown_stands_for_one_whole_opinion():
    outcome = survive(KILLS, os.environ["DATABASE_URL"])
    assert outcome.receipts > KILLS
    assert not outcome.faults, outcome
