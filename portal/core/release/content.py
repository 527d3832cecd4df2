"""What a release review is about: the content of a page, named by a digest, and its plain text."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import models
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

# Of Wagtail's own fields these are read by the public.
_OF_EVERY_PAGE = ("title", "slug", "seo_title", "search_description")
# Set by publishing itself; fields nobody edits need not be named.
_SET_BY_PUBLISHING = frozenset({"published_on"})
# The editor writes a new random key at every paragraph each time it opens a text.
_EDITOR_KEY = re.compile(r' data-block-key="[^"]*"')
_BLOCK = frozenset({"type", "value", "id"})


class ReviewedContent:
    """What a review of a page is about besides the page itself; most pages have nothing of it."""

    def released_with(self) -> Sequence[Page]:
        """Return the pages that become public in the same act."""
        return ()

    def words_beside(self) -> Sequence[str]:
        """Return what its public page shows of other records."""
        return ()

    def changed_beside(self, since: datetime) -> bool:
        """Tell whether those other records changed after an instant."""
        return False


def _fields(page: Page) -> list[models.Field]:
    own = [
        field
        for field in (*page._meta.fields, *page._meta.many_to_many)
        if field.editable
        and field.name not in _SET_BY_PUBLISHING
        and not issubclass(Page, field.model)
        and not getattr(field.remote_field, "parent_link", False)
    ]
    return [*(page._meta.get_field(name) for name in _OF_EVERY_PAGE), *own]


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it, without keys that say nothing to a reader."""
    if isinstance(value, str):
        return _EDITOR_KEY.sub("", value)
    if isinstance(value, dict):
        is_block = _BLOCK >= value.keys() >= {"type", "value"}
        return {key: _plain(one) for key, one in value.items() if not (is_block and key == "id")}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _content(page: Page) -> dict[str, Any]:
    """Return what the public reads of a page, by field."""
    content: dict[str, Any] = {}
    for field in _fields(page):
        value = getattr(page, field.attname if not field.many_to_many else field.name)
        if field.many_to_many:
            content[field.name] = sorted(one.pk for one in value.all())
        elif isinstance(field, StreamField):
            content[field.name] = _plain(value.stream_block.get_prep_value(value))
        else:
            content[field.name] = _plain(value)
    return content


def digest_of(page: Page) -> str:
    """Return a name for exactly this content, the same for every copy of it.

    Ids of blocks, the editor's own marks and what publishing sets do not count.
    """
    written = json.dumps(_content(page), sort_keys=True, ensure_ascii=False, default=str)
    return sha256(written.encode()).hexdigest()


def text_of(page: Page) -> str:
    """Return all words of a page as plain text, a line each, with what is released along."""
    lines = list(_lines(page))
    if isinstance(page, ReviewedContent):
        lines += page.words_beside()
        lines += [line for one in page.released_with() for line in _lines(one)]
    return "\n".join(lines)


def _lines(page: Page) -> Iterator[str]:
    for field in _fields(page):
        value = getattr(page, field.name)
        if isinstance(field, RichTextField):
            yield get_text_for_indexing(value)
        elif isinstance(field, StreamField):
            yield from (str(one) for one in value.stream_block.get_searchable_content(value))
            yield from _strings(_plain(value.stream_block.get_prep_value(value)))
        elif isinstance(value, str):
            yield value


def _strings(value: Any) -> Iterator[str]:
    """Yield the words inside blocks, those of kinds that the search index leaves out as well."""
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, str):
        yield value
    elif not isinstance(value, (int, float, bool, type(None))):
        for one in value:
            yield from _strings(one)
