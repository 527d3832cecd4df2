"""Synonyms of the archive in Wagtail's admin."""

from typing import Any, ClassVar

from django.forms import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from decisions.models import SynonymGroup
from decisions.search.synonyms import why_not


class SynonymGroupForm(WagtailAdminModelForm):
    """One group of words, which may not have a word of another group."""

    def clean_terms(self) -> str:
        """Return the words, one a line.

        Raises:
            ValidationError: they cannot be kept, with every reason.

        """
        group = SynonymGroup(terms=self.cleaned_data["terms"]).words
        others = SynonymGroup.objects.exclude(pk=self.instance.pk)
        reasons = why_not(group, [one.words for one in others])
        if reasons:
            raise ValidationError(reasons)
        return "\n".join(group)


class SynonymIndexView(IndexView):
    """The groups; each is deleted by itself."""

    @property
    def columns(self) -> Any:
        """Show no boxes to tick."""
        return super(IndexView, self).columns


class SynonymGroupViewSet(SnippetViewSet):
    """Words that are searched for together."""

    model = SynonymGroup
    icon = "tag"
    url_prefix = "synonyms"
    menu_label = _("Synonyms of the archive")
    menu_order = 190
    add_to_admin_menu = True
    index_view_class = SynonymIndexView
    copy_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    search_fields: ClassVar[list[str]] = ["terms"]
    list_export: ClassVar[list[str]] = []
    list_display: ClassVar[list[Any]] = ["__str__"]

    def register_chooser_viewset(self) -> None:
        """Offer no chooser: nothing refers to a group."""

    def get_edit_handler(self) -> Any:
        """Ask for the words."""
        panels = [FieldPanel("terms")]
        return ObjectList(panels, base_form_class=SynonymGroupForm).bind_to_model(self.model)
