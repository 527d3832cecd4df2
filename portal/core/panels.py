"""Panels of Wagtail's editor that every app's pages share."""

from typing import Any

from django import forms
from wagtail.admin.panels import Panel

from portal.core.findings import Checked, Level
from portal.core.models import Waiver


def _standing(one: Checked, waiver: Waiver | None) -> str:
    """Return how a rule stands: met, missing, waived, warning, or shown for information."""
    if one.finding is None:
        return "met"
    if one.finding.level is Level.BLOCK:
        return "missing"
    if one.finding.level is Level.SHOW:
        return "shown"
    return "waived" if waiver else "warning"


class FindingsPanel(Panel):
    """Shows what the rules ask of a page, before the publish button is pressed.

    The page class is `Ruled`; the text is checked as it was last saved.
    """

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page in one request."""

        template_name = "core/panels/findings.html"

        @property
        def media(self) -> forms.Media:
            """Bring its looks along."""
            return super().media + forms.Media(css={"all": ["css/admin/checklist.css"]})

        def is_shown(self) -> bool:
            """Hide it while the page is not saved: there is nothing to check yet."""
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add every rule as a `line`, and the counts of what is `missing` and `warned` of."""
            context = super().get_context_data(parent_context)
            waivers = {one.rule_id: one for one in Waiver.objects.filter(page=self.instance.pk)}
            lines = [
                {
                    "rule": one.rule,
                    "finding": one.finding,
                    "waiver": waivers.get(one.rule.id),
                    "standing": _standing(one, waivers.get(one.rule.id)),
                }
                for one in self.instance.checklist()
            ]
            standings = [line["standing"] for line in lines]
            context.update(
                lines=lines,
                missing=standings.count("missing"),
                warned=standings.count("warning"),
            )
            return context
