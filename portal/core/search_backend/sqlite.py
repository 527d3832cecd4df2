"""Search backend for SQLite (FTS5) that finds Chinese words inside text."""

from typing import Any

from modelsearch.backends.database.sqlite.query import Lexeme, SearchQueryExpression
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


def _terms(query: Phrase | PlainText) -> list[str]:
    # A question of nothing but such characters asks for the empty term, which nothing has.
    return asked(query.query_string.translate(_UNSAFE)) or [""]


class _AsksInPairs:
    """Builds the FTS5 expression from pairs of characters; the last term is a beginning."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        if isinstance(query, Phrase):
            return SearchQueryExpression(" ".join(_terms(query)))
        if not isinstance(query, PlainText):
            return super().build_search_query_content(query, config=config)  # type: ignore[misc]
        terms = _terms(query)
        lexemes = Lexeme(terms[-1], prefix=True)
        for term in terms[:-1]:
            lexeme = Lexeme(term, prefix=is_one_han(term))
            lexemes = lexemes & lexeme if query.operator.upper() == "AND" else lexemes | lexeme
        return SearchQueryExpression(lexemes, config=config)


class SearchQueryCompiler(_AsksInPairs, SQLiteSearchQueryCompiler):
    """Asks the index of whole texts."""


class AutocompleteQueryCompiler(_AsksInPairs, SQLiteAutocompleteQueryCompiler):
    """Asks the index of titles and names."""


class Index(CutsText, SQLiteIndex):
    """Writes the index."""


class SearchBackend(SQLiteSearchBackend):
    """The backend Wagtail loads."""

    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = Index
