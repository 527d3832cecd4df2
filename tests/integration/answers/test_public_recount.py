"""The figures of a published summary equal what anybody counts from the public pages."""

import re
from collections import Counter
from html import unescape

import pytest

from consultations.lifecycle import Outcome
from consultations.models import FeedbackReportPage
from portal.core.findings import Refused
from tests import factories
from tests.factories import acts
from tests.integration.answers.answering import NOW

pytestmark = pytest.mark.django_db

OPINION = r'<article class="opinion" id="o-\d+">(.*?)</article>'


def publish(report: FeedbackReportPage) -> None:
    acts.publish_feedback(page=report, by=factories.a_publisher(), at=NOW())


def listed(client, page) -> Counter:
    """Follow the public list to its end; count the opinions by the outcomes shown beside each."""
    found: Counter = Counter()
    address = page.list_url
    while address:
        content = client.get(address).content.decode()
        for block in re.findall(OPINION, content, re.DOTALL):
            found[frozenset(re.findall(r"#issue-(\d+)", block))] += 1
        older = re.search(r'href="([^"]*)" rel="next', content)
        address = unescape(older[1]) if older else ""
    return found


def test_the_last_answer_lets_it_through_and_its_figures_can_be_counted_again(client):
    page = factories.a_closed_round()
    opinions = [
        factories.a_published_opinion(page, text=f"第{n}条意见。", article=n % 3) for n in range(23)
    ]
    adopted, refused = opinions[:9], opinions[9:]
    factories.an_answered_issue(*adopted, outcome=Outcome.ADOPTED)
    last = factories.an_answered_issue(
        *refused[:-1], outcome=Outcome.NOT_ADOPTED, reason="现阶段做不到。", title="做不到的"
    )
    report = factories.a_draft_summary(page)
    with pytest.raises(Refused) as caught:
        publish(report)
    assert refused[-1].receipt_no in str(caught.value)
    factories.an_answered_issue(refused[-1], title="最后一个", outcome=Outcome.NOTED, reason="")
    publish(report)

    response = client.get(report.url)
    figures, rows = response.context["figures"], response.context["rows"]
    counted = listed(client, page)
    assert sum(counted.values()) == figures.opinions == len(opinions)
    by_row = {frozenset([str(row.issue.number)]): row.count for row in rows}
    assert counted == by_row
    by_outcome = Counter()
    for row in rows:
        by_outcome[row.outcome] += counted[frozenset([str(row.issue.number)])]
    assert {key: value for key, value in figures.by_outcome.items() if value} == by_outcome
    assert figures.by_outcome[Outcome(last.outcome)] == len(refused) - 1
