"""The one way a page of the procedure becomes public: the verb of its app.

An app says with `publish_with` which verb publishes which page class. Wagtail's admin then asks
that verb, and every other way of the admin to publish such a page, to take it down or to move it
is closed (`portal.core.wagtail_hooks`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.query import PageQuerySet

if TYPE_CHECKING:
    from portal.accounts.models import User


class PublishingVerb(Protocol):
    """A service that publishes a page or raises `Refused`."""

    def __call__(self, *, page: Any, by: "User", at: datetime) -> None: ...


_verbs: dict[type[Page], PublishingVerb] = {}


def publish_with(page_class: type[Page], verb: PublishingVerb) -> None:
    """Let pages of this class be published by `verb` and in no other way."""
    _verbs[page_class] = verb


def publishing_verb(page: Page) -> PublishingVerb | None:
    """Return the verb that publishes this page, or None for an ordinary page."""
    return _verbs.get(page.specific_class)


def guarded(pages: PageQuerySet) -> PageQuerySet:
    """Return those of `pages` that only a verb publishes."""
    return pages.type(*_verbs) if _verbs else pages.none()


def on_record(page: Page) -> Page | None:
    """Return the first page of a branch that has been public as part of the procedure.

    Such a page, and the branch it stands in, is neither taken down nor moved nor deleted: its
    address was published and people may have answered it.
    """
    branch = page.get_descendants(inclusive=True).filter(first_published_at__isnull=False)
    found: Page | None = guarded(branch).order_by("path").first()
    return found


def referred_to(page: Page) -> Page | None:
    """Return the first page of a branch that a record outside the tree holds on to."""
    using = router.db_for_write(Page, instance=page)
    for one in page.get_descendants(inclusive=True).specific().order_by("path"):
        try:
            Collector(using=using, origin=one).collect([one])
        except (ProtectedError, RestrictedError):
            return one
    return None


def why_not_removed(page: Page) -> str | None:
    """Return why a branch cannot be taken down or deleted, or None when it can."""
    kept = on_record(page)
    if kept is not None:
        return _(
            "“%(page)s” has been public as part of the procedure and stays on record. "
            "Publish a corrected version instead."
        ) % {"page": kept.title}
    kept = referred_to(page)
    if kept is not None:
        return _("“%(page)s” is kept: opinions or other records belong to it.") % {
            "page": kept.title
        }
    return None


def why_not_moved(page: Page) -> str | None:
    """Return why a branch cannot be moved, or None when it can."""
    kept = on_record(page)
    if kept is None:
        return None
    return _("“%(page)s” has been public at its address, so it stays where it is.") % {
        "page": kept.title
    }


def why_not_published_together(pages: Iterable[Page]) -> str | None:
    """Return why these pages cannot be published in one go, or None when they can."""
    found = next((page for page in pages if publishing_verb(page)), None)
    if found is None:
        return None
    return _("“%(page)s” is published from its own editor, where the rules are checked.") % {
        "page": found.title
    }
