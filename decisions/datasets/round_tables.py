"""What is public of one round as rows of tables; neither names nor anything that is not shown."""

from collections.abc import Iterator, Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultations.lifecycle import (
    SHOWN,
    Channel,
    Display,
    Outcome,
    RedactionReason,
    Stance,
    WithheldReason,
    official_date,
)
from consultations.models import ConsultationPage, FeedbackReportPage, Opinion, OpinionPoint
from consultations.models.consultation import LIST
from consultations.models.matrix import matrix_of
from consultations.models.opinion import as_cut, place_in_list
from consultations.models.opinion_list import with_points
from consultations.models.redaction import Redaction
from decisions.models import DecisionPage
from decisions.models.change_table import KINDS
from decisions.models.changes import Changes
from portal.core.feeds import page_address, public_address
from portal.core.tables import Column, Value

Row = tuple[Value, ...]

# Opinions in memory at a time.
PORTION = 1_000

ARTICLES = (
    Column("id", _("Id of the article"), _("Lasting id of the article within the draft.")),
    Column("label", _("Number of the article"), _("Its number as printed.")),
    Column("path", _("Headings"), _("Chapter and section above it.")),
    Column("text", _("Text"), _("Its words; paragraphs and items are lines.")),
    Column("url", _("Address"), _("Where it stands.")),
)
OPINIONS = (
    Column("id", _("Number of the opinion"), _("Its lasting number; no receipt number.")),
    Column("url", _("Address"), _("Where it stands in the public list.")),
    Column("received_on", _("Day received"), _("The day it came, Beijing time.")),
    Column("channel", _("Channel"), _("The way it came."), dict(Channel.choices)),
    Column(
        "display",
        pgettext_lazy("opinion", "Display"),
        _("Whether the public sees all of it; where parts are hidden the text has marks for them."),
        {one.value: one.label for one in Display if one in SHOWN},
    ),
    Column("point", _("Point"), _("Which of its points it is, counted from 1, a row for each.")),
    Column(
        "article", _("Id of the article"), _("What the point speaks to; empty for the whole draft.")
    ),
    Column("article_label", _("Number of the article"), _("The number of that article.")),
    Column(
        "stance",
        _("Stance"),
        _("What its author holds of it; empty if untold."),
        dict(Stance.choices),
    ),
    Column(
        "text",
        _("Text"),
        _("The words as shown; where parts are hidden those of all points stand at the first."),
    ),
    Column(
        "issues",
        _("Issue numbers"),
        _("Numbers of the issues that answer it, once the adoption summary is public."),
    ),
)
ISSUES = (
    Column("number", _("Number"), _("Its lasting number within the round.")),
    Column("title", _("Issue"), _("What was said.")),
    Column("article", _("Id of the article"), _("What it is about; empty for the whole draft.")),
    Column("article_label", _("Number of the article"), _("The number of that article.")),
    Column(
        "opinions",
        _("Number of opinions"),
        _("Opinions that say it, shown or not; one on several issues counts in each."),
    ),
    Column("outcome", _("Outcome"), _("What became of it."), dict(Outcome.choices)),
    Column("reason", _("Reason"), _("Why.")),
    Column("change", pgettext_lazy("draft", "Change"), _("What changes in the draft.")),
    Column("url", _("Address"), _("Where the answer stands.")),
)
CHANGES = (
    Column("old_number", _("Number in the draft"), _("Of the articles, parted by 、.")),
    Column("new_number", _("Number in the decision"), _("Of the articles, parted by 、.")),
    Column("kind", _("What became of it"), _("What was done to these articles."), KINDS),
    Column("is_moved", _("Moved"), _("Whether it stands in another place.")),
    Column("old_words", _("Words of the draft"), _("The whole text in the draft.")),
    Column("new_words", _("Words of the decision"), _("The whole text in the decision.")),
    Column(
        "issues",
        pgettext_lazy("change", "Answers"),
        _("Addresses of the public answers that caused it."),
    ),
    Column(
        "own_motion",
        _("Changed of the organ's own motion, because"),
        _("Reasons of the organ, where no issue caused it."),
    ),
    Column("url", _("Address"), _("Where the change is shown.")),
)
DISPLAY = (
    Column(
        "display",
        pgettext_lazy("opinion", "Display"),
        _("What the public sees of opinions."),
        dict(Display.choices),
    ),
    Column(
        "reason",
        _("Reason"),
        _("Why they are not shown; empty where they are."),
        dict(WithheldReason.choices),
    ),
    Column("opinions", _("Number of opinions"), _("How many of those that count.")),
)
REDACTIONS = (
    Column(
        "opinion",
        _("Number of the opinion"),
        _("The shown opinion, by its number; a row for each reason."),
    ),
    Column("url", _("Address"), _("Where it stands in the public list.")),
    Column("reason", _("Reason"), _("Why passages are hidden."), dict(RedactionReason.choices)),
    Column("passages", _("Hidden passages"), _("How many passages are hidden for this reason.")),
)


