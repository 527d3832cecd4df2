"""The draft of a round on paper: what it is, until when people may speak to it, its articles."""

from typing import Any

from django.utils.translation import gettext as _

from portal.core.blocks import parts_of
from portal.core.dates import day_in_words
from portal.core.page_papers import OnPaper
from portal.core.text_papers import TextPaper, passages

# What every draft calls itself, in its title or below it.
DRAFT_OF = "征求意见稿"


class DraftOnPaper(OnPaper):
    """Gives a round its draft as a paper."""

    def text_paper(self, *, remark: str) -> TextPaper:
        """Return what the paper says; nobody who answers for the draft by name is on it."""
        page: Any = self
        unit = page.item.lead_unit
        period = _("%(opens)s to %(closes)s") % {
            "opens": day_in_words(page.opens_on),
            "closes": day_in_words(page.closes_on),
        }
        facts = (
            (_("Consultation number"), page.consultation_no),
            (_("Period"), period),
            (_("Drafting unit"), unit.name if unit else ""),
            (_("Contact office"), " ".join(filter(None, (page.contact_unit, page.contact_phone)))),
        )
        return TextPaper(
            title=page.title,
            under_title="" if page.evaluated or DRAFT_OF in page.title else DRAFT_OF,
            author=unit.name if unit else "",
            facts=tuple((name, value) for name, value in facts if value),
            introduction="",
            parts=tuple(passages(parts_of(page.draft))),
            address=page.full_url or "",
            remark=remark,
        )
