"""The Debian packages of a fresh test machine; used with CI=true only, never on a laptop."""

import os
import shutil
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

from tests.services.processes import is_root, run

FONTS = Path("/usr/share/fonts/opentype/noto")

# What must be there, and the package that brings it.
NEEDED: list[tuple[Callable[[], object], str]] = [
    (lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")), "postgresql"),
    (lambda: shutil.which("chromium"), "chromium"),
    (lambda: any(FONTS.glob("NotoSansCJK*")), "fonts-noto-cjk"),
    (lambda: find_library("pango-1.0"), "libpango-1.0-0"),
    (lambda: find_library("pangoft2-1.0"), "libpangoft2-1.0-0"),
    (lambda: find_library("harfbuzz-subset"), "libharfbuzz-subset0"),
    (lambda: shutil.which("msgmerge"), "gettext"),
    (lambda: shutil.which("espeak-ng"), "espeak-ng"),
    (lambda: shutil.which("javac"), "default-jdk-headless"),
    (lambda: shutil.which("mvn"), "maven"),
]


def install_missing() -> None:
    """Install what is not there; without root's rights nothing is tried."""
    packages = [package for is_there, package in NEEDED if not is_there()]
    if not packages or not is_root():
        return
    print(f"Installing {', '.join(packages)}", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], env=quiet)
    run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], env=quiet)


if __name__ == "__main__" and os.environ.get("CI") == "true":
    install_missing()
