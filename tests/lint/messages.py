"""The Chinese catalogue is complete, and every catalogue holds just the texts of the code."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LOCALES = Path("portal/locale")
PARTS = ["manage.py", "portal", "home", "consultations", "decisions"]
# English is the language of the code: an untranslated entry shows itself.
COMPLETE = "zh_Hans"


def is_translated(message: Message) -> bool:
    """Return whether every form of the message has a text."""
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(texts)


def gaps(catalogue: Catalog) -> list[str]:
    """Return the entries that a reader of this language would meet in English or wrong."""
    header = ["the header is marked fuzzy, so the compiler skips the file"] * catalogue.fuzzy
    return header + [
        f"{'fuzzy' if message.fuzzy else 'missing'}: {message.id}"
        for message in catalogue
        if message.id and (message.fuzzy or not is_translated(message))
    ]


def keys(catalogue: Catalog) -> set[tuple[str, str]]:
    """Return what identifies each entry: its context and its (singular) text."""
    return {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogue
        if message.id
    }


def extracted() -> Catalog:
    """Collect the texts from a copy of the code, so that the real catalogues stay untouched."""
    with tempfile.TemporaryDirectory(prefix="jianyan-messages-") as folder:
        copy = Path(folder)
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.mo", "*.po")
                shutil.copytree(source, copy / part, ignore=ignored)
            else:
                shutil.copy(source, copy / part)
        (copy / LOCALES).mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "manage.py", "makemessages", "--locale", COMPLETE]
        subprocess.run(
            [*command, "--no-wrap", "--no-location"], cwd=copy, check=True, capture_output=True
        )
        return read(copy / LOCALES / COMPLETE / "LC_MESSAGES" / "django.po")


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def main() -> int:
    paths = sorted((ROOT / LOCALES).glob("*/LC_MESSAGES/django.po"))
    found = gaps(read(ROOT / LOCALES / COMPLETE / "LC_MESSAGES" / "django.po"))
    if shutil.which("xgettext"):
        wanted = keys(extracted())
        for path in paths:
            name = path.parts[-3]
            present = keys(read(path))
            found += [f"{name}: not collected: {key[1]}" for key in sorted(wanted - present)]
            found += [f"{name}: no longer used: {key[1]}" for key in sorted(present - wanted)]
    else:
        print("Translations: without gettext the texts of the code were not collected anew.")
    print("\n".join(found) or f"Translations: {COMPLETE} complete, {len(paths)} files.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
