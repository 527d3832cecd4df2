"""Giving an opinion, steps one and two: what is said, and who says it.

Each has an address of its own. Nothing is stored as an opinion here; whatever was typed is kept as
a draft, right or wrong, and shown again.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consultations import services, throttling
from consultations.draft_files import take_files
from consultations.forms import AboutForm, PointForms
from consultations.forms.opinion import about_sent, points_sent
from consultations.journey import (
    DRAFT_COOKIE,
    METHODS,
    closed,
    first_step,
    forgetting,
    keeping,
    kept,
    page_of,
    secret_of,
    step,
)
from consultations.models import ConsultationPage
from consultations.written import MOST_POINTS, Written, a_point, written_from
from portal.core.throttle import Verdict
from portal.core.uploads import ACCEPT, MOST_MEGABYTES


@never_cache
@require_http_methods(METHODS)
def write(request: HttpRequest, page_id: int) -> HttpResponse:
    """Step one: what is said, about one article or several or the whole draft."""
    page, at = page_of(page_id), timezone.now()
    if request.method == "POST":
        return _points_in(request, page, at=at)
    if not page.is_open(at=at):
        return closed(request, page, status=HTTPStatus.OK if page.live else HTTPStatus.NOT_FOUND)
    known = kept(request, page, at=at)
    written = known or Written(uuid.uuid4())
    wanted = request.GET.get("article", "")
    if wanted in {article.id for article in page.articles}:
        written = written.speaking_to(wanted)
    points = PointForms(page, written, is_judged=False)
    if "wrong" in request.GET:
        points = _judged(page, written)
    return _step_one(request, page, written, points, has_draft=known is not None)


def _points_in(request: HttpRequest, page: ConsultationPage, *, at: datetime) -> HttpResponse:
    """Keep what the first step sends, then do what the pressed button asks."""
    written = _with_points(request, kept(request, page, at=at))
    if not page.is_open(at=at):
        return closed(request, page, written)
    verdict = throttling.keep_draft(request, at=at)
    if verdict.retry_at is not None:
        points = PointForms(page, written, is_judged=False)
        return _step_one(request, page, written, points, has_draft=False, verdict=verdict)
    file_errors = take_files(request, page, secret_of(request), written, at=at)
    written, place = _changed(request, written)
    goes_on = place is None
    points = _judged(page, written) if goes_on else PointForms(page, written, is_judged=False)
    if file_errors or points.error_count:
        response: HttpResponse = _step_one(
            request, page, written, points, has_draft=True, file_errors=file_errors
        )
    elif not goes_on:
        response = redirect(f"{first_step(page)}{place}")
    else:
        is_known = AboutForm(written, is_judged=True).is_valid()
        response = redirect("opinions:check" if is_known else "opinions:about", page.pk)
    return keeping(response, request, page, written, at=at)


def _changed(request: HttpRequest, written: Written) -> tuple[Written, str | None]:
    """Do what a button of the first step asks.

    Returns:
        What is written then, and where in the first step to go on; None to go on to the next step.

    """
    if "add" in request.POST and len(written.points) < MOST_POINTS:
        written = written.with_points([*written.points, a_point()])
        return written, f"#point-{len(written.points)}"
    if "remove" in request.POST:
        return written.without_point(request.POST["remove"]), "#points"
    if {"attach", "detach"} & request.POST.keys():
        return written, "#attached"
    return written, "" if "restore" in request.POST else None


def _with_points(request: HttpRequest, known: Written | None) -> Written:
    """Return what is kept with the points as they are sent now, or put back from the device."""
    try:
        form_key = uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        form_key = uuid.uuid4()
    put_back = written_from(request.POST.get("restore", ""))
    points = put_back.points if put_back else points_sent(request.POST)
    about = known.about if known else {}
    return Written(form_key, about=about).with_points(points)


def _judged(page: ConsultationPage, written: Written) -> PointForms:
    points = PointForms(page, written, is_judged=True)
    points.is_valid()
    return points


def _step_one(
    request: HttpRequest,
    page: ConsultationPage,
    written: Written,
    points: PointForms,
    *,
    has_draft: bool,
    verdict: Verdict | None = None,
    file_errors: Sequence[str] = (),
) -> HttpResponse:
    error_count = points.error_count + len(file_errors)
    return step(
        request,
        "opinion_write",
        page,
        written,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error_count else HTTPStatus.OK,
        verdict=verdict,
        points=points,
        form_key=written.form_key,
        has_draft=has_draft,
        may_add=len(points) < MOST_POINTS,
        file_errors=file_errors,
        error_count=error_count,
        most_files=services.MOST_FILES,
        most_megabytes=MOST_MEGABYTES,
        accept=ACCEPT,
    )


@never_cache
@require_http_methods(METHODS)
def about(request: HttpRequest, page_id: int) -> HttpResponse:
    """Step two: who says it, and how it may be shown."""
    page, at = page_of(page_id), timezone.now()
    written = kept(request, page, at=at)
    if request.method == "POST":
        written = replace(written or Written(uuid.uuid4()), about=about_sent(request.POST))
    if not page.is_open(at=at):
        return closed(request, page, written)
    if written is None or written.is_empty:
        return redirect("opinions:write", page.pk)
    is_judged = request.method == "POST" or "wrong" in request.GET
    form = AboutForm(written, is_judged=is_judged)
    if request.method != "POST":
        return _step_two(request, page, written, form)
    verdict = throttling.keep_draft(request, at=at)
    if verdict.retry_at is not None:
        return _step_two(request, page, written, form, verdict)
    response = (
        redirect("opinions:check", page.pk)
        if form.is_valid()
        else _step_two(request, page, written, form)
    )
    return keeping(response, request, page, written, at=at)


def _step_two(
    request: HttpRequest,
    page: ConsultationPage,
    written: Written,
    form: AboutForm,
    verdict: Verdict | None = None,
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return step(request, "opinion_about", page, written, status=status, verdict=verdict, form=form)


@never_cache
@require_POST
def erase(request: HttpRequest, page_id: int) -> HttpResponse:
    """Forget what was written in this browser, and begin anew."""
    page = page_of(page_id)
    services.forget_draft(secret=request.COOKIES.get(DRAFT_COOKIE, ""))
    return forgetting(redirect("opinions:write", page.pk), page)
