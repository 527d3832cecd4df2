"""The mails that the demo wrote into files instead of sending them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

# Django's file backend ends every message with this line.
_END = b"\n" + b"-" * 79 + b"\n"
MOST_SHOWN = 50


@dataclass(frozen=True)
class Mail:
    """One mail as a reader sees it."""

    subject: str
    to: str
    sent_at: datetime | None
    body: str


def newest_mails(folder: str | None) -> list[Mail]:
    """Return the newest mails of the file backend's folder; none when there is no folder."""
    if not folder or not Path(folder).is_dir():
        return []
    mails: list[Mail] = []
    for path in sorted(Path(folder).glob("*.log"), reverse=True)[:MOST_SHOWN]:
        mails += reversed(list(_mails_in(path)))
    mails.sort(key=lambda mail: mail.sent_at.timestamp() if mail.sent_at else 0.0, reverse=True)
    return mails[:MOST_SHOWN]


def _mails_in(path: Path) -> Iterator[Mail]:
    """Yield the mails of one file, oldest first."""
    for raw in path.read_bytes().split(_END):
        if raw.strip():
            yield _mail(message_from_bytes(raw, policy=policy.default))


def _mail(message: EmailMessage) -> Mail:
    part = message.get_body(("plain",))
    return Mail(
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sent_at=_instant(message["Date"]),
        body=part.get_content().strip() if part is not None else "",
    )


def _instant(date: str | None) -> datetime | None:
    """Return the instant of a Date header; Django writes it as UTC of no stated zone, -0000."""
    if not date:
        return None
    instant = parsedate_to_datetime(str(date))
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
