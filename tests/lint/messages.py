"""The Chinese catalogue is complete, holds just the texts of the code, and leaves others theirs."""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LOCALES = Path("portal/locale")
PARTS = ["manage.py", "portal", "home", "consultations", "decisions"]
# English is the language of the code: an untranslated entry shows itself.
COMPLETE = "zh_Hans"
# Our words stand in the place of theirs, on their screens, too.
LIBRARIES = ("wagtail", "django", "allauth", "django_comments")
# What a library says, said better or as this house says it everywhere: it fits its screens as well.
SAID_BETTER = frozenset(
    {
        *("Account", "Administration", "All", "Apply filters", "Approve", "English", "Filter"),
        *(
            "Filters",
            "History",
            "In progress",
            "Moved",
            "Name",
            "Number",
            "Point",
            "Recovery codes",
        ),
        *("Remove", "Rename", "Request changes", "Requested by", "Saving…", "Search", "Summary"),
        *("Text", "View live", "description", "name", "site name"),
    }
)


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


def taken(catalogue: Catalog) -> list[str]:
    """Return the texts of libraries that this catalogue translates otherwise than they do.

    Who means another thing by the same English word, as Draft for 草案 and for 草稿, gives it a
    context or a plainer word.
    """
    ours = _bare(catalogue)
    root = Path(sysconfig.get_path("purelib"))
    found = set()
    for library in LIBRARIES:
        for path in (root / library).glob(f"**/locale/{COMPLETE}/LC_MESSAGES/django.mo"):
            with path.open("rb") as file:
                theirs = _bare(read_mo(file))
            both = theirs.keys() & ours.keys() - SAID_BETTER
            found |= {text for text in both if theirs[text] != ours[text]}
    return [f"says otherwise what a library means: {text}" for text in sorted(found)]


def _bare(catalogue: Catalog) -> dict[str, str]:
    """Return the entries of one form and without a context."""
    return {
        message.id: str(message.string)
        for message in catalogue
        if message.id and isinstance(message.id, str) and not message.context
    }


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
    chinese = read(ROOT / LOCALES / COMPLETE / "LC_MESSAGES" / "django.po")
    found = [*gaps(chinese), *taken(chinese)]
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
