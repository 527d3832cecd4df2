"""What every page of the site shares: a plain summary, a numeric address, one way to publish."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.models import Page, PageViewRestriction, Revision

from portal.core.blocks import Article, articles_of
from portal.core.findings import Finding, Level, Refused
from portal.core.forms import CopyAsDraftForm, DraftFirstPageForm
from portal.core.release.content import ReviewedContent

if TYPE_CHECKING:
    from portal.accounts.models import User


HOME_DEPTH = 2


class BasePage(ReviewedContent, Page):
    """The ground of all pages."""

    summary = models.CharField(
        _("summary"),
        max_length=120,
        blank=True,
        help_text=_("One plain sentence for lists and search results."),
    )

    content_panels: ClassVar[list[Panel]] = [*Page.content_panels, FieldPanel("summary")]
    promote_panels: ClassVar[list[Panel]] = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            _("Address and search engines"),
        )
    ]
    # Opening and closing follow the clock by the page's own dates, never a publishing schedule.
    settings_panels: ClassVar[list[Panel]] = []
    base_form_class = DraftFirstPageForm
    copy_form_class = CopyAsDraftForm
    # The field of an `ArticlesBlock` that a draft written elsewhere may fill; empty for none.
    articles_field: ClassVar[str] = ""

    class Meta:
        abstract = True

    @cached_property
    def trail(self) -> list[Page]:
        """The pages above this one, from the home page down, as plain pages."""
        return list(self.get_ancestors().filter(depth__gte=HOME_DEPTH))

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """Return the restrictions of this page and those above it in one query.

        Wagtail asks first whether one of them is an alias; `trail` knows that already.
        """
        if any(page.alias_of_id for page in [*self.trail, self]):
            return super().get_view_restrictions()
        levels = range(self.steplen, len(self.path) + 1, self.steplen)
        paths = [self.path[:end] for end in levels]
        return PageViewRestriction.objects.filter(page__path__in=paths)

    def clean(self) -> None:
        """Keep the address of a public page: people have cited it."""
        super().clean()
        if self.live and self.pk is not None:
            public = type(self)._base_manager.filter(pk=self.pk).values_list("slug", flat=True)
            if self.slug not in public:
                raise ValidationError(
                    {"slug": gettext("This page is public; its address does not change.")}
                )

    def get_absolute_url(self) -> str:
        """Return the address within this site; comments and feeds ask for it by this name."""
        return self.url or "/"

    def text_findings(self, *, at: datetime) -> list[Finding]:
        """Return what forbids another text in the place of its articles at an instant."""
        return []

    def earlier_articles(self) -> list[Article]:
        """Return the articles that another text of this page is compared with."""
        return articles_of(getattr(self, self.articles_field))

    def save_as_draft(self, by: "User | None") -> Revision:
        """Save what this object holds as a draft, complete or not; services call it.

        Like the editor it also saves the row of a page that is not public: what is published
        together with a catalogue is read from there.
        """
        if not self.live:
            self.save(clean=False)
        return self.save_revision(user=by, log_action=False, clean=False)

    def publish_as(self, by: "User | None") -> None:
        """Save what this object holds as a revision and make it public; services call it.

        Raises:
            Refused: the page above it is not public.

        """
        parent = self.get_parent()
        if not parent.live:
            message = gettext("Publish “%(page)s” first; this page stands below it.") % {
                "page": parent.title
            }
            raise Refused([Finding("TREE", Level.BLOCK, message, "713 art. 3")])
        self.save_revision(user=by, log_action=False).publish(user=by)
        # Wagtail publishes a copy of this object; its caller goes on with what is now stored.
        self.refresh_from_db()
