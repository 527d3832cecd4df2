"""Forms of Wagtail's page admin that every page shares."""

from typing import Any

from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm


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
