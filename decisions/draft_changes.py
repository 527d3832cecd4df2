"""What a round changed in the draft of the round before, as the public reads it."""

from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from consultations.models import ConsultationPage
from decisions.models.changes import changes_of_round
from decisions.models.reading import reading_of


def draft_changes(*, page: ConsultationPage, request: HttpRequest) -> TemplateResponse:
    """Answer the address `changes/` of a round; parameters as `reading_of` says.

    Raises:
        Http404: no public round came before.

    """
    changes = changes_of_round(page)
    if changes is None:
        raise Http404
    context: dict[str, Any] = {
        "page": page,
        "item": page.item,
        "earlier": page.round_before,
        "changes": changes,
        "against": "round",
        "canonical": request.build_absolute_uri(request.path),
        **reading_of(request.GET),
    }
    return TemplateResponse(request, "decisions/draft_changes.html", context)
