"""Where a round stands: below its matter, or below the decision that it asks about again."""

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext
from wagtail.models import Page, get_page_models

from consultations.querysets import MATTER_DEPTH
from portal.core.pages import HOME_DEPTH, BasePage

if TYPE_CHECKING:
    from consultations.models.item import DecisionItemPage


class StandsInDossier(BasePage):
    """What the page tree says of a round.

    Before the decision a round stands below its matter. The call of a post-evaluation 决策后评估
    (713 art. 36) stands below the decision, and its draft is the text that is law.
    """

    parent_page_types: ClassVar[list[str]] = ["consultations.DecisionItemPage"]

    class Meta:
        abstract = True

    @classmethod
    def clean_parent_page_models(cls) -> list[type[Page]]:
        """Return the pages that it may stand below: matters, and those that name it themselves."""
        inviting = [
            model
            for model in get_page_models()
            if cls._meta.label in (getattr(model, "subpage_types", None) or ())
        ]
        return [*super().clean_parent_page_models(), *inviting]

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb; slugs end in the round."""
        number = slug.rpartition("-")[2]
        if not number.isdecimal() or number == "1":
            return gettext("Consultation")
        return gettext("Consultation, round %(number)s") % {"number": number}

    @cached_property
    def item(self) -> "DecisionItemPage":
        """The matter it belongs to."""
        return self.trail[MATTER_DEPTH - HOME_DEPTH].specific

    @cached_property
    def evaluated(self) -> Page | None:
        """The decision whose effects it asks about, None for a round before the decision."""
        below_matter = self.trail[MATTER_DEPTH - HOME_DEPTH + 1 :]
        return below_matter[0] if below_matter else None

    @property
    def whole_name(self) -> str:
        """What all its articles together are called where one of them may be chosen."""
        return gettext("The whole decision") if self.evaluated else gettext("The whole draft")

    @property
    def as_a_whole(self) -> str:
        """What an opinion speaks to that speaks to no single article."""
        if self.evaluated:
            return gettext("The decision as a whole")
        return gettext("The draft as a whole")
