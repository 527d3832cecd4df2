"""A portal in processes of its own: started, asked, and killed without mercy."""

import os
import secrets
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.services.processes import free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


@contextmanager
def a_new_database(server: str, like: str = "template1") -> Iterator[str]:
    """Make a database on a PostgreSQL server, empty or a copy, and remove it in the end."""
    name = f"portal_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Portal:
    """The web server and what works beside it, on a database and a folder of their own."""

    folder: Path
    settings: str
    database_url: str
    more: dict[str, str] = field(default_factory=dict)
    beside: list[list[str]] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    _running: list[subprocess.Popen] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": self.database_url,
            "MEDIA_ROOT": str(self.folder / "media"),
            "PRIVATE_FILES_ROOT": str(self.folder / "private"),
            "EMAIL_URL": f"filemail:///{self.mail}",
        }
        return os.environ | own | self.more

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

    def start(self) -> None:
        """Start everything and wait until the web server answers."""
        # One process, because the demo's cache lives inside it.
        web = ["-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        self.begin([*web, "--workers", "1", "--threads", "4"])
        for command in self.beside:
            self.begin(["manage.py", *command])
        wait_until(self._answers, START_SECONDS, "The portal")

    def begin(self, command: list[str], output: IO[str] | None = None) -> subprocess.Popen:
        """Start one Python process in the portal's environment; it is ended with the others."""
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=output or log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def kill_one(self, process: subprocess.Popen) -> None:
        """End one process at once (SIGKILL)."""
        self._running.remove(process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)

    def kill(self) -> None:
        """End every process at once, with no time to finish anything (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask every process to end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        for process in self._running:
            os.killpg(process.pid, how)
        for process in self._running:
            process.wait(30)
        self._running.clear()

    def log(self, characters: int = 4000) -> str:
        return (self.folder / "log").read_text()[-characters:]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False
