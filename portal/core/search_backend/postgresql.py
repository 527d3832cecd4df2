"""Search backend for PostgreSQL that finds Chinese words inside text."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from modelsearch.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from modelsearch.backends.database.postgres.query import Lexeme
from modelsearch.query import Phrase, PlainText

from portal.core.search_backend.bigrams import CutsText, asked, has_han, is_one_han

_BREAK = re.compile(r"[\s\-]+")


class _AsksInPairs:
    """Builds the tsquery from pairs of characters; the last term is a beginning.

    Pairs are joined by AND, not as a phrase: PostgreSQL forgets positions after the 16,383rd
    word, and a long plan must still be found by its end.
    """

    def build_tsquery_content(
        self, query: Any, config: str | None = None, invert: bool = False
    ) -> Any:
        if isinstance(query, Phrase):
            words = " ".join(asked(query.query_string))
            return SearchQuery(words, search_type="phrase", config=config, invert=invert)
        if not isinstance(query, PlainText):
            return super().build_tsquery_content(  # type: ignore[misc]
                query, config=config, invert=invert
            )
        terms = asked(_BREAK.sub(" ", query.query_string))
        if not terms:
            # Nothing but blanks: the empty query, which nothing matches.
            return SearchQuery("", search_type="plain", config=config, invert=invert)
        # Inside a negation AND becomes OR, as De Morgan says; the library leaves that out.
        joins_all = (query.operator == "and") != invert
        lexemes = Lexeme(terms[-1], invert=invert, prefix=True)
        for term in terms[:-1]:
            lexeme = Lexeme(term, invert=invert, prefix=is_one_han(term))
            lexemes = lexemes & lexeme if joins_all else lexemes | lexeme
        return SearchQuery(lexemes, search_type="raw", config=config)

    def get_search_vectors(self, search_query: Any) -> Any:
        """Ask the index also when fields are named: a column itself holds uncut text."""
        if self.fields and has_han(getattr(self.query, "query_string", "")):  # type: ignore[attr-defined]
            vectors = self.get_index_vectors(search_query)  # type: ignore[attr-defined]
            return vectors[:1] if set(self.fields) == {"title"} else vectors  # type: ignore[attr-defined]
        return super().get_search_vectors(search_query)  # type: ignore[misc]


class SearchQueryCompiler(_AsksInPairs, PostgresSearchQueryCompiler):
    """Asks the index of whole texts."""


class AutocompleteQueryCompiler(_AsksInPairs, PostgresAutocompleteQueryCompiler):
    """Asks titles and texts: the admin's search boxes autocomplete, and look for texts too."""

    def get_index_vectors(self, search_query: Any) -> list[tuple[Any, Any]]:
        """Rank by the title more than by the text."""
        texts = PostgresSearchQueryCompiler.get_index_vectors(self, search_query)
        return [*super().get_index_vectors(search_query), *texts]


class Index(CutsText, PostgresIndex):
    """Writes the index."""


class SearchBackend(PostgresSearchBackend):
    """The backend Wagtail loads."""

    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = Index

    def __init__(self, params: dict[str, Any]) -> None:
        """Take words as they stand unless told otherwise: English stems do nothing for Chinese."""
        super().__init__({"SEARCH_CONFIG": "simple", **params})
