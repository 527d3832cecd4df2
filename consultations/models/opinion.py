"""An opinion 意见建议 and its points.

The row is written before the sender gets an answer, so nothing is lost when mail is down. Intake,
display and handling are three independent facts; a withheld opinion is still counted and answered.
"""

import secrets
import uuid
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment, XtdCommentManager

from consultations.lifecycle import (
    LONGEST_OPINION,
    SHOWN,
    THAT_COUNT,
    AuthorKind,
    Channel,
    Display,
    Intake,
    Region,
    Stance,
    WithheldReason,
    intake_of,
)
from consultations.masking import masked_name
from consultations.querysets import OpinionPointQuerySet, OpinionQuerySet
from portal.core.blocks import anchor_of
from portal.core.fields import EncryptedTextField

if TYPE_CHECKING:
    from consultations.models.issue import Issue

AUTHOR_KEY_BYTES = 16
# The order of the queue, and behind it what the queue is filtered by: thus it is read from its
# index alone, and PostgreSQL does not walk along the table from the oldest opinion instead.
_QUEUED = ("xtdcomment_ptr", "confirmed_at", "confirm_by", "channel", "assignee")


def new_author_key() -> str:
    """Return the 128 random bits that the secret link of one opinion is made from."""
    return secrets.token_urlsafe(AUTHOR_KEY_BYTES)