def articles(page: ConsultationPage | DecisionPage) -> Iterator[Row]:
    """Yield the articles of a draft or a decision."""
    address = page_address(page)
    for one in page.articles:
        yield one.id, one.label, list(one.path), one.text, f"{address}#{one.anchor}"


def opinions(page: ConsultationPage, *, is_answered: bool) -> Iterator[Row]:
    """Yield a row for each point of every opinion the public sees, the oldest opinion first.

    Args:
        page: the round.
        is_answered: whether its adoption summary is public.

    """
    labels, list_url = page.article_labels, f"{page_address(page)}{LIST}/"
    for opinion in _shown(page):
        place = place_in_list(list_url, opinion.pk)
        head = (opinion.pk, place, official_date(opinion.submit_date), opinion.channel)
        for number, parts in enumerate(as_cut(opinion.said), start=1):
            first = parts[0]
            yield (
                *head,
                opinion.display,
                number,
                first.article_id,
                labels.get(first.article_id, ""),
                first.stance,
                _words(opinion, parts, number),
                _answers(parts) if is_answered else [],
            )


def _shown(page: ConsultationPage) -> Iterator[Opinion]:
    """Yield the opinions in the public list with their points in `said`; no name is even read."""
    points = OpinionPoint.objects.filter(shown_in=page.pk, opinion__display__in=SHOWN)
    read = points.select_related("opinion", "issue").only(
        *("opinion_id", "article_id", "stance", "text", "continues"),
        *("opinion__channel", "opinion__submit_date", "opinion__display"),
        *("opinion__redacted_content", "issue__number", "issue__outcome"),
    )
    last = 0
    while True:
        following = points.filter(opinion_id__gt=last).order_by("opinion_id")
        ids = list(following.values_list("opinion_id", flat=True).distinct()[:PORTION])
        if not ids:
            return
        portion = read.filter(opinion_id__gt=last, opinion_id__lte=ids[-1])
        yield from with_points(portion.order_by("opinion_id", "place", "pk"))
        last = ids[-1]


def _words(opinion: Opinion, parts: Sequence[OpinionPoint], number: int) -> str:
    """Return the words that are shown; a text with hidden parts stands for the whole opinion."""
    if opinion.is_redacted:
        return opinion.redacted_content if number == 1 else ""
    return "".join(part.text for part in parts)


def _answers(parts: Sequence[OpinionPoint]) -> list[int]:
    """Return the numbers of the issues that answer a point."""
    return sorted({one.issue.number for one in parts if one.issue and one.issue.outcome})


def issues(page: ConsultationPage, report: FeedbackReportPage | None) -> Iterator[Row]:
    """Yield what the public adoption summary answers; nothing before there is one."""
    if report is None:
        return
    address = page_address(report)
    for row in matrix_of(page).rows:
        issue = row.issue
        yield (
            issue.number,
            issue.title,
            row.article.id if row.article else "",
            row.article.label if row.article else "",
            row.count,
            issue.outcome,
            issue.reason,
            issue.change,
            f"{address}#issue-{issue.number}",
        )


def changes(found: Changes | None, *, address: str) -> Iterator[Row]:
    """Yield what a decision changed in the draft, and why.

    Args:
        found: all changes; None without a public decision.
        address: of the decision.

    """
    for one in found.changed if found else ():
        yield (
            one.old_labels,
            one.labels,
            one.kind.value,
            one.row.aligned.is_moved,
            "\n".join(unit.text for unit in one.row.old),
            "\n".join(unit.text for unit in one.row.new),
            [public_address(cause.url) for cause in one.causes if cause.url],
            list(one.own_reasons),
            f"{address}redline/#{one.anchor}",
        )


def display(page: ConsultationPage) -> Iterator[Row]:
    """Yield how many of the opinions that count are shown, and why others are not."""
    counted = Opinion.norel_objects.filter(consultation=page).that_count().order_by()
    groups = counted.values_list("display", "withheld_reason").annotate(n=Count("pk"))
    yield from groups.order_by("display", "withheld_reason")


def redactions(page: ConsultationPage) -> Iterator[Row]:
    """Yield what is hidden of each shown opinion, by reason; no words, nobody's name or time."""
    hidden = Redaction.objects.filter(
        opinion__consultation=page, opinion__display=Display.PUBLISHED_REDACTED
    )
    groups = hidden.order_by("opinion_id", "reason").values_list("opinion_id", "reason")
    list_url = f"{page_address(page)}{LIST}/"
    for opinion, reason, passages in groups.annotate(n=Count("pk")).iterator(chunk_size=PORTION):
        yield opinion, place_in_list(list_url, opinion), reason, passages
