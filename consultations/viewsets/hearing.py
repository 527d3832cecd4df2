"""Hearings in the admin: planned by the drafting unit, made public by the disclosure office."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import HistoryView, IndexView, SnippetViewSet

from consultations import services
from consultations.forms.hearing import (
    NewHearingForm,
)
from consultations.lifecycle import Act, HearingState
from consultations.models import DecisionItemPage, Hearing
from consultations.viewsets.hearing_verbs import (
    HEARINGS,
    AnnounceHearingView,
    CancelHearingView,
    ChangeHearingView,
    MaterialsView,
    OfHearing,
    ParticipantsView,
    ResultView,
)
from portal.accounts.scoped_views import ScopedObjectMixin
from portal.core.findings import checklist
from portal.core.models import current_limits
from portal.core.verb_views import VerbView


class HearingIndexView(IndexView):
    """Hearings of the matters that whoever asks works on."""

    def get_base_queryset(self) -> QuerySet[Hearing]:
        """Read the matter of each along."""
        own: QuerySet[Hearing] = Hearing.objects.in_scope_of(self.request.user)
        return own.select_related("item")

    @property
    def columns(self) -> list[BaseColumn]:
        """Show no boxes to tick: a hearing is dealt with one by one."""
        return super(IndexView, self).columns


class HearingHistoryView(ScopedObjectMixin, HistoryView):
    """What was done to a hearing; everyone who may see it may see that."""

    any_permission_required: ClassVar[list[str]] = ["view"]
    header_buttons: ClassVar[list[HeaderButton]] = []


class PlanHearingView(VerbView):
    """Plan a hearing."""

    model = Hearing
    permission_required = "add"
    form_class = NewHearingForm
    page_title = _("Plan a hearing")
    header_icon = "group"
    success_message = _("The hearing is planned. Nothing of it is public yet.")

    def get_initial(self) -> dict[str, Any]:
        """Start with the matter that the user comes from, given as `?item=`."""
        item = self.request.GET.get("item", "")
        return {"item": item} if item.isascii() and item.isdigit() else {}

    def get_form(self, form_class: Any = None) -> forms.Form:
        """Offer the public matters that the user works on, the newest catalogue first."""
        form = super().get_form(form_class)
        matters = DecisionItemPage.objects.live().with_procedure()
        matters = matters.in_scope_of(self.request.user)
        field: Any = form.fields["item"]
        field.queryset = matters.order_by("-path")
        return form

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [{"url": reverse(f"{HEARINGS}:list"), "label": Hearing._meta.verbose_name_plural}]

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Plan it."""
        item = cleaned.pop("item")
        cleaned.pop("seen", None)
        self.hearing = services.plan_hearing(
            item=item, plan=services.HearingPlan(**cleaned), by=self.request.user, at=at
        )

    def get_success_url(self) -> str:
        """Go to the hearing."""
        return reverse(f"{HEARINGS}:edit", args=[self.hearing.pk])


# What may be done next: name of the screen, its label, and whether it makes something public.
_NEXT: dict[HearingState, tuple[tuple[str, Any, bool], ...]] = {
    HearingState.PLANNED: (
        ("announce", _("Publish the notice"), True),
        ("change", _("Change the plan"), False),
        ("cancel", _("Call it off"), False),
    ),
    HearingState.ANNOUNCED: (
        ("participants", _("Publish the participants"), True),
        ("materials", _("Record that materials were handed over"), False),
        ("result", _("Publish the result"), True),
        ("cancel", _("Call it off"), True),
    ),
    HearingState.HELD: (),
    HearingState.CANCELLED: (),
}


class HearingView(OfHearing, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One hearing: what is said of it, what the rules ask, and what may be done next."""

    model = Hearing
    any_permission_required: ClassVar[list[str]] = ["view", "change"]
    template_name = "consultations/admin/hearing.html"
    page_title = _("Hearing")
    header_icon = "group"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        here = {"url": "", "label": self.hearing.place}
        return [*self.breadcrumbs_items, self.path()[0], here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the hearing, the rules that time brings up, and the acts open to the user."""
        facts = self.hearing.facts(at=timezone.now(), draft_on=self.hearing.draft_on())
        is_waiting = self.hearing.state in {HearingState.PLANNED, HearingState.ANNOUNCED}
        acts = (Act.ANNOUNCE_HEARING, Act.WATCH_HEARING) if is_waiting else ()
        checked = [one for act in acts for one in checklist(act, facts, current_limits())]
        return super().get_context_data(**kwargs) | {
            "hearing": self.hearing,
            "participants": self.hearing.participants.all(),
            "lines": list({one.rule.id: one for one in checked}.values()),
            "acts": list(self._acts()),
            "history_url": reverse(f"{HEARINGS}:history", args=[self.hearing.pk]),
            "media": forms.Media(css={"all": ["css/admin/checklist.css"]}),
        }

    def _acts(self) -> list[dict[str, Any]]:
        may_change = self.user_has_permission("change")
        return [
            {"url": reverse(f"{HEARINGS}:{name}", args=[self.hearing.pk]), "label": label}
            for name, label, is_public in _NEXT[self.hearing.state]
            if (self.may_publish() if is_public else may_change)
        ]


class HearingViewSet(SnippetViewSet):
    """Hearings: planned, announced, held through the verbs."""

    model = Hearing
    icon = "group"
    url_prefix = "hearings"
    url_namespace = HEARINGS
    menu_label = _("Hearings")
    menu_name = "hearings"
    menu_order = 155
    add_to_admin_menu = True
    index_view_class = HearingIndexView
    history_view_class = HearingHistoryView
    copy_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    search_fields: ClassVar[list[str]] = ["item__title", "place"]
    list_per_page = 50
    ordering: ClassVar[list[str]] = ["-held_at", "-pk"]
    list_export: ClassVar[list[str]] = []
    list_display: ClassVar[list[Any]] = [
        Column("item", label=_("Matter"), accessor="item.title"),
        "place",
        Column("held_at", label=_("Time"), sort_key="held_at"),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor=lambda hearing: hearing.state.label,
            primary=lambda hearing: hearing.state is HearingState.HELD,
        ),
    ]

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: nothing refers to a hearing."""

    @property
    def add_view(self) -> Any:
        """Plan one."""
        return PlanHearingView.as_view()

    @property
    def edit_view(self) -> Any:
        """Show it, with what may be done next."""
        return HearingView.as_view()

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add one screen for each verb."""
        screens = {
            "change": ChangeHearingView,
            "announce": AnnounceHearingView,
            "participants": ParticipantsView,
            "materials": MaterialsView,
            "result": ResultView,
            "cancel": CancelHearingView,
        }
        addresses = (
            path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in screens.items()
        )
        return [*super().get_urlpatterns(), *addresses]
