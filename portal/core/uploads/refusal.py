"""Why a file is not taken: sentences that name the file and say what its sender can do."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EMPTY = _("“%(name)s” is empty. Choose the file again.")
TOO_LARGE = _(
    "“%(name)s” is larger than %(most)s MB. Make it smaller, or attach only the pages that matter."
)
UNKNOWN = _(
    "“%(name)s” is neither PDF, Word (docx), JPG nor PNG. Save it as one of them and attach that."
)
OLD_WORD = _(
    "“%(name)s” is an old Office file or has a password. Save it as docx or PDF, without a "
    "password, and attach that."
)
OTHER_ENDING = _(
    "“%(name)s” is in truth a file of the type %(kind)s. Correct the ending of its name and attach "
    "it again."
)
DAMAGED = _(
    "“%(name)s” is damaged or incomplete. Open it on your device, save it again and attach that."
)
DISGUISED = _(
    "“%(name)s” holds a second file of another type. Save it again, for example by printing it to "
    "PDF, and attach that."
)
PROTECTED = _("“%(name)s” has a password. Save it without one and attach that.")
ACTIVE = _(
    "“%(name)s” holds macros or scripts, which we do not take. Print it to PDF and attach that."
)
EMBEDDED = _(
    "“%(name)s” holds other files or fetches parts from elsewhere. Print it to PDF and attach that."
)
TOO_FULL = _(
    "“%(name)s” would become far too large when it is opened. Print it to PDF and attach that."
)
TOO_COMPLICATED = _(
    "“%(name)s” is too complicated to be checked. Print it to PDF again, or attach pictures of its "
    "pages."
)
TOO_MANY_PIXELS = _(
    "The picture “%(name)s” has more than %(most)s million pixels. Make it smaller and attach it "
    "again."
)


class UploadRefused(Exception):
    """A file that is not taken; the message is for its sender."""


class Unfit(Exception):
    """What is wrong with a file, before its name is known."""

    def __init__(self, sentence: "_StrPromise", **numbers: object) -> None:
        """Keep a sentence above and what it names besides the file."""
        self.sentence, self.numbers = sentence, numbers
        super().__init__(sentence)

    def about(self, name: str) -> UploadRefused:
        """Return the refusal of the file of this name."""
        named: Mapping[str, object] = {"name": name, **self.numbers}
        return UploadRefused(self.sentence % named)
