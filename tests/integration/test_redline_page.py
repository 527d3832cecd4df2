"""What a decision changed in its draft, and because of which opinions, as the public reads it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.lifecycle import Outcome
from consultations.models import ConsultationPage, Issue
from decisions import services
from decisions.lifecycle import Supersession
from decisions.models import ChangeCause, DecisionPage, StoredRedline
from decisions.models.changes import changes_of
from decisions.redline import Mark
from portal.accounts.roles import Role
from portal.core.findings import Refused
from portal.core.outbox import deliver_due
from tests import factories
from tests.factories.laws import a_law
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db

SECOND = "新建住宅小区应当按照不低于每户一个的标准配建充电端口。"
ADDED = "换电柜应当设在室外。"


def a_reported_round(*, outcome: Outcome = Outcome.ADOPTED) -> tuple[ConsultationPage, Issue]:
    """A round whose one opinion speaks to the second article, answered and reported."""
    round_ = factories.a_closed_round()
    issue = factories.an_answered_issue(
        factories.an_opinion(round_), outcome=outcome, title="每户一个端口", article=2
    )
    factories.a_summary(round_)
    return round_, issue


def a_decision_on(
    round_: ConsultationPage, *, second: str = SECOND, added: tuple[str, ...] = (ADDED,)
) -> DecisionPage:
    """A public decision that took the draft over, with another second article and some more."""
    texts = [one.text for one in round_.articles]
    blocks = [
        {"type": "article", "id": one.id, "value": {"label": "", "text": text}}
        for one, text in zip(round_.articles, [texts[0], second, texts[2]], strict=True)
    ]
    matter = factories.a_decided_matter(factories.a_reviewed_matter(round_.item))
    return factories.a_decision(matter, text=[*blocks, *factories.articles(*added)])


@pytest.fixture
def a_long_decision() -> DecisionPage:
    """A public decision of 200 articles, each with other words than in its draft of 200."""
    round_ = factories.a_closed_round(draft=factories.articles(*a_law(200, shift=0)))
    blocks = [
        {"type": "article", "id": one.id, "value": {"label": "", "text": text}}
        for one, text in zip(round_.articles, a_law(200, shift=1), strict=True)
    ]
    factories.a_summary(round_)
    matter = factories.a_decided_matter(factories.a_reviewed_matter(round_.item))
    return factories.a_decision(matter, text=blocks)


def unmarked(html: str) -> str:
    """Return a page without the marks around words."""
    return re.sub(r"</?(ins|del)>", "", html)


def shown(client: Client, page: DecisionPage, **asked: str) -> str:
    response = client.get(f"{page.url}redline/", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_the_words_that_changed_are_marked(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    html = shown(client, page)

    assert "<del>两</del>" in html
    assert f"<ins>{ADDED}</ins>" in html
    assert "第二条" in html


def test_each_change_names_its_cause_and_the_cause_its_change(client: Client) -> None:
    round_, issue = a_reported_round()
    page = a_decision_on(round_)

    changes = changes_of(page)

    assert changes is not None
    (second, added) = changes.changed
    assert [cause.issue for cause in second.causes] == [issue]
    assert second.causes[0].opinions == 1
    assert added.is_unexplained
    assert f'href="{round_.report.url}#issue-{issue.number}"' in shown(client, page)


def test_an_issue_that_was_not_adopted_causes_nothing() -> None:
    page = a_decision_on(a_reported_round(outcome=Outcome.NOT_ADOPTED)[0])

    assert all(not change.causes for change in changes_of(page).rows)


def test_an_adopted_issue_whose_article_did_not_change_is_found() -> None:
    round_, issue = a_reported_round()
    Issue.objects.filter(pk=issue.pk).update(change="写明每户一个。")
    page = a_decision_on(round_, second=round_.articles[1].text)

    assert changes_of(page).without_effect == (issue,)


def test_a_recorded_cause_takes_the_place_of_the_answers_article() -> None:
    round_, issue = a_reported_round()
    page = a_decision_on(round_)

    services.explain_change(
        page=page,
        article_id=page.articles[3].id,
        issues=[issue],
        by=factories.a_publisher(),
        at=timezone.now(),
    )

    second, added = changes_of(page).changed
    assert second.is_unexplained
    assert [cause.issue for cause in added.causes] == [issue]


def test_the_organs_own_motion_is_published_with_its_reason(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    services.explain_change(
        page=page,
        article_id=page.articles[3].id,
        own_reason="与消防技术标准衔接。",
        by=factories.a_publisher(),
        at=timezone.now(),
    )

    assert "与消防技术标准衔接。" in shown(client, page)


def test_a_cause_has_to_belong_to_the_matter() -> None:
    page = a_decision_on(a_reported_round()[0])
    other = factories.an_issue(factories.a_closed_round(factories.a_matter(title="其他事项")))

    for wrong in (
        {"article_id": "elsewhere"},
        {"article_id": page.articles[1].id, "issues": [other]},
    ):
        with pytest.raises(Refused):
            services.explain_change(
                page=page, by=factories.a_publisher(), at=timezone.now(), **wrong
            )

    assert not ChangeCause.objects.exists()


@pytest.mark.parametrize("view", ["marks", "clean", "table", "nonsense"])
def test_every_view_has_every_article(client: Client, view: str) -> None:
    page = a_decision_on(a_reported_round()[0])

    html = shown(client, page, view=view)

    for words in ("为了规范电动自行车停放", "标准配建充电端口", ADDED):
        assert words in html
    assert ("<ins>" in html.partition("<article")[2]) == (view in {"marks", "nonsense"})


def test_only_what_changed_leaves_the_rest_out(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    html = shown(client, page, only="changed")

    assert ADDED in html
    assert "为了规范电动自行车停放" not in html.partition("<main")[2]


def test_marks_can_be_read_aloud(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    assert "（新增：" in shown(client, page, marks="spoken")


def test_a_hostile_text_is_shown_as_text(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0], second="<script>alert(1)</script>")

    assert "<script>alert" not in shown(client, page)


def test_a_pair_of_texts_is_compared_once() -> None:
    page = a_decision_on(a_reported_round()[0])
    kept = StoredRedline.objects.get()

    factories_again = DecisionPage.objects.get(pk=page.pk)
    services.keep_redline(page=factories_again, at=timezone.now())

    assert StoredRedline.objects.get() == kept


@pytest.mark.parametrize("view", ["marks", "clean", "table"])
def test_two_hundred_articles_against_two_hundred_take_no_more_statements_than_three(
    client: Client, a_long_decision: DecisionPage, view: str
) -> None:
    address = f"{a_long_decision.url}redline/"

    asked, response = statements(client, f"{address}?view={view}", after=address)

    assert len(asked) <= 12, "\n".join(asked)
    html = unmarked(response.content.decode())
    assert all(one.text[-40:] in html for one in a_long_decision.articles)


def test_what_was_compared_at_publication_is_not_compared_again(
    client: Client, a_long_decision: DecisionPage
) -> None:
    kept = StoredRedline.objects.get()
    kept.rows[0]["words"] = [[Mark.INSERTED.value, "只在存下来的比较里"]]
    kept.save()

    assert "只在存下来的比较里" in shown(client, a_long_decision)
    assert StoredRedline.objects.count() == 1


def test_without_a_draft_there_is_no_comparison(client: Client) -> None:
    matter = factories.a_matter(needs_participation=False)
    matter = factories.a_decided_matter(factories.a_reviewed_matter(matter))
    page = factories.a_decision(matter)

    assert client.get(f"{page.url}redline/").status_code == 404
    assert "redline" not in client.get(page.url).content.decode()


# The editors' screen


def test_causes_are_recorded_on_one_screen(client: Client) -> None:
    round_, issue = a_reported_round()
    page = a_decision_on(round_)
    client.force_login(factories.a_publisher())
    address = reverse("changes", args=[page.pk])

    form = client.get(address).context["form"]
    assert form["issues_0"].initial == [str(issue.pk)]
    answers = {"issues_0": [issue.pk], "reason_0": "", "reason_1": "与技术标准衔接。"}
    response = client.post(address, answers)

    assert response.status_code == 302
    second, added = changes_of(page).changed
    assert [cause.issue for cause in second.causes] == [issue]
    assert added.own_reasons == ("与技术标准衔接。",)


def test_the_screen_names_adopted_issues_that_changed_nothing(client: Client) -> None:
    round_, issue = a_reported_round()
    Issue.objects.filter(pk=issue.pk).update(change="写明每户一个。")
    page = a_decision_on(round_, second=round_.articles[1].text)
    client.force_login(factories.a_publisher())
    address = reverse("changes", args=[page.pk])
    advice = "这些问题已予采纳并写明了改动，但没有对应到任何有改动的条文。"

    html = client.get(address).content.decode()
    assert advice in html
    assert f"<li>{issue}：写明每户一个。</li>" in html
    client.post(address, {"issues_0": [issue.pk], "reason_0": ""})
    assert advice not in client.get(address).content.decode()


def test_nobody_from_another_unit_explains(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])
    other = factories.a_unit("澜川市水务局", "水务局")
    client.force_login(factories.a_member_of_staff(Role.UNIT_EDITOR, username="other", unit=other))

    assert client.get(reverse("changes", args=[page.pk])).status_code == 404


# The document number of a decision


def test_a_document_number_is_kept_as_printed_and_nonsense_refused() -> None:
    page = factories.a_draft_decision()

    page.document_no = "澜政示(二〇二六)第009號"
    page.full_clean()
    assert page.document_no == "澜政示〔2026〕9号"

    page.document_no = "九号文"
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert set(refused.value.message_dict) == {"document_no"}
    assert "〔2026〕9号" in refused.value.messages[0]


def test_a_decision_says_how_it_is_cited(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    html = client.get(page.url).content.decode()

    assert f"{page.issuer}. {page.title}：{page.document_no}[EB/OL]." in html
    assert "@misc{" in html


def test_a_decision_is_compared_with_the_one_it_amends(client: Client) -> None:
    earlier = a_decision_on(a_reported_round()[0])
    later = factories.a_decision(
        factories.a_decided_matter(
            factories.a_reviewed_matter(factories.a_matter(title="修订", needs_participation=False))
        ),
        text=[
            {
                "type": "article",
                "id": one.id,
                "value": {"label": "", "text": one.text + "另有规定的除外。"},
            }
            for one in earlier.articles
        ],
    )
    DecisionPage.objects.filter(pk=earlier.pk).update(
        superseded_by=later, supersession=Supersession.AMENDED
    )

    html = shown(client, later, against="edition")

    assert "<ins>另有规定的除外。</ins>" in html
    assert client.get(f"{earlier.url}redline/?against=edition").status_code == 404


# What a second round changed in the draft of the first


def a_second_round(*, second: str = SECOND) -> ConsultationPage:
    """A public round of a matter that was put to the public before, with another second article."""
    first = factories.a_closed_round()
    texts = [one.text for one in first.articles]
    changed = [texts[0], second, texts[2]]
    blocks = [
        {"type": "article", "id": one.id, "value": {"label": "", "text": text}}
        for one, text in zip(first.articles, changed, strict=True)
    ]
    return factories.an_open_round(first.item, draft=blocks)


def test_a_second_round_shows_what_changed_since_the_first(client: Client) -> None:
    page = a_second_round()

    content = client.get(page.url).content.decode()
    assert f'href="{page.url}changes/"' in content

    answer = client.get(f"{page.url}changes/")
    content = answer.content.decode()
    assert answer.status_code == 200
    assert "<del>两</del>" in content
    assert page.round_before.url in content
    assert f'href="{page.url}changes/"' in client.get(page.item.url).content.decode()


def test_a_first_round_has_nothing_to_compare(client: Client) -> None:
    page = factories.an_open_round()
    assert client.get(f"{page.url}changes/").status_code == 404
    assert f"{page.url}changes/" not in client.get(page.url).content.decode()


def test_the_comparison_is_made_when_the_round_is_published(client: Client) -> None:
    page = a_second_round()
    while deliver_due(at=timezone.now()):
        pass
    kept = StoredRedline.objects.count()
    assert kept == 1
    asked, _ = statements(client, f"{page.url}changes/", after="/")
    assert len(asked) <= 12, "\n".join(asked)
    assert StoredRedline.objects.count() == kept
