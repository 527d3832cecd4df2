"""Panels of Wagtail's editor that pages of this app show."""

from typing import Any

from wagtail.admin.panels import Panel


class MissingPanel(Panel):
    """Shows what is still to be answered before an adoption summary is published, with links.

    The page class answers `missing()` and has a `consultation`.
    """

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page in one request."""

        template_name = "consultations/admin/missing_panel.html"

        def is_shown(self) -> bool:
            """Hide it while the page is not saved: there is no round to count in yet."""
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add what is missing and the round."""
            context = super().get_context_data(parent_context)
            context["missing"] = self.instance.missing()
            context["consultation"] = self.instance.consultation
            return context
