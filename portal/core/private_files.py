"""Files that no address leads to: kept apart from pictures and static files, for this user alone.

A view that asks for permission hands them out; see `download`.
"""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.utils.deconstruct import deconstructible

# Folders are named for the first two of a name's hexadecimal digits, so none becomes too full.
FOLDERS = 256
# A file may lie about as long as its row is being written; longer is a crash's leftover.
LEAST_AGE = timedelta(days=1)


@deconstructible
class PrivateFiles(FileSystemStorage):
    """The folder that the setting `PRIVATE_FILES_ROOT` names, read anew each time."""

    # There is no address: asking for one is a mistake that shows itself.
    base_url = None  # type: ignore[assignment] # what Django itself takes for “no address”

    def __init__(self) -> None:
        """Let nobody but the portal's own user read."""
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:
        """The folder."""
        return str(settings.PRIVATE_FILES_ROOT)

    @property
    def location(self) -> str:
        """The folder, absolute."""
        return str(Path(self.base_location).resolve())


def keep_privately(content: bytes, ending: str) -> str:
    """Write a file under a random name and return that name.

    Raises:
        OSError: there is no room, or no right to write.

    """
    name = uuid.uuid4().hex
    return PrivateFiles().save(f"{name[:2]}/{name}.{ending}", ContentFile(content))


def remove_private(names: list[str]) -> None:
    """Remove files; those that are gone already are no fault."""
    storage = PrivateFiles()
    for name in names:
        storage.delete(name)


def old_files(*, at: datetime) -> list[str]:
    """Return the names of the files older than a day in one of the folders, another each minute."""
    storage, folder = PrivateFiles(), f"{int(at.timestamp()) // 60 % FOLDERS:02x}"
    if not storage.exists(folder):
        return []
    names = (f"{folder}/{name}" for name in storage.listdir(folder)[1])
    return [name for name in names if storage.get_modified_time(name) < at - LEAST_AGE]


def download(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """Return a file as something to save, which no browser runs or draws as a page of this site.

    Args:
        file: of a `PrivateFiles` storage.
        name: under which it is saved.
        content_type: of a fixed list, never what its sender said.

    Raises:
        FileNotFoundError: it is gone.

    """
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=content_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
