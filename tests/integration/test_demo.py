"""The demo city: every matter where its story has it, every figure as it was written."""

import csv
import io
import re
from collections import Counter
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision, Site

from consultations.lifecycle import Channel, Display, Outcome, Phase, Stage, official_date
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    Issue,
    Opinion,
)
from consultations.models.figures import figures_of
from decisions.lifecycle import EvaluationOutcome, Validity
from decisions.models import CleanupPage, DecisionPage, EvaluationPage
from home.demo.material import city, matters
from home.demo.seed import seed
from home.models import HomePage
from portal.accounts.models import User
from portal.core.models import OutboxMessage, SiteIdentity

pytestmark = pytest.mark.django_db

TELEPHONE = re.compile(r"1[3-9]\d{9}")
ADOPTED, PARTLY = Outcome.ADOPTED, Outcome.PARTLY_ADOPTED
NOT_ADOPTED, NOTED, OUTSIDE = Outcome.NOT_ADOPTED, Outcome.NOTED, Outcome.OUT_OF_SCOPE

# What the adoption summaries say, counted by hand: opinions by channel, opinions by outcome.
FIGURES = {
    "d01_ebike_charging": (
        {"online": 5, "email": 1, "post": 1, "phone": 1},
        {ADOPTED: 3, PARTLY: 1, NOT_ADOPTED: 1, NOTED: 1, OUTSIDE: 2},
    ),
    "d02_lifts": (
        {"online": 4, "email": 1, "post": 1, "meeting": 1},
        {ADOPTED: 4, PARTLY: 1, NOT_ADOPTED: 1, OUTSIDE: 1},
    ),
    "d03_metro_fares": (
        {"online": 4, "email": 1, "post": 1, "hearing": 2},
        {ADOPTED: 3, PARTLY: 1, NOT_ADOPTED: 2, NOTED: 1, OUTSIDE: 1},
    ),
    "d06_old_town": (
        {"online": 3, "post": 1, "meeting": 1, "email": 1},
        {ADOPTED: 3, PARTLY: 2, NOT_ADOPTED: 1},
    ),
    "d09_shared_bikes_2": (
        {"online": 3, "email": 1, "meeting": 1, "post": 1},
        {ADOPTED: 3, PARTLY: 1, NOTED: 1, OUTSIDE: 1},
    ),
    "d10_waste_fees": (
        {"online": 4, "email": 1, "phone": 1, "meeting": 1},
        {ADOPTED: 3, PARTLY: 1, NOT_ADOPTED: 1, NOTED: 2},
    ),
    "e01_snow": ({"phone": 1}, {ADOPTED: 1}),
    "e02_shared_parking": ({"online": 1, "onsite": 1}, {ADOPTED: 2}),
    "z01_place_name_signs": ({}, {}),
}

STAGES = {
    "d01_ebike_charging": Stage.PUBLISHED,
    "d02_lifts": Stage.PUBLISHED,
    "d03_metro_fares": Stage.FEEDBACK_PUBLISHED,
    "d04_elder_care": Stage.CONSULTING,
    "d05_riverbank": Stage.CONSULTATION_CLOSED,
    "d06_old_town": Stage.UNDER_REVIEW,
    "d07_waterworks": Stage.CONSULTING,
    "d08_school_meals": Stage.CONSULTING,
    "d09_shared_bikes_1": Stage.PUBLISHED,
    "d09_shared_bikes_2": Stage.PUBLISHED,
    "d10_waste_fees": Stage.DEFERRED,
    "d11_green_space": Stage.DRAFTING,
    "d12_parking": Stage.CATALOGUED,
    "d13_smart_poles": Stage.WITHDRAWN,
    "e01_snow": Stage.PUBLISHED,
    "e02_shared_parking": Stage.PUBLISHED,
    "r02_dogs": Stage.FEEDBACK_PUBLISHED,
    "z01_place_name_signs": Stage.FEEDBACK_PUBLISHED,
}


