"""The versions of a decision that were published, each at an address of its own that stays.

A version is a revision of which Wagtail's log says that it was published. No other revision is
ever shown: drafts have no address.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import PageLogEntry, Revision

from portal.core.blocks import parts_of

if TYPE_CHECKING:
    from django.http import HttpRequest

PUBLISHED = "wagtail.publish"


@dataclass(frozen=True)
class Version:
    """A text as it was published.

    Attributes:
        revision_id: what its address ends in.
        published_at: when it was first published.
        replaced_at: when another took its place; None for the present one.
        url: its address within this site.

    """

    revision_id: int
    published_at: datetime
    replaced_at: datetime | None
    url: str

    @property
    def is_present(self) -> bool:
        """Whether it is what the decision's own address shows."""
        return self.replaced_at is None


class PublishedVersions(RoutablePageMixin):
    """Gives a page the versions of it that were published."""

    @cached_property
    def versions(self) -> list[Version]:
        """The published versions, newest first; the first is the present one."""
        page: Any = self
        acts = (
            PageLogEntry.objects.filter(
                # A revision that is asked for by its day has to be there still.
                page=page.pk,
                action=PUBLISHED,
                revision__created_at__isnull=False,
            )
            .order_by("timestamp", "pk")
            .values_list("revision_id", "timestamp")
        )
        told: list[tuple[int, datetime]] = []
        for revision_id, at in acts:
            if not told or told[-1][0] != revision_id:
                told.append((revision_id, at))
        until: list[datetime | None] = [at for _revision, at in told[1:]]
        return (
            [
                Version(revision_id, at, replaced_at, self.version_url(revision_id))
                for (revision_id, at), replaced_at in zip(told, [*until, None], strict=True)
            ][::-1]
            if told
            else []
        )

    def version_url(self, revision_id: int) -> str:
        """Return the lasting address of a version."""
        page: Any = self
        return f"{page.get_absolute_url()}{self.reverse_subpage('version', [revision_id])}"

    @path("versions/<int:revision_id>/", name="version")
    def version(self, request: "HttpRequest", revision_id: int) -> TemplateResponse:
        """Show a version that was published, with its place among the others.

        Context: `shown`, the page as it was; `version`; `parts` of its text; how it is `cited`.

        Raises:
            Http404: no such revision of this page was ever published.

        """
        page: Any = self
        version = next((one for one in self.versions if one.revision_id == revision_id), None)
        if version is None:
            raise Http404
        content = Revision.objects.values_list("content", flat=True).get(pk=revision_id)
        shown = page.with_content_json(content)
        # Of the page itself it needs little, so not all that is read for the decision.
        context = super().get_context(request)
        address = f"{page.full_url}versions/{revision_id}/"
        context.update(
            shown=shown,
            version=version,
            parts=list(parts_of(shown.text)),
            item=page.item,
            cited=shown.citations(on=timezone.localdate(), url=address),
            canonical=address,
        )
        return TemplateResponse(request, "decisions/decision_version.html", context)
