"""The screen of the queue, with one opinion open; the verbs on it are in `acts`.

Without JavaScript every step is a link or a form, and each act leads to the next opinion. With it
the same addresses are fetched, and answered with the part of the page that changes.
"""

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from consultations.lifecycle import official_date
from consultations.models import ConsultationPage, Opinion
from consultations.viewsets.triage.filters import DEFAULTS, FilterForm, Round, rounds_of
from consultations.viewsets.triage.queue import Queue, QueuePage
from consultations.viewsets.triage.reading import (
    Look,
    Row,
    Selected,
    labels_of,
    read,
)
from portal.accounts.models import User
from portal.accounts.scope import scope_of
from portal.core.models import WorkCalendar, current_limits
from portal.core.remembered import remembered
from portal.core.workdays import add_workdays, workdays_between

FRAGMENT = "X-Fragment"
LARGEST_KEY = 2**63 - 1


class QueueView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The queue, and in it one opinion."""

    model = Opinion
    permission_required = "moderate"
    page_title = gettext_lazy("Read opinions")
    header_icon = "comment"
    template_name = "consultations/admin/triage/queue.html"
    fragment_name = "consultations/admin/triage/desk.html"
    request: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Fix the moment."""
        super().setup(request, *args, **kwargs)
        self.at = timezone.now()
        self.look = Look()
        self.refused: dict[str, Any] = {}

    @property
    def user(self) -> User:
        """Who reads."""
        return cast("User", self.request.user)

    @cached_property
    def rounds(self) -> list[Round]:
        """The rounds in scope."""
        return rounds_of(self.user)

    @cached_property
    def form(self) -> FilterForm:
        """The filters as a form."""
        form = FilterForm(self.request.GET, rounds=self.rounds)
        form.offer_articles(self.round)
        return form

    @cached_property
    def round(self) -> ConsultationPage | None:
        """The round that was chosen."""
        asked = self.request.GET.get("consultation", "")
        known = {str(one.pk): one.pk for one in self.rounds}
        return ConsultationPage.objects.get(pk=known[asked]) if asked in known else None

    @cached_property
    def queue(self) -> Queue:
        """The opinions that are asked for."""
        everywhere = scope_of(self.user).everywhere
        return Queue(self.form.filters(user=self.user, everywhere=everywhere, at=self.at))

    @cached_property
    def queue_page(self) -> QueuePage:
        """The page of them that is asked for."""
        return self.queue.page(after=self.key("after"), before=self.key("before"))

    def key(self, name: str) -> int | None:
        """Return a primary key from the address, None for what cannot be one."""
        asked = self.request.GET.get(name, "")
        number = int(asked) if asked.isdecimal() and asked.isascii() else 0
        return number if 0 < number <= LARGEST_KEY else None

    def opinion_id(self) -> int | None:
        """Return which opinion is read: the one asked for, else the first of the page."""
        return self.key("opinion") or next(iter(self.queue_page.ids), None)

    def own(self, opinion: Opinion) -> bool:
        """Tell whether an opinion is in scope."""
        return scope_of(self.user).everywhere or any(
            one.pk == opinion.consultation_id for one in self.rounds
        )

    @cached_property
    def opinions(self) -> dict[int, Opinion]:
        """What stands on the screen."""
        return read(self.queue_page.ids, self.opinion_id())

    @cached_property
    def selected(self) -> Selected | None:
        """The opinion that is read.

        Raises:
            Http404: it was asked for, and there is none or it is out of scope.

        """
        pk = self.opinion_id()
        if pk is None:
            return None
        opinion = self.opinions.get(pk)
        if opinion is None or not self.own(opinion):
            raise Http404
        page = self.round
        if page is None or page.pk != opinion.consultation_id:
            page = ConsultationPage.objects.get(pk=opinion.consultation_id)
        return Selected(opinion, page, self.look, self.refused)

    def url(self, **place: int | None) -> str:
        """Return the address of the queue with these filters at another place."""
        asked = {
            name: value
            for name, value in self.request.GET.items()
            if name in self.form.fields and DEFAULTS.get(name, "") != value
        }
        asked |= {name: str(value) for name, value in place.items() if value is not None}
        return f"{reverse('triage')}?{urlencode(asked)}" if asked else reverse("triage")

    def page_place(self) -> dict[str, int | None]:
        """Return where this page begins or ends."""
        return {"after": self.key("after"), "before": self.key("before")}

    def rows(self) -> list[Row]:
        """Return the list."""
        selected = self.opinion_id()
        place = self.page_place()
        known: dict[int, dict[str, str]] = {}
        for page in {one for one in (self.round, self.selected and self.selected.page) if one}:
            known[page.pk] = {article.id: article.label for article in page.articles}
        return [
            Row(
                opinion=opinion,
                url=self.url(**place, opinion=pk),
                is_current=pk == selected,
                articles=labels_of(opinion, known.get(opinion.consultation_id, {})),
            )
            for pk in self.queue_page.ids
            if (opinion := self.opinions.get(pk)) is not None
        ]

    def neighbours(self) -> dict[str, str]:
        """Return the addresses of the opinions before and behind the one that is read."""
        ids, selected = self.queue_page.ids, self.opinion_id()
        found: dict[str, str] = {}
        if self.queue_page.has_before and ids:
            found["previous_page"] = self.url(before=ids[0])
        if self.queue_page.has_after and ids:
            found["next_page"] = self.url(after=ids[-1])
        place = ids.index(selected) if selected in ids else -1
        if place > 0:
            found["previous"] = self.url(**self.page_place(), opinion=ids[place - 1])
        elif "previous_page" in found:
            found["previous"] = found["previous_page"]
        if place + 1 < len(ids):
            found["next"] = self.url(**self.page_place(), opinion=ids[place + 1])
        elif "next_page" in found:
            found["next"] = found["next_page"]
        return found

    def progress(self) -> dict[str, Any]:
        """Return how much is read, and until when the adoption summary is due."""
        counted, most = self.queue.counted, self.queue.most_counted
        read_, waiting = counted.get("read", 0), counted.get("waiting", 0)
        told: dict[str, Any] = {"read": read_, "waiting": waiting, "most": most}
        told["all"] = read_ + waiting if max(read_, waiting) <= most else None
        told["more_wait"] = waiting > most
        if self.round is not None and self.round.closes_on is not None:
            told |= _feedback_due(self.round, at=self.at)
        return told

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather what the screen shows."""
        context = super().get_context_data(**kwargs)
        rows = self.rows()
        selected = self.selected
        context.update(
            filters=self.form,
            is_filtered=any(
                self.request.GET.get(name, DEFAULTS.get(name, "")) != DEFAULTS.get(name, "")
                for name in self.form.fields
            ),
            rows=rows,
            selected=selected,
            opinion=selected.opinion if selected else None,
            neighbours=self.neighbours(),
            progress=self.progress(),
            query=self.request.GET.urlencode(),
            matters={one.pk: one for one in self.rounds},
            matter=next(
                (
                    one
                    for one in self.rounds
                    if selected and one.pk == selected.opinion.consultation_id
                ),
                None,
            ),
            here=self.url(**self.page_place(), opinion=self.opinion_id()),
            waits_for_check=bool(selected and _waits(selected.opinion)),
        )
        return context

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add this screen to the path."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_template_names(self) -> list[str]:
        """Answer a fetch with the part that changes."""
        return [self.fragment_name if FRAGMENT in self.request.headers else self.template_name]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Tell caches that there are two answers."""
        response = super().render_to_response(context, **kwargs)
        patch_vary_headers(response, [FRAGMENT])
        return response


def _waits(opinion: Opinion) -> bool:
    """Tell whether somebody has to compare it with the paper first (OPI-7)."""
    return opinion.entered_by_id is not None and opinion.checked_at is None


def _feedback_due(page: ConsultationPage, *, at: datetime) -> dict[str, Any]:
    """Return the last day of the adoption summary and the working days until then."""
    limits = remembered("limits", current_limits)
    calendar = remembered("work-calendar", WorkCalendar)
    due_on = add_workdays(page.closes_on, limits.feedback_workdays, calendar)
    return {"due_on": due_on, "workdays": workdays_between(official_date(at), due_on, calendar)}
