"""The queue: what it finds, how it is paged, what its verbs do, what it puts on record."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from consultations import services
from consultations.lifecycle import Channel, Display, RedactionReason, Stance, WithheldReason
from consultations.models import Opinion, OpinionPoint
from consultations.passages import HIDDEN
from consultations.services.trace import LOOK
from consultations.viewsets.triage import queue as queue_module
from portal.accounts.roles import Role
from tests import factories
from tests.integration.statements import statements

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]


@pytest.fixture
def clerk(client):
    user = factories.a_clerk()
    client.force_login(user)
    return user


@pytest.fixture
def page():
    return factories.an_open_round()


def act(name, opinion, query=""):
    return reverse(f"triage_{name}", args=[opinion.pk]) + query


def listed(client, query=""):
    response = client.get(reverse("triage") + query)
    assert response.status_code == HTTPStatus.OK
    return [row.opinion.pk for row in response.context["rows"]]


def fresh(opinion):
    return Opinion.objects.get(pk=opinion.pk)


def seen(opinion):
    return {"seen": fresh(opinion).version}


# The list


def test_what_waits_stands_there_oldest_first_and_the_first_is_open(client, clerk, page):
    one, two = factories.an_opinion(page, article=1), factories.an_opinion(page)
    factories.a_published_opinion(page)
    factories.an_unconfirmed_opinion(page)
    response = client.get(reverse("triage"))
    assert [row.opinion.pk for row in response.context["rows"]] == [one.pk, two.pk]
    assert response.context["opinion"].pk == one.pk
    shown = response.content.decode()
    assert "第一条" in shown
    assert "王小明" not in shown
    assert "wang@example.com" not in shown


def test_each_filter_finds_its_opinions(client, clerk, page):
    plain = factories.an_opinion(page)
    on_first = factories.an_opinion(page, article=1)
    OpinionPoint.objects.filter(opinion=on_first).update(stance=Stance.OPPOSE)
    letter = factories.an_offline_opinion(page)
    shown = factories.a_published_opinion(page)
    waiting = factories.an_unconfirmed_opinion(page)
    other = factories.an_opinion(factories.an_open_round(factories.a_matter(number=2)))
    services.assign_opinion(opinion=plain, assignee=clerk, by=clerk, at=timezone.now())
    of_round = f"?consultation={page.pk}"
    everyone = [plain.pk, on_first.pk, letter.pk]
    for query, found in {
        "": [*everyone, other.pk],
        of_round: everyone,
        f"{of_round}&article={page.articles[0].id}": [on_first.pk],
        f"{of_round}&article=whole": [plain.pk, letter.pk],
        f"?stance={Stance.OPPOSE}": [on_first.pk],
        f"?channel={Channel.POST}": [letter.pk],
        "?assignee=mine": [plain.pk],
        f"?assignee={clerk.pk}": [plain.pk],
        "?assignee=nobody": [on_first.pk, letter.pk, other.pk],
        "?display=published": [shown.pk],
        "?display=any&intake=any": [*everyone, shown.pk, waiting.pk, other.pk],
        "?intake=submitted": [waiting.pk],
        "?overdue=on": [],
    }.items():
        assert listed(client, query) == found, query


def test_what_waits_longer_than_it_may_is_found(client, clerk, page):
    old, new = factories.an_opinion(page), factories.an_opinion(page)
    Opinion.objects.filter(pk=old.pk).update(confirmed_at=timezone.now() - timedelta(days=20))
    assert listed(client, "?overdue=on") == [old.pk]
    assert new.pk in listed(client)


@pytest.mark.parametrize(
    "query",
    [
        *("?display=nonsense", "?article=nonsense", "?assignee=999999", "?assignee=x", "?unit=7"),
        *("?after=abc", "?after=-1", "?before=99999999999999999999", "?after=²", "?overdue=%00"),
        "?consultation=999999",
    ],
)
def test_an_address_that_makes_no_sense_is_no_fault(client, clerk, page, query):
    factories.an_opinion(page)
    assert client.get(reverse("triage") + query).status_code == HTTPStatus.OK


def test_the_progress_counts_what_counts_in_every_state_of_the_scope(client, clerk, page):
    factories.an_opinion(page)
    factories.a_published_opinion(page)
    factories.a_withheld_opinion(page)
    factories.an_unconfirmed_opinion(page)
    factories.a_published_opinion(factories.an_open_round(factories.a_matter(number=2)))
    for query, read, waiting in (("", 3, 1), (f"?consultation={page.pk}", 2, 1)):
        told = client.get(reverse("triage") + query).context["progress"]
        assert (told["read"], told["waiting"], told["all"]) == (read, waiting, read + waiting)


def test_pages_follow_on_one_another_without_a_gap(client, clerk, page, monkeypatch):
    kept = queue_module.Queue.page
    monkeypatch.setattr(
        queue_module.Queue, "page", lambda self, **place: kept(self, **place, size=3)
    )
    other = factories.an_open_round(factories.a_matter(number=2))
    ids = [factories.an_opinion(page if n % 3 else other).pk for n in range(8)]
    found, address = [], reverse("triage")
    pages = []
    while address:
        response = client.get(address)
        found += [row.opinion.pk for row in response.context["rows"]]
        pages.append([row.opinion.pk for row in response.context["rows"]])
        address = response.context["neighbours"].get("next_page")
        last = response
    assert found == ids
    back = client.get(last.context["neighbours"]["previous_page"])
    assert [row.opinion.pk for row in back.context["rows"]] == pages[-2]


def test_it_asks_as_often_for_thirty_as_for_three(client, clerk, page):
    def asked(query=""):
        # The part that changes: a whole page has Wagtail's menu beside it.
        part = {"X-Fragment": "triage"}
        return statements(client, reverse("triage") + query, headers=part)[0]

    other = factories.an_open_round(factories.a_matter(number=2))
    for number in range(3):
        factories.an_opinion(page if number % 2 else other, article=1)
    few = asked()
    for number in range(30):
        factories.an_opinion(page if number % 2 else other, article=2)
    for query in ("", f"?consultation={page.pk}", "?display=any"):
        many = asked(query)
        assert len(many) <= 12, "\n".join(many)
    assert len(asked()) <= len(few)


def test_the_queue_ends_at_the_scope(client, page):
    mine = factories.an_opinion(page)
    unit = factories.a_unit("市文化局", "文化局", "culture")
    elsewhere = factories.a_member_of_staff(Role.OPINION_MODERATOR, username="else", unit=unit)
    client.force_login(elsewhere)
    assert listed(client) == []
    assert listed(client, f"?consultation={page.pk}") == []
    address = reverse("triage") + f"?opinion={mine.pk}"
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    for name in ("publish", "redact", "withhold", "assign", "look"):
        answer = client.post(act(name, mine), seen(mine) | {"reason": WithheldReason.ABUSE})
        assert answer.status_code == HTTPStatus.NOT_FOUND, name
    many = reverse("triage_many") + f"?verb=withhold&id={mine.pk}"
    client.post(many, {"expected": 1, "reason": WithheldReason.ABUSE})
    assert fresh(mine).display == Display.PENDING


@pytest.mark.parametrize("person", [factories.an_editor, factories.a_publisher])
def test_only_those_who_moderate_read_the_queue(client, page, person):
    opinion = factories.an_opinion(page)
    client.force_login(person())
    assert client.get(reverse("triage")).status_code == HTTPStatus.FOUND
    client.post(act("publish", opinion), seen(opinion))
    assert fresh(opinion).display == Display.PENDING


# The verbs


def test_after_each_verb_the_next_opinion_opens_without_a_script(client, clerk, page):
    first, second, third, fourth = (factories.an_opinion(page) for _ in range(4))
    query = f"?consultation={page.pk}"
    answer = client.post(act("publish", first, query), seen(first), follow=True)
    assert answer.context["opinion"].pk == second.pk
    assert fresh(first).display == Display.PUBLISHED
    answer = client.post(
        act("withhold", second, query), seen(second) | {"reason": WithheldReason.ABUSE}, follow=True
    )
    assert answer.context["opinion"].pk == third.pk
    answer = client.post(
        act("redact", third, query),
        seen(third) | {"words_0": "老小区", "reason_0": RedactionReason.THIRD_PARTY},
        follow=True,
    )
    assert answer.context["opinion"].pk == fourth.pk
    assert fresh(third).redacted_content.startswith(f"{HIDDEN}没有空地")
    assert [one.reason for one in third.redactions.all()] == [RedactionReason.THIRD_PARTY]
    client.post(act("assign", fourth, query), seen(fourth) | {"assignee": clerk.pk})
    assert fresh(fourth).assignee == clerk
    answer = client.post(act("publish", fourth, query), seen(fourth), follow=True)
    assert answer.context["opinion"] is None


def test_a_fetch_gets_the_part_that_changes(client, clerk, page):
    factories.an_opinion(page)
    whole = client.get(reverse("triage"))
    part = client.get(reverse("triage"), headers={"X-Fragment": "triage"})
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "data-triage-desk" in part.content.decode()
    assert "X-Fragment" in part.headers["Vary"]


def test_the_second_clerk_sees_what_the_first_did_and_nothing_is_overwritten(client, clerk, page):
    opinion = factories.an_opinion(page)
    form = seen(opinion)
    colleague = factories.a_member_of_staff(Role.OPINION_MODERATOR, username="limin")
    colleague.first_name = "李敏"
    colleague.save()
    services.withhold_opinion(
        opinion=opinion, reason=WithheldReason.ABUSE, by=colleague, at=timezone.now()
    )
    answer = client.post(act("publish", opinion), form)
    assert answer.status_code == HTTPStatus.OK
    shown = answer.content.decode()
    assert "李敏" in shown
    assert str(WithheldReason.ABUSE.label) in shown
    assert fresh(opinion).display == Display.WITHHELD


def test_a_number_is_offered_ticked_and_keeps_the_text_from_being_shown(client, clerk, page):
    text = "电话13812345678，希望放宽。"
    opinion = factories.an_opinion(page, text=text)
    start = text.index("1")
    answer = client.get(reverse("triage"))
    code = f"{start}-{start + 11}-{RedactionReason.PERSONAL_INFO}"
    assert f'value="{code}"' in answer.content.decode()
    refused = client.post(act("publish", opinion), seen(opinion))
    assert "OPI-3" in refused.content.decode()
    assert fresh(opinion).display == Display.PENDING
    client.post(act("redact", opinion), seen(opinion) | {"passages": [code]})
    assert fresh(opinion).shown_text == f"电话{HIDDEN}，希望放宽。"
    assert fresh(opinion).comment == text


def test_a_number_that_is_nobodys_own_is_confirmed_and_shown(client, clerk, page):
    text = "请打电话010-12345678。"
    opinion = factories.an_opinion(page, text=text)
    start, end = text.index("0"), text.index("。")
    data = seen(opinion) | {"not_personal": [f"{start}-{end}"]}
    client.post(act("publish", opinion), data)
    assert fresh(opinion).shown_text == text


@pytest.mark.parametrize(
    "data",
    [
        *({}, {"words_0": "不在文中的话"}, {"passages": ["0-999-abuse"]}, {"passages": ["x"]}),
        {"passages": ["0-25-abuse"]},
    ],
)
def test_a_redaction_that_cannot_be_is_refused_with_a_sentence(client, clerk, page, data):
    opinion = factories.an_opinion(page)
    answer = client.post(act("redact", opinion), seen(opinion) | data)
    assert answer.status_code == HTTPStatus.OK
    assert answer.context["selected"].refused["redact"].errors
    assert fresh(opinion).display == Display.PENDING


def test_what_is_hidden_now_can_be_changed(client, clerk, page):
    opinion = factories.an_opinion(page)
    factories.hide(opinion, "老小区")
    answer = client.get(reverse("triage") + f"?opinion={opinion.pk}")
    assert 'value="0-3-personal_info"' in answer.content.decode()
    client.post(
        act("redact", opinion),
        seen(opinion) | {"passages": ["0-3-personal_info"], "words_0": "一年"},
    )
    assert opinion.redactions.count() == 2
    client.post(act("publish", opinion), seen(opinion))
    assert fresh(opinion).shown_text == opinion.comment
    assert not opinion.redactions.exists()


def test_a_clerk_of_another_unit_is_given_nothing(client, clerk, page):
    opinion = factories.an_opinion(page)
    unit = factories.a_unit("市文化局", "文化局", "culture")
    other = factories.a_member_of_staff(Role.OPINION_MODERATOR, username="else", unit=unit)
    answer = client.post(act("assign", opinion), seen(opinion) | {"assignee": other.pk})
    assert answer.status_code == HTTPStatus.OK
    assert fresh(opinion).assignee is None


# On record


def looks(opinion):
    return ModelLogEntry.objects.filter(action=LOOK, object_id=str(opinion.pk)).count()


def test_who_wrote_it_is_shown_on_request_and_that_is_on_record(client, clerk, page):
    opinion = factories.an_opinion(page, name="欧阳明月", email="ouyang@example.com")
    client.get(reverse("triage"))
    assert looks(opinion) == 0
    shown = client.post(act("look", opinion), {"what": "author"}).content.decode()
    assert "欧阳明月" in shown
    assert "ouyang@example.com" in shown
    assert looks(opinion) == 1


def test_a_withheld_text_is_shown_on_request_and_that_is_on_record(client, clerk, page):
    opinion = factories.a_withheld_opinion(page)
    address = reverse("triage") + "?display=withheld"
    hidden = client.get(address).content.decode()
    assert factories.opinions.TEXT not in hidden
    assert looks(opinion) == 0
    shown = client.post(act("look", opinion, "?display=withheld"), {"what": "text"})
    assert factories.opinions.TEXT in shown.content.decode()
    assert looks(opinion) == 1
