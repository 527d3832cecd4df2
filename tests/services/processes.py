"""What every service needs: a free port, a folder it can reach, a user that is not root."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

# "nobody": PostgreSQL and Elasticsearch both refuse to run as root.
UNPRIVILEGED = 65534


class Unavailable(Exception):
    """A service cannot be had on this machine; the text says what is missing."""


def free_port() -> int:
    """Return a TCP port of the loopback address that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_root() -> bool:
    return os.geteuid() == 0


def demoted() -> dict:
    """Return the arguments of subprocess that let root start a process as an ordinary user."""
    if not is_root():
        return {}
    return {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []}


def hand_over(folder: Path) -> None:
    """Give a folder, and everything in it, to the user that will run the service."""
    if not is_root():
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, UNPRIVILEGED, UNPRIVILEGED, follow_symlinks=False)


def scratch(name: str) -> Path:
    """Make a new folder that belongs to the user that will run the service."""
    folder = Path(tempfile.mkdtemp(prefix=f"jianyan-{name}-"))
    hand_over(folder)
    return folder


def cache_root() -> Path:
    """Return the kept folder for downloads; root's home is closed to other users, so not there."""
    if is_root():
        return Path("/var/tmp/jianyan-tests")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "jianyan-tests"


def run(command: list[str], **kwargs) -> subprocess.CompletedProcess:
    """Run a command to its end and raise Unavailable with its output when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)
    if done.returncode:
        raise Unavailable(f"{' '.join(command)}\n{done.stdout}{done.stderr}".strip())
    return done


def wait_until(answers: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask again and again until `answers` is true; raise Unavailable when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers():
            return
        time.sleep(0.2)
    raise Unavailable(f"{what} did not answer within {seconds:.0f} s")
