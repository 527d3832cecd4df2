"""What stood at an address and is gone: 410 with a page that says so, instead of 404.

When a public page is taken down or deleted, its address, title and day go into Wagtail's log. Only
what was public then is told: no draft, and nothing that was closed to some readers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Site
from wagtail.signals import page_unpublished

GONE = "core.gone"
PUBLISHED = "wagtail.publish"
# Levels of a path that are looked at; a longer one is no page's.
DEEPEST = 12


@dataclass(frozen=True)
class Gone:
    """A page that was public.

    Attributes:
        title: as the public knew it.
        at: when it was taken down or deleted.
        is_deleted: whether nothing is left of it.
        above: the nearest page above it that is public, or None.

    """

    title: str
    at: datetime
    is_deleted: bool
    above: Page | None


@receiver(page_unpublished)
def remember(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Put on record what the public can no longer read; a deleted page is taken down first."""
    if instance.get_view_restrictions().exists():
        return
    # Not the object's own title: whoever takes a page down may have a draft of it in hand.
    acts = PageLogEntry.objects.filter(page=instance.pk, action=PUBLISHED).order_by("timestamp")
    published = acts.last()
    title = published.label if published else instance.title
    log(instance, GONE, title=title, data={"path": instance.url_path, "title": title})


def gone_at(path: str, site: Site) -> Gone | None:
    """Return what stood at a path of a site, or above it, and is gone; None where nothing did."""
    root = site.root_page.url_path
    parts = [part for part in path.split("/") if part]
    if not parts or len(parts) > DEEPEST:
        return None
    levels = [f"{root}{'/'.join(parts[:end])}/" for end in range(1, len(parts) + 1)]
    entries = PageLogEntry.objects.filter(action=GONE, data__path__in=levels)
    last = max(entries, key=lambda one: (len(one.data["path"]), one.timestamp), default=None)
    if last is None:
        return None
    stands = Page.objects.filter(url_path__in=[root, *levels]).live().order_by("path")
    public = [page for page in stands if not page.get_view_restrictions().exists()]
    if any(page.url_path == last.data["path"] for page in stands):
        return None
    is_deleted = not Page.objects.filter(pk=last.page_id).exists()
    above = public[-1] if public else None
    return Gone(last.data["title"], last.timestamp, is_deleted, above)


def was_public(kind: type[Page], **which: Any) -> bool:
    """Tell whether a page of a kind was public and is gone.

    Args:
        kind: its model.
        which: lookups of its log entry, as `page_id` or `data__path`.

    """
    of_kind = ContentType.objects.get_for_model(kind)
    return PageLogEntry.objects.filter(action=GONE, content_type=of_kind, **which).exists()


class GoneMiddleware:
    """Answers 410 where a public page stood."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what is not found once more."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or request.method not in {"GET", "HEAD"}:
            return response
        match = request.resolver_match
        if match is None or match.url_name not in {"wagtail_serve", "page_data"}:
            return response
        site = Site.find_for_request(request)
        gone = gone_at(request.path, site) if site else None
        if gone is None:
            return response
        return render(request, "410.html", {"gone": gone}, status=HTTPStatus.GONE)
