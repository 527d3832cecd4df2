"""What the rules read of a round, and what they find before it is published."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from wagtail.rich_text import get_text_for_indexing

from consultations.compliance.consultation import ConsultationFacts
from consultations.compliance.interpretation import Uninterpreted
from consultations.lifecycle import Act, Phase, official_date
from consultations.models.interpretation import InterpretationPage
from portal.core.blocks import articles_of, parts_of
from portal.core.findings import Checked, Finding, Level, Ruled, blockers, checklist
from portal.core.models import current_limits
from portal.core.release.record import is_released

# Words by which a notice turns to enterprises and their associations (CON-8).
OPERATORS = ("企业", "经营者", "商户", "商会", "协会", "市场主体", "经营主体")


def has_text(rich_text: str) -> bool:
    """Tell whether rich text says anything: an emptied editor leaves empty paragraphs behind."""
    return bool(get_text_for_indexing(rich_text).strip())


class RoundRules(Ruled):
    """Gives a round its checklist."""

    def facts(self, *, at: datetime) -> ConsultationFacts:
        """Return what the rules read when it is published at an instant, or published again."""
        page: Any = self
        public = type(page).objects.live().filter(pk=page.pk).first()
        was_open = public is not None and public.phase(at=at) is not Phase.SCHEDULED
        # A decision in place has an interpretation of its own.
        is_call = page.evaluated is not None
        is_explained = was_open or is_call or InterpretationPage.objects.child_of(page).exists()
        return ConsultationFacts(
            articles=len(articles_of(page.draft)),
            has_explanation=has_text(page.explanation),
            has_background=has_text(page.background),
            opens_on=page.opens_on,
            closes_on=page.closes_on,
            shortened_reason=page.shortened_reason,
            channels=frozenset(way.kind for way in page.ways),
            has_contact=bool(page.contact_unit.strip() and page.contact_phone.strip()),
            # A period that people have begun to use was judged when it was published.
            published_on=page.opens_on if was_open and page.opens_on else official_date(at),
            was_open=was_open,
            draft_changed=public is not None
            and list(parts_of(page.draft)) != list(parts_of(public.draft)),
            public_period=(public.opens_on, public.closes_on) if public else None,
            is_released=is_released(page),
            affects_operators=page.item.needs_fair_competition,
            names_operators=any(word in self._whom_it_asks() for word in OPERATORS),
            uninterpreted=None if is_explained else Uninterpreted(page.title),
        )

    def _whom_it_asks(self) -> str:
        """Return the words that say to whom the round turns."""
        page: Any = self
        return f"{page.glance_who} {get_text_for_indexing(page.notice)}"

    def checklist(self) -> list[Checked]:
        """Return the rules asked when it is published, and what each finds."""
        return checklist(Act.OPEN_ROUND, self.facts(at=timezone.now()), current_limits())

    def text_findings(self, *, at: datetime) -> list[Finding]:
        """Return what forbids another draft: once people speak to one, it stays (CON-5)."""
        page: Any = self
        if page.evaluated is not None:
            message = gettext("People are asked about the decision as it was published.")
            return [Finding("CON-5", Level.BLOCK, message, "713 art. 36")]
        facts = replace(self.facts(at=at), draft_changed=True)
        found = blockers(Act.OPEN_ROUND, facts, current_limits())
        return [finding for finding in found if finding.id == "CON-5"]