class Opinion(XtdComment):
    """What one person or organisation said on one consultation.

    The base model's `comment` holds the text as it arrived, unchanged; `submit_date` is the moment
    it reached us. Its name, e-mail and address columns stay empty: personal data lives in the
    encrypted fields here.
    """

    consultation = models.ForeignKey(
        "consultations.ConsultationPage", on_delete=models.PROTECT, related_name="opinions"
    )
    receipt_no = models.CharField(_("receipt number"), max_length=20, unique=True)
    submission_key = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="One per form shown, so that sending a form twice gives one opinion.",
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    author_kind = models.CharField(
        _("speaks for"), max_length=12, choices=AuthorKind.choices, default=AuthorKind.INDIVIDUAL
    )
    author_region = models.CharField(_("region"), max_length=10, choices=Region.choices, blank=True)
    author_name = EncryptedTextField(_("name"), blank=True)
    author_email = EncryptedTextField(_("e-mail"), blank=True)
    name_consent = models.BooleanField(_("name may be shown"), default=False)
    language = models.CharField(
        _("language of mails"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    author_key = models.CharField(
        max_length=22,
        unique=True,
        default=new_author_key,
        editable=False,
        help_text="Half of the secret link; worthless without the key that signs it.",
    )

    confirm_by = models.DateTimeField(
        _("to be confirmed by"),
        null=True,
        blank=True,
        help_text="Empty when the author gave no address that could be asked.",
    )
    confirm_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - null keeps unused digests out of the unique index
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    resends = models.PositiveSmallIntegerField(default=0, editable=False)
    resent_at = models.DateTimeField(null=True, editable=False)

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("clerk"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # What came on paper: who typed it in, and who compared that with the paper.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("transcript checked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("transcript checked at"), null=True, blank=True)
    row_key = models.CharField(
        _("key of its row"),
        max_length=64,
        blank=True,
        editable=False,
        help_text="Names the row of an imported table, so that the same table gives it once.",
    )

    display = models.CharField(
        _("display"), max_length=20, choices=Display.choices, default=Display.PENDING
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    withheld_reason = models.CharField(
        _("reason for not showing it"), max_length=20, choices=WithheldReason.choices, blank=True
    )
    redacted_content = models.TextField(_("text as shown"), blank=True)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    # What its author has been told by mail, so that nothing is told twice.
    display_told = models.CharField(max_length=50, blank=True, editable=False)
    answer_told_at = models.DateTimeField(null=True, editable=False)
    decision_told_at = models.DateTimeField(null=True, editable=False)

    objects = XtdCommentManager.from_queryset(OpinionQuerySet)()
    norel_objects = XtdCommentManager.from_queryset(OpinionQuerySet)()

    content_object: GenericForeignKey  # the base model's, unseen by the type checker
    said: "list[OpinionPoint]"  # its points, where a page has read them beforehand

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["consultation", "display", "confirmed_at"], name="opinion_shown"),
            models.Index(fields=["display", *_QUEUED], name="opinion_queue"),
            models.Index(
                fields=["consultation", "display", *_QUEUED], name="opinion_queue_of_round"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["consultation", "row_key"],
                condition=~models.Q(row_key=""),
                name="opinion_row_of_table",
            )
        ]

    def __str__(self) -> str:
        """Return the receipt number, never the text."""
        return self.receipt_no

    def get_absolute_url(self) -> str:
        """Return its place in the public list, which begins with it."""
        return place_in_list(self.consultation.list_url, self.pk)

    @property
    def anchor(self) -> str:
        """The fragment of its address."""
        return opinion_anchor(self.pk)

    def intake(self, *, at: datetime) -> Intake:
        """Return whether it counts at an instant."""
        return intake_of(self.confirmed_at, self.confirm_by, at=at)

    def counts(self, *, at: datetime) -> bool:
        """Tell whether it counts at an instant; twin of the queryset's `that_count`."""
        return self.intake(at=at) in THAT_COUNT

    @property
    def is_shown(self) -> bool:
        """Whether the public sees it; twin of the queryset's `shown`."""
        return self.display in SHOWN

    @property
    def channel_label(self) -> str:
        """The way it came, in words; cheaper than Django's own for a page of many."""
        return str(Channel(self.channel).label)

    @property
    def shown_name(self) -> str:
        """The name as the public sees it (OPI-4); of a body without consent only its kind."""
        if self.name_consent and self.author_name:
            return self.author_name
        if self.author_kind in {AuthorKind.ENTERPRISE, AuthorKind.ORGANISATION}:
            return str(AuthorKind(self.author_kind).label)
        return masked_name(self.author_name)

    @property
    def is_redacted(self) -> bool:
        """Whether the public sees a text in place of its own."""
        return self.display == Display.PUBLISHED_REDACTED

    @property
    def shown_text(self) -> str:
        """The text as the public sees it."""
        return self.redacted_content if self.is_redacted else str(self.comment)

    @property
    def said_text(self) -> str:
        """The text as the public sees it, from the points in `said`."""
        texts = (point.text for point in self.passages)
        return self.redacted_content if self.is_redacted else "\n\n".join(texts)

    @property
    def passages(self) -> "list[OpinionPoint]":
        """What it says, from the points in `said`, as its author cut it."""
        return as_written(self.said)

    @property
    def answers(self) -> "list[Issue]":
        """The issues that answer the points in `said`, each once."""
        issues = (point.issue for point in self.said)
        return list(dict.fromkeys(issue for issue in issues if issue and issue.outcome))


class OpinionPoint(models.Model):
    """The part of an opinion that speaks to one article or, with no article, to the whole draft."""

    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="points")
    article_id = models.CharField(_("article"), max_length=36, blank=True)
    stance = models.CharField(_("stance"), max_length=10, choices=Stance.choices, blank=True)
    text = models.TextField(_("text"), max_length=LONGEST_OPINION)
    place = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text="Where it stands among the points of its opinion; staff may split a point.",
    )
    continues = models.BooleanField(
        default=False,
        editable=False,
        help_text="Goes on where the point before it ends: staff split the two.",
    )
    issue = models.ForeignKey(
        "consultations.Issue",
        verbose_name=_("issue"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="points",
    )
    shown_in = models.ForeignKey(
        "consultations.ConsultationPage",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="shown_points",
        db_index=False,
        help_text="The round in whose public list it stands; empty while it is not shown.",
    )

    objects = OpinionPointQuerySet.as_manager()

    class Meta:
        ordering = ("opinion", "place", "pk")
        verbose_name = _("point")
        verbose_name_plural = _("points")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["article_id", "opinion"], name="point_of_article"),
            models.Index(fields=["shown_in", "-opinion"], name="point_list"),
            models.Index(fields=["shown_in", "article_id", "-opinion"], name="point_list_article"),
            models.Index(fields=["shown_in", "stance", "-opinion"], name="point_list_stance"),
        ]

    def __str__(self) -> str:
        """Return the receipt number it belongs to."""
        return f"{self.opinion_id} · {self.article_anchor or '–'}"

    @property
    def stance_label(self) -> str:
        """The stance in words, or the empty string."""
        return str(Stance(self.stance).label) if self.stance else ""

    @property
    def article_anchor(self) -> str:
        """The fragment of the article's address, or the empty string."""
        return anchor_of(self.article_id) if self.article_id else ""

    @property
    def desk_text(self) -> str:
        """The text for a screen of many; empty where looking at it is put on record."""
        if self.opinion.display in {Display.WITHHELD, Display.AUTHOR_PRIVATE}:
            return ""
        return self.shown_text

    @property
    def shown_text(self) -> str:
        """The text as the public sees it; a redacted text stands for the whole opinion."""
        return self.opinion.redacted_content if self.opinion.is_redacted else self.text


def opinion_anchor(opinion_id: int) -> str:
    """Return the fragment of an opinion's address."""
    return f"o-{opinion_id}"


def place_in_list(list_url: str, opinion_id: int) -> str:
    """Return the lasting address of an opinion: the public list of its round, begun with it."""
    return f"{list_url}?from={opinion_id}#{opinion_anchor(opinion_id)}"


def as_cut(points: "Iterable[OpinionPoint]") -> "Iterator[list[OpinionPoint]]":
    """Yield what each author cut as one point, with all parts that staff split it into.

    Args:
        points: of one opinion or of several, each point behind the one that it continues.

    """
    parts: list[OpinionPoint] = []
    for point in points:
        if parts and not (point.continues and parts[0].opinion_id == point.opinion_id):
            yield parts
            parts = []
        parts.append(point)
    if parts:
        yield parts


def as_written(points: "Iterable[OpinionPoint]") -> list[OpinionPoint]:
    """Return points as their authors cut them, for reading only; `points` as `as_cut` takes them.

    What staff split is one again.
    """
    whole = []
    for parts in as_cut(points):
        one = copy(parts[0])
        one.text = "".join(part.text for part in parts)
        whole.append(one)
    return whole
