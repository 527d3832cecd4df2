"""What the verbs on points, issues and answers share: one lock order, and when answers are frozen.

Each verb takes the consultation first, so that two of them on one consultation, or one of them and
the publication of its adoption summary, follow one another. Then come tally, opinion and issues.
"""

from django.utils.translation import gettext as _

from consultations.models import ConsultationPage, Issue
from portal.core.findings import Finding, Level, Refused


def refuse(message: str) -> Refused:
    """Return the refusal of an act on an issue or its answer (OPI-1)."""
    return Refused([Finding("OPI-1", Level.BLOCK, message, "713 art. 18")])


def hold(consultation_id: int) -> ConsultationPage:
    """Return a consultation, kept from other verbs on its answers until the transaction ends."""
    # Not the whole key: an opinion that comes in meanwhile refers to this row and need not wait.
    rounds = ConsultationPage.objects.select_for_update(of=("self",), no_key=True)
    page: ConsultationPage = rounds.get(pk=consultation_id)
    return page


def hold_unreported(consultation_id: int) -> ConsultationPage:
    """Return a consultation as `hold` does, if its answers may still change.

    Raises:
        Refused: the adoption summary is public; it does not change without a word.

    """
    page = hold(consultation_id)
    if page.has_public_report():
        raise refuse(_("The adoption summary is public; its answers can no longer be changed."))
    return page


def hold_issue(issue: Issue) -> Issue:
    """Return an issue as it is now, with its draft, kept from others.

    Raises:
        Refused: it was merged into another one and stays for its history only.

    """
    rows = Issue.objects.select_for_update(of=("self",)).select_related("draft")
    row: Issue = rows.get(pk=issue.pk)
    if row.merged_into_id is not None:
        raise refuse(_("This issue was merged into another one. Open that one instead."))
    return row


def require_article(consultation: ConsultationPage, article_id: str) -> None:
    """Raise Refused for an article that the draft does not have."""
    if article_id and article_id not in {article.id for article in consultation.articles}:
        raise refuse(_("This article is not part of the draft."))
