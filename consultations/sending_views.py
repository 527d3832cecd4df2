"""Giving an opinion, step three: everything once more, a proof to be a person, and the sending."""

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consultations import services, throttling
from consultations.forms import AboutForm, PointForms, SendForm
from consultations.journey import (
    DRAFT_COOKIE,
    METHODS,
    closed,
    first_step,
    forgetting,
    keeping,
    kept,
    page_of,
    step,
)
from consultations.lifecycle import AuthorKind, Region, Stance
from consultations.models import ConsultationPage, Opinion
from consultations.services.opinion import Author, Point
from consultations.views import to_receipt
from consultations.written import Written
from portal.core.throttle import Verdict


class Checked:
    """What was written, judged: its points and what is said about the author."""

    def __init__(self, page: ConsultationPage, written: Written) -> None:
        """Judge both."""
        self.page, self.written = page, written
        self.points = PointForms(page, written, is_judged=True)
        self.about = AboutForm(written, is_judged=True)
        self.points_are_right = self.points.is_valid()
        self.about_is_right = self.about.is_valid()

    @property
    def unfinished(self) -> str | None:
        """The address of the first step that is not finished, or None when all are."""
        if not self.points_are_right:
            return f"{first_step(self.page)}?wrong=1"
        if not self.about_is_right:
            address = reverse("opinions:about", args=[self.page.pk])
            return f"{address}?wrong=1" if self.written.about else address
        return None

    @property
    def email(self) -> str:
        """The author's address, empty when there is none."""
        email: str = self.about.cleaned_data["email"]
        return email

    def form(self, data: Any = None) -> SendForm:
        """Return the form that sends this."""
        return SendForm(
            self.page,
            self.written,
            data=data,
            may_use_mail=bool(self.email),
            asks_for_name=self.about.cleaned_data["publicity"] == AboutForm.NAMED,
        )

    def said(self) -> list[Point]:
        """Return the points as the service takes them."""
        return [
            Point(
                text=said["text"],
                article_id=said["article"],
                stance=Stance(said["stance"]) if said["stance"] else "",
            )
            for said in (form.cleaned_data for form in self.points.filled)
        ]

    def author(self) -> Author:
        """Return the author as the service takes them."""
        about = self.about.cleaned_data
        return Author(
            name=about["name"],
            email=about["email"],
            name_consent=about["publicity"] == AboutForm.NAMED,
            is_private=about["publicity"] == AboutForm.PRIVATE,
            language=get_language() or settings.LANGUAGE_CODE,
            kind=AuthorKind(about["kind"]),
            region=Region(about["region"]) if about["region"] else "",
        )


@never_cache
@require_http_methods(METHODS)
def check(request: HttpRequest, page_id: int) -> HttpResponse:
    """Step three: everything once more, and the button that sends it."""
    page, at = page_of(page_id), timezone.now()
    written = kept(request, page, at=at)
    if request.method == "POST" and (written is None or not page.is_open(at=at)):
        earlier = _taken_before(request)
        if earlier is not None:
            return _receipt(earlier)
    if not page.is_open(at=at):
        return closed(request, page, written)
    if written is None or written.is_empty:
        return redirect("opinions:write", page.pk)
    checked = Checked(page, written)
    if checked.unfinished:
        return keeping(redirect(checked.unfinished), request, page, written, at=at)
    if request.method == "POST":
        return _sent(request, checked, at=at)
    form = checked.form()
    if throttling.before_writing(request, page, at=at).asks_more:
        form.ask_more()
    return _step_three(request, checked, form=form)


def _sent(request: HttpRequest, checked: Checked, *, at: datetime) -> HttpResponse:
    """Answer the button that was pressed."""
    page = checked.page
    if request.POST.get("submission_key") != str(checked.written.submission_key):
        return _changed_meanwhile(request, checked, at=at)
    if SendForm.ANOTHER_PICTURE in request.POST:
        verdict = throttling.another_picture(request, page, at=at)
        return _step_three(request, checked, verdict)
    verdict = throttling.attempt(request, page, checked.email, at=at)
    if verdict.retry_at is not None:
        earlier = _taken_before(request)
        return _receipt(earlier) if earlier else _step_three(request, checked, verdict)
    form = checked.form(request.POST)
    if verdict.asks_more:
        form.ask_more()
    if form.uses_mail and throttling.without_digits(request, checked.email, at=at).retry_at:
        form.ask_for_digits()
    return _take_in(request, checked, form, at=at)


def _take_in(
    request: HttpRequest, checked: Checked, form: SendForm, *, at: datetime
) -> HttpResponse:
    """Store the opinion, or show what is wrong with the form.

    The captcha is used up and the opinion stored in one transaction, so of two requests sent by a
    double click the second waits, finds the captcha gone and gets the first one's receipt.
    """
    with transaction.atomic():
        opinion = _submitted(request, checked, form, at=at)
    if opinion is not None:
        throttling.taken_in(checked.page, checked.email, at=at)
    opinion = opinion or _taken_before(request)
    if opinion is not None:
        return _receipt(opinion)
    form.renew()
    return _step_three(request, checked, form=form)


def _submitted(
    request: HttpRequest, checked: Checked, form: SendForm, *, at: datetime
) -> Opinion | None:
    """Return the opinion that a valid form makes, else None with the errors in the form."""
    if not form.is_valid():
        return None
    try:
        return services.submit(
            consultation=checked.page,
            points=checked.said(),
            author=checked.author(),
            submission_key=checked.written.submission_key,
            draft_secret=request.COOKIES.get(DRAFT_COOKIE, ""),
            at=at,
        )
    except services.OpinionRefused as refused:
        form.add_error(None, refused.message)
        return None


def _changed_meanwhile(request: HttpRequest, checked: Checked, *, at: datetime) -> HttpResponse:
    """Answer a sending of other words than are kept now: taken before, or changed elsewhere."""
    earlier = _taken_before(request)
    if earlier is not None:
        return _receipt(earlier)
    notice = _(
        "Your opinion was changed in another window meanwhile. Please check it once more, then "
        "send it."
    )
    return _step_three(request, checked, notice=notice)


def _taken_before(request: HttpRequest) -> Opinion | None:
    """Return the opinion that this very form made before with these very words."""
    try:
        key = uuid.UUID(request.POST.get("submission_key", ""))
    except ValueError:
        return None
    taken = Opinion.norel_objects.select_related("consultation").filter(submission_key=key)
    return taken.first()


def _receipt(opinion: Opinion) -> HttpResponse:
    """Lead to the receipt; the draft it was written in is no more."""
    return forgetting(to_receipt(opinion), opinion.consultation)


def _step_three(
    request: HttpRequest,
    checked: Checked,
    verdict: Verdict | None = None,
    *,
    form: SendForm | None = None,
    notice: str = "",
) -> HttpResponse:
    """Show the third step; context adds form, points, about and notice."""
    form = form or checked.form()
    status = HTTPStatus.CONFLICT if notice else HTTPStatus.OK
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    if verdict and verdict.asks_more:
        form.ask_more()
    return step(
        request,
        "opinion_check",
        checked.page,
        checked.written,
        status=status,
        verdict=verdict,
        form=form,
        points=checked.points.filled,
        about=checked.about,
        notice=notice,
    )
