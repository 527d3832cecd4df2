"""Verbs on opinions that came by letter, telephone, fax, e-mail or at a meeting: enter one.

It counts at once, for the clerk has seen the person or the paper. `submit_date` is the day on which
it reached us, `confirmed_at` the moment of its entry.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.compliance.offline import outside_period
from consultations.lifecycle import Channel, Phase, official_date, opening_instant
from consultations.models import ConsultationPage, Opinion, OpinionAttachment
from consultations.services.opinion import Author, OpinionRefused, Point, once, store
from consultations.telling import count_changed
from portal.core.private_files import keep_privately, remove_private
from portal.core.uploads import Checked, Kind, UploadRefused, checked

if TYPE_CHECKING:
    from portal.accounts.models import User

logger = logging.getLogger(__name__)

# What a scanner makes; a Word document is no picture of a letter.
SCANS = frozenset({Kind.PDF, Kind.JPG, Kind.PNG})
ACCEPT_SCANS = ".pdf,.jpg,.jpeg,.png"


def enter_offline(
    *,
    consultation: ConsultationPage,
    points: Iterable[Point],
    author: Author,
    channel: Channel,
    received_on: date | None = None,
    scan: UploadedFile | None = None,
    by: "User",
    at: datetime,
) -> Opinion:
    """Enter one opinion, with a scan of it if there is one.

    Args:
        consultation: a round that has opened.
        points: what is said.
        author: who says it.
        channel: how it came.
        received_on: the day on which it reached us; today unless given.
        scan: of the letter, as uploaded.
        by: who types it in.
        at: when.

    Raises:
        OpinionRefused: a text is empty or too long, an article is foreign, the day lies ahead, the
            scan is not taken, the round has not opened yet, or its adoption summary is public.

    """
    require_open_to_paper(consultation, at=at)
    received_at = received_instant(received_on, at=at)
    submission_key = uuid.uuid4()
    enter = partial(
        _enter,
        consultation=consultation,
        points=tuple(points),
        author=author,
        channel=channel,
        submission_key=submission_key,
        received_at=received_at,
        by=by,
        at=at,
    )
    if scan is None:
        return once(partial(enter, scan=None), submission_key)
    # The looking through takes its time, so no transaction is open yet.
    file, name = _kept_scan(scan)
    try:
        return once(partial(enter, scan=(file, name)), submission_key)
    except BaseException:
        remove_private([name])
        raise


def _enter(
    *,
    consultation: ConsultationPage,
    points: tuple[Point, ...],
    author: Author,
    channel: Channel,
    submission_key: uuid.UUID,
    received_at: datetime,
    scan: tuple[Checked, str] | None,
    by: "User",
    at: datetime,
) -> Opinion:
    opinion = store(
        consultation=consultation,
        points=points,
        author=author,
        channel=channel,
        submission_key=submission_key,
        received_at=received_at,
        confirmed_at=at,
        entered_by=by,
        at=at,
    )
    count_changed(consultation.pk)
    if scan is not None:
        file, name = scan
        OpinionAttachment.objects.create(
            opinion=opinion,
            file=name,
            name=file.name,
            kind=file.kind,
            size=file.size,
            sha256=file.sha256,
            added_at=at,
        )
    log(
        opinion,
        "consultations.enter_offline",
        user=by,
        data=entry_of(consultation, channel, received_at) | {"scan": scan is not None},
    )
    return opinion


def entry_of(
    consultation: ConsultationPage, channel: str, received_at: datetime
) -> dict[str, object]:
    """Return what the log keeps of an entry: the way, the day, and whether it was in time."""
    received_on = official_date(received_at)
    is_late = outside_period(consultation.opens_on, consultation.closes_on, received_on)
    return {
        "channel": str(channel),
        "received_on": received_on.isoformat(),
        "in_period": is_late is None,
    }


def require_open_to_paper(consultation: ConsultationPage, *, at: datetime) -> None:
    """Let a round pass that takes what came on paper.

    Raises:
        OpinionRefused: it has not opened yet, or its adoption summary is public.

    """
    if not consultation.live or consultation.phase(at=at) is Phase.SCHEDULED:
        raise OpinionRefused(_("This consultation has not opened yet."))
    if consultation.has_public_report():
        raise OpinionRefused(
            _("The adoption summary is public; no further opinion can be entered.")
        )


def received_instant(received_on: date | None, *, at: datetime) -> datetime:
    """Return the instant for the day on which an opinion reached us; its hour is not known.

    Raises:
        OpinionRefused: the day lies ahead.

    """
    today = official_date(at)
    if received_on is None or received_on == today:
        return at
    if received_on > today:
        raise OpinionRefused(_("This day lies ahead."), field="received_on")
    return opening_instant(received_on)


def _kept_scan(upload: UploadedFile) -> tuple[Checked, str]:
    """Look through a scan and keep it; return it and the name it is kept under.

    Raises:
        OpinionRefused: it is not taken.

    """
    try:
        file = checked(upload)
    except UploadRefused as refused:
        raise OpinionRefused(str(refused), field="scan") from refused
    if file.kind not in SCANS:
        raise OpinionRefused(_("Attach the scan as PDF, JPG or PNG."), field="scan")
    try:
        return file, keep_privately(file.content, file.kind)
    except OSError as error:
        logger.exception("A scan could not be kept")
        raise OpinionRefused(
            _("The scan could not be stored just now. Try it again later, or save without it."),
            field="scan",
        ) from error
