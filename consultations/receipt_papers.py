"""The receipt of an opinion on paper, for its author or for the clerk who hands it over."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from consultations.fate import receipt_story
from consultations.models import Opinion
from portal.core.discretion import discreet
from portal.core.papers import paper


def receipt_as_pdf(opinion: Opinion, *, identity: Any, at: datetime) -> HttpResponse:
    """Return a receipt as a PDF, which holds nothing of its author and nothing of the text.

    Args:
        opinion: with its consultation.
        identity: of the site, for the letterhead.
        at: when it is made.

    Raises:
        RuntimeError: papers cannot be made here; `can_print` says so beforehand.

    """
    page = opinion.consultation
    context = {
        "at": at,
        "opinion": opinion,
        "page": page,
        "unit": page.item.lead_unit,
        "events": receipt_story(opinion, at=at),
        "identity": identity,
        "status_address": settings.PUBLIC_URL + reverse("opinions:status"),
    }
    language = get_language() or settings.LANGUAGE_CODE
    pdf = paper("consultations/papers/receipt.html", context, language=language)
    name = content_disposition_header(as_attachment=True, filename=f"{opinion.receipt_no}.pdf")
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
    return discreet(HttpResponse(pdf, content_type="application/pdf", headers=headers))
