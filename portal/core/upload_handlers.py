"""How much of what is sent to us is kept while it arrives: hardly more than may be taken anyway."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from portal.core.uploads import MOST_BYTES

# Of all files of one request: several good ones and some that were cut off.
MOST_AT_ONCE = 6 * MOST_BYTES


class CuttingUploadHandler(FileUploadHandler):
    """Stand before the handlers that keep files, and swallow what is beyond the limits.

    A file that is too large arrives cut off, but still larger than allowed: the view says so, and
    the rest of the form is not lost. So a stranger fills neither memory nor disk.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Count from the first file of a request on."""
        super().__init__(*args, **kwargs)
        self.of_file = self.of_all = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the next file."""
        super().new_file(*args, **kwargs)
        self.of_file = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand a piece on, or swallow it."""
        if self.of_file > MOST_BYTES or self.of_all > MOST_AT_ONCE:
            return None
        self.of_file += len(raw_data)
        self.of_all += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
