"""Cursors: where a walk through a list goes on, signed so that nobody can make one up.

A cursor holds the position of the last thing that was told, not a number of pages, so that a walk
is as quick at its end as at its beginning and tells nothing twice while the list grows.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from portal.core.positions import Position

SALT = "portal.core.cursors"
LASTS = timedelta(hours=24)
LONGEST = 1_000


class BadCursorError(ValueError):
    """A cursor that cannot be followed; the message is a sentence for who asks."""


def write_cursor(position: Position, *, question: str, at: datetime) -> str:
    """Return the cursor that goes on behind a position.

    Args:
        position: of the last thing that was told.
        question: everything that says which list it is, and in which order.
        at: the moment; the cursor can be followed for `LASTS` from then on, and to the end of that
            day, so that a list that did not change is told in the same words all day long and keeps
            its `ETag`.

    """
    until = _day(at + LASTS)
    return Signer(salt=SALT).sign_object([list(position), _fingerprint(question), until])


def read_cursor(text: str, *, question: str, at: datetime) -> Position:
    """Return the position that a cursor goes on behind.

    Args:
        text: what was handed back.
        question: as it was when the cursor was written.
        at: the moment.

    Raises:
        BadCursorError: it is none of ours, belongs to another question, or is too old.

    """
    try:
        if len(text) > LONGEST:
            raise BadSignature
        position, fingerprint, until = Signer(salt=SALT).unsign_object(text)
    except BadSignature as error:
        raise BadCursorError(_("This is no cursor that was given out here.")) from error
    if fingerprint != _fingerprint(question):
        raise BadCursorError(_("This cursor belongs to another question."))
    if _day(at) > until:
        raise BadCursorError(_("This cursor is too old. Please begin with the first page."))
    return tuple(position)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _fingerprint(question: str) -> str:
    return sha256(question.encode()).hexdigest()[:16]
