"""Verbs on what is being written: keep it, find it again, forget it.

Whoever holds the secret is the author; the database holds only its digest.
"""

import hashlib
from datetime import datetime, timedelta

from consultations.models import ConsultationPage, Opinion, OpinionAttachment, OpinionDraft
from consultations.services.attachment import remove_attachments
from consultations.written import MOST_KEPT, Written

DRAFT_HOURS = 24
DRAFT_TIME = timedelta(hours=DRAFT_HOURS)
PURGE_BATCH = 500


def keep_draft(
    *, consultation: ConsultationPage, secret: str, written: Written, at: datetime
) -> bool:
    """Keep what was written for a day from now; return whether it was short enough to be kept."""
    text = written.to_json()
    if len(text) > MOST_KEPT:
        return False
    OpinionDraft.objects.update_or_create(
        digest=_digest(secret),
        defaults={"consultation": consultation, "written": text, "saved_at": at},
    )
    return True


def find_draft(*, consultation: ConsultationPage, secret: str, at: datetime) -> OpinionDraft | None:
    """Return the draft that a secret opens, unless its day is over."""
    return OpinionDraft.objects.filter(
        digest=_digest(secret), consultation=consultation, saved_at__gt=at - DRAFT_TIME
    ).first()


def forget_draft(*, secret: str) -> None:
    """Remove a draft with its files, at its author's wish."""
    digest = _digest(secret)
    remove_attachments(OpinionAttachment.objects.filter(draft__digest=digest))
    OpinionDraft.objects.filter(digest=digest).delete()


def end_draft(*, secret: str, opinion: Opinion) -> None:
    """Remove a draft because it was sent; its files go on with the opinion."""
    digest = _digest(secret)
    OpinionAttachment.objects.filter(draft__digest=digest).update(draft=None, opinion=opinion)
    # Nothing refers to it any more, so the row goes without being read, decrypted and looked after.
    drafts = OpinionDraft.objects.filter(digest=digest)
    drafts._raw_delete(drafts.db)


def purge_drafts(*, at: datetime) -> int:
    """Remove the oldest drafts whose day is over, some hundreds at most; return how many."""
    old = OpinionDraft.objects.filter(saved_at__lte=at - DRAFT_TIME).order_by("saved_at")
    drafts = list(old.values_list("pk", flat=True)[:PURGE_BATCH])
    remove_attachments(OpinionAttachment.objects.filter(draft__in=drafts))
    OpinionDraft.objects.filter(pk__in=drafts).delete()
    return len(drafts)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
