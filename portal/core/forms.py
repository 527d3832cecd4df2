"""Forms and fields that the screens of Wagtail's admin share."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm
from wagtail.admin.widgets import AdminDateInput


class DraftFirstPageForm(WagtailAdminPageForm):
    """The editor's form; a new page is a draft until it is published.

    Wagtail stores a page that is created with the publish button as live before it asks whether it
    may be published.
    """

    def save(self, commit: bool = True) -> Any:
        """Store a new page as a draft."""
        if self.instance._state.adding:
            self.instance.live = False
        return super().save(commit=commit)


class CopyAsDraftForm(CopyForm):
    """The form that copies a page; copies are drafts, never published and never aliases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the two other ways out."""
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)


class PastDateField(forms.DateField):
    """A day that has come already."""

    widget = AdminDateInput

    def clean(self, value: Any) -> Any:
        """Refuse a day to come."""
        day = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day
