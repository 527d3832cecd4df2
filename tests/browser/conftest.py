"""One portal in a process of its own on the demo city, and a browser that acts like a person."""

import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.services.browser import ARGUMENTS, chromium
from tests.services.processes import Unavailable, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
CI = os.environ.get("CI") == "true"
START_SECONDS = 90
PERSON_SECONDS = 2
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder needs the browser."""
    for item in items:
        if str(item.path).startswith(str(Path(__file__).parent)):
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """A running portal."""

    url: str
    environment: dict[str, str]
    mail: Path

    def manage(self, *arguments: str) -> str:
        """Run a management command in the portal's environment and return what it prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def run(self, code: str) -> str:
        """Run Python code inside the portal's environment and return what it prints."""
        return self.manage("shell", "--no-imports", "-c", code).strip()

    def captcha_answer(self, key: str) -> str:
        """Read the answer to a captcha, which a person would read in the picture.

        A person takes longer for it than the least time that the form asks for.
        """
        time.sleep(PERSON_SECONDS)
        return self.run(
            "from captcha.models import CaptchaStore;"
            f"print(CaptchaStore.objects.get(hashkey={key!r}).response)"
        )


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A new, empty database: on the PostgreSQL server of the run, else an SQLite file."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'portal.sqlite3'}"
        return
    name = f"browser_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def server(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo as a stranger starts it, with the search engine when the run has one."""
    folder = tmp_path_factory.mktemp("portal")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.development",
        "DEMO": "true",
        "PORT": str(port),
        "PUBLIC_URL": url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "ELASTICSEARCH_INDEX_PREFIX": f"browser-{port}",
    }
    portal = Server(url, environment, folder / "mail")
    portal.manage("migrate", "--verbosity", "0")
    portal.manage("demo")
    if environment.get("ELASTICSEARCH_URL"):
        portal.manage("rebuild_search_index")
    # One process, because the demo's cache lives inside it.
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--workers", "1", "--threads", "4"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: _answers(f"{url}/healthz"), START_SECONDS, "The portal")
        yield portal
    finally:
        process.terminate()
        process.wait(30)
        sys.stdout.write(log.read_text()[-4000:])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, started once."""
    try:
        program = chromium()
    except Unavailable as error:
        if CI:
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Make pages, each a visitor of its own, and fail when one of their consoles complains."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: object) -> Page:
        settings = {"base_url": server.url, "locale": "zh-CN", "viewport": DESKTOP} | options
        context = browser.new_context(**settings)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _listen(message, complaints))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _listen(message: ConsoleMessage, complaints: list[str]) -> None:
    """Keep what the console reports as an error, a breach of the content policy among them.

    An answer of 4xx is reported too; tests of refusals ask for one and judge it themselves.
    """
    if message.type == "error" and "the server responded with a status of 4" not in message.text:
        complaints.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A visitor at a desk."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A visitor with a phone."""
    return new_page(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Fail when axe finds something serious or critical on the page as it stands."""
    axe = Axe()

    def check(page: Page) -> None:
        # Without `preload` axe adds no style sheet of its own, which the policy would refuse.
        options = {"runOnly": {"type": "tag", "values": STANDARDS}, "preload": False}
        found = axe.run(page, options=options)
        grave = [
            f"{one['id']} ({one['impact']}): {one['help']}\n    "
            + "\n    ".join(node["html"][:160] for node in one["nodes"][:5])
            for one in found.response["violations"]
            if one["impact"] in GRAVE
        ]
        assert not grave, f"{page.url}\n" + "\n".join(grave)

    return check
