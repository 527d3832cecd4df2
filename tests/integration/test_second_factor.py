"""The second factor of staff: set up, asked for, used once, lost."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.core.key_rotation import rewrite_encrypted_values
from tests import factories
from tests.factories.people import PASSWORD
from tests.integration.signing_in import ADMIN, FACTORS, acts, an_app, code_of, enter, opens_admin

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return factories.an_editor()


@pytest.fixture
def production(settings):
    settings.STAFF_MFA_REQUIRED = True


def test_where_one_is_demanded_nothing_answers_before_it_is_set_up(client, editor, production):
    assert enter(client, editor)["Location"] == ADMIN
    for address in (ADMIN, "/admin/pages/", "/admin/account/", "/admin/api/main/pages/"):
        assert client.get(address)["Location"] == FACTORS, address
    asked = client.get(ADMIN, headers={"x-requested-with": "XMLHttpRequest"})
    assert asked.status_code == HTTPStatus.FORBIDDEN
    assert client.get(f"{FACTORS}codes/")["Location"] == FACTORS
    assert client.get("/opinions/status/").wsgi_request.user.is_anonymous
    client.cookies["lang"] = "en"
    assert "A password alone does not open" in client.get(FACTORS).content.decode()


def test_it_is_set_up_after_the_password_and_opens_the_administration(
    client, editor, production, monkeypatch
):
    enter(client, editor)
    again = client.get(f"{FACTORS}app/")["Location"]
    assert again.startswith("/staff/again/")
    assert client.post(again, {"password": PASSWORD})["Location"] == f"{FACTORS}app/"
    secret = re.search(r'id="secret"[^>]*>(\w+)<', client.get(f"{FACTORS}app/").content.decode())
    wrong = client.post(f"{FACTORS}app/", {"code": "000000"})
    assert wrong.status_code == HTTPStatus.OK
    # The test's own transaction never commits, and this has to happen within the request.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_options: act())
    done = client.post(f"{FACTORS}app/", {"code": code_of(secret[1])})
    assert done["Location"] == f"{FACTORS}codes/"
    codes = client.get(f"{FACTORS}codes/")
    assert len(re.findall(r"<li>\d{8}</li>", codes.content.decode())) == 10
    assert "no-store" in codes["Cache-Control"]
    assert opens_admin(client)
    assert acts(editor).count("accounts.factor_added") == 2
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret[1] not in kept


def test_who_has_one_is_asked_for_it_and_a_wrong_code_opens_nothing(client, editor, production):
    secret = an_app(editor)
    assert enter(client, editor)["Location"] == f"{FACTORS}enter/"
    assert not opens_admin(client)
    assert client.post(f"{FACTORS}enter/", {"code": "12345"}).status_code == HTTPStatus.OK
    assert not opens_admin(client)
    assert client.post(f"{FACTORS}enter/", {"code": code_of(secret)})["Location"] == ADMIN
    assert opens_admin(client)
    assert acts(editor) == ["accounts.factor_refused", "accounts.signed_in"]


def test_a_code_works_once(client, editor):
    secret = an_app(editor)
    with time_machine.travel(timezone.now(), tick=False):
        enter(client, editor)
        client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
        client.post("/staff/logout/")
        enter(client, editor)
        client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
        assert not opens_admin(client)


def test_codes_cannot_be_tried_out(client, editor):
    secret = an_app(editor)
    enter(client, editor)
    for _ in range(5):
        client.post(f"{FACTORS}enter/", {"code": "000000"})
    client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
    assert not opens_admin(client)


def test_a_recovery_code_works_once(client, editor, production):
    an_app(editor)
    code = RecoveryCodes.activate(editor).get_unused_codes()[0]
    for opens in (True, False):
        enter(client, editor)
        client.post(f"{FACTORS}enter/", {"code": code})
        assert opens_admin(client) is opens
        client.post("/staff/logout/")


def test_a_session_from_before_the_factor_has_to_show_it(client, editor, production):
    """Who stole a password before the owner set a factor up neither passes nor removes it."""
    enter(client, editor)
    secret = an_app(editor)
    asked = client.get(ADMIN)["Location"]
    assert asked == f"{FACTORS}again/?next=%2Fadmin%2F"
    for address in (FACTORS, f"{FACTORS}app/remove/", f"{FACTORS}keys/add/", "/staff/again/"):
        assert client.get(address)["Location"].startswith(f"{FACTORS}again/"), address
    assert client.post("/staff/again/", {"password": PASSWORD})["Location"].startswith(
        f"{FACTORS}again/"
    )
    assert client.post(asked, {"code": code_of(secret), "next": ADMIN})["Location"] == ADMIN
    assert opens_admin(client)


def test_changing_a_factor_asks_for_it_and_not_for_the_password(client, editor):
    secret = an_app(editor)
    enter(client, editor)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
        asked = client.get(f"{FACTORS}app/remove/")["Location"]
        assert asked.startswith(f"{FACTORS}again/")
        assert client.post("/staff/again/", {"password": PASSWORD})["Location"].startswith(
            f"{FACTORS}again/"
        )
        clock.shift(timedelta(seconds=61))
        client.post(asked, {"code": code_of(secret)})
        assert client.post(f"{FACTORS}app/remove/")["Location"] == FACTORS
    assert not Authenticator.objects.exists()
    assert "accounts.factor_removed" in acts(editor)


def test_a_lost_factor_is_forgotten_by_command_and_its_sessions_are_held_back(
    client, editor, production
):
    secret = an_app(editor)
    enter(client, editor)
    client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
    assert opens_admin(client)
    call_command("forget_second_factors", editor.username, verbosity=0)
    assert client.get(ADMIN)["Location"] == FACTORS
    assert acts(editor)[-1] == "accounts.factor_removed"
    with pytest.raises(CommandError):
        call_command("forget_second_factors", "nobody-here")


def test_secrets_are_written_anew_with_a_new_key(client, editor, settings):
    secret = an_app(editor)
    RecoveryCodes.activate(editor)
    old = settings.PERSONAL_DATA_KEYS
    settings.PERSONAL_DATA_KEYS = [Fernet.generate_key().decode(), *old]
    assert rewrite_encrypted_values() == 2
    settings.PERSONAL_DATA_KEYS = settings.PERSONAL_DATA_KEYS[:1]
    enter(client, editor)
    client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
    assert opens_admin(client)
