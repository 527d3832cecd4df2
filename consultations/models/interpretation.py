"""The interpretation 政策解读 of a draft or a decision: words, pictures, answers, a video."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel
from wagtail.models import Page, PageManager
from wagtail.search import index

from consultations.compliance.interpretation import InterpretationFacts
from consultations.interpretation_blocks import (
    NEEDED_BLOCK,
    InterpretationBlock,
    Part,
    body_parts,
)
from consultations.lifecycle import Act, InterpretationKind
from consultations.querysets import MATTER_DEPTH, InterpretationQuerySet
from portal.core.fields import BlocksOutsideMigrationsField
from portal.core.findings import Checked, Ruled, checklist
from portal.core.models import current_limits
from portal.core.pages import HOME_DEPTH, BasePage
from portal.core.panels import FindingsPanel
from portal.core.release.record import is_released

if TYPE_CHECKING:
    from django.http import HttpRequest

    from consultations.models.item import DecisionItemPage


class InterpretationPage(Ruled, BasePage):
    """One interpretation of the page it stands below.

    That is a round or, later in the procedure, a decision: whichever names it in `subpage_types`.
    """

    kind = models.CharField(
        _("form of interpretation"),
        max_length=10,
        choices=InterpretationKind.choices,
        default=InterpretationKind.TEXT,
    )
    author = models.CharField(
        _("who explains it"),
        max_length=80,
        help_text=_("The office, or the expert with name and post."),
    )
    body = BlocksOutsideMigrationsField(InterpretationBlock(), verbose_name=_("text"))
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    objects = PageManager.from_queryset(InterpretationQuerySet)()

    content_panels: ClassVar[list[Panel]] = [
        FindingsPanel(),
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("author")]),
        FieldPanel("body"),
    ]
    subpage_types: ClassVar[list[str]] = []
    exclude_fields_in_copy: ClassVar[list[str]] = ["published_on"]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("author"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("interpretation")

    @classmethod
    def clean_parent_page_models(cls) -> list[type[Page]]:
        """Return the page types that name it; not those that let anything stand below them."""
        every = super().clean_parent_page_models()
        return [one for one in every if getattr(one, "subpage_types", None) is not None]

    @staticmethod
    def name_for_slug(slug: str) -> str:
        """Return the short name of such a page in a breadcrumb."""
        return gettext("Interpretation")

    def clean(self) -> None:
        """Ask for what makes it an interpretation of its kind."""
        super().clean()
        needed = NEEDED_BLOCK.get(InterpretationKind(self.kind)) if self.kind else None
        if needed and all(block.block_type != needed for block in self.body):
            label = InterpretationBlock().child_blocks[needed].label
            sentence = gettext("An interpretation of this kind needs: %(what)s.")
            raise ValidationError({"body": sentence % {"what": label}})

    @cached_property
    def subject(self) -> Any:
        """The round or decision that it interprets."""
        return self.trail[-1].specific

    @cached_property
    def item(self) -> "DecisionItemPage":
        """The matter it belongs to, however far below it stands."""
        return self.trail[MATTER_DEPTH - HOME_DEPTH].specific

    @cached_property
    def parts(self) -> list[Part]:
        """The blocks of its body as the public reads them."""
        return list(body_parts(self.body))

    def facts(self, *, at: datetime) -> InterpretationFacts:
        """Return what the rules read when it is published."""
        return InterpretationFacts(is_released=is_released(self))

    def checklist(self) -> list[Checked]:
        """Return the rules asked when it is published, and what each finds."""
        facts = self.facts(at=timezone.now())
        return checklist(Act.PUBLISH_INTERPRETATION, facts, current_limits())

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what it interprets, the matter, and the other interpretations of the matter."""
        context = super().get_context(request, *args, **kwargs)
        public = self.item.public_interpretations
        context.update(
            subject=self.subject,
            item=self.item,
            others=[one for one in public if one.pk != self.pk],
            questions_url=self.item.questions_url,
        )
        return context
