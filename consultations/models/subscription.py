"""Who is to hear of what by mail, and which news has been told.

Kept about a person are the address, encrypted, and the language of the mails; who stops following
is deleted.
"""

import secrets
from typing import ClassVar, Self
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from consultations.models.item import DecisionItemPage
from portal.accounts.models import Unit
from portal.core.fields import EncryptedTextField

LINK_KEY_BYTES = 16
# What every database can keep in an index; an address of this length is already unwieldy.
LONGEST_QUERY = 2000

# Follows neither a unit nor a matter alone, nor a question.
_EVERYTHING = Q(unit__isnull=True, item__isnull=True, question="")
_A_QUESTION = ~Q(question="")


def new_link_key() -> str:
    """Return the 128 random bits that the link to stop one subscription is made from."""
    return secrets.token_urlsafe(LINK_KEY_BYTES)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions by what they are about."""

    def confirmed(self) -> Self:
        """Those whose owner of the address has agreed."""
        return self.filter(confirmed_at__isnull=False)

    def about(self, item: DecisionItemPage) -> Self:
        """Those of everything, of the matter's drafting unit, and of the matter itself."""
        scopes = _EVERYTHING | Q(item=item)
        if item.lead_unit_id:
            scopes |= Q(unit=item.lead_unit_id)
        return self.filter(scopes)

    def not_narrower_than(self, subscription: "Subscription") -> Self:
        """Those that bring every news which this one brings.

        A question brings news of another kind: what it finds, once a day.
        """
        if subscription.question:
            return self.filter(question=subscription.question)
        if subscription.item:
            return self.about(subscription.item)
        if subscription.unit_id:
            return self.filter(_EVERYTHING | Q(unit=subscription.unit_id))
        return self.filter(_EVERYTHING)

    def still_following(self, ids: list[int]) -> "Subscription | None":
        """Return the narrowest of one person's subscriptions that has not been stopped."""
        return self.confirmed().filter(pk__in=ids).narrowest_first().first()

    def narrowest_first(self) -> Self:
        """Order those of matters before those of units before those of everything."""
        return self.order_by(F("item").asc(nulls_last=True), F("unit").asc(nulls_last=True), "pk")


class Subscription(models.Model):
    """One address and what it follows: a matter, a unit's matters, a question, or else all matters.

    A question is kept as the archive writes it in an address, which is the same for the same
    question, whoever asks it; what is new to it is told up to `told_until`, at first from its
    confirmation on.
    """

    email = EncryptedTextField()
    email_digest = models.CharField(
        max_length=64,
        help_text="Tells whether an address is known; made with a key, so nothing can be read off.",
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    item = models.ForeignKey(
        DecisionItemPage,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
    )
    question = models.CharField(max_length=LONGEST_QUERY, blank=True, default="")
    told_until = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    link_key = models.CharField(
        max_length=22,
        unique=True,
        default=new_link_key,
        help_text="Half of the link to stop it; worthless without the key that signs it.",
    )
    confirm_by = models.DateTimeField(null=True, db_index=True)
    confirm_digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - null keeps unused digests out of the unique index
    confirmed_at = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_EVERYTHING
                | Q(unit__isnull=False, item__isnull=True, question="")
                | Q(unit__isnull=True, item__isnull=False, question="")
                | (Q(unit__isnull=True, item__isnull=True) & _A_QUESTION),
                name="subscription_has_one_meaning",
            ),
            models.CheckConstraint(
                condition=Q(confirm_by__isnull=False, confirmed_at__isnull=True)
                | Q(confirm_by__isnull=True, confirmed_at__isnull=False),
                name="subscription_waits_or_is_confirmed",
            ),
            models.UniqueConstraint(
                "email_digest", condition=_EVERYTHING, name="everything_followed_once"
            ),
            models.UniqueConstraint(
                "email_digest",
                "unit",
                condition=Q(unit__isnull=False),
                name="unit_followed_once",
            ),
            models.UniqueConstraint(
                "email_digest",
                "item",
                condition=Q(item__isnull=False),
                name="matter_followed_once",
            ),
            models.UniqueConstraint(
                "email_digest",
                "question",
                condition=_A_QUESTION,
                name="question_followed_once",
            ),
        ]

    def __str__(self) -> str:
        """Return its number, never the address."""
        return f"{self.pk}"

    @property
    def followed(self) -> str:
        """What it is about, in words."""
        if self.item:
            return _("the matter “%(title)s”") % {"title": self.item.title}
        if self.unit:
            return _("all matters of %(unit)s") % {"unit": self.unit.name}
        if self.question:
            return self._question_in_words()
        return _("all matters")

    @property
    def followed_unquoted(self) -> str:
        """What it is about without the words of a question, which anybody may have typed."""
        return _("a search of the archive") if self.question else self.followed

    def _question_in_words(self) -> str:
        """Name a question by its words, in one line; of its filters only that there are some."""
        asked = parse_qsl(self.question)
        words = " ".join(next((value for name, value in asked if name == "q"), "").split())
        if not words:
            return _("a search of the archive by filters")
        if len(asked) > 1:
            return _("the archive search “%(words)s” with filters") % {"words": words}
        return _("the archive search “%(words)s”") % {"words": words}


class Announcement(models.Model):
    """A page whose news has been promised to its followers: once, however often it is published."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")
    promised_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the number of the page."""
        return f"{self.page_id}"
