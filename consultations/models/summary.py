"""The adoption summary in words, as its files say it: read from the matrix, never typed."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from consultations.lifecycle import Outcome
from consultations.models.figures import Figures
from consultations.models.matrix import MatrixRow, matrix_of
from consultations.summary_files import Summary, SummaryRow

if TYPE_CHECKING:
    from consultations.models.consultation import ConsultationPage
    from consultations.models.feedback import FeedbackReportPage


def summary_of(
    page: "FeedbackReportPage", *, consultation: "ConsultationPage", people: int | None
) -> Summary:
    """Return what the files of a summary say.

    Args:
        page: the summary, which may be new.
        consultation: the round that it reports on.
        people: how many gave the opinions; None where that is not known.

    """
    matrix = matrix_of(consultation)
    unit = consultation.item.lead_unit
    return Summary(
        title=page.title,
        consultation=consultation.title,
        unit=unit.name if unit else "",
        opens_on=consultation.opens_on,
        closes_on=consultation.closes_on,
        published_on=page.published_on,
        introduction=page.introduction,
        next_step=page.next_step,
        figures=tuple(_figures(matrix.totals, people)),
        opinions=matrix.totals.opinions,
        rows=tuple(_row(row) for row in matrix.rows),
        address=(page.full_url or "") if page.pk else "",
        is_about_effects=consultation.evaluated is not None,
    )


def _figures(totals: Figures, people: int | None) -> list[tuple[str, int]]:
    """Return name and value of every figure."""
    found = [(_("Opinions received"), totals.opinions)]
    if people is not None:
        found.append((_("People and bodies who gave them"), people))
    found += [
        (_("Came by: %(channel)s") % {"channel": channel.label}, count)
        for channel, count in totals.by_channel.items()
    ]
    found.append((_("Articles of the draft spoken to"), totals.articles))
    found += [(str(outcome.label), totals.by_outcome[outcome]) for outcome in Outcome]
    return found


def _row(row: MatrixRow) -> SummaryRow:
    return SummaryRow(
        number=row.issue.number,
        issue=row.issue.title,
        article=row.article.label if row.article else _("The whole"),
        count=row.count,
        outcome=str(row.outcome.label) if row.outcome else "",
        reason=row.issue.reason,
        change=row.issue.change,
    )
