"""Opinions in the admin are read, shown, withheld and grouped through the verbs; never edited."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from consultations.lifecycle import Channel, Display, RedactionReason, WithheldReason
from consultations.models import Issue, Opinion
from portal.accounts.models import User
from tests import factories
from tests.integration.page_forms import said
from tests.integration.statements import statements

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk() -> Client:
    return signed_in(factories.a_clerk())


@pytest.fixture
def publisher() -> Client:
    """May read opinions, not moderate them."""
    return signed_in(factories.a_publisher())


@pytest.fixture
def editor() -> Client:
    return signed_in(factories.an_editor())


def url(name: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_consultations_opinion:{name}", args=args)


def bulk(name: str, *opinions: Opinion) -> str:
    ids = "&".join(f"id={one.pk}" for one in opinions)
    path = reverse("wagtail_bulk_action", args=["consultations", "opinion", name])
    return f"{path}?{ids}&next={url('list')}"


def fresh(opinion: Opinion) -> Opinion:
    return Opinion.objects.get(pk=opinion.pk)


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(url("list") + query)
    return [one.receipt_no for one in response.context["object_list"]]


# The list


def test_list_shows_what_a_clerk_needs_and_nothing_personal(clerk: Client) -> None:
    opinion = factories.an_opinion(article=2, name="欧阳明月", email="ouyang@example.com")

    html = clerk.get(url("list")).content.decode()

    assert opinion.receipt_no in html
    assert opinion.consultation.item.title in html
    assert "第二条" in html
    assert str(Display.PENDING.label) in html
    assert "欧阳" not in html
    assert "ouyang@example.com" not in html


def test_list_is_newest_first_and_paged(clerk: Client) -> None:
    page = factories.an_open_round()
    opinions = [factories.an_opinion(page) for _ in range(3)]

    assert listed(clerk) == [one.receipt_no for one in reversed(opinions)]


def test_list_asks_as_often_for_fifty_as_for_five(clerk: Client) -> None:
    page = factories.an_open_round()
    other = factories.an_open_round(factories.a_matter(number=2))
    for number in range(5):
        factories.an_opinion(page if number % 2 else other, article=1)
    with_five, _ = statements(clerk, url("list"))
    for number in range(45):
        factories.an_opinion(page if number % 2 else other, article=2)

    with_fifty, _ = statements(clerk, url("list"))
    assert len(with_fifty) == len(with_five), "\n".join(with_fifty)
    assert len(listed(clerk)) == 50


@pytest.mark.parametrize("search", ["楼道", "楼道里停放"])
def test_search_finds_chinese_words_inside_the_text(clerk: Client, search: str) -> None:
    page = factories.an_open_round()
    wanted = factories.an_opinion(page, text="请不要在楼道里停放电动自行车。")
    factories.an_opinion(page)

    assert listed(clerk, f"?q={search}") == [wanted.receipt_no]


def test_search_finds_a_receipt_number(clerk: Client) -> None:
    page = factories.an_open_round()
    wanted, _other = factories.an_opinion(page), factories.an_opinion(page)

    assert listed(clerk, f"?q={wanted.receipt_no.lower()}") == [wanted.receipt_no]


def test_filters(clerk: Client) -> None:
    page = factories.an_open_round()
    other = factories.an_open_round(factories.a_matter(number=2))
    shown = factories.a_published_opinion(page)
    letter = factories.an_offline_opinion(page)
    waiting = factories.an_unconfirmed_opinion(other)

    assert listed(clerk, f"?consultation={other.pk}") == [waiting.receipt_no]
    assert listed(clerk, "?display=published") == [shown.receipt_no]
    assert listed(clerk, f"?channel={Channel.POST}") == [letter.receipt_no]
    assert listed(clerk, "?intake=submitted") == [waiting.receipt_no]
    assert listed(clerk, "?intake=confirmed") == [letter.receipt_no, shown.receipt_no]
    assert listed(clerk, "?intake=expired") == []


def test_nothing_is_exported(clerk: Client) -> None:
    factories.an_opinion()

    for kind in ("csv", "xlsx"):
        response = clerk.get(url("list") + f"?export={kind}")
        body = response.getvalue() if response.streaming else response.content
        assert b"wang@example.com" not in body
        assert "attachment" not in response.headers.get("Content-Disposition", "")


# One opinion


def test_who_wrote_it_is_shown_to_moderators_only(clerk: Client, publisher: Client) -> None:
    opinion = factories.an_opinion(name="欧阳明月", email="ouyang@example.com")

    before = clerk.get(url("inspect", opinion.pk)).content.decode()
    full = clerk.post(url("look", opinion.pk)).content.decode()
    refused = publisher.post(url("look", opinion.pk), follow=True).content.decode()
    reduced = publisher.get(url("inspect", opinion.pk)).content.decode()

    assert "欧阳明月" in full
    assert "ouyang@example.com" in full
    assert factories.opinions.TEXT in reduced
    for html in (before, reduced, refused):
        assert "欧阳" not in html
        assert "ouyang@example.com" not in html


def test_history_tells_what_was_done(clerk: Client) -> None:
    opinion = factories.a_withheld_opinion()

    html = clerk.get(url("history", opinion.pk)).content.decode()

    assert str(WithheldReason.ABUSE.label) in html


def test_who_may_not_see_opinions_sees_none() -> None:
    reviewer = signed_in(factories.a_legal_reviewer())
    opinion = factories.an_opinion()

    for address in (url("list"), url("inspect", opinion.pk), url("history", opinion.pk)):
        response = reviewer.get(address, follow=True)
        assert opinion.receipt_no not in response.content.decode()


def test_no_one_chooses_opinions_from_a_list(editor: Client) -> None:
    assert editor.get("/admin/snippets/choose/consultations/opinion/").status_code == 404


@pytest.mark.parametrize("name", ["add", "edit", "delete"])
def test_no_form_edits_an_opinion(name: str) -> None:
    opinion = factories.an_opinion()
    chief = signed_in(factories.a_superuser())
    address = url(name) if name == "add" else url(name, opinion.pk)

    for response in (chief.get(address), chief.post(address, {"comment": "改了"})):
        assert response.status_code == 302
        assert response.url == reverse("wagtailadmin_home")
    assert fresh(opinion).comment == opinion.comment


def test_nothing_is_deleted_in_bulk() -> None:
    opinion = factories.an_opinion()

    signed_in(factories.a_superuser()).post(bulk("delete", opinion))

    assert fresh(opinion).receipt_no == opinion.receipt_no


# The verbs


@pytest.mark.parametrize("person", [factories.a_clerk, factories.a_superuser])
def test_show(person: Callable[[], User]) -> None:
    opinion = factories.an_opinion()

    signed_in(person()).post(url("publish", opinion.pk))

    assert fresh(opinion).display == Display.PUBLISHED
    assert fresh(opinion).is_public


def test_show_with_parts_removed(clerk: Client) -> None:
    opinion = factories.an_opinion(text="我是王小明，电话13800000000，希望放宽。")
    form = clerk.get(url("redact", opinion.pk)).context["form"]
    found = form["passages"].value()
    assert len(found) == 1, "the telephone number is offered"

    words = {"words_0": "王小明", "reason_0": RedactionReason.PERSONAL_INFO}
    clerk.post(url("redact", opinion.pk), {"passages": found} | words)

    assert fresh(opinion).display == Display.PUBLISHED_REDACTED
    assert fresh(opinion).shown_text == "我是〔已隐去〕，电话〔已隐去〕，希望放宽。"
    assert fresh(opinion).comment == opinion.comment


def test_removed_parts_need_a_text_that_is_left(clerk: Client) -> None:
    opinion = factories.an_opinion()
    everything = {"words_0": str(opinion.comment), "reason_0": RedactionReason.ABUSE}

    response = clerk.post(url("redact", opinion.pk), everything)

    assert response.context["form"].errors
    assert fresh(opinion).display == Display.PENDING


def test_withhold(clerk: Client) -> None:
    opinion = factories.a_published_opinion()

    clerk.post(url("withhold", opinion.pk), {"reason": WithheldReason.ABUSE})

    assert fresh(opinion).display == Display.WITHHELD
    assert fresh(opinion).withheld_reason == WithheldReason.ABUSE
    assert not fresh(opinion).is_public


def test_withholding_needs_a_reason(clerk: Client) -> None:
    opinion = factories.an_opinion()

    response = clerk.post(url("withhold", opinion.pk), {"reason": "because"})

    assert "reason" in response.context["form"].errors
    assert fresh(opinion).display == Display.PENDING


def test_what_is_refused_is_said(clerk: Client) -> None:
    unconfirmed = factories.an_unconfirmed_opinion()

    response = clerk.post(url("publish", unconfirmed.pk))

    assert "OPI-3" in said(response)
    assert fresh(unconfirmed).display == Display.PENDING


@pytest.mark.parametrize("name", ["publish", "redact", "withhold"])
def test_the_wish_not_to_be_shown_stays(clerk: Client, name: str) -> None:
    opinion = factories.an_opinion(is_private=True)
    data = {"redacted_content": "短", "reason": WithheldReason.ABUSE}

    clerk.post(url(name, opinion.pk), data)

    assert fresh(opinion).display == Display.AUTHOR_PRIVATE


@pytest.mark.parametrize("name", ["publish", "redact", "withhold"])
def test_looking_changes_nothing(clerk: Client, name: str) -> None:
    opinion = factories.an_opinion()

    assert clerk.get(url(name, opinion.pk)).status_code == 200
    assert clerk.get(bulk("publish", opinion)).status_code == 200
    assert fresh(opinion).display == Display.PENDING


@pytest.mark.parametrize("name", ["publish", "redact", "withhold"])
def test_only_moderators_moderate(publisher: Client, editor: Client, name: str) -> None:
    opinion = factories.an_opinion()
    data = {"redacted_content": "短", "reason": WithheldReason.ABUSE}

    for client in (publisher, editor):
        client.post(url(name, opinion.pk), data)
        for action in ("publish", "withhold", "group"):
            client.post(bulk(action, opinion), data | {"title": "问题"})

    assert fresh(opinion).display == Display.PENDING
    assert not Issue.objects.exists()


def test_show_many_leaves_out_what_is_refused(clerk: Client) -> None:
    page = factories.an_open_round()
    good, waiting = factories.an_opinion(page), factories.an_unconfirmed_opinion(page)
    private = factories.an_opinion(page, is_private=True)

    response = clerk.post(bulk("publish", good, waiting, private), follow=True)

    assert fresh(good).display == Display.PUBLISHED
    assert fresh(waiting).display == Display.PENDING
    assert fresh(private).display == Display.AUTHOR_PRIVATE
    assert waiting.receipt_no in said(response)


def test_withhold_many(clerk: Client) -> None:
    page = factories.an_open_round()
    opinions = [factories.an_opinion(page) for _ in range(2)]

    clerk.post(bulk("withhold", *opinions), {"reason": WithheldReason.ADVERTISING})

    assert {fresh(one).withheld_reason for one in opinions} == {WithheldReason.ADVERTISING}


def test_select_all_acts_on_nothing_that_was_not_ticked(clerk: Client) -> None:
    opinion = factories.an_opinion()
    path = reverse("wagtail_bulk_action", args=["consultations", "opinion", "publish"])

    clerk.post(f"{path}?id=all")

    assert fresh(opinion).display == Display.PENDING


def test_group_under_a_new_issue(clerk: Client) -> None:
    page = factories.an_open_round()
    opinions = [factories.an_opinion(page) for _ in range(2)]

    clerk.post(bulk("group", *opinions), {"title": "增设期限"})

    issue = Issue.objects.get()
    assert issue.title == "增设期限"
    assert issue.points.count() == 2


def test_group_under_an_existing_issue(clerk: Client) -> None:
    issue = factories.an_issue()
    opinion = factories.an_opinion(issue.consultation)

    clerk.post(bulk("group", opinion), {"issue": issue.pk})

    assert issue.points.get().opinion == opinion


def test_grouping_needs_one_issue_of_one_consultation(clerk: Client) -> None:
    issue = factories.an_issue()
    opinion = factories.an_opinion(issue.consultation)
    other = factories.an_opinion(factories.an_open_round(factories.a_matter(number=2)))

    for opinions, data in (
        ([opinion], {}),
        ([opinion], {"issue": issue.pk, "title": "又一个"}),
        ([other], {"issue": issue.pk}),
        ([opinion, other], {"title": "两处"}),
    ):
        response = clerk.post(bulk("group", *opinions), data)
        assert response.context["form"].errors
    assert not issue.points.exists()
    assert Issue.objects.count() == 1
