"""Panels of Wagtail's editor that every app's pages share."""

from typing import Any

from wagtail.admin.panels import Panel


class FindingsPanel(Panel):
    """Shows what the rules still ask of a page, before the publish button is pressed.

    The page class answers `findings()`; the text is checked as it was last saved.
    """

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page in one request."""

        template_name = "core/panels/findings.html"

        def is_shown(self) -> bool:
            """Hide it while the page is not saved: there is nothing to check yet."""
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the findings."""
            context = super().get_context_data(parent_context)
            context["findings"] = self.instance.findings()
            return context