@pytest.fixture(scope="module")
def at(django_db_setup, django_db_blocker):
    """Make the city once for all tests here and take it away after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        moment = timezone.now()
        seed(at=moment)
        yield moment
        transaction.set_rollback(True)


@pytest.fixture
def item(at):
    titles = {matter.name: matter.title for matter in matters()}
    return lambda name: DecisionItemPage.objects.get(title=titles[name])


@pytest.fixture
def round_of(item):
    return lambda name, number=1: item(name).rounds().get(round=number)


def test_every_matter_stands_where_its_story_has_it(item):
    assert {name: Stage(item(name).stage) for name in STAGES} == STAGES
    assert {matter.name for matter in matters()} == set(STAGES)


def test_this_years_catalogue_has_its_entries_and_adjustments(at):
    catalogue = CataloguePage.objects.latest("year")
    assert [entry.number for entry in catalogue.entries().live()] == list(range(1, 13))
    assert [(one.kind, one.item.number) for one in catalogue.adjustments.all()] == [
        ("add", 12),
        ("defer", 8),
        ("remove", 11),
    ]
    assert catalogue.party_consent_on <= catalogue.published_on
    assert catalogue.published_on.year == catalogue.year


@pytest.mark.parametrize("name", FIGURES)
def test_channels_and_outcomes_are_as_counted_by_hand(round_of, name):
    by_channel, by_outcome = FIGURES[name]
    page = round_of(name)
    figures = figures_of(page.pk)
    assert figures.opinions == sum(by_channel.values())
    assert figures.by_channel == {Channel(key): n for key, n in by_channel.items()}
    assert {key: n for key, n in figures.by_outcome.items() if n} == by_outcome
    assert figures.unanswered == 0
    assert page.report is not None


def test_three_rounds_are_open_and_nobody_wrote_in_the_future(at):
    open_rounds = ConsultationPage.objects.open(at=at)
    assert open_rounds.count() == 3
    assert not Opinion.objects.filter(submit_date__gt=at).exists()
    assert not Opinion.objects.filter(confirmed_at__isnull=True).exists()
    for opinion in Opinion.objects.select_related("consultation"):
        assert opinion.consultation.phase(at=opinion.submit_date) is Phase.OPEN


def test_the_shortened_round_says_why_and_how_long(round_of):
    page = round_of("d07_waterworks")
    assert page.days < 30
    assert f"缩短为{page.days}日" in page.shortened_reason


def test_opinions_that_are_not_answered_yet_keep_the_summary_back(round_of):
    page = round_of("d05_riverbank")
    report = FeedbackReportPage(title="采纳情况", slug="feedback", live=False)
    page.add_child(instance=report)
    assert {"OPI-1", "OPI-2"} <= {finding.id for finding in report.findings()}
    grouped = Issue.objects.get(consultation=page, title="经营者择优的方式")
    assert (grouped.points.count(), grouped.outcome) == (2, "")


def test_each_display_occurs(at):
    shown = Counter(Opinion.objects.values_list("display", flat=True))
    assert set(shown) == set(Display)
    assert shown[Display.PUBLISHED_REDACTED] == shown[Display.PENDING] == 1
    assert shown[Display.WITHHELD] == 6


def test_nothing_shown_holds_a_telephone_number_or_an_unconsented_name(at, client):
    for opinion in Opinion.objects.shown():
        assert not TELEPHONE.search(opinion.shown_text)
    hidden = [
        opinion.comment
        for opinion in Opinion.objects.all()
        if not opinion.is_shown or opinion.display == Display.PUBLISHED_REDACTED
    ]
    page = ConsultationPage.objects.get(opinions__display=Display.PUBLISHED_REDACTED)
    text = client.get(page.url).content.decode()
    assert "王**" in text
    assert "王建国" not in text
    assert not any(secret in text for secret in hidden)


def test_two_rounds_keep_their_own_opinions(round_of):
    first, second = round_of("r02_dogs", 1), round_of("r02_dogs", 2)
    assert first.closes_on < second.opens_on
    assert (first.opinions.count(), second.opinions.count()) == (3, 2)
    assert first.report.published_on < second.opens_on


def test_the_revision_amends_the_first_edition(item, at):
    first, revised = (
        DecisionPage.objects.child_of(item(name)).get()
        for name in ("d09_shared_bikes_1", "d09_shared_bikes_2")
    )
    today = official_date(at)
    assert first.superseded_by == revised
    assert first.validity(on=today) is Validity.AMENDED
    assert first.validity(on=revised.effective_on - timedelta(days=1)) is Validity.IN_FORCE
    assert revised.validity(on=today) is Validity.IN_FORCE


def test_the_first_edition_was_evaluated_and_that_led_to_the_revision(item, at):
    first = item("d09_shared_bikes_1")
    page = EvaluationPage.objects.get()
    [call] = page.calls
    assert first.public_calls == [call]
    assert (page.outcome, page.new_item) == (
        EvaluationOutcome.ADJUST,
        item("d09_shared_bikes_2"),
    )
    assert page.began_on <= call.opens_on < call.report.published_on <= page.published_on
    figures = figures_of(call.pk)
    assert (figures.opinions, figures.unanswered) == (6, 0)
    assert "意见六件" in page.report
    assert [step.state for step in first.steps(at=at)] == ["done"] * 5


def test_a_clean_up_repeals_one_decision_and_keeps_the_others_as_they_are(item, at):
    cleanup = CleanupPage.objects.live().get()
    today = official_date(at)
    repealed, paused, kept = (
        DecisionPage.objects.child_of(item(name)).get()
        for name in ("e01_snow", "e02_shared_parking", "d01_ebike_charging")
    )
    outcomes = {one.decision: one.outcome for one in cleanup.entries.all()}
    assert len(outcomes) == 4
    assert (outcomes[repealed], outcomes[paused], outcomes[kept]) == ("repeal", "keep", "keep")
    assert repealed.validity(on=today) is Validity.REPEALED
    assert repealed.validity(on=cleanup.published_on - timedelta(days=1)) is Validity.IN_FORCE
    assert paused.validity(on=today) is Validity.SUSPENDED
    assert paused.validity(on=paused.expires_on + timedelta(days=1)) is Validity.EXPIRED
    assert kept.validity(on=today) is Validity.IN_FORCE


def test_a_decision_keeps_the_articles_of_its_draft(item, round_of):
    decision = DecisionPage.objects.child_of(item("d01_ebike_charging")).get()
    draft = {article.id: article.label for article in round_of("d01_ebike_charging").articles}
    pairs = [(draft.get(article.id), article.label) for article in decision.articles]
    assert pairs[4:] == [("第五条", "第五条"), (None, "第六条"), ("第六条", "第七条")]
    assert f"〔{decision.signed_on.year}〕" in decision.document_no


def test_each_adopted_issue_leads_to_the_words_it_changed_and_back(item, round_of, client):
    round_ = round_of("d01_ebike_charging")
    decision = DecisionPage.objects.child_of(item("d01_ebike_charging")).get()
    adopted = Issue.objects.filter(consultation=round_, outcome=ADOPTED)
    assert adopted.count() == 3
    summary = client.get(round_.report.url).content.decode()
    redline = client.get(f"{decision.url}redline/").content.decode()
    for issue in adopted:
        row = summary.partition(f'id="issue-{issue.number}"')[2].partition("</tr>")[0]
        (address,) = re.findall(r'class="effect" href="([^"]+)"', row)
        page, _, anchor = address.partition("#")
        assert page == f"{decision.url}redline/"
        change = redline.partition(f'id="{anchor}"')[2].partition("</article>")[0]
        assert "<ins>" in change or "<del>" in change
        assert f'href="{round_.report.url}#issue-{issue.number}"' in change


def test_a_recount_of_the_public_table_agrees_with_the_page(item, client):
    decision = DecisionPage.objects.child_of(item("d01_ebike_charging")).get()
    content = client.get(f"{decision.url}redline/changes.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))[1:]
    redline = client.get(f"{decision.url}redline/").content.decode()
    _head, *found = redline.split('<article class="redline"')
    shown = [one.partition("</article>")[0] for one in found]
    assert len(rows) == len(shown) > 0
    for row, change in zip(rows, shown, strict=True):
        causes = re.findall(r'class="cause" href="[^"]*#issue-(\d+)"', change)
        opinions = re.findall(r'class="muted">\s*(\d+)', change)
        assert row[5] == "；".join(causes)
        assert row[7] == "；".join(opinions)
        assert (row[1] or row[0]) in change
    data = client.get(f"{decision.url}redline/changes.json").json()["changes"]
    assert [(one["old_words"], one["new_words"]) for one in data] == [
        (row[3].removeprefix("'"), row[4].removeprefix("'")) for row in rows
    ]


def test_index_numbers_are_unique(at):
    numbers = list(DecisionPage.objects.values_list("index_no", flat=True))
    assert len(numbers) == len(set(numbers)) == 6


def test_every_public_page_answers(at, client):
    pages = Page.objects.live().filter(depth__gte=2)
    assert pages.count() > 50
    answers = {page.url: client.get(page.url).status_code for page in pages}
    assert set(answers.values()) == {HTTPStatus.OK}, answers


def test_the_past_is_dated(at):
    assert not PageLogEntry.objects.filter(timestamp__gt=at).exists()
    assert not Revision.objects.filter(created_at__gt=at - timedelta(days=1)).exists()
    assert not Page.objects.filter(last_published_at__gt=at - timedelta(days=1)).exists()


def test_nothing_is_sent_and_nothing_waits(at):
    assert mail.outbox == []
    assert not OutboxMessage.objects.exists()


def test_the_site_says_that_it_is_a_demonstration(at, client):
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.specific == HomePage.objects.get()
    assert site.hostname == "testserver"
    assert SiteIdentity.for_site(site).is_demo
    assert Page.objects.filter(depth=2).count() == 1
    assert city()["identity"]["site_code"] in client.get("/").content.decode()


def test_each_account_opens_the_admin(at, client):
    for account in city()["accounts"]:
        user = authenticate(username=account["username"], password=city()["password"])
        assert user is not None
        client.force_login(user)
        assert client.get("/admin/").status_code == HTTPStatus.OK
    assert User.objects.filter(is_superuser=True).count() == 1


def test_a_deferred_matter_keeps_the_steps_it_has_taken(item, at):
    states = [step.state for step in item("d10_waste_fees").steps(at=at)]
    assert states == ["done", "done", "done", "later", "later"]
    states = [step.state for step in item("d13_smart_poles").steps(at=at)]
    assert states == ["done", "later", "later", "later", "later"]
