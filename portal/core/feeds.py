"""Atom feeds: what every feed of the portal shares, whatever its entries are about."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import Page

from portal.core.models import SiteIdentity

MOST_ENTRIES = 50
# Seconds that a feed may be shared; readers' programs ask far less often.
FEED_SECONDS = 300
# RFC 4151: a year in which the host was ours; it never changes, or every reader sees all anew.
TAG_YEAR = 2026
# Characters that pasted text may carry and XML must not.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def public_address(path: str) -> str:
    """Return the full address of a path of this site, as people outside it write it.

    A full address stays as it is: files may be kept on another host.
    """
    return f"{settings.PUBLIC_URL}{path}" if path.startswith("/") else path


def page_address(page: Page) -> str:
    """Return the full address of a page, whatever host the page tree names."""
    parts = page.get_url_parts()
    return public_address(parts[2] if parts else "/")


def tag(name: str) -> str:
    """Return the lasting name of a thing, one that no move of its address changes."""
    return f"tag:{urlsplit(settings.PUBLIC_URL).hostname},{TAG_YEAR}:{name}"


@dataclass(frozen=True)
class Entry:
    """One entry of a feed.

    Attributes:
        name: what stands for it in its tag; never used again for anything else.
        title: plain text.
        address: the full address it leads to.
        published_at: when it became public.
        updated_at: when it changed last.
        paragraphs: what it says, plain text.
        unit: the short name of the unit it is from.

    """

    name: str
    title: str
    address: str
    published_at: datetime
    updated_at: datetime
    paragraphs: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class Subject:
    """What one request for a feed is about.

    Attributes:
        at: the instant of the request.
        address: the full address of the feed.
        identity: who runs the site.
        unit_code: the unit whose entries are wanted, or empty for all.
        unit_name: its short name, or empty.

    """

    at: datetime
    address: str
    identity: SiteIdentity
    unit_code: str = ""
    unit_name: str = ""


class _AtomFeed(Atom1Feed):
    """Atom that, while empty, does not claim to have changed this very second."""

    def latest_post_date(self) -> datetime:
        """Return when anything in it changed last; empty, when its day began."""
        if self.items:
            return super().latest_post_date()
        empty_since: datetime = self.feed["empty_since"]
        return empty_since


@method_decorator([require_safe, conditional_page], name="__call__")
class PublicFeed(Feed):
    """A feed in the language of the notices, the same for everyone who asks.

    Subclasses say what it is and give its `Entry`s, at most `MOST_ENTRIES`, in `items(subject)`.

    Attributes:
        slug: what stands for the feed in its tag.
        name: what it is called.
        subtitle: in one sentence what it tells.
        shown_on: the kind of page that shows the same to people.

    """

    feed_type = _AtomFeed
    language = "zh-Hans"
    slug: ClassVar[str]
    name: ClassVar[str | Promise]
    subtitle: ClassVar[str | Promise]
    shown_on: ClassVar[type[Page]]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the feed, to be kept by caches and asked again by its ETag."""
        with translation.override(settings.LANGUAGE_CODE):
            response = super().__call__(request, *args, **kwargs)
        # An entry may also leave a feed, of which the newest date among the others tells nothing.
        response.headers.pop("Last-Modified", None)
        response.headers["Content-Language"] = settings.LANGUAGE_CODE
        patch_cache_control(response, public=True, max_age=FEED_SECONDS)
        return response

    def title(self, subject: Subject) -> str:
        """Name the feed, its unit and the site."""
        parts = (str(self.name), subject.unit_name, subject.identity.site_name)
        return " - ".join(part for part in parts if part)

    def author_name(self, subject: Subject) -> str:
        """Name the government; no person writes a feed."""
        return subject.identity.organ_name

    def link(self, subject: Subject) -> str:
        """Lead to the page for people."""
        page = self.shown_on.objects.live().first()
        return page_address(page) if page else public_address("/")

    def feed_url(self, subject: Subject) -> str:
        """Return the full address of the feed itself."""
        return subject.address

    def feed_guid(self, subject: Subject) -> str:
        """Name the feed for ever."""
        return tag("/".join(part for part in ("feed", self.slug, subject.unit_code) if part))

    def feed_extra_kwargs(self, subject: Subject) -> dict[str, Any]:
        """Tell since when it is empty, should it be."""
        today = timezone.localtime(subject.at)
        return {"empty_since": today.replace(hour=0, minute=0, second=0, microsecond=0)}

    def item_title(self, entry: Entry) -> str:
        """Return plain text, which Atom's titles are."""
        return _NOT_XML.sub("", entry.title)

    def item_description(self, entry: Entry) -> str:
        """Return HTML, which Atom's summaries are."""
        said = (_NOT_XML.sub("", text) for text in entry.paragraphs)
        return format_html_join("", "<p>{}</p>", ((text,) for text in said if text))

    def item_link(self, entry: Entry) -> str:
        """Return the full address."""
        return entry.address

    def item_guid(self, entry: Entry) -> str:
        """Return its tag."""
        return tag(entry.name)

    def item_pubdate(self, entry: Entry) -> datetime:
        """Return when it became public."""
        return entry.published_at

    def item_updateddate(self, entry: Entry) -> datetime:
        """Return when it changed last."""
        return entry.updated_at

    def item_categories(self, entry: Entry) -> tuple[str, ...]:
        """Return the unit, by which programs can sort."""
        return (entry.unit,) if entry.unit else ()
