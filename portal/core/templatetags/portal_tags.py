"""Icons, days, breadcrumbs and small lookups for every template."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail.models import Page

from portal.core.attachments import public_attachments
from portal.core.blocks import Article
from portal.core.dates import day_in_words, deadline_in_words, minute_in_words
from portal.core.pages import BasePage
from portal.core.phrases import phrases
from portal.core.remembered import remembered

register = template.Library()

# Characters that a reader of Chinese takes in a minute, reading for understanding.
READING_SPEED = 300


@cache
def _drawing(path: str) -> SafeString:
    """Return a drawing of this portal's own; it never changes while the portal runs."""
    return SafeString(get_template(path).render())


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a line icon; it says nothing to a screen reader, so a word must stand beside it."""
    return _drawing(f"icons/{name}.svg")


@register.simple_tag
def glyph(name: str) -> SafeString:
    """Draw the small shape that goes with a stage or an outcome."""
    return _drawing(f"glyphs/{name}.svg")


class KeptNode(template.Node):
    """A part of a page that is rendered once for all that it is made of."""

    def __init__(self, name: FilterExpression, nodelist: NodeList) -> None:
        """Keep what the tag holds."""
        self.name, self.nodelist = name, nodelist

    def render(self, context: template.Context) -> SafeString:
        """Return the part, from memory if it was rendered under this name just before."""
        name = self.name.resolve(context)
        return remembered(f"part:{name}", lambda: self.nodelist.render(context))


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Render `{% kept name %}…{% endkept %}` once for each name, which tells all it is made of."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(parser.compile_filter(name), nodelist)


@register.filter
def phrased(title: str) -> SafeString:
    """Mark where a title may break; for elements of class ph."""
    return _phrased(str(title))


@lru_cache(maxsize=500)
def _phrased(title: str) -> SafeString:
    return format_html_join("", "{}<wbr>", ((piece,) for piece in phrases(title)))


register.filter("public_attachments", public_attachments)
register.filter("day", day_in_words)
register.filter("deadline", deadline_in_words)
register.filter("minute", minute_in_words)


@register.filter
def days_left(closes_on: date | None, at: datetime) -> int:
    """Return how many days after today the closing day is; 0 on the day itself."""
    return (closes_on - timezone.localdate(at)).days if closes_on else 0


@register.filter
def masked_email(address: str) -> str:
    """Return an address of which its owner sees a slip of the finger, and nobody else much."""
    name, at_sign, host = address.partition("@")
    return f"{name[:1]}**{at_sign}{host}" if at_sign else ""


@register.filter
def at_key(mapping: Mapping[str, Any], key: str) -> Any:
    """Return the value under a key that the template holds in a variable, or nothing."""
    return mapping.get(key, "")


@register.filter
def reading_minutes(articles: Iterable[Article]) -> int:
    """Return how many minutes a text takes to read, at least one."""
    return max(1, round(sum(len(article.text) for article in articles) / READING_SPEED))


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(page: BasePage, below: str = "") -> dict[str, Any]:
    """List the pages above `page` with the short names their classes give them.

    Args:
        page: where the reader is.
        below: the name of what the reader sees, where that stands below `page`.

    """
    trail = [*page.trail, page] if below else page.trail
    crumbs = [(_short_name(one), one.url) for one in trail]
    return {"crumbs": crumbs, "here": below or _short_name(page)}


def _short_name(page: Page) -> str:
    """Return the name of a page in a breadcrumb; it must not need the specific page."""
    name_for_slug = getattr(page.cached_content_type.model_class(), "name_for_slug", None)
    return str(name_for_slug(page.slug)) if name_for_slug else page.title
