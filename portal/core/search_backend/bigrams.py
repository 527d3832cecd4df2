"""Cutting Chinese text into overlapping pairs of characters, for indexing and for asking."""

import re
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from django.db import models
from django.utils.functional import Promise
from modelsearch.index import BaseField, RelatedFields

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_HAN_RUN = re.compile(f"{_HAN}+")
_ONE_HAN = re.compile(_HAN)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def indexed(text: str) -> str:
    """Return text as it is indexed: 保护管理 becomes 保护 护管 管理 理.

    The single last character lets a search for one character find it by its beginning.
    """
    return _HAN_RUN.sub(lambda run: f" {' '.join([*_pairs(run[0]), run[0][-1]])} ", text)


def asked(text: str) -> list[str]:
    """Return the terms to ask for: 保护管理 becomes 保护, 护管 and 管理; 护 stays 护."""
    return _HAN_RUN.sub(lambda run: f" {' '.join(_pairs(run[0])) or run[0]} ", text).split()


def is_one_han(term: str) -> bool:
    """Tell whether a term is one Chinese character, which must match as a beginning of pairs."""
    return _ONE_HAN.fullmatch(term) is not None


def has_han(text: str) -> bool:
    """Tell whether text holds a Chinese character."""
    return _ONE_HAN.search(text) is not None


def _cut(value: Any) -> Any:
    """Cut every string in a field's value, whatever lists and dicts it comes in."""
    if isinstance(value, str | Promise):
        return indexed(str(value))
    if isinstance(value, dict):
        return {key: _cut(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_cut(part) for part in value]
    return value


class CutObject:
    """An object as Wagtail's indexer sees it, its text already cut.

    The indexer reads an object's `pk` and what its search fields return, so replacing the fields
    is enough: no method of the library is copied or patched.
    """

    def __init__(self, original: Any) -> None:
        """Stand for `original`."""
        self.original = original
        self.pk = original.pk

    def get_search_fields(self) -> list[BaseField | RelatedFields]:
        """Return the object's search fields, cutting what they return."""
        return [_cutting(field, read=self._read) for field in self.original.get_search_fields()]

    def _read(self, field: BaseField | RelatedFields, _given: Any) -> Any:
        return field.get_value(self.original)


def _read_given(field: BaseField | RelatedFields, given: Any) -> Any:
    return field.get_value(given)


def _cutting(
    field: BaseField | RelatedFields,
    *,
    read: Callable[[BaseField | RelatedFields, Any], Any],
) -> BaseField | RelatedFields:
    """Return a copy of a search field whose text is cut; `read` gets the uncut value."""
    twin = copy(field)
    if isinstance(field, RelatedFields):
        twin.fields = [_cutting(part, read=_read_given) for part in field.fields]
        twin.get_value = lambda given: read(field, given)
    else:
        twin.get_value = lambda given: _cut(read(field, given))
    return twin


class CutsText:
    """Mixin for a Wagtail database index."""

    def add_items(self, model: type[models.Model], objs: Iterable[models.Model]) -> None:
        """Index the objects with their Chinese text cut."""
        super().add_items(model, [CutObject(obj) for obj in objs])  # type: ignore[misc]
