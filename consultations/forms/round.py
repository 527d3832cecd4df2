"""The editor's form of a round; one below a decision asks about the text of that decision."""

from typing import Any

from portal.core.forms import DraftFirstPageForm


class RoundForm(DraftFirstPageForm):
    """Takes the text of a decision over, which nobody edits there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the draft out where it is the text of the page above, and fill it once."""
        super().__init__(*args, **kwargs)
        above = self.parent_page.specific if self.parent_page else None
        text = getattr(above, "articles_field", "")
        if not text:
            return
        self.fields.pop("draft", None)
        if self.instance._state.adding:
            self.instance.draft = getattr(above, text)
