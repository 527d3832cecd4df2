"""One portal in a process of its own on the demo city, and a browser that acts like a person."""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.journey import sign_in
from tests.services.browser import ARGUMENTS, chromium
from tests.services.portal import ROOT, Portal, a_new_database
from tests.services.processes import Unavailable

CI = os.environ.get("CI") == "true"
PERSON_SECONDS = 2
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONGEST = {"test_chain.py"}
DATABASE_FILES = shutil.ignore_patterns("portal.sqlite3*")
GRAVE = {"serious", "critical"}
# What fades in has its own colours only when it is there.
HAS_SETTLED = """() => Promise.allSettled(
  document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)
)"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder needs the browser; what takes longest begins first."""
    for item in items:
        if str(item.path).startswith(str(Path(__file__).parent)):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.name not in LONGEST)


# A process that runs code, one line of JSON after the other: to start Django takes seconds.
RUNS_CODE = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.core.cache import cache
for line in sys.stdin:
    printed, wrong = io.StringIO(), ""
    cache.clear()
    with contextlib.redirect_stdout(printed):
        try:
            exec(json.loads(line), {})
        except Exception:
            wrong = traceback.format_exc()
    print(json.dumps([printed.getvalue(), wrong]), flush=True)
"""


class Server(Portal):
    """A running portal whose captchas a person can solve."""

    beside_it: subprocess.Popen | None = None

    def run(self, code: str) -> str:
        """Run Python code in a process of the portal's environment; return what it prints."""
        if self.beside_it is None:
            self.beside_it = subprocess.Popen(
                [sys.executable, "-c", RUNS_CODE],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self.beside_it.stdin.write(json.dumps(code) + "\n")
        self.beside_it.stdin.flush()
        printed, wrong = json.loads(self.beside_it.stdout.readline())
        assert not wrong, f"{code}: {wrong}"
        return printed.strip()

    def stop(self) -> None:
        """Ask every process to end, and the one beside them."""
        if self.beside_it is not None:
            self.beside_it.communicate()
        super().stop()

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
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demo as a stranger makes it, built once for all workers of the run; nobody changes it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, address = shared / "city", shared / "city-database"
    given = os.environ.get("DATABASE_URL", "")
    with ExitStack() as stack, (shared / "city-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_first = not folder.exists()
        if is_first:
            folder.mkdir()
            url = f"sqlite:///{folder / 'portal.sqlite3'}"
            if given.startswith("postgres"):
                url = stack.enter_context(a_new_database(given))
            address.write_text(url)
        # Whoever copies it fills the search engine, if there is one, for itself.
        more = {"DEMO": "true", "ELASTICSEARCH_URL": ""}
        built = Server(folder, "portal.settings.development", address.read_text(), more)
        if is_first:
            built.manage("migrate", "--verbosity", "0")
            built.manage("demo")
        fcntl.flock(lock, fcntl.LOCK_UN)
        yield built


@pytest.fixture(scope="session")
def database_url(city: Portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this worker with the demo city in it."""
    place = urlsplit(city.database_url).path
    if city.database_url.startswith("postgres"):
        with a_new_database(os.environ["DATABASE_URL"], like=place.removeprefix("/")) as url:
            yield url
        return
    copy = tmp_path_factory.mktemp("database") / "portal.sqlite3"
    with closing(sqlite3.connect(place)) as there, closing(sqlite3.connect(copy)) as here:
        there.backup(here)
    yield f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def server(
    city: Portal, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The demo city at an address of its own, with the search engine when the run has one."""
    folder = tmp_path_factory.mktemp("portal")
    shutil.copytree(city.folder, folder, ignore=DATABASE_FILES, dirs_exist_ok=True)
    portal = Server(folder, city.settings, database_url, {"DEMO": "true"})
    # Browsers make passkeys for names, not for numbers.
    portal.more["ALLOWED_HOSTS"] = "127.0.0.1,localhost"
    portal.more["ELASTICSEARCH_INDEX_PREFIX"] = f"browser-{portal.port}"
    portal.run(f"from wagtail.models import Site; Site.objects.update(port={portal.port})")
    if portal.environment.get("ELASTICSEARCH_URL"):
        portal.manage("rebuild_search_index")
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()
        sys.stdout.write(portal.log())


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


@pytest.fixture(scope="session")
def sessions() -> dict[str, object]:
    """What the browser keeps of those who signed in, by name."""
    return {}


@pytest.fixture
def at_desk(new_page: Callable[..., Page], sessions: dict[str, object]) -> Callable[..., Page]:
    """Give a member of staff a desk; who signed in before need not do so again."""

    def sit(name: str, **options: object) -> Page:
        if name in sessions:
            return new_page(storage_state=sessions[name], **options)
        page = sign_in(new_page, name, **options)
        sessions[name] = page.context.storage_state()
        return page

    return sit


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
    return lambda page: _judge(page, GRAVE)


@pytest.fixture(scope="session")
def assert_sound() -> Callable[..., None]:
    """Fail when axe finds anything at all, however small, on the page or `within` a part of it."""
    return lambda page, within="html": _judge(page, {None, "minor", "moderate"} | GRAVE, within)


def _judge(page: Page, impacts: set[str | None], within: str = "html") -> None:
    page.evaluate(HAS_SETTLED)
    # Without `preload` axe adds no style sheet of its own, which the policy would refuse.
    options = {"runOnly": {"type": "tag", "values": STANDARDS}, "preload": False}
    found = Axe().run(page, context=within, options=options)
    faults = [
        f"{one['id']} ({one['impact']}): {one['help']}\n    "
        + "\n    ".join(node["html"][:160] for node in one["nodes"][:5])
        for one in found.response["violations"]
        if one["impact"] in impacts
    ]
    assert not faults, f"{page.url}\n" + "\n".join(faults)
