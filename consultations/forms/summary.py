"""The editor's form of an adoption summary: a new one begins with what the figures say."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class SummaryForm(WagtailAdminPageForm):
    """Offers an introduction made from the figures, to be worked on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Propose it where nothing is written yet."""
        super().__init__(*args, **kwargs)
        page = self.instance
        if page.pk is None and self.parent_page is not None and not page.introduction:
            consultation = self.parent_page.specific
            self.initial["introduction"] = page.proposed_introduction(consultation)
