"""The trace of acts: what leaves one, who sees it, and that it outlives its records."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry

from consultations import services
from consultations.lifecycle import WithheldReason
from consultations.services import Export
from portal.accounts.roles import Role
from tests import factories
from tests.factories.people import a_member_of_staff, a_unit

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

OTHER = {"name": "市交通运输局", "short_name": "交通局"}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def secrecy_reviewer():
    return a_member_of_staff(Role.RELEASE_REVIEWER)


def shown(client, **asked):
    answer = client.get(reverse("trace_report"), asked)
    assert answer.status_code == 200
    return answer.context["entries"]


def elsewhere():
    """A matter of another unit, with an opinion that was withheld."""
    item = factories.a_matter(
        lead_unit=a_unit(**OTHER), title="公交票价调整方案", slug="88", number=88
    )
    opinion = factories.a_published_opinion(factories.an_open_round(item=item))
    services.withhold_opinion(
        opinion=opinion,
        reason=WithheldReason.ABUSE,
        by=factories.a_clerk(),
        at=timezone.now(),
    )
    return opinion


def test_a_look_is_on_record_once_a_quarter_of_an_hour_and_person(django_assert_num_queries):
    opinion, clerk, at = factories.a_withheld_opinion(), factories.a_clerk(), timezone.now()
    looks = ModelLogEntry.objects.filter(action="consultations.look")
    services.record_look(opinion=opinion, by=clerk, at=at)
    with django_assert_num_queries(1):
        services.record_look(opinion=opinion, by=clerk, at=at + timedelta(minutes=14))
    assert looks.count() == 1
    services.record_look(opinion=opinion, by=factories.an_editor(), at=at)
    services.record_look(opinion=opinion, by=clerk, at=at + timedelta(minutes=16))
    assert looks.count() == 3
    assert {look.label for look in looks} == {opinion.receipt_no}


def test_an_export_is_on_record_with_number_and_digest():
    at, publisher = timezone.now(), factories.a_publisher()
    page = factories.an_open_round()
    services.record_export(
        what=Export.OPINIONS, count=3, digest="ab" * 32, of=page, by=publisher, at=at
    )
    [entry] = PageLogEntry.objects.filter(action="consultations.export")
    assert entry.data == {"what": "opinions", "count": 3, "sha256": "ab" * 32}
    assert entry.page_id == page.pk
    assert entry.user == publisher


def test_the_report_says_who_did_what_on_which_record_and_what_it_changed():
    opinion = factories.a_published_opinion()
    services.withhold_opinion(
        opinion=opinion, reason=WithheldReason.ABUSE, by=factories.a_clerk(), at=timezone.now()
    )
    client = signed_in(factories.a_publisher())
    entry = shown(client, record=opinion.receipt_no)[0]
    assert entry.username == factories.a_clerk().username
    assert entry.record == opinion.receipt_no
    assert entry.matter == opinion.consultation.item.title
    assert (entry.before, entry.after) == ("已公开", "未公开、含有辱骂内容")


def test_the_personal_data_and_the_text_of_an_opinion_are_nowhere_in_it():
    opinion = factories.a_withheld_opinion(text="金丝雀一号", email="canary@example.org")
    services.record_look(opinion=opinion, by=factories.a_clerk(), at=timezone.now())
    client = signed_in(factories.a_publisher())
    answer = client.get(reverse("trace_report"))
    assert opinion.receipt_no in answer.content.decode()
    for secret in ("金丝雀", "canary@example.org"):
        assert secret not in answer.content.decode()
        assert secret not in str(list(ModelLogEntry.objects.values_list("data", "label")))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"act": "looks"}, {"consultations.look"}),
        ({"act": "exports"}, {"consultations.export"}),
        ({"act": "signing_in"}, {"accounts.signed_in"}),
        ({"act": "consultations.withhold_opinion"}, {"consultations.withhold_opinion"}),
    ],
)
def test_it_is_narrowed_down_by_act(asked, expected):
    opinion, publisher = elsewhere(), factories.a_publisher()
    services.record_look(opinion=opinion, by=publisher, at=timezone.now())
    services.record_export(
        what=Export.CATALOGUE, count=1, digest="", by=publisher, at=timezone.now()
    )
    log(publisher, "accounts.signed_in", user=publisher, data={"means": "password"})
    found = shown(signed_in(publisher), **asked)
    assert found
    acts = {
        (PageLogEntry if one.place.log else ModelLogEntry).objects.get(pk=one.place.pk).action
        for one in found
    }
    assert acts == expected


def test_it_is_narrowed_down_by_person_matter_unit_and_period():
    theirs = elsewhere()
    ours = factories.an_open_round(
        item=factories.a_matter(title="供热管理办法", slug="89", number=89)
    )
    client = signed_in(factories.a_publisher())
    assert {one.username for one in shown(client, person=factories.a_clerk().pk)} == {
        factories.a_clerk().username
    }
    assert {one.matter for one in shown(client, matter=ours.item.pk)} == {"供热管理办法"}
    assert {one.matter for one in shown(client, unit=a_unit(**OTHER).pk)} == {
        theirs.consultation.item.title
    }
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert shown(client, since=tomorrow) == []
    assert shown(client, until=tomorrow) != []


def test_editors_of_a_unit_see_the_acts_on_their_own_matters_only():
    theirs = elsewhere()
    ours = factories.a_withheld_opinion()
    log(factories.a_clerk(), "accounts.signed_out", user=factories.a_clerk())
    found = shown(signed_in(factories.an_editor()))
    assert ours.consultation.item.title in {one.matter for one in found}
    assert theirs.receipt_no not in {one.record for one in found}
    assert {one.matter for one in found} == {ours.consultation.item.title}


@pytest.mark.parametrize("role", [Role.OPINION_MODERATOR, Role.LEGAL_REVIEWER])
def test_it_is_closed_to_the_other_roles(role):
    client = signed_in(a_member_of_staff(role))
    answer = client.get(reverse("trace_report"))
    assert answer.status_code == 302
    assert reverse("trace_report") not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_secrecy_reviewers_see_every_act():
    elsewhere()
    found = shown(signed_in(secrecy_reviewer()))
    assert {one.matter for one in found} >= {"公交票价调整方案"}


def test_its_pages_follow_each_other_without_a_gap(monkeypatch):
    monkeypatch.setattr("home.desk.trace_report.PAGE", 7)
    elsewhere()
    client = signed_in(factories.a_publisher())
    url, places = reverse("trace_report"), []
    while url:
        answer = client.get(url)
        places += [(one.place.at, one.place.log, one.place.pk) for one in answer.context["entries"]]
        url = answer.context["older"]
    assert places == sorted(set(places), reverse=True)
    assert len(places) == ModelLogEntry.objects.count() + PageLogEntry.objects.count()


@pytest.mark.parametrize("after", ["x", "1-2", "1-9-1", "-5-1-1", f"{10**30}-0-1", f"1-0-{2**64}"])
def test_an_address_nobody_was_given_shows_the_newest(after):
    factories.a_matter()
    assert shown(signed_in(factories.a_publisher()), after=after)


def test_it_costs_the_same_for_a_page_of_one_and_of_many(django_assert_max_num_queries):
    for number in range(12):
        factories.a_withheld_opinion(name=f"某{number}")
    client = signed_in(factories.an_editor())
    shown(client)
    with django_assert_max_num_queries(40):
        shown(client)


def test_as_a_file_no_cell_is_a_formula_and_the_export_is_on_record():
    page = factories.an_open_round()
    log(page, "wagtail.lock", title='=HYPERLINK("http://x")', user=factories.a_clerk())
    client = signed_in(factories.a_publisher())
    answer = client.get(reverse("trace_report"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "'=HYPERLINK" in text
    book = load_workbook(
        io.BytesIO(
            b"".join(client.get(reverse("trace_report"), {"export": "xlsx"}).streaming_content)
        )
    )
    assert not [c for row in book.active.iter_rows() for c in row if c.data_type == "f"]
    entries = ModelLogEntry.objects.filter(action="consultations.export")
    assert [one.data["what"] for one in entries] == ["trace", "trace"]
    assert all(len(one.data["sha256"]) == 64 for one in entries)


def test_entries_stay_when_what_they_are_about_is_gone():
    opinion = factories.a_withheld_opinion()
    catalogue = opinion.consultation.item.catalogue
    page = factories.a_draft_matter(catalogue, number=77, slug="77")
    log(page, "wagtail.lock", user=factories.a_clerk())
    services.record_look(opinion=opinion, by=factories.a_clerk(), at=timezone.now())
    key, number = page.pk, str(opinion.pk)
    page.delete()
    opinion.points.all().delete()
    opinion.delete()
    assert PageLogEntry.objects.filter(page_id=key, action="wagtail.lock").exists()
    assert ModelLogEntry.objects.filter(object_id=number, action="consultations.look").exists()
    found = shown(signed_in(factories.a_publisher()), act="looks")
    assert [one.record for one in found] == [opinion.receipt_no]


def test_acts_of_the_procedure_are_on_record_with_what_stood_before_and_after():
    page = factories.an_open_round()
    [entry] = PageLogEntry.objects.filter(page=page.pk, action="consultations.open_round")
    assert entry.data["before"] == {"live": False}
    assert entry.data["after"] == {
        "live": True,
        "opens_on": page.opens_on.isoformat(),
        "closes_on": page.closes_on.isoformat(),
    }


def test_an_entry_nobody_can_put_into_words_is_shown_all_the_same():
    page = factories.an_open_round()
    log(page, "consultations.advance", user=factories.a_clerk(), data={"before": {"odd": [1]}})
    PageLogEntry.objects.filter(page=page.pk).update(action="consultations.long_gone")
    assert shown(signed_in(factories.a_publisher()), matter=page.item.pk)
