"""Verbs on opinions that come in from the website: take one in, confirm it."""

import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_comments.models import Comment
from django_comments.signals import comment_was_posted, comment_will_be_posted

from consultations.lifecycle import (
    CONFIRMATION_HOURS,
    LONGEST_OPINION,
    AuthorKind,
    Channel,
    Display,
    Region,
    Stance,
    official_date,
)
from consultations.models import ConsultationPage, Opinion, OpinionPoint
from consultations.receipts import new_receipt_no
from consultations.services.draft import end_draft
from consultations.telling import count_changed
from portal.core.outbox import enqueue

if TYPE_CHECKING:
    from portal.accounts.models import User

TOKEN_BYTES = 20
RECEIPT_TRIES = 5
CONFIRMATION_TIME = timedelta(hours=CONFIRMATION_HOURS)


class OpinionRefused(Exception):
    """An opinion that cannot be taken; `field` names the input it concerns."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        """Keep the sentence for the author and the field it belongs to."""
        self.message, self.field = message, field
        super().__init__(message)


class ConfirmationRefused(Exception):
    """A confirmation token that is unknown, used or expired; which of them is not told."""


@dataclass(frozen=True)
class Author:
    """Who speaks and how they wish to be shown.

    Attributes:
        name: of the person or body, as given, may be empty.
        email: as given, empty when there is none.
        name_consent: whether the full name may be shown (PIPL art. 25).
        is_private: whether the opinion must not be shown at all.
        language: of the pages they read, and so of the mails they get.
        kind: for whom they speak.
        region: where they stand to the place, empty when not told.

    """

    name: str = ""
    email: str = ""
    name_consent: bool = False
    is_private: bool = False
    language: str = settings.LANGUAGE_CODE
    kind: AuthorKind = AuthorKind.INDIVIDUAL
    region: Region | Literal[""] = ""


@dataclass(frozen=True)
class Point:
    """One thing said: about an article, or with an empty id about the whole draft."""

    text: str
    article_id: str = ""
    stance: Stance | Literal[""] = ""


def submit(
    *,
    consultation: ConsultationPage,
    points: Iterable[Point],
    author: Author,
    submission_key: uuid.UUID,
    draft_secret: str = "",
    at: datetime,
) -> Opinion:
    """Take in an opinion from the website and promise the mail that asks to confirm it.

    Who has no address of e-mail is not asked; such an opinion counts at once, unconfirmed. The
    same `submission_key` gives the same opinion, however often it is sent. The draft that
    `draft_secret` opens ends in the same transaction.

    Raises:
        OpinionRefused: the round is not open, a text is empty or too long, an article is foreign.

    """
    if not consultation.is_open(at=at):
        known = _twin(submission_key)
        if known is None:
            raise OpinionRefused(_("This consultation is not open for opinions."))
        return known
    said = tuple(points)

    def take_in() -> Opinion:
        opinion = store(
            consultation=consultation,
            points=said,
            author=author,
            channel=Channel.ONLINE,
            submission_key=submission_key,
            confirm_by=at + CONFIRMATION_TIME if author.email else None,
            at=at,
        )
        if author.email:
            enqueue("opinion.received", at=at, opinion=opinion.pk)
        else:
            count_changed(consultation.pk)
        if draft_secret:
            end_draft(secret=draft_secret, opinion=opinion)
        return opinion

    return once(take_in, submission_key)


def once(take_in: Callable[[], Opinion], submission_key: uuid.UUID) -> Opinion:
    """Store an opinion in a transaction, or return the one that the same sending made before.

    The unique columns judge: asking first would cost two statements and still leave a gap.
    """
    for _attempt in range(RECEIPT_TRIES):
        try:
            with transaction.atomic():
                return take_in()
        except IntegrityError:
            known = _twin(submission_key)
            if known is not None:
                return known
            # Then the receipt number was taken, which happens once in 2^35; draw another.
    raise RuntimeError("No free receipt number found")


def _twin(submission_key: uuid.UUID) -> Opinion | None:
    """Return the opinion that the same sending has made before."""
    return Opinion.objects.filter(submission_key=submission_key).first()


def store(
    *,
    consultation: ConsultationPage,
    points: tuple[Point, ...],
    author: Author,
    channel: Channel,
    submission_key: uuid.UUID,
    at: datetime,
    confirmed_at: datetime | None = None,
    confirm_by: datetime | None = None,
    received_at: datetime | None = None,
    entered_by: "User | None" = None,
) -> Opinion:
    """Write an opinion with its points.

    Raises:
        OpinionRefused: a text is empty or too long, an article is foreign.

    """
    check_points(consultation, points)
    opinion = Opinion(
        content_type=ContentType.objects.get_for_model(ConsultationPage),
        object_pk=str(consultation.pk),
        site_id=settings.SITE_ID,
        consultation=consultation,
        comment="\n\n".join(point.text for point in points),
        submit_date=received_at or at,
        is_public=False,
        receipt_no=new_receipt_no(official_date(at).year),
        submission_key=submission_key,
        channel=channel,
        author_kind=author.kind,
        author_region=author.region,
        author_name=author.name,
        author_email=author.email,
        name_consent=author.name_consent,
        language=author.language,
        display=Display.AUTHOR_PRIVATE if author.is_private else Display.PENDING,
        confirm_by=confirm_by,
        confirmed_at=confirmed_at,
        entered_by=entered_by,
    )
    if channel == Channel.ONLINE:
        _ask_listeners(opinion)
    # The package's own save numbers threads, which we have not, in six statements.
    super(Comment, opinion).save()
    OpinionPoint.objects.bulk_create(
        OpinionPoint(
            opinion=opinion,
            article_id=point.article_id,
            stance=point.stance,
            text=point.text,
            place=place,
        )
        for place, point in enumerate(points)
    )
    if channel == Channel.ONLINE:
        comment_was_posted.send(sender=Opinion, comment=opinion, request=None)
    return opinion


def check_points(consultation: ConsultationPage, points: tuple[Point, ...]) -> None:
    """Raise OpinionRefused for texts and articles that cannot be."""
    if not points or not all(point.text.strip() for point in points):
        raise OpinionRefused(_("Write your opinion."), field="text")
    if sum(len(point.text) for point in points) > LONGEST_OPINION:
        raise OpinionRefused(
            _("Your opinion may have up to %(most)s characters.") % {"most": LONGEST_OPINION},
            field="text",
        )
    if any("\x00" in point.text for point in points):
        raise OpinionRefused(_("The text contains characters that cannot be stored."), field="text")
    known = {article.id for article in consultation.articles} | {""}
    if not {point.article_id for point in points} <= known:
        raise OpinionRefused(_("This article is not part of the draft."), field="article")


def _ask_listeners(opinion: Opinion) -> None:
    """Let the comment framework's moderators refuse, as for any comment."""
    answers = comment_will_be_posted.send(sender=Opinion, comment=opinion, request=None)
    if any(answer is False for _receiver, answer in answers):
        raise OpinionRefused(_("This consultation is not open for opinions."))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_confirmation_token(*, opinion: Opinion, at: datetime) -> str:
    """Return a fresh token of 160 bits for the mail; only its digest is stored.

    It replaces an earlier one and gives the author the full time again: mail may have been late.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Opinion.objects.filter(pk=opinion.pk).update(
        confirm_digest=_digest(token), confirm_by=at + CONFIRMATION_TIME
    )
    return token


def find_by_token(token: str, *, at: datetime) -> Opinion:
    """Return the opinion that waits for this token.

    Raises:
        ConfirmationRefused: the token is unknown, used or expired.

    """
    opinion = (
        Opinion.objects.filter(
            confirm_digest=_digest(token), confirmed_at__isnull=True, confirm_by__gt=at
        )
        .select_related("consultation")
        .first()
    )
    if opinion is None:
        raise ConfirmationRefused
    return opinion


@transaction.atomic
def confirm(*, token: str, at: datetime) -> Opinion:
    """Confirm an opinion; it counts from the moment it reached us, even if the round has closed.

    Raises:
        ConfirmationRefused: the token is unknown, used or expired.

    """
    opinion = find_by_token(token, at=at)
    confirmed = Opinion.objects.filter(pk=opinion.pk, confirmed_at__isnull=True).update(
        confirmed_at=at, confirm_digest=None
    )
    if not confirmed:
        raise ConfirmationRefused
    opinion.confirmed_at = at
    count_changed(opinion.consultation_id)
    return opinion
