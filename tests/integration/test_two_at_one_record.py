"""Two clerks at one record: the second sees what the first did; nothing is overwritten unseen."""

from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.lifecycle import Display, Outcome, RedactionReason, WithheldReason
from consultations.models import AnswerDraft, Issue, Opinion
from portal.core.versions import Overtaken
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]


@pytest.fixture
def clerk(client):
    user = factories.a_clerk()
    client.force_login(user)
    return user


def opened(client, address):
    """Open a form and return what it carries."""
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK
    return {"seen": response.context["form"]["seen"].value()}


def verb(name, opinion):
    return reverse(Opinion.snippet_viewset.get_url_name(name), args=[opinion.pk])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("publish", {}),
        ("redact", {"words_0": "老小区", "reason_0": RedactionReason.THIRD_PARTY}),
        ("withhold", {"reason": WithheldReason.SPAM_DUPLICATE}),
    ],
)
def test_who_is_second_sees_what_the_first_did_and_may_still_insist(client, clerk, name, data):
    opinion = factories.an_opinion(text="老小区没有空地，建议放宽到一年。")
    form = opened(client, verb(name, opinion))
    colleague = factories.a_clerk()
    colleague.first_name = "李敏"
    colleague.save()
    services.withhold_opinion(
        opinion=opinion, reason=WithheldReason.ABUSE, by=colleague, at=timezone.now()
    )

    response = client.post(verb(name, opinion), form | data)
    opinion.refresh_from_db()
    assert (opinion.display, opinion.withheld_reason) == (Display.WITHHELD, WithheldReason.ABUSE)
    shown = response.content.decode()
    assert "李敏" in shown
    assert str(WithheldReason.ABUSE.label) in shown
    for typed in data.values():
        assert str(typed) in shown

    again = {"seen": response.context["form"]["seen"].value()}
    assert client.post(verb(name, opinion), again | data).status_code == HTTPStatus.FOUND


def test_an_author_who_took_it_back_meanwhile_has_the_last_word(client, clerk):
    opinion = factories.an_opinion()
    form = opened(client, verb("publish", opinion))
    services.withdraw(opinion=opinion, at=timezone.now())
    client.post(verb("publish", opinion), form)
    opinion.refresh_from_db()
    assert opinion.display == Display.AUTHOR_PRIVATE


def test_two_answers_to_one_issue_do_not_overwrite_each_other(client, clerk):
    issue = factories.an_issue()
    address = reverse(Issue.snippet_viewset.get_url_name("edit"), args=[issue.pk])
    form = opened(client, address)
    mine = {
        "outcome": Outcome.NOT_ADOPTED,
        "reason": "我写的理由。",
        "change": "",
        "article_id": "",
    }
    services.draft_answer(
        issue=issue,
        outcome=Outcome.ADOPTED,
        reason="同事写的理由。",
        by=factories.an_editor(),
        at=timezone.now(),
    )
    response = client.post(address, form | mine)
    assert AnswerDraft.objects.get().reason == "同事写的理由。"
    for words in ("同事写的理由。", "我写的理由。"):
        assert words in response.content.decode()
    again = {"seen": response.context["form"]["seen"].value()}
    assert client.post(address, again | mine).status_code == HTTPStatus.FOUND
    assert AnswerDraft.objects.get().reason == "我写的理由。"


def test_a_verb_told_what_was_seen_refuses_what_changed_since():
    opinion = factories.an_opinion()
    clerk, at = factories.a_clerk(), timezone.now()
    seen = opinion.version
    services.publish_opinion(opinion=opinion, seen=seen, by=clerk, at=at)
    with pytest.raises(Overtaken):
        services.withhold_opinion(
            opinion=opinion, reason=WithheldReason.ABUSE, seen=seen, by=clerk, at=at
        )
    opinion.refresh_from_db()
    assert opinion.is_shown
