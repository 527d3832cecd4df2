"""The feed of results: what became of opinions, and what was decided."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.feeds import UnitFeed, newest_for
from consultations.models import FeedbackReportPage
from decisions.models import DecisionIndexPage, DecisionPage
from portal.core.dates import day_in_words
from portal.core.feeds import MOST_ENTRIES, Entry, Subject, page_address


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
