"""What the screens of this app's records share: lists by scope, forms that carry a verb out."""

from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import HistoryView, IndexView, SnippetViewSet

from consultations.models import DecisionItemPage
from portal.accounts.scoped_views import ScopedObjectMixin
from portal.core.verb_views import VerbView


class OfferedField(forms.ModelChoiceField):
    """A page by its title; a form offers those in the user's scope."""

    def offer_to(self, user: Any) -> None:
        """Offer what somebody works on."""
        raise NotImplementedError


class MatterField(OfferedField):
    """A public matter, by its title; a form offers those in the user's scope."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer none, until `offer_to` says who asks."""
        matters = DecisionItemPage.objects.none()
        super().__init__(queryset=matters, label=_("Matter"), **kwargs)

    def offer_to(self, user: Any) -> None:
        """Offer the public matters that somebody works on, the newest catalogue first."""
        matters = DecisionItemPage.objects.live().with_procedure()
        self.queryset = matters.in_scope_of(user).order_by("-path")


class ScopedIndexView(IndexView):
    """Records in the user's scope, each with what it hangs on."""

    subjects: ClassVar[tuple[str, ...]] = ("item",)

    def get_base_queryset(self) -> QuerySet[Any]:
        """Read what each hangs on along."""
        own: QuerySet[Any] = self.model._default_manager.in_scope_of(self.request.user)
        return own.select_related(*self.subjects)


class RecordIndexView(ScopedIndexView):
    """Records of matters; there is nothing to do with many of them at once."""

    @property
    def columns(self) -> list[BaseColumn]:
        """Show no boxes to tick."""
        return super(IndexView, self).columns


class RecordHistoryView(ScopedObjectMixin, HistoryView):
    """What was done to a record; everyone who may see it may see that."""

    any_permission_required: ClassVar[list[str]] = ["view"]
    header_buttons: ClassVar[list[HeaderButton]] = []


class RecordView(VerbView):
    """A verb that writes a record of a matter, given in the address as `?item=`."""

    permission_required = "add"
    subject = "item"

    def get_initial(self) -> dict[str, Any]:
        """Start with the matter the user comes from."""
        pk = self.request.GET.get(self.subject, "")
        return {self.subject: pk} if pk.isascii() and pk.isdigit() else {}

    def get_form(self, form_class: Any = None) -> forms.Form:
        """Offer the matters that the user works on, where the form asks for one."""
        form = super().get_form(form_class)
        if self.subject in form.fields:
            cast("OfferedField", form.fields[self.subject]).offer_to(self.request.user)
        return form

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [{"url": self.get_success_url(), "label": self.model._meta.verbose_name_plural}]

    def get_success_url(self) -> str:
        """Return to the list."""
        return reverse(self.model.snippet_viewset.get_url_name("list"))


class RecordViewSet(SnippetViewSet):
    """Records that only verbs write."""

    index_view_class = RecordIndexView
    history_view_class = RecordHistoryView
    copy_view_enabled = False
    add_to_reference_index = False
    add_to_admin_menu = True
    search_backend_name = None
    list_per_page = 50
    list_export: ClassVar[list[str]] = []

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: nothing refers to these records."""
