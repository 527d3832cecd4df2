"""Where the files of a table lie: a folder, or the ZIP that holds the table too."""

import unicodedata
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from django.utils.translation import gettext as _

from portal.core.uploads import MOST_BYTES, MOST_MEGABYTES
from portal.core.uploads.archive import STUMBLES, ArchiveLimits, opened_archive
from portal.core.uploads.refusal import PROTECTED, TOO_FULL, Unfit

LIMITS = ArchiveLimits(entries=10_000, unpacked=500 * 1024 * 1024)
_TABLES = (".csv", ".xlsx")
_UTF_8 = 0x800
# What other systems put beside the files.
_ASIDE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "~$")


class FileMissing(Exception):
    """A file that a row names is not there or cannot be taken; the message is for the row."""


class ZipRefused(Exception):
    """A ZIP that cannot be taken; the message is for whoever chose it."""


class Files(Protocol):
    """The files that rows name."""

    def read(self, name: str) -> bytes:
        """Return a file.

        Raises:
            FileMissing: it is not there, too large, or cannot be read.

        """


class FolderFiles:
    """The files below a folder; nothing outside it is read, by no name and no link."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        self._folder = folder.resolve()

    def read(self, name: str) -> bytes:
        """Return a file below the folder."""
        try:
            path = (self._folder / "/".join(_parts(name))).resolve()
            if not path.is_relative_to(self._folder) or not path.is_file():
                raise _missing(name)
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except (OSError, RuntimeError) as error:
            # A name can be too long for the disk, and a link can lead to itself.
            raise _missing(name) from error
        return _bearable(content, name)


class ZipFiles:
    """The files of a ZIP, read from it one by one; nothing is unpacked to the disk."""

    def __init__(self, file: IO[bytes]) -> None:
        """Look through the directory.

        Raises:
            ZipRefused: it is no ZIP, protected, would become too large, or has two files of one
                name.

        """
        size = file.seek(0, 2)
        if size > MOST_BYTES:
            raise ZipRefused(
                _(
                    "The ZIP is larger than %(most)s MB. Divide the table and its files, or let "
                    "the administrator import them on the server."
                )
                % {"most": MOST_MEGABYTES}
            )
        file.seek(0)
        try:
            self._archive = opened_archive(file.read(), LIMITS)
        except Unfit as unfit:
            raise _refusal_of(unfit) from unfit
        entries = [one for one in self._archive.infolist() if not one.is_dir()]
        named = [(_plain(_name_of(entry)), entry) for entry in entries]
        self._entries = {
            name: entry for name, entry in named if not any(one in name for one in _ASIDE)
        }
        counts = Counter(name for name, _entry in named)
        for name in self._entries:
            if counts[name] > 1:
                raise ZipRefused(
                    _("The ZIP holds two files of the name “%(name)s”. Remove one of them.")
                    % {"name": name}
                )

    def table(self) -> str:
        """Return the name of the only table in it.

        Raises:
            ZipRefused: there is none, or more than one.

        """
        found = [name for name in self._entries if name.lower().endswith(_TABLES)]
        if len(found) != 1:
            raise ZipRefused(
                _(
                    "The ZIP has to hold just one table (csv or xlsx) besides the texts; it "
                    "has %(n)s."
                )
                % {"n": len(found)}
            )
        return found[0]

    def below(self, table: str) -> "ZipFiles":
        """Return the files as the rows of a table name them: from its own folder on."""
        folder = table.removesuffix(table.rpartition("/")[2])
        other = object.__new__(ZipFiles)
        other._archive = self._archive
        other._entries = {
            name.removeprefix(folder): entry
            for name, entry in self._entries.items()
            if name.startswith(folder)
        }
        return other

    def read(self, name: str) -> bytes:
        """Return a file of the ZIP."""
        entry = self._entries.get(_plain("/".join(_parts(name))))
        if entry is None:
            raise _missing(name)
        try:
            with self._archive.open(entry) as file:
                return _bearable(file.read(MOST_BYTES + 1), name)
        except STUMBLES as error:
            raise FileMissing(
                _("“%(name)s” is damaged in the ZIP. Pack it again.") % {"name": name}
            ) from error


def _refusal_of(unfit: Unfit) -> ZipRefused:
    """Return what is wrong with a whole ZIP, for whoever packed it."""
    if unfit.sentence is PROTECTED:
        return ZipRefused(_("The ZIP has a password. Pack the files without one."))
    if unfit.sentence is TOO_FULL:
        return ZipRefused(
            _(
                "The ZIP holds more than %(most)s files, or would become far too large when it is "
                "opened. Divide the table and its files."
            )
            % {"most": LIMITS.entries}
        )
    return ZipRefused(_("This is no ZIP file, or it is damaged. Pack the files again."))


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry; Windows in China writes GB18030 there and does not say so."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return entry.orig_filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return entry.filename


def _plain(name: str) -> str:
    """Return a name as it is compared: one form of accents and of the sign between folders."""
    return unicodedata.normalize("NFC", name.replace("\\", "/")).removeprefix("./")


def _parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name that stays below its folder.

    Raises:
        FileMissing: it leads out of it.

    """
    path = PurePosixPath(_plain(name))
    parts = path.parts
    if not parts or path.is_absolute() or ".." in parts or ":" in parts[0] or "\x00" in name:
        raise FileMissing(
            _("“%(name)s” leads out of the table's folder. Write its name below that folder.")
            % {"name": name.replace("\x00", "")}
        )
    return parts


def _missing(name: str) -> FileMissing:
    return FileMissing(
        _("“%(name)s” is not among the files. Check its name, capital letters and folder too.")
        % {"name": name}
    )


def _bearable(content: bytes, name: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise FileMissing(
            _("“%(name)s” is larger than %(most)s MB. Make it smaller.")
            % {"name": name, "most": MOST_MEGABYTES}
        )
    return content
