"""Search backend for SQLite (FTS5) that finds Chinese words inside text."""

from typing import Any

from django.db.models import Value
from modelsearch.backends.database.sqlite.query import (
    LexemeCombinable,
    SearchQueryExpression,
    SearchQueryField,
)
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import Phrase, PlainText

from portal.core.search_backend.bigrams import CutsText, asked, is_one_han

# FTS5 reads a double quote as the end of a term, and a NUL as the end of everything.
_UNSAFE = str.maketrans('"\x00', "  ")


class _Condition(LexemeCombinable, Value):
    """A ready FTS5 expression in brackets, so that what stands around it binds no part of it."""

    _output_field = SearchQueryField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [f"({self.value})"]


def _terms(query: Phrase | PlainText) -> list[str]:
    # A question of nothing but unsafe characters asks for the empty term, which nothing has.
    return asked(query.query_string.translate(_UNSAFE)) or [""]


def _written(term: str, *, is_beginning: bool) -> str:
    return f'"{term}"*' if is_beginning and term else f'"{term}"'


class _AsksInPairs:
    """Builds the FTS5 expression from pairs of characters; the last term is a beginning."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        if isinstance(query, Phrase):
            return SearchQueryExpression(" ".join(_terms(query)))
        if not isinstance(query, PlainText):
            return super().build_search_query_content(query, config=config)  # type: ignore[misc]
        *first, last = _terms(query)
        written = [_written(term, is_beginning=is_one_han(term)) for term in first]
        written.append(_written(last, is_beginning=True))
        condition = f" {query.operator.upper()} ".join(written)
        return SearchQueryExpression(_Condition(condition), config=config)


class SearchQueryCompiler(_AsksInPairs, SQLiteSearchQueryCompiler):
    """Asks the index of whole texts."""


class AutocompleteQueryCompiler(_AsksInPairs, SQLiteAutocompleteQueryCompiler):
    """Asks titles and texts: the admin's search boxes autocomplete, and look for texts too."""

    FTS_TABLE_FIELDS = ("autocomplete", "title", "body")


class Index(CutsText, SQLiteIndex):
    """Writes the index."""


class SearchBackend(SQLiteSearchBackend):
    """The backend Wagtail loads."""

    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = Index
