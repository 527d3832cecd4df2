"""The house rules find what they are for."""

import io

import pytest
from babel.messages.pofile import read_po

from tests.lint.messages import gaps, keys
from tests.lint.requirements import faults

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def catalogue(text: str):
    return read_po(io.BytesIO((HEADER + text).encode()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('msgid "Home"\nmsgstr "首页"\n', []),
        ('msgid "Home"\nmsgstr ""\n', ["missing: Home"]),
        ('#, fuzzy\nmsgid "Home"\nmsgstr "首"\n', ["fuzzy: Home"]),
    ],
)
def test_a_gap_in_a_translation_is_found(text: str, expected: list[str]) -> None:
    assert gaps(catalogue(text)) == expected


def test_a_plural_needs_its_form() -> None:
    entry = 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] ""\n'
    assert len(gaps(catalogue(entry))) == 1


def test_the_same_text_in_two_contexts_is_two_entries() -> None:
    entries = 'msgid "May"\nmsgstr "五月"\n\nmsgctxt "verb"\nmsgid "May"\nmsgstr "可以"\n'
    assert keys(catalogue(entries)) == {("", "May"), ("verb", "May")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("django==5.2.19 \\\n    --hash=sha256:ab\n", []),
        ("# made by make lock\ndjango==5.2.19\n", ["has no hash for django"]),
        ("--index-url https://example.org/simple\n", ["holds an address"]),
    ],
)
def test_a_lock_that_is_not_one_is_found(text: str, expected: list[str]) -> None:
    assert faults(text) == expected
