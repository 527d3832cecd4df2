"""Entering in the admin what came another way than through the website."""

import pytest
from django.test import Client
from django.urls import reverse

from consultations.lifecycle import Channel, Display
from consultations.models import Opinion
from portal.accounts.models import User
from tests import factories
from tests.integration.page_forms import said

pytestmark = pytest.mark.django_db


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


def enter(client: Client, page_id: int, **data: object) -> object:
    filled = {"channel": Channel.POST, "article": "", "text": "请放宽。", "name": "周平"} | data
    return client.post(url("enter_for", page_id), filled, follow=True)


def test_enter_a_letter(clerk: Client) -> None:
    page = factories.an_open_round()
    assert page.title in clerk.get(url("enter")).content.decode()

    response = enter(clerk, page.pk, article=page.articles[1].id, name_consent="on")

    opinion = Opinion.objects.get()
    assert (opinion.channel, opinion.author_name) == (Channel.POST, "周平")
    assert opinion.confirmed_at is not None
    assert opinion.name_consent
    assert opinion.points.get().article_id == page.articles[1].id
    assert opinion.receipt_no in said(response)


def test_a_letter_is_entered_after_the_closing_day_too(clerk: Client) -> None:
    page = factories.a_closed_round()

    enter(clerk, page.pk, is_private="on")

    assert Opinion.objects.get().display == Display.AUTHOR_PRIVATE


def test_a_round_that_has_not_opened_takes_no_letter(clerk: Client) -> None:
    assert enter(clerk, factories.a_scheduled_round().pk).status_code == 404
    assert enter(clerk, factories.a_draft_round(factories.a_matter(number=2)).pk).status_code == 404


def test_a_round_whose_answers_are_published_takes_no_letter(clerk: Client) -> None:
    assert enter(clerk, factories.a_summary().consultation.pk).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "  "),
        ("text", "字" * 5001),
        ("text", "a\x00b"),
        ("article", "7d0a8d6c-0000-4000-8000-000000000000"),
        ("channel", Channel.ONLINE),
    ],
)
def test_what_is_wrong_with_a_letter_is_said_at_its_input(
    clerk: Client, field: str, value: str
) -> None:
    page = factories.an_open_round()

    response = enter(clerk, page.pk, **{field: value})

    assert field in response.context["form"].errors
    assert not Opinion.objects.exists()


def test_only_moderators_enter_letters(publisher: Client, editor: Client) -> None:
    page = factories.an_open_round()

    for client in (publisher, editor):
        enter(client, page.pk)

    assert not Opinion.objects.exists()


def test_the_menu_offers_it_to_moderators(clerk: Client, editor: Client) -> None:
    def menu(client: Client) -> str:
        return client.get(reverse("wagtailadmin_home")).content.decode()

    assert url("enter") in menu(clerk)
    assert url("enter") not in menu(editor)
