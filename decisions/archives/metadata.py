"""What a package says of its matter, as data: only what is public, and what the record lacks."""

from datetime import datetime
from typing import Any

from django.conf import settings

from consultations.lifecycle import Step, official_date
from consultations.models import ConsultationPage, DecisionItemPage, FeedbackReportPage
from decisions.models import DecisionPage
from decisions.watch import own_findings
from portal.core.models import SiteIdentity


def metadata_of(item: DecisionItemPage, *, identity: SiteIdentity, at: datetime) -> dict[str, Any]:
    """Return the matter, its rounds, summaries, decisions and events, and what ARC-1 finds."""
    return {
        "format": "jianyan-archives-package/1",
        "site": {
            "name": identity.site_name,
            "code": identity.site_code,
            "organ": identity.organ_name,
            "url": settings.PUBLIC_URL,
        },
        "as_of": official_date(at).isoformat(),
        "matter": _matter(item),
        "consultations": [_round(one) for one in item.public_rounds],
        "adoption_summaries": [
            {"title": one.title, "published_on": _day(one.published_on), "url": one.full_url}
            for one in FeedbackReportPage.objects.descendant_of(item).live().order_by("path")
        ],
        "decisions": [
            _decision(one) for one in DecisionPage.objects.child_of(item).live().order_by("path")
        ],
        "events": [
            {
                "step": Step(event.step).name.lower(),
                "on": event.on.isoformat(),
                "title": event.title,
                "text": event.text,
            }
            for event in sorted(item.events(), key=lambda one: (one.on, one.step, one.title))
        ],
        "gaps": [
            finding.message for finding in own_findings(item=item, at=at) if finding.id == "ARC-1"
        ],
    }


def _matter(item: DecisionItemPage) -> dict[str, Any]:
    return {
        "title": item.title,
        "url": item.full_url,
        "catalogue": item.catalogue.title,
        "year": item.catalogue.year,
        "number": item.number,
        "category": str(item.category) if item.category else "",
        "topic": item.get_topic_display() if item.topic else "",
        "lead_unit": item.lead_unit.name if item.lead_unit else "",
        "co_units": sorted(unit.name for unit in item.co_units.all()),
        "listed_on": _day(item.listed_on),
        "planned": item.planned_quarter,
        "legal_basis": item.legal_basis,
        "hearing_required": item.hearing_required,
        "procedures": item.procedures,
        "stage": item.stage,
    }


def _round(page: ConsultationPage) -> dict[str, Any]:
    return {
        "title": page.title,
        "url": page.full_url,
        "number": page.consultation_no,
        "round": page.round,
        "opens_on": _day(page.opens_on),
        "closes_on": _day(page.closes_on),
        "opinions": page.opinion_total,
    }


def _decision(page: DecisionPage) -> dict[str, Any]:
    return {
        "title": page.title,
        "url": page.full_url,
        "document_number": page.document_no,
        "index_number": page.index_no,
        "issuer": page.issuer,
        "topic": page.get_topic_display() if page.topic else "",
        "signed_on": _day(page.signed_on),
        "published_on": _day(page.published_on),
        "effective_on": _day(page.effective_on),
        "expires_on": _day(page.expires_on),
        "versions": [
            {"url": f"{settings.PUBLIC_URL}{one.url}", "published_at": one.published_at.isoformat()}
            for one in reversed(page.versions)
        ],
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
