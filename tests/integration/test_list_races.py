"""Moderators and authors at the same moment: no change of the public list is lost.

Only a server database lets two transactions run beside each other; SQLite queues them.
"""

from django.utils import timezone

from consultations import services
from consultations.lifecycle import WithheldReason
from consultations.models import OpinionTally
from tests import factories
from tests.integration.together import AT_ONCE, together

pytestmark = AT_ONCE

OPINIONS = 24


def at_once(acts):
    together(lambda n: acts[n](), len(acts))


def test_two_dozen_moderators_and_authors_leave_exact_counts():
    page, clerk = factories.an_open_round(), factories.a_clerk()
    opinions = [factories.an_opinion(page, article=n % 3) for n in range(OPINIONS)]
    at = timezone.now()

    def publish(opinion):
        return lambda: services.publish_opinion(opinion=opinion, by=clerk, at=at)

    def withhold(opinion):
        return lambda: services.withhold_opinion(
            opinion=opinion, reason=WithheldReason.ABUSE, by=clerk, at=at
        )

    def withdraw(opinion):
        return lambda: services.withdraw(opinion=opinion, at=at)

    at_once([publish(one) for one in opinions])
    assert OpinionTally.of(page.pk).count() == OPINIONS
    third = OPINIONS // 3
    at_once(
        [withhold(one) for one in opinions[:third]]
        + [withdraw(one) for one in opinions[third : 2 * third]]
        + [publish(one) for one in opinions[2 * third :]]
    )
    assert OpinionTally.of(page.pk).count() == OPINIONS - 2 * third
    assert not services.recount(consultation_id=page.pk)
