"""Verbs of an opinion's author, who needs no account: whoever holds the secret link is the author.

All of them work after moderation, too. None changes a figure: the opinion goes on to count.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import Display, Intake
from consultations.models import Opinion, OpinionPoint
from consultations.services.attachment import remove_attachments
from consultations.services.listing import locked_tally, relist
from portal.core.outbox import enqueue

MOST_RESENDS = 3
RESEND_PAUSE = timedelta(minutes=2)

# The key is half of the secret and lies in the database; the signature is made when a mail is
# written. So neither a copy of the database nor the signing key alone opens anything.
_signer = Signer(salt="consultations.author", sep=".")


class SecretRefused(Exception):
    """A secret that opens nothing; why is not told."""


class ResendRefused(Exception):
    """A confirmation mail that is not sent again; the message is for the author."""


def secret_of(opinion: Opinion) -> str:
    """Return the secret of an opinion's link; it ends when `author_key` changes."""
    return _signer.sign(opinion.author_key)


def find_by_secret(secret: str) -> Opinion:
    """Return the opinion a secret opens.

    Raises:
        SecretRefused: the signature is wrong, or the key belongs to no opinion.

    """
    try:
        key = _signer.unsign(secret)
    except BadSignature as error:
        raise SecretRefused from error
    opinion = Opinion.objects.select_related("consultation").filter(author_key=key).first()
    if opinion is None:
        raise SecretRefused
    return opinion


def _locked(opinion: Opinion) -> Opinion:
    """Return the row as it is now, kept from moderators until the transaction ends."""
    row: Opinion = Opinion.norel_objects.select_for_update().get(pk=opinion.pk)
    return row


def _write(opinion: Opinion, **values: Any) -> None:
    """Write past the comment framework's save, which has side effects."""
    rows = Opinion.norel_objects.filter(pk=opinion.pk)
    rows.update(version=F("version") + 1, **values)


def _hidden(row: Opinion) -> dict[str, dict[str, str]]:
    """Return, for the log, that what was shown as in `row` no longer is, at its author's wish."""
    return {
        "before": {"display": row.display},
        "after": {"display": Display.AUTHOR_PRIVATE.value},
    }


@transaction.atomic
def withdraw(*, opinion: Opinion, at: datetime) -> None:
    """Take an opinion back from the public for good; it still counts and is answered."""
    tally = locked_tally(opinion.consultation_id)
    row = _locked(opinion)
    if row.withdrawn_at or row.erased_at:
        return
    _write(row, display=Display.AUTHOR_PRIVATE, is_public=False, withdrawn_at=at)
    relist(row, is_shown=False, tally=tally)
    log(row, "consultations.withdraw", data=_hidden(row))


@transaction.atomic
def hide_name(*, opinion: Opinion, at: datetime) -> None:
    """Take the consent to show the name back; from now on it is masked (OPI-4, PIPL art. 15)."""
    row = _locked(opinion)
    if not row.name_consent:
        return
    _write(row, name_consent=False)
    log(
        row,
        "consultations.hide_name",
        data={"before": {"name_consent": True}, "after": {"name_consent": False}},
    )


@transaction.atomic
def erase(*, opinion: Opinion, at: datetime) -> None:
    """Empty everything the author wrote or is known by (PIPL art. 47).

    The row, its receipt number, channel, articles and issues stay, and with them every figure.
    """
    tally = locked_tally(opinion.consultation_id)
    row = _locked(opinion)
    if row.erased_at:
        return
    OpinionPoint.objects.filter(opinion=row).update(text="")
    remove_attachments(row.attachments.all())
    _write(
        row,
        comment="",
        redacted_content="",
        author_name="",
        author_email="",
        name_consent=False,
        confirm_digest=None,
        display=Display.AUTHOR_PRIVATE,
        is_public=False,
        erased_at=at,
    )
    relist(row, is_shown=False, tally=tally)
    log(row, "consultations.erase", data=_hidden(row))


@transaction.atomic
def resend_confirmation(*, opinion: Opinion, at: datetime) -> None:
    """Promise the mail that asks to confirm once more; its link replaces the earlier one.

    Raises:
        ResendRefused: there is nothing to confirm, or it was asked too often or too soon.

    """
    row = _locked(opinion)
    if row.intake(at=at) is not Intake.SUBMITTED or not row.author_email:
        raise ResendRefused(_("There is nothing to confirm any more."))
    if row.resends >= MOST_RESENDS:
        raise ResendRefused(
            _(
                "We have sent the mail several times already. Look in the junk folder, or call us "
                "with your receipt number."
            )
        )
    if at < (row.resent_at or row.submit_date) + RESEND_PAUSE:
        raise ResendRefused(
            _("A mail has just been sent. Wait two minutes before you ask for another one.")
        )
    _write(row, resends=row.resends + 1, resent_at=at)
    enqueue("opinion.received", at=at, opinion=row.pk)
