"""The feeds of this app: what opinions and matters came to, and what a question finds."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from consultations.feeds import UnitFeed, newest_for
from consultations.lifecycle import official_date, opening_instant
from consultations.models import FeedbackReportPage
from decisions.models import ArchivePage, DecisionIndexPage, DecisionPage
from decisions.search.archive import search_archive
from decisions.search.criteria import BadQuestionError, Criteria, NoSuchPageError, Sort, read
from decisions.search.results import Hit
from decisions.search.telling import tell_mode
from decisions.search.text import plain
from portal.core.context_processors import identity_of
from portal.core.dates import day_in_words
from portal.core.feeds import (
    MOST_ENTRIES,
    Entry,
    PublicFeed,
    Subject,
    page_address,
    public_address,
    tag,
)
from portal.core.throttle import Act, limited


class ResultsFeed(UnitFeed):
    """Adoption summaries and decisions together, newest first."""

    slug = "results"
    name = gettext_lazy("Adoption summaries and decisions")
    subtitle = gettext_lazy("What became of opinions, and what was decided.")
    shown_on = DecisionIndexPage

    def items(self, subject: Subject) -> list[Entry]:
        """Return both kinds by the time they were published."""
        entries = [*self._summaries(subject), *self._decisions(subject)]
        entries.sort(key=lambda one: (one.published_at, one.name), reverse=True)
        return entries[:MOST_ENTRIES]

    def _summaries(self, subject: Subject) -> list[Entry]:
        """Return the adoption summaries, each of a round of a matter."""
        summaries = newest_for(subject, FeedbackReportPage.objects.all())
        return [
            Entry(
                name=f"adoption/{one.pk}",
                title=one.title,
                address=page_address(one),
                published_at=one.first_published_at,
                updated_at=one.last_published_at,
                paragraphs=(one.matter_title or "", one.summary),
                unit=one.unit_name or "",
            )
            for one in summaries[:MOST_ENTRIES]
        ]

    def _decisions(self, subject: Subject) -> list[Entry]:
        """Return the decisions, each of a matter."""
        decisions = newest_for(subject, DecisionPage.objects.all()).defer("text")
        return [
            Entry(
                name=f"decision/{one.pk}",
                title=_("Decided: %(title)s") % {"title": one.title},
                address=page_address(one),
                published_at=one.first_published_at,
                updated_at=one.last_published_at,
                paragraphs=(_in_force(one), one.summary),
                unit=one.unit_name or "",
            )
            for one in decisions[:MOST_ENTRIES]
        ]


def _in_force(decision: DecisionPage) -> str:
    """Return under which number it stands and from when it is in force."""
    if decision.effective_on is None:
        return decision.document_no
    return _("%(number)s, in force from %(day)s.") % {
        "number": decision.document_no,
        "day": day_in_words(decision.effective_on),
    }


@dataclass(frozen=True)
class Question(Subject):
    """What is asked of the archive, of which page, and what is found."""

    criteria: Criteria = Criteria()  # noqa: RUF009 - frozen
    page_address: str = ""
    hits: tuple[Hit, ...] = ()


class QuestionFeed(PublicFeed):
    """What a question to the archive finds, what changed last first; as many as on a page."""

    slug = "archive"
    name = gettext_lazy("Archive search")
    subtitle = gettext_lazy("Matters in the archive, those in which something happened last first.")
    shown_on = ArchivePage

    def get_object(
        self,
        request: HttpRequest,
        page: ArchivePage,
        criteria: Criteria,
        hits: tuple[Hit, ...],
        at: datetime,
    ) -> Question:
        """Return what is asked for, and what was found."""
        return Question(
            at=at,
            address=public_address(f"{request.path}{criteria.query_string().removesuffix('?')}"),
            identity=identity_of(request),
            criteria=criteria,
            page_address=page_address(page),
            hits=hits,
        )

    def items(self, subject: Subject) -> list[Entry]:
        """Return the matters."""
        return [_entry(hit, subject) for hit in _question(subject).hits]

    def title(self, subject: Subject) -> str:
        """Name the words, the archive and the site."""
        words = _question(subject).criteria.text
        title = super().title(subject)
        return f"{words} - {title}" if words else title

    def link(self, subject: Subject) -> str:
        """Lead to the page of the same question."""
        question = _question(subject)
        return f"{question.page_address}{question.criteria.query_string().removesuffix('?')}"

    def feed_guid(self, subject: Subject) -> str:
        """Name the feed by its question, for ever."""
        asked = _question(subject).criteria.query_string()
        return tag(f"feed/{self.slug}/{sha256(asked.encode()).hexdigest()[:32]}")


def _question(subject: Subject) -> Question:
    """Return a subject that `QuestionFeed.get_object` has made as what it is."""
    if not isinstance(subject, Question):
        raise TypeError(subject)
    return subject


def _entry(hit: Hit, subject: Subject) -> Entry:
    """Return the entry of a matter; it changes with the latest thing published or opened."""
    today = official_date(subject.at)
    days = (hit.latest_on, hit.opens_on)
    changed_at = opening_instant(max((day for day in days if day and day <= today), default=today))
    return Entry(
        name=f"matter/{hit.item_id}",
        title=plain(hit.title),
        address=public_address(hit.url),
        published_at=changed_at,
        updated_at=changed_at,
        paragraphs=(
            _("%(stage)s, %(day)s")
            % {"stage": hit.stage.label, "day": day_in_words(hit.latest_on)},
            plain(hit.summary),
        ),
        unit=hit.unit,
    )


@require_safe
@limited(Act.ARCHIVE_QUESTION, with_page=False)
def question_feed(request: HttpRequest, page: ArchivePage) -> HttpResponse:
    """Answer with the feed of a question; pages and orders make no difference to it.

    An address that cannot be is refused in one sentence, as programs read it.
    """
    try:
        criteria = read(dict(request.GET.lists()))
    except (BadQuestionError, NoSuchPageError) as error:
        return HttpResponse(
            str(error), status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8"
        )
    at = timezone.now()
    newest_first = criteria.sorted_by(Sort.DATE)
    results = search_archive(newest_first, at=at)
    response = QuestionFeed()(request, page=page, criteria=newest_first, hits=results.hits, at=at)
    tell_mode(response, results.mode)
    return response
