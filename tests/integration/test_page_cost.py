"""What a consultation page costs does not grow with the opinions it has."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.models import ConsultationPage
from tests.benchmarks.rows import copy_opinion
from tests.factories.opinions import a_published_opinion
from tests.factories.pages import an_open_round

MOST_STATEMENTS = 12
MOST_BYTES = 100_000


def cost(client: Client, page: ConsultationPage) -> tuple[int, int]:
    """Return the SQL statements and the bytes of one page view by an anonymous reader."""
    address = page.get_url()
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as statements:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(statements), len(answer.content)


@pytest.mark.django_db
def test_as_many_statements_with_no_opinion_as_with_ten_thousand(client: Client) -> None:
    page = an_open_round()
    none, _ = cost(client, page)

    opinion = a_published_opinion(page, article=1)
    copy_opinion(opinion, 19)
    twenty, _ = cost(client, page)

    copy_opinion(opinion, 9_980)
    ten_thousand, size = cost(client, page)

    assert page.opinions.shown().count() == 10_000
    assert none == twenty == ten_thousand <= MOST_STATEMENTS
    assert size < MOST_BYTES
