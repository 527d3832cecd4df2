"""What the three steps of giving an opinion share: the draft in the cookie, the closed door.

Between the steps the words lie in a draft that this browser's cookie opens; every form carries them
too, so that neither a reload nor a draft that has ended loses any.
"""

import secrets
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from consultations import services
from consultations.draft_files import attached
from consultations.lifecycle import Phase
from consultations.models import ConsultationPage
from consultations.models.opinion_list import LARGEST_ID
from consultations.services.draft import DRAFT_TIME
from consultations.written import Written, written_from
from portal.core.throttle import Verdict

DRAFT_COOKIE = "draft"
DRAFT_SECRET_BYTES = 16
METHODS = ["GET", "HEAD", "POST"]


def page_of(page_id: int) -> ConsultationPage:
    """Return the consultation that an opinion is to be given on.

    Raises:
        Http404: there is none with this id, or only some may see it.

    """
    if page_id > LARGEST_ID:
        raise Http404
    page: ConsultationPage = get_object_or_404(ConsultationPage.objects.public(), pk=page_id)
    return page


def first_step(page: ConsultationPage) -> str:
    """Return the address of the first step; those of the others lie below it."""
    return reverse("opinions:write", args=[page.pk])


def kept(request: HttpRequest, page: ConsultationPage, *, at: datetime) -> Written | None:
    """Return what this browser's draft holds, or what the form carries when there is none."""
    secret = request.COOKIES.get(DRAFT_COOKIE, "")
    draft = services.find_draft(consultation=page, secret=secret, at=at) if secret else None
    return written_from(draft.written if draft else request.POST.get("written", ""))


def secret_of(request: HttpRequest) -> str:
    """Return the secret of this browser's draft, or one that it is about to be given."""
    if not request.COOKIES.get(DRAFT_COOKIE):
        request.COOKIES[DRAFT_COOKIE] = secrets.token_urlsafe(DRAFT_SECRET_BYTES)
    return request.COOKIES[DRAFT_COOKIE]


def keeping(
    response: HttpResponse,
    request: HttpRequest,
    page: ConsultationPage,
    written: Written,
    *,
    at: datetime,
) -> HttpResponse:
    """Keep what was written, and let this browser find it again for a day."""
    secret = secret_of(request)
    if services.keep_draft(consultation=page, secret=secret, written=written, at=at):
        response.set_cookie(
            DRAFT_COOKIE,
            secret,
            max_age=DRAFT_TIME,
            path=first_step(page),
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


def forgetting(response: HttpResponse, page: ConsultationPage) -> HttpResponse:
    """Let this browser forget where its draft was."""
    response.delete_cookie(DRAFT_COOKIE, path=first_step(page))
    return response


def step(
    request: HttpRequest,
    name: str,
    page: ConsultationPage,
    written: Written,
    *,
    status: int = HTTPStatus.OK,
    verdict: Verdict | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the step `name`; where `verdict` refuses, also how long to wait.

    Context: page, item, written (as JSON), files, retry_at, and what `context` adds.
    """
    at = timezone.now()
    retry_at = verdict.retry_at if verdict else None
    shown = {
        "page": page,
        "item": page.item,
        "written": written.to_json(),
        "files": attached(page, request.COOKIES.get(DRAFT_COOKIE, ""), at=at),
        # In words the instant is cut to the minute, which must not be too early.
        "retry_at": retry_at + timedelta(minutes=1) if retry_at else None,
    }
    status = HTTPStatus.TOO_MANY_REQUESTS if retry_at else status
    response = render(request, f"consultations/{name}.html", shown | context, status=status)
    if verdict and retry_at:
        response.headers["Retry-After"] = str(verdict.retry_after(at=at))
    return response


def closed(
    request: HttpRequest,
    page: ConsultationPage,
    written: Written | None = None,
    *,
    status: int = HTTPStatus.CONFLICT,
) -> HttpResponse:
    """Say why nothing can be sent now, and give the text back that was written all the same."""
    phase = page.phase(at=timezone.now()) if page.live else None
    context = {
        "page": page,
        "is_scheduled": phase is Phase.SCHEDULED,
        "is_closed": phase is Phase.CLOSED,
        "text": written.text if written else "",
    }
    return render(request, "consultations/opinion_closed.html", context, status=status)
