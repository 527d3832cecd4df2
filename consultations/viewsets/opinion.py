"""Opinions in the admin: the clerk's list, one opinion in full, its history."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

import django_filters
from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton, ListingButton
from wagtail.models import Page
from wagtail.snippets.views.snippets import HistoryView, IndexView, InspectView, SnippetViewSet

from consultations import services
from consultations.lifecycle import Channel, Display, Intake
from consultations.models import Opinion
from consultations.querysets import MATTER_PATH
from consultations.viewsets.attachment import OpinionFileView
from consultations.viewsets.bulk import BULK_ACTIONS
from consultations.viewsets.moderation import (
    PublishOpinionView,
    RedactOpinionView,
    WithholdOpinionView,
)
from consultations.viewsets.offline_urls import OFFLINE_URLS
from consultations.viewsets.rounds import rounds_in_scope
from consultations.viewsets.triage.reading import is_kept_from_view
from portal.accounts.scoped_views import ScopedObjectMixin

FIRST_CHARACTERS = 30

if TYPE_CHECKING:
    from portal.accounts.models import User


def with_matter(opinions: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """Add `matter`, the title of the matter whose consultation it is."""
    matter = Page.objects.filter(path=Left(OuterRef("consultation__path"), MATTER_PATH))
    return opinions.annotate(matter=Subquery(matter.values("title")[:1]))


def article_labels(opinion: Opinion) -> str:
    """Return the articles an opinion speaks to, as printed."""
    labels = {article.id: article.label for article in opinion.consultation.articles}
    whole = gettext("The whole draft")
    said = [labels.get(point.article_id, whole) for point in opinion.points.all()]
    return gettext(", ").join(dict.fromkeys(said))


class OpinionFilterSet(WagtailFilterSet):
    """By consultation, display, way and intake."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=rounds_in_scope
    )
    display = django_filters.MultipleChoiceFilter(
        label=_("Shown to the public"), choices=Display.choices, widget=forms.CheckboxSelectMultiple
    )
    channel = django_filters.MultipleChoiceFilter(
        label=_("Channel"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    intake = django_filters.ChoiceFilter(
        label=_("Intake"),
        choices=Intake.choices,
        method="in_intake",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )

    class Meta:
        model = Opinion
        fields: ClassVar[list[str]] = []

    def in_intake(self, opinions: Any, _name: str, value: str) -> Any:
        """Keep the opinions whose intake the clock gives this state."""
        return opinions.in_intake(Intake(value), at=timezone.now())


class OpinionIndexView(IndexView):
    """The list; its row of bulk actions has no “delete” and no “everything, seen or not”."""

    # Wagtail would export an empty file when asked by hand.
    FORMATS: ClassVar[tuple[str, ...]] = ()

    def get_base_queryset(self) -> QuerySet[Opinion]:
        """Read what the columns show in as many queries for fifty rows as for one."""
        opinions = with_matter(Opinion.norel_objects.in_scope_of(self.request.user))
        return opinions.prefetch_related("consultation", "points")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the buttons under the list for those who moderate."""
        context = super().get_context_data(*args, **kwargs)
        context["may_moderate"] = self.user_has_permission("moderate")
        context["bulk_buttons"] = [
            ListingButton(
                action.display_name,
                reverse(
                    "wagtail_bulk_action", args=["consultations", "opinion", action.action_type]
                ),
                classname="bulk-action-btn",
                attrs={"aria-label": action.aria_label, "data-bulk-action-button": ""},
            )
            for action in BULK_ACTIONS
        ]
        return context


class OpinionInspectView(ScopedObjectMixin, InspectView):
    """One opinion in full; who wrote it is shown to those who moderate, when they ask."""

    page_title = _("Opinion")
    FOR_MODERATORS = ("author_name", "author_email", "name_consent")
    shows_kept = False

    def get_fields(self) -> list[str]:
        """Leave personal data out until a moderator asks for it."""
        fields: list[str] = super().get_fields()
        if self.shows_kept:
            return fields
        return [name for name in fields if name not in self.FOR_MODERATORS]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the verbs."""
        if not self.user_has_permission("moderate"):
            return []
        name = Opinion.snippet_viewset.get_url_name
        group = reverse("wagtail_bulk_action", args=["consultations", "opinion", "group"])
        back = reverse(name("inspect"), args=[self.object.pk])
        offers = (
            (_("Show it"), reverse(name("publish"), args=[self.object.pk]), "view"),
            (_("Hide passages"), reverse(name("redact"), args=[self.object.pk]), "edit"),
            (_("Withhold"), reverse(name("withhold"), args=[self.object.pk]), "no-view"),
            (_("Group under an issue"), f"{group}?id={self.object.pk}&next={back}", "tag"),
        )
        return [
            HeaderButton(label, url=url, icon_name=icon, priority=place)
            for place, (label, url, icon) in enumerate(offers)
        ]

    def get_field_label(self, field_name: str, field: Any) -> str:
        """Name what the model has no name for."""
        named = {"consultation": _("Consultation"), "intake": _("Intake")}
        return str(named.get(field_name) or super().get_field_label(field_name, field))

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Put instants into official time and a tick into words."""
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, datetime):
            return timezone.localtime(value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return "–" if value in (None, "") else value

    def get_intake_display_value(self) -> str:
        """Return the intake by the clock."""
        return str(self.object.intake(at=timezone.now()).label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the points with their articles and issues, and where the history is."""
        context = super().get_context_data(**kwargs)
        labels = {article.id: article.label for article in self.object.consultation.articles}
        name = Opinion.snippet_viewset.get_url_name
        context.update(
            may_look=self.user_has_permission("moderate") and not self.shows_kept,
            shows_text=self.shows_kept or not is_kept_from_view(self.object),
            look_url=reverse(name("look"), args=[self.object.pk]),
            points=[
                {"point": point, "article": labels.get(point.article_id)}
                for point in self.object.points.select_related("issue")
            ],
            files=[
                (file, reverse(name("file"), args=[self.object.pk, file.pk]))
                for file in self.object.attachments.all()
            ],
            matter=self.object.consultation.item,
            history_url=reverse(name("history"), args=[self.object.pk]),
        )
        return context


class OpinionLookView(OpinionInspectView):
    """One opinion with its author, and its text though withheld; the look is put on record."""

    shows_kept = True
    any_permission_required: ClassVar[list[str]] = ["moderate"]
    http_method_names: ClassVar[list[str]] = ["get", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead whoever reloads the page to the opinion."""
        return redirect(Opinion.snippet_viewset.get_url_name("inspect"), self.object.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put it on record, then show it."""
        services.record_look(opinion=self.object, by=cast("User", request.user), at=timezone.now())
        return super().get(request, *args, **kwargs)


class OpinionHistoryView(ScopedObjectMixin, HistoryView):
    """What was done to an opinion; everyone who may see it may see that."""

    any_permission_required: ClassVar[list[str]] = ["view"]
    header_buttons: ClassVar[list[HeaderButton]] = []


class OpinionViewSet(SnippetViewSet):
    """Opinions: listed, read and moderated, never edited."""

    model = Opinion
    icon = "comment"
    url_prefix = "opinions"
    menu_label = _("List of opinions")
    index_view_class = OpinionIndexView
    inspect_view_class = OpinionInspectView
    history_view_class = OpinionHistoryView
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    filterset_class = OpinionFilterSet
    search_backend_name = None
    search_fields: ClassVar[list[str]] = ["receipt_no", "comment", "redacted_content"]
    list_per_page = 50
    ordering = "-pk"
    list_export: ClassVar[list[str]] = []
    index_template_name = "consultations/admin/opinion_index.html"
    inspect_template_name = "consultations/admin/opinion_inspect.html"
    list_display: ClassVar[list[Any]] = [
        "receipt_no",
        Column("matter", label=_("Matter"), sort_key="matter"),
        Column("article", label=_("Articles"), accessor=article_labels),
        Column(
            "text",
            label=_("Opinion"),
            accessor=lambda opinion: (
                ""
                if is_kept_from_view(opinion)
                else Truncator(opinion.comment).chars(FIRST_CHARACTERS)
            ),
        ),
        Column("channel", label=_("Channel"), accessor="get_channel_display", sort_key="channel"),
        Column(
            "intake",
            label=_("Intake"),
            accessor=lambda opinion: opinion.intake(at=timezone.now()).label,
        ),
        StatusTagColumn(
            "display",
            label=_("Shown to the public"),
            accessor="get_display_display",
            sort_key="display",
            primary=lambda opinion: opinion.is_shown,
        ),
        Column("submit_date", label=_("Received"), sort_key="submit_date"),
    ]
    inspect_view_fields: ClassVar[list[str]] = [
        "receipt_no",
        "consultation",
        "submit_date",
        "channel",
        "intake",
        "confirmed_at",
        "display",
        "withheld_reason",
        "withdrawn_at",
        "erased_at",
        "author_kind",
        "author_region",
        "author_name",
        "author_email",
        "name_consent",
    ]

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: it would list receipt numbers to everyone in the admin."""

    def get_history_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Lead from the history to the opinion, which has no editor."""
        return super().get_history_view_kwargs(**kwargs, edit_url_name=self.get_url_name("inspect"))

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the verbs."""
        return [
            *super().get_urlpatterns(),
            path("publish/<int:pk>/", PublishOpinionView.as_view(), name="publish"),
            path("redact/<int:pk>/", RedactOpinionView.as_view(), name="redact"),
            path(
                "look/<int:pk>/",
                self.construct_view(
                    OpinionLookView,
                    **{
                        **self.get_inspect_view_kwargs(),
                        "template_name": self.inspect_template_name,
                    },
                ),
                name="look",
            ),
            path("withhold/<int:pk>/", WithholdOpinionView.as_view(), name="withhold"),
            path("<int:pk>/files/<int:file>/", OpinionFileView.as_view(), name="file"),
            *OFFLINE_URLS,
        ]
