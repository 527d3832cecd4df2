"""What people follow without an account: Atom feeds, and the closing day for their calendar."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Page, PageViewRestriction

from consultations.lifecycle import closing_instant, official_date
from consultations.models import ConsultationPage
from portal.core.feeds import MOST_ENTRIES
from tests import factories
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FEEDS = ("feeds:consultations", "feeds:closing-soon", "feeds:results")


def read(client, name, *args):
    response = client.get(reverse(name, args=args))
    assert response.status_code == HTTPStatus.OK
    return ElementTree.fromstring(response.content)


def texts(feed, field):
    return [entry.findtext(f"{ATOM}{field}") for entry in feed.iter(f"{ATOM}entry")]


def links(feed):
    return [entry.find(f"{ATOM}link").get("href") for entry in feed.iter(f"{ATOM}entry")]


def a_round_closing_in(days, item=None, **fields):
    """A round of 30 days of which `days` are left."""
    return factories.a_round(item, opened_at=timezone.now() - timedelta(days=30 - days), **fields)


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_atom_that_every_cache_may_keep(client, settings, name):
    settings.PUBLIC_URL = "https://jianyan.example"
    factories.a_decision()
    a_round_closing_in(3, factories.a_matter())
    response = client.get(reverse(name))
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
    feed = ElementTree.fromstring(response.content)
    assert feed.get(LANG) == "zh-Hans"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert feed.findtext(f"{ATOM}id").startswith("tag:jianyan.example,2026:feed/")
    itself = feed.find(f"{ATOM}link[@rel='self']").get("href")
    assert itself == f"https://jianyan.example{reverse(name)}"
    assert links(feed)
    for address in [link.get("href") for link in feed.iter(f"{ATOM}link")]:
        assert address.startswith("https://jianyan.example/")
        assert client.get(urlsplit(address).path).status_code == HTTPStatus.OK
    for field in ("id", "title", "updated", "published", "summary"):
        assert all(texts(feed, field))
    assert max(texts(feed, "updated"), key=datetime.fromisoformat) == feed.findtext(
        f"{ATOM}updated"
    )


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_speaks_the_language_of_the_notices_to_everyone(client, name):
    a_round_closing_in(3)
    chinese = client.get(reverse(name))
    client.cookies["lang"] = "en"
    english = client.get(reverse(name))
    assert english.content == chinese.content
    assert english.headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("name", FEEDS)
def test_what_a_reader_has_is_not_sent_again(client, name):
    factories.a_decision()
    first = client.get(reverse(name))
    again = client.get(reverse(name), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert "Last-Modified" not in first.headers


@pytest.mark.parametrize("name", FEEDS)
def test_an_empty_feed_is_whole_and_keeps_still(client, name):
    feed = read(client, name)
    assert not texts(feed, "id")
    began = datetime.fromisoformat(feed.findtext(f"{ATOM}updated"))
    assert timezone.localtime(began).hour == 0


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("unit", ["nowhere", "%00", "a b"])
def test_a_unit_that_does_not_exist_has_no_feed(client, name, unit):
    address = reverse(name) + f"{unit}/"
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_only_answers(client, name):
    assert client.post(reverse(name)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.head(reverse(name)).status_code == HTTPStatus.OK


def test_new_consultations_come_newest_first_whatever_their_phase(client):
    closed = factories.a_closed_round()
    still_open = factories.an_open_round(factories.a_matter())
    coming = factories.a_scheduled_round(factories.a_matter())
    factories.a_draft_round(factories.a_matter())
    feed = read(client, "feeds:consultations")
    assert texts(feed, "id") == [
        f"tag:testserver,2026:consultation/{one.pk}" for one in (coming, still_open, closed)
    ]


def test_an_entry_keeps_its_name_and_says_when_it_changed(client):
    page = factories.an_open_round()
    [name] = texts(read(client, "feeds:consultations"), "id")
    page.title = "电动自行车停放充电安全管理办法 <第二稿> & 说明"
    page.save_revision().publish()
    page.refresh_from_db()
    feed = read(client, "feeds:consultations")
    assert texts(feed, "id") == [name]
    assert texts(feed, "title") == [page.title]
    [updated], [published] = texts(feed, "updated"), texts(feed, "published")
    assert datetime.fromisoformat(updated) == page.last_published_at
    assert datetime.fromisoformat(published) == page.first_published_at


def test_what_a_page_says_is_text_in_a_feed_and_never_markup(client):
    factories.an_open_round(summary="<script>alert(1)</script>\x0b & 其他")
    [summary] = texts(read(client, "feeds:consultations"), "summary")
    assert "<script>" not in summary
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 其他" in summary


def test_closing_soon_is_a_week(client):
    item = factories.a_matter
    last_day, in_a_week = a_round_closing_in(0), a_round_closing_in(7, item())
    a_round_closing_in(8, item())
    factories.a_closed_round(item())
    feed = read(client, "feeds:closing-soon")
    assert texts(feed, "id") == [
        f"tag:testserver,2026:consultation/{one.pk}/closing/{one.closes_on}"
        for one in (last_day, in_a_week)
    ]


def test_an_entry_about_closing_is_as_old_as_the_week(client):
    page = a_round_closing_in(3)
    yesterday = timezone.now() - timedelta(days=29)
    Page.objects.filter(pk=page.pk).update(
        first_published_at=yesterday, last_published_at=yesterday
    )
    [published] = texts(read(client, "feeds:closing-soon"), "published")
    week_before = closing_instant(page.closes_on) - timedelta(days=8)
    assert datetime.fromisoformat(published) == week_before


def test_a_moved_closing_day_is_a_new_reminder(client):
    page = a_round_closing_in(3)
    [before] = texts(read(client, "feeds:closing-soon"), "id")
    ConsultationPage.objects.filter(pk=page.pk).update(closes_on=page.closes_on + timedelta(days=2))
    [after] = texts(read(client, "feeds:closing-soon"), "id")
    assert before != after


def test_results_are_summaries_and_decisions(client):
    decision = factories.a_decision()
    report = factories.a_summary(factories.a_closed_round(factories.a_matter()))
    feed = read(client, "feeds:results")
    assert texts(feed, "id")[:2] == [
        f"tag:testserver,2026:adoption/{report.pk}",
        f"tag:testserver,2026:decision/{decision.pk}",
    ]
    assert len(texts(feed, "id")) == 3
    assert decision.document_no in texts(feed, "summary")[1]


@pytest.mark.parametrize("name", FEEDS)
def test_a_unit_has_its_own_feed(client, name):
    units = [
        factories.a_unit("市住房和城乡建设局", "住建局", "housing"),
        factories.a_unit("市民政局", "民政局", "civil"),
    ]
    for unit in units:
        matter = factories.a_matter(lead_unit=unit)
        factories.a_summary(factories.a_closed_round(matter))
        a_round_closing_in(3, factories.a_matter(lead_unit=unit))
    everything = set(texts(read(client, name), "id"))
    of_each = [set(texts(read(client, name, unit.code), "id")) for unit in units]
    assert all(of_each)
    assert of_each[0] | of_each[1] == everything
    assert not of_each[0] & of_each[1]
    feed = read(client, name, "civil")
    assert "民政局" in feed.findtext(f"{ATOM}title")
    assert {one.get("term") for one in feed.iter(f"{ATOM}category")} == {"民政局"}
    assert feed.findtext(f"{ATOM}id") != read(client, name).findtext(f"{ATOM}id")


@pytest.mark.parametrize("name", FEEDS)
def test_a_withdrawn_or_restricted_page_leaves_the_feed(client, name):
    factories.a_decision()
    a_round_closing_in(3, factories.a_matter())
    before = client.get(reverse(name))
    entries = len(texts(ElementTree.fromstring(before.content), "id"))
    assert entries
    page = Page.objects.get(
        url_path__endswith=urlsplit(links(ElementTree.fromstring(before.content))[0]).path
    )
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert len(texts(read(client, name), "id")) == entries - 1
    restriction.delete()
    Page.objects.filter(pk=page.pk).update(live=False)
    assert len(texts(read(client, name), "id")) == entries - 1


@pytest.mark.parametrize("name", FEEDS)
def test_a_page_that_was_never_published_by_hand_breaks_nothing(client, name):
    factories.a_decision()
    a_round_closing_in(3, factories.a_matter())
    Page.objects.update(first_published_at=None, last_published_at=None)
    assert not texts(read(client, name), "id")


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("args", [[], ["housing"]])
def test_a_feed_costs_the_same_for_1_and_5_entries(client, name, args):
    unit = factories.a_unit("市住房和城乡建设局", "住建局", "housing")
    for matters in (1, 4):
        for _ in range(matters):
            factories.a_summary(factories.a_closed_round(factories.a_matter(lead_unit=unit)))
            a_round_closing_in(3, factories.a_matter(lead_unit=unit))
        asked, _ = statements(client, reverse(name, args=args))
        if matters == 1:
            few = len(asked)
    assert len(asked) == few <= 6, "\n".join(asked)


def test_a_feed_ends_after_its_newest_entries(client):
    item = factories.a_matter()
    page = factories.an_open_round(item)
    page.refresh_from_db()
    now = timezone.now()
    for n in range(2, MOST_ENTRIES + 3):
        item.refresh_from_db()
        item.add_child(
            instance=ConsultationPage(
                title=f"第{n}轮",
                slug=f"consultation-{n}",
                round=n,
                opens_on=page.opens_on,
                closes_on=page.closes_on,
                first_published_at=now + timedelta(minutes=n),
                last_published_at=now + timedelta(minutes=n),
            )
        )
    titles = texts(read(client, "feeds:consultations"), "title")
    assert titles == [f"第{n}轮" for n in range(MOST_ENTRIES + 2, 2, -1)]


def test_no_feed_names_anyone(client):
    page = a_round_closing_in(3)
    factories.a_published_opinion(page, name="王小明", name_consent=True)
    for name in FEEDS:
        content = client.get(reverse(name)).content.decode()
        assert not any(word in content for word in ("王", "周工", "0000-1234501", "@"))


@pytest.mark.parametrize(
    ("index", "visible"),
    [
        (factories.the_home_page, "feeds:consultations"),
        (factories.the_consultation_index, "feeds:closing-soon"),
        (factories.the_decision_index, "feeds:results"),
    ],
)
def test_the_lists_name_the_feeds_to_programs_and_to_people(client, index, visible):
    content = client.get(index().url).content.decode()
    assert content.count('type="application/atom+xml"') == len(FEEDS)
    for name in FEEDS:
        assert f'href="{reverse(name)}"' in content
    assert f'href="{reverse(visible)}">' in content.partition("<main")[2]


def test_a_consultation_names_the_feed_of_its_unit_and_its_entry_for_the_calendar(client):
    page = factories.an_open_round()
    content = client.get(page.url).content.decode()
    assert reverse("feeds:consultations", args=[page.item.lead_unit.code]) in content
    assert reverse("calendar", args=[page.pk]) in content


def test_a_closed_round_offers_no_last_day(client):
    page = factories.a_closed_round()
    assert reverse("calendar", args=[page.pk]) not in client.get(page.url).content.decode()


def test_the_calendar_entry_is_the_closing_day(client, settings):
    settings.PUBLIC_URL = "https://jianyan.example"
    page = factories.an_open_round()
    response = client.get(reverse("calendar", args=[page.pk]))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"].endswith(
        f'filename="consultation-{page.pk}.ics"'
    )
    assert "public" in response.headers["Cache-Control"]
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["dtstart"].dt == page.closes_on
    assert event["uid"] == f"consultation-{page.pk}@jianyan.example"
    assert event["url"] == f"https://jianyan.example{urlsplit(page.url).path}"
    assert event["summary"].endswith("征求意见截止")
    assert event["dtstamp"].dt == page.last_published_at.astimezone(UTC).replace(microsecond=0)


def test_what_is_not_public_has_no_calendar_entry(client):
    draft = factories.a_draft_round(factories.a_matter(), closes_on=official_date(timezone.now()))
    shown = factories.an_open_round(factories.a_matter())
    PageViewRestriction.objects.create(page=shown, restriction_type="login")
    for number in (draft.pk, shown.pk, factories.the_home_page().pk, 0, 10**30):
        response = client.get(f"/calendar/{number}.ics")
        assert response.status_code == HTTPStatus.NOT_FOUND, number


def test_the_calendar_costs_little(client):
    page = factories.an_open_round()
    assert len(statements(client, reverse("calendar", args=[page.pk]))) <= 2
