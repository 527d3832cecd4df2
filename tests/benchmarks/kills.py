"""Killing the portal while people send opinions: what a receipt was shown for is never lost.

Several people go through the three steps at once. At a random moment web server, worker and clock
are killed (SIGKILL); they start again, and whoever got no answer sends the same form once more.
"""

import html
import http.client
import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from tests.services.portal import Portal, a_new_database
from tests.services.processes import wait_until

PEOPLE = 4
LONGEST_LIFE = 1.2
PATIENCE = 120
SEED = "from tests import factories; print(factories.an_open_round().pk)"


class Person:
    """A browser with cookies that sends one opinion after another and keeps the receipts."""

    def __init__(self, portal: Portal, page: int, name: str) -> None:
        self.portal, self.page, self.name = portal, page, name
        self.cookies: dict[str, str] = {}
        self.receipts: dict[str, str] = {}
        self.sent = 0

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request, follow nothing, keep cookies; return the status and the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            body = urlencode(data | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return answer.status, text
        finally:
            connection.close()

    def give(self, stop: threading.Event) -> None:
        """Give opinions until told to stop, each with words of its own."""
        while not stop.is_set():
            self.sent += 1
            text = f"{self.name}的第{self.sent}条意见：" + "写明由谁负责、何时完成。" * 20
            self.receipts[self._send(text)] = text

    def _send(self, text: str) -> str:
        """Go through the three steps, again from where an answer is missing; return the receipt."""
        steps = f"/opinions/write/{self.page}/"
        data: dict[str, str] = {}
        while True:
            try:
                if not data:
                    data = self._ready(steps, text)
                status, body = self.ask("POST", f"{steps}check/", data)
                if status == 302:
                    return self._receipt()
                data = self._solved(body)
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)

    def _ready(self, steps: str, text: str) -> dict[str, str]:
        _status, form = self.ask("GET", steps)
        said = {"p0-text": text, "form_key": _hidden(form)["form_key"]}
        self.ask("POST", steps, said)
        about = {"kind": "individual", "email": f"{self.name}@example.com", "publicity": "masked"}
        self.ask("POST", f"{steps}about/", about)
        _status, check = self.ask("GET", f"{steps}check/")
        return self._solved(check)

    def _solved(self, body: str) -> dict[str, str]:
        data = _hidden(body)
        with psycopg.connect(self.portal.database_url) as connection:
            row = connection.execute(
                "SELECT response FROM captcha_captchastore WHERE hashkey = %s",
                [data.get("captcha_0", "")],
            ).fetchone()
        return data | {"captcha_1": row[0]} if row else {}

    def _receipt(self) -> str:
        while True:
            try:
                status, body = self.ask("GET", "/opinions/received/")
                if status == 200:
                    return re.search(r"ZJ-\d{4}-\w{4}-\w{4}", body)[0]
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)


def _hidden(body: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body)
    return {name: html.unescape(value) for name, value in found}


@dataclass
class Outcome:
    """What was found after all the killing."""

    kills: int
    receipts: int = 0
    lost: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    doubled: int = 0
    half_written: int = 0
    undelivered: int = 0
    mails_too_many: int = 0

    @property
    def faults(self) -> int:
        return (
            len(self.lost)
            + len(self.changed)
            + self.doubled
            + self.half_written
            + self.undelivered
            + max(0, self.mails_too_many - self.kills)
        )


@contextmanager
def a_portal(server: str) -> Iterator[Portal]:
    beside = [["tick", "--every", "1"], ["db_worker", "--interval", "0.2"]]
    with tempfile.TemporaryDirectory() as folder, a_new_database(server) as database:
        portal = Portal(Path(folder), "tests.services.worked_settings", database, beside=beside)
        portal.manage("migrate", "--verbosity", "0")
        try:
            portal.start()
            yield portal
        finally:
            portal.kill()


def survive(kills: int, server: str, *, seed: int = 1) -> Outcome:
    """Kill the portal so many times under load, and return what was found afterwards."""
    chance = random.Random(seed)
    with a_portal(server) as portal:
        page = int(portal.run(SEED).splitlines()[-1])
        people = [Person(portal, page, f"person{n}") for n in range(PEOPLE)]
        stop = threading.Event()
        threads = [threading.Thread(target=one.give, args=[stop]) for one in people]
        for thread in threads:
            thread.start()
        for _ in range(kills):
            time.sleep(chance.uniform(0.1, LONGEST_LIFE))
            portal.kill()
            portal.start()
        stop.set()
        for thread in threads:
            thread.join()
        # What a killed worker held is taken up again after some minutes; they are over now.
        with psycopg.connect(portal.database_url) as connection:
            connection.execute("UPDATE core_outboxmessage SET due_at = now() WHERE done_at IS NULL")
        wait_until(lambda: not _one(portal, WAITING), PATIENCE, "The outbox")
        return _found(portal, people, kills)


WAITING = "SELECT count(*) FROM core_outboxmessage WHERE done_at IS NULL"
HALF_WRITTEN = """
SELECT (SELECT count(*) FROM django_comments) - count(*)
    + (SELECT count(*) FROM django_comments_xtd_xtdcomment) - count(*)
    + count(*) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM consultations_opinionpoint p WHERE p.opinion_id = o.xtdcomment_ptr_id))
    + abs(count(*) - (SELECT count(*) FROM core_outboxmessage WHERE topic = 'opinion.received'))
FROM consultations_opinion o
"""
STORED = """
SELECT o.receipt_no, c.comment, p.text FROM consultations_opinion o
JOIN django_comments c ON c.id = o.xtdcomment_ptr_id
JOIN consultations_opinionpoint p ON p.opinion_id = o.xtdcomment_ptr_id
"""


def _one(portal: Portal, query: str) -> int:
    with psycopg.connect(portal.database_url) as connection:
        return connection.execute(query).fetchone()[0]


def _found(portal: Portal, people: list[Person], kills: int) -> Outcome:
    """Compare the receipts in people's hands, the rows and the mails."""
    with psycopg.connect(portal.database_url) as connection:
        rows = connection.execute(STORED).fetchall()
    stored = {number: (comment, point) for number, comment, point in rows}
    outcome = Outcome(kills, half_written=_one(portal, HALF_WRITTEN))
    for receipts in (one.receipts for one in people):
        outcome.receipts += len(receipts)
        for number, text in receipts.items():
            if number not in stored:
                outcome.lost.append(number)
            elif stored[number] != (text, text):
                outcome.changed.append(number)
    outcome.doubled = len(rows) - len({comment for _number, comment, _point in rows})
    mails = Counter(re.findall(r"ZJ-\d{4}-\w{4}-\w{4}", _subjects_and_texts(portal.mail)))
    outcome.undelivered = sum(number not in mails for number in stored)
    outcome.mails_too_many = sum(mails.values()) - len(mails)
    return outcome


def _subjects_and_texts(folder: Path) -> str:
    """Return the first line that names a receipt of every mail that was written."""
    found = []
    for path in folder.iterdir():
        for raw in path.read_bytes().split(b"-" * 79):
            if not raw.strip():
                continue
            parts = message_from_bytes(raw.strip()).walk()
            plain = [one for one in parts if one.get_content_type() == "text/plain"]
            text = plain[0].get_payload(decode=True).decode() if plain else ""
            number = re.search(r"ZJ-\d{4}-\w{4}-\w{4}", text)
            found.append(number[0] if number else "")
    return "\n".join(found)
