"""Reason templates in the admin: words that clerks start from, kept by unit."""

from typing import Any, ClassVar

from django.forms import ModelChoiceField
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    HistoryView,
    IndexView,
    SnippetViewSet,
    UsageView,
)

from consultations.models import ReasonTemplate
from portal.accounts.models import Unit
from portal.accounts.scope import scope_of
from portal.accounts.scoped_views import ScopedObjectMixin


class ReasonTemplateForm(WagtailAdminModelForm):
    """A template, for a unit in the scope of who writes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units in scope; words for every unit come from who works for every unit."""
        super().__init__(*args, **kwargs)
        scope = scope_of(self.for_user)
        if scope.everywhere:
            return
        units: ModelChoiceField[Unit] = self.fields["unit"]
        units.queryset = Unit.objects.filter(pk__in=scope.units)
        units.required = True
        units.help_text = ""
        units.initial = self.for_user.unit_id


class OwnTemplateMixin(ScopedObjectMixin):
    """Finds a template that whoever asks may change: those of every unit are not theirs."""

    def get_object(self, queryset: Any = None) -> Any:
        """Return the template.

        Raises:
            Http404: it is out of scope, or every unit uses it and the user works for some only.

        """
        found = super().get_object(queryset)
        view: Any = self
        if found.unit_id is None and not scope_of(view.request.user).everywhere:
            raise Http404
        return found


class TemplateIndexView(IndexView):
    """Those of the units in scope, and those of every unit."""

    def get_base_queryset(self) -> Any:
        """Read them with their units."""
        own = ReasonTemplate.objects.in_scope_of(self.request.user)
        return own.select_related("unit")

    @property
    def columns(self) -> Any:
        """Show no boxes to tick: a template is deleted one by one."""
        return super(IndexView, self).columns


class TemplateCreateView(CreateView):
    """A new template."""


class TemplateEditView(OwnTemplateMixin, EditView):
    """Change a template."""


class TemplateDeleteView(OwnTemplateMixin, DeleteView):
    """Delete a template; answers that began with it keep their words."""


class TemplateHistoryView(OwnTemplateMixin, HistoryView):
    """What was done to a template."""


class TemplateUsageView(OwnTemplateMixin, UsageView):
    """Nothing refers to a template."""


class ReasonTemplateViewSet(SnippetViewSet):
    """Words for reasons that come up again and again."""

    model = ReasonTemplate
    icon = "doc-empty"
    url_prefix = "reason-templates"
    menu_label = _("Reason templates")
    index_view_class = TemplateIndexView
    add_view_class = TemplateCreateView
    edit_view_class = TemplateEditView
    delete_view_class = TemplateDeleteView
    history_view_class = TemplateHistoryView
    usage_view_class = TemplateUsageView
    copy_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    search_fields: ClassVar[list[str]] = ["title", "text"]
    list_export: ClassVar[list[str]] = []
    list_display: ClassVar[list[Any]] = [
        "title",
        Column("outcome", label=_("Outcome"), accessor="get_outcome_display"),
        Column("unit", label=_("Unit"), accessor=lambda one: one.unit or _("Every unit")),
    ]

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: the answer's form picks them."""

    def get_edit_handler(self) -> Any:
        """Ask for title, outcome, text and unit, in the form that knows the scope."""
        fields = [FieldPanel(name) for name in ("title", "outcome", "text", "unit")]
        return ObjectList(fields, base_form_class=ReasonTemplateForm).bind_to_model(self.model)
