"""The city's sign-on opens the one account whose address it has verified, and no other."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.services.migrated import with_tables
from tests.services.portal import Portal
from tests.services.processes import free_port

PEOPLE = """
from django.contrib.auth.models import Group
from portal.accounts.models import User
editors = Group.objects.filter(name="unit_editor")
for name, email, active in (
    ("li", "li@city.example", True),
    ("gone", "gone@city.example", False),
    ("twin-1", "twin@city.example", True),
    ("twin-2", "Twin@city.example", True),
):
    user = User.objects.create_user(name, email=email, is_active=active)
    user.groups.set(editors)
"""


@dataclass
class SignOn:
    """A provider of identities on this machine, which says what a test wants it to say."""

    port: int = field(default_factory=free_port)
    claims: dict = field(default_factory=dict)
    asked: list[dict] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str) -> dict:
        if path == "/.well-known/openid-configuration":
            places = {
                "authorization_endpoint": "authorize",
                "token_endpoint": "token",
                "userinfo_endpoint": "userinfo",
                "jwks_uri": "keys",
            }
            return {"issuer": self.url} | {key: f"{self.url}/{v}" for key, v in places.items()}
        if path == "/token":
            return {"access_token": "a-token", "token_type": "Bearer"}
        return self.claims

    def handler(self) -> type[BaseHTTPRequestHandler]:
        sign_on = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(sign_on.answer(urlsplit(self.path).path)).encode()
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                sign_on.asked.append(parse_qs(sent.decode()))
                self.do_GET()

            def log_message(self, *_line):
                pass

        return Handler


@pytest.fixture(scope="module")
def sign_on() -> Iterator[SignOn]:
    one = SignOn()
    server = ThreadingHTTPServer(("127.0.0.1", one.port), one.handler())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield one
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def portal(sign_on, tmp_path_factory) -> Iterator[Portal]:
    """A portal that knows the sign-on from its environment alone."""
    folder = tmp_path_factory.mktemp("sign-on")
    one = Portal(folder, "portal.settings.development", f"sqlite:///{folder / 'portal.sqlite3'}")
    one.more |= {
        "OIDC_SERVER_URL": sign_on.url,
        "OIDC_CLIENT_ID": "jianyan",
        "OIDC_CLIENT_SECRET": "a-secret",
        "OIDC_NAME": "市统一身份认证",
        "DEBUG": "false",
    }
    with_tables(folder / "portal.sqlite3")
    # A sign-on brings tables of its own.
    one.manage("migrate", "--verbosity", "0")
    one.run(PEOPLE)
    try:
        one.start()
        yield one
    finally:
        one.stop()


def come_back(portal: Portal, sign_on: SignOn, next_page: str = "", **claims: object):
    """Go to the sign-on and come back as somebody; returns the browser and the last answer."""
    sign_on.claims = {"sub": "somebody"} | claims
    browser = requests.Session()
    query = f"?process=login&next={next_page}" if next_page else "?process=login"
    asked = browser.get(f"{portal.url}/staff/oidc/sso/login/{query}", allow_redirects=False)
    away = urlsplit(asked.headers["Location"])
    assert f"{away.scheme}://{away.netloc}{away.path}" == f"{sign_on.url}/authorize"
    sent = parse_qs(away.query)
    assert sent["code_challenge_method"] == ["S256"]
    assert sent["redirect_uri"] == [f"{portal.url}/staff/oidc/sso/login/callback/"]
    back = f"{portal.url}/staff/oidc/sso/login/callback/?code=x&state={sent['state'][0]}"
    return browser, browser.get(back, allow_redirects=False)


def opens_admin(portal: Portal, browser: requests.Session) -> bool:
    answer = browser.get(f"{portal.url}/admin/", allow_redirects=False)
    return answer.status_code == HTTPStatus.OK


def test_the_sign_in_page_offers_it_by_a_link_of_ours(portal):
    page = requests.get(f"{portal.url}/staff/login/?next=/admin/pages/").text
    assert "市统一身份认证" in page
    assert "/staff/oidc/sso/login/?process=login&amp;next=/admin/pages/" in page


def test_a_verified_address_opens_its_account(portal, sign_on):
    browser, answer = come_back(portal, sign_on, email="LI@city.example", email_verified=True)
    assert answer.headers["Location"] == "/admin/"
    assert opens_admin(portal, browser)
    assert sign_on.asked[-1]["client_secret"] == ["a-secret"]
    count = "from allauth.socialaccount.models import *; print(SocialAccount.objects.count())"
    assert portal.run(count) == "0", "nothing that the sign-on tells is kept"


def accounts(portal: Portal) -> int:
    with closing(sqlite3.connect(portal.folder / "portal.sqlite3")) as database:
        return database.execute("SELECT count(*) FROM accounts_user").fetchone()[0]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "li@city.example", "email_verified": False},
        {"email": "li@city.example"},
        {"email": "li@city.example", "email_verified": "true"},
        {"email": "stranger@city.example", "email_verified": True},
        {"email": "gone@city.example", "email_verified": True},
        {"email": "twin@city.example", "email_verified": True},
        {"email": "", "email_verified": True},
        {"preferred_username": "li"},
    ],
    ids=lambda claims: "-".join(map(str, claims.values())),
)
def test_nobody_else_gets_in(portal, sign_on, claims):
    before = accounts(portal)
    browser, answer = come_back(portal, sign_on, **claims)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not opens_admin(portal, browser)
    assert accounts(portal) == before


def test_nobody_is_sent_to_another_site(portal, sign_on):
    _browser, answer = come_back(
        portal,
        sign_on,
        "https://evil.example/",
        email="li@city.example",
        email_verified=True,
    )
    assert answer.headers["Location"] == "/admin/"


def test_an_answer_that_nobody_asked_for_is_refused(portal, sign_on):
    sign_on.claims = {"sub": "x", "email": "li@city.example", "email_verified": True}
    browser = requests.Session()
    back = f"{portal.url}/staff/oidc/sso/login/callback/?code=x&state=made-up"
    assert browser.get(back).status_code == HTTPStatus.UNAUTHORIZED
    assert not opens_admin(portal, browser)


def test_it_cannot_be_tied_to_an_account_by_hand(portal, sign_on):
    browser, _answer = come_back(portal, sign_on, email="li@city.example", email_verified=True)
    sign_on.claims = {"sub": "y", "email": "other@city.example", "email_verified": True}
    asked = browser.get(
        f"{portal.url}/staff/oidc/sso/login/?process=connect", allow_redirects=False
    )
    state = parse_qs(urlsplit(asked.headers["Location"]).query)["state"][0]
    back = f"{portal.url}/staff/oidc/sso/login/callback/?code=x&state={state}"
    assert browser.get(back).status_code == HTTPStatus.FORBIDDEN
