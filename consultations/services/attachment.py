"""Verbs on the files that authors send along: add one, take it back, remove them for good.

A row is written before its file is known to anyone, and a file goes once its row is gone for sure.
What a crash leaves between the two, `sweep_files` finds.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consultations.models import OpinionAttachment, OpinionDraft
from portal.core.private_files import keep_privately, old_files, remove_private
from portal.core.uploads import Checked, UploadRefused, checked, shown_name

logger = logging.getLogger(__name__)

MOST_FILES = 3


def attach(*, draft: OpinionDraft, upload: UploadedFile, at: datetime) -> OpinionAttachment:
    """Keep a file with what is being written; the same file twice is kept once.

    Raises:
        UploadRefused: the round takes no files or is not open, there are too many, or the file is
            not one that is taken.

    """
    page = draft.consultation
    if not page.takes_attachments or not page.is_open(at=at):
        raise UploadRefused(_("This consultation does not take files."))
    if draft.attachments.count() >= MOST_FILES:
        raise _too_many(upload)
    # The looking through takes its time, so nothing is locked yet.
    file = checked(upload)
    try:
        name = keep_privately(file.content, file.kind)
    except OSError as error:
        logger.exception("A file could not be kept")
        raise UploadRefused(
            _("“%(name)s” could not be stored just now. Your text is kept; try it again later.")
            % {"name": file.name}
        ) from error
    return _or_remove(name, partial(_add, draft, file, name, at=at))


def _or_remove(name: str, add: Callable[[], OpinionAttachment]) -> OpinionAttachment:
    """Add the row, and remove the file again if that fails or another one is there already."""
    try:
        row = add()
    except BaseException:
        remove_private([name])
        raise
    if row.file.name != name:
        remove_private([name])
    return row


@transaction.atomic
def _add(draft: OpinionDraft, file: Checked, name: str, *, at: datetime) -> OpinionAttachment:
    """Write the row, with the draft kept from others, so that three stay three."""
    if not OpinionDraft.objects.select_for_update().filter(pk=draft.pk).exists():
        raise UploadRefused(
            _("“%(name)s” was not attached: your opinion was sent or erased meanwhile.")
            % {"name": file.name}
        )
    known = draft.attachments.filter(sha256=file.sha256).first()
    if known is not None:
        return known
    if draft.attachments.count() >= MOST_FILES:
        raise _too_many(file)
    return OpinionAttachment.objects.create(
        draft=draft,
        file=name,
        name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        added_at=at,
    )


def detach(*, draft: OpinionDraft, attachment_id: int) -> None:
    """Remove a file from what is being written; one that is gone already is no fault."""
    remove_attachments(draft.attachments.filter(pk=attachment_id))


def remove_attachments(attachments: "QuerySet[OpinionAttachment]") -> None:
    """Remove rows now and their files once that is committed."""
    found = dict(attachments.values_list("pk", "file"))
    if not found:
        return
    OpinionAttachment.objects.filter(pk__in=found).delete()
    # Nobody who waits for an answer is told of a disk that fails; `sweep_files` tries again.
    transaction.on_commit(partial(remove_private, list(found.values())), robust=True)


def sweep_files(*, at: datetime) -> int:
    """Remove old files without a row from one folder; return how many.

    Each minute has its folder, so all are looked at every four hours or so.
    """
    old = old_files(at=at)
    known = set(OpinionAttachment.objects.filter(file__in=old).values_list("file", flat=True))
    orphans = [name for name in old if name not in known]
    remove_private(orphans)
    return len(orphans)


def _too_many(file: UploadedFile | Checked) -> UploadRefused:
    return UploadRefused(
        _("“%(name)s” was not attached: up to %(most)s files are taken. Remove one first.")
        % {"name": shown_name(file.name or ""), "most": MOST_FILES}
    )
