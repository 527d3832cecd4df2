"""The research package of a round: what was drafted, said, answered and changed, to count anew."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from consultations.models import ConsultationPage, FeedbackReportPage
from decisions.datasets import round_tables as tables
from decisions.datasets.packing import TablePackage
from decisions.models import DecisionPage
from decisions.models.changes import changes_of
from portal.core.feeds import page_address, public_address
from portal.core.models import SiteIdentity

TEMPLATE = "decisions/datasets/research.txt"


def research_package(page: ConsultationPage, *, identity: SiteIdentity) -> Iterator[bytes]:
    """Return the package of a public round, whole; the same bytes while nothing public changes.

    Args:
        page: the round.
        identity: of the site.

    """
    package = TablePackage()
    report = page.report
    decision = _decision(page)
    found = changes_of(decision) if decision else None
    package.add_data("consultation", _described(page, report, decision, identity))
    package.add_table("articles", tables.ARTICLES, tables.articles(page))
    said = tables.opinions(page, is_answered=report is not None)
    package.add_table("opinions", tables.OPINIONS, said)
    package.add_table("issues", tables.ISSUES, tables.issues(page, report))
    address = page_address(decision) if decision else ""
    package.add_table("changes", tables.CHANGES, tables.changes(found, address=address))
    package.add_table("display", tables.DISPLAY, tables.display(page))
    package.add_table("redactions", tables.REDACTIONS, tables.redactions(page))
    return package.finished(TEMPLATE, {"page": page, "address": page_address(page)})


def _decision(page: ConsultationPage) -> DecisionPage | None:
    """Return the public decision that is compared with the draft of this round, if it is."""
    if page.evaluated is not None:
        return None
    last = page.item.rounds().last()
    if last is None or last.pk != page.pk:
        return None
    found: DecisionPage | None = (
        DecisionPage.objects.child_of(page.item).live().public().order_by("path").last()
    )
    return found


def _described(
    page: ConsultationPage,
    report: FeedbackReportPage | None,
    decision: DecisionPage | None,
    identity: SiteIdentity,
) -> dict[str, Any]:
    item = page.item
    return {
        "format": "jianyan-research-package/1",
        "site": {
            "name": identity.site_name,
            "organ": identity.organ_name,
            "url": settings.PUBLIC_URL,
        },
        "title": page.title,
        "url": page_address(page),
        "number": page.consultation_no,
        "round": page.round,
        "opens_on": _day(page.opens_on),
        "closes_on": _day(page.closes_on),
        "matter": {
            "title": item.title,
            "url": public_address(item.get_absolute_url()),
            "unit": item.lead_unit.name if item.lead_unit else "",
        },
        "adoption_summary": report
        and {"url": page_address(report), "published_on": _day(report.published_on)},
        "decision": decision
        and {
            "title": decision.title,
            "url": page_address(decision),
            "document_number": decision.document_no,
            "published_on": _day(decision.published_on),
        },
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
