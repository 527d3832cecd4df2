"""What people follow: Atom feeds of consultations, and the closing day for their calendar."""

from datetime import timedelta

from django.db.models import Exists, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.query import PageQuerySet

from consultations.calendars import Deadline, calendar_of, period_in_words
from consultations.lifecycle import opening_instant
from consultations.models import ConsultationIndexPage, ConsultationPage
from consultations.querysets import matter_above
from portal.accounts.models import Unit
from portal.core.context_processors import identity_of
from portal.core.dates import day_in_words
from portal.core.feeds import MOST_ENTRIES, Entry, PublicFeed, Subject, page_address, public_address

CLOSING_SOON_DAYS = 7
# A round with a period, published by hand, not just entered as public.
_ANNOUNCED = Q(opens_on__isnull=False, closes_on__isnull=False, last_published_at__isnull=False)
# The long texts of a round, which no feed prints.
_LONG_TEXTS = ("notice", "draft", "explanation", "background", "channels")


class UnitFeed(PublicFeed):
    """A feed about all units, or about the one whose code the address ends in."""

    def get_object(self, request: HttpRequest, unit: str = "") -> Subject:
        """Return what is asked for.

        Raises:
            ObjectDoesNotExist: there is no such unit.

        """
        wanted = Unit.objects.get(code=unit) if unit else None
        return Subject(
            at=timezone.now(),
            address=public_address(request.path),
            identity=identity_of(request),
            unit_code=wanted.code if wanted else "",
            unit_name=wanted.short_name if wanted else "",
        )


def newest_for(subject: Subject, pages: PageQuerySet) -> PageQuerySet:
    """Return the newest of the pages that everyone may read, of the unit that is asked for.

    Each has the short name of its unit in `unit_name`, the title of its matter in `matter_title`.

    Args:
        subject: what is asked for.
        pages: pages of dossiers.

    """
    matter = matter_above()
    pages = pages.live().public().filter(first_published_at__isnull=False)
    if subject.unit_code:
        pages = pages.filter(Exists(matter.filter(lead_unit__code=subject.unit_code)))
    return pages.annotate(
        unit_name=Subquery(matter.values("lead_unit__short_name")[:1]),
        matter_title=Subquery(matter.values("title")[:1]),
    ).order_by("-first_published_at", "-pk")


class ConsultationsFeed(UnitFeed):
    """New consultations, also those that open later; newest first."""

    slug = "consultations"
    name = gettext_lazy("New consultations")
    subtitle = gettext_lazy("Drafts on which everyone may give an opinion.")
    shown_on = ConsultationIndexPage

    def items(self, subject: Subject) -> list[Entry]:
        """Return the rounds."""
        announced = ConsultationPage.objects.filter(_ANNOUNCED)
        rounds = newest_for(subject, announced).defer(*_LONG_TEXTS)
        return [
            Entry(
                name=f"consultation/{one.pk}",
                title=one.title,
                address=page_address(one),
                published_at=one.first_published_at,
                updated_at=one.last_published_at,
                paragraphs=_paragraphs(one),
                unit=one.unit_name or "",
            )
            for one in rounds[:MOST_ENTRIES]
        ]


class ClosingSoonFeed(UnitFeed):
    """Rounds that close within a week; each comes once, a week before its last day."""

    slug = "closing-soon"
    name = gettext_lazy("Consultations closing soon")
    subtitle = gettext_lazy("Drafts on which opinions are taken for seven more days at most.")
    shown_on = ConsultationIndexPage

    def items(self, subject: Subject) -> list[Entry]:
        """Return the rounds, soonest to close first."""
        soon = ConsultationPage.objects.closing_within(CLOSING_SOON_DAYS, at=subject.at)
        rounds = newest_for(subject, soon).defer(*_LONG_TEXTS)
        return [_reminder(one) for one in rounds.order_by("closes_on", "pk")[:MOST_ENTRIES]]


def _reminder(one: ConsultationPage) -> Entry:
    """Return the entry of a round that closes soon; a moved closing day makes it a new one."""
    came_at = max(
        opening_instant(one.closes_on - timedelta(days=CLOSING_SOON_DAYS)),
        opening_instant(one.opens_on),
        one.first_published_at,
    )
    return Entry(
        name=f"consultation/{one.pk}/closing/{one.closes_on}",
        title=_("Closes on %(day)s: %(title)s")
        % {"day": day_in_words(one.closes_on), "title": one.title},
        address=page_address(one),
        published_at=came_at,
        updated_at=max(came_at, one.last_published_at),
        paragraphs=_paragraphs(one),
        unit=one.unit_name or "",
    )


def _paragraphs(one: ConsultationPage) -> tuple[str, str]:
    """Return what a follower has to know: until when, and what it is about."""
    return period_in_words(one.opens_on, one.closes_on), one.summary or one.glance_what


@require_safe
def calendar(request: HttpRequest, page_id: int) -> HttpResponse:
    """Answer with the closing day of a public round, for a calendar to take over.

    Raises:
        Http404: there is no such round, or it has no period.

    """
    announced = ConsultationPage.objects.for_everybody().filter(_ANNOUNCED)
    page = get_object_or_404(announced.defer(*_LONG_TEXTS), id=page_id)
    entry = Deadline(
        consultation_id=page.pk,
        title=page.title,
        address=page_address(page),
        opens_on=page.opens_on,
        closes_on=page.closes_on,
        changed_at=page.last_published_at,
    )
    response = HttpResponse(calendar_of(entry), content_type="text/calendar; charset=utf-8")
    # Not as an attachment: phones then show the entry with a button to keep it.
    response.headers["Content-Disposition"] = f'inline; filename="consultation-{page.pk}.ics"'
    return response
