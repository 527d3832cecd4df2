"""Icons, days, breadcrumbs and small lookups for every template."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.core.blocks import Article
from portal.core.dates import day_in_words, deadline_in_words
from portal.core.pages import BasePage
from portal.core.phrases import phrases

register = template.Library()

# Characters that a reader of Chinese takes in a minute, reading for understanding.
READING_SPEED = 300


@register.simple_tag
def icon(name: str) -> str:
    """Draw a line icon; it says nothing to a screen reader, so a word must stand beside it."""
    return get_template(f"icons/{name}.svg").render()


@register.simple_tag
def glyph(name: str) -> str:
    """Draw the small shape that goes with a stage or an outcome."""
    return get_template(f"glyphs/{name}.svg").render()


@register.filter
def phrased(title: str) -> SafeString:
    """Mark where a title may break; for elements of class ph."""
    return format_html_join("", "{}<wbr>", ((piece,) for piece in phrases(str(title))))


register.filter("day", day_in_words)
register.filter("deadline", deadline_in_words)


@register.filter
def minute(value: datetime | None) -> str:
    """Return an instant in words, to the minute, official time."""
    if value is None:
        return ""
    # Translators: a Django date format; Chinese uses Y年n月j日H:i.
    return formats.date_format(timezone.localtime(value), _("j M Y, H:i"))


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
def breadcrumb(page: BasePage) -> dict[str, Any]:
    """List the pages above `page` with the short names their classes give them."""
    crumbs = [(_short_name(one), one.url) for one in page.trail]
    return {"crumbs": crumbs, "here": _short_name(page)}


def _short_name(page: Page) -> str:
    """Return the name of a page in a breadcrumb; it must not need the specific page."""
    name_for_slug = getattr(page.cached_content_type.model_class(), "name_for_slug", None)
    return str(name_for_slug(page.slug)) if name_for_slug else page.title
