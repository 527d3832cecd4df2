"""Words that readers may mean, found by their sound in the titles of public matters.

Everything is read from the database's copy, which holds what is public and nothing else, so no
suggestion can give away a word of a draft, or for more than some seconds one of what was withdrawn.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import takewhile
from operator import or_
from typing import Any

from django.db.models import Case, IntegerField, Max, Q, When

from decisions.models import ArchiveDossier, ArchiveDrafter
from decisions.search.analysis import fold, word_ends
from decisions.search.language import UnreadableError, read_question
from decisions.search.question import Alike, Node, Words
from decisions.search.sounds import (
    FEWEST_INITIALS,
    SILENT,
    Reading,
    initials,
    places_of_initials,
    places_of_sounds,
    readings,
    spoken_form,
    syllables,
    typed_letters,
)
from decisions.search.synonyms import FRESHNESS, known_groups
from portal.accounts.models import Unit
from portal.core.remembered import remembered

# Titles that are looked through, the newest first, and words taken from them.
MOST_TITLES = 200
MOST_GUESSES = 3
LONGEST_MISSPELT = 32
# Whoever typed a word that stands somewhere meant that word: what it sounds like comes after.
WEIGHT_OF_A_GUESS = 0.01

# A folded text and the form of its sounds.
Heard = tuple[str, str]
# From where in a question other words could stand, and those words.
Span = tuple[int, str]


def by_sound(node: Node | None) -> Node | None:
    """Return a question of typed letters that also asks for the words they may be typed for."""
    letters = typed_letters(node.text) if isinstance(node, Words) else ""
    if not isinstance(node, Words) or not letters:
        return node
    guesses = remembered(
        f"typed:{letters.replace(' ', '-')}", lambda: _meant_by(letters), seconds=FRESHNESS
    )
    return Alike((node, *map(Words, guesses)), WEIGHT_OF_A_GUESS) if guesses else node


def _meant_by(letters: str) -> tuple[str, ...]:
    """Return the words of titles and of units that letters can be typed for, most frequent first.

    Whole sounds are looked for anywhere; initials, which say less, only as whole words.
    """
    spelled = readings(letters)
    found = Counter(
        text[start:end]
        for text, form in _sounding_like(spelled)
        for reading in spelled
        for start, end in places_of_sounds(form, reading)
    )
    letters = letters.replace(" ", "")
    if not found and len(letters) >= FEWEST_INITIALS:
        found = Counter(
            text[start:end]
            for text, form in _beginning_with(letters)
            for start, end in places_of_initials(form, letters)
            if {start, end} <= word_ends(text)
        )
    return tuple(text for text, _times in found.most_common(MOST_GUESSES))


def _sounding_like(spelled: tuple[Reading, ...]) -> list[Heard]:
    if not spelled:
        return []
    wanted = [f" {' '.join(reading)} " for reading in spelled]
    named = [(fold(name), spoken_form(name)) for name in _names()]
    return [*_titles("title_sound", wanted), *named]


def _beginning_with(letters: str) -> list[Heard]:
    named = [(fold(name), initials(name)) for name in _names()]
    return [*_titles("title_initials", [letters]), *named]


def _titles(column: str, wanted: Iterable[str]) -> list[Heard]:
    """Return the newest titles that sound so, each with its form in a column."""
    heard = reduce(or_, (Q(**{f"{column}__contains": one}) for one in wanted))
    newest = ArchiveDossier.objects.filter(heard).order_by("-latest_on", "-pk")
    return list(newest.values_list("title_folded", column)[:MOST_TITLES])


def _names() -> list[str]:
    """Return the names of the units that stand in the archive, and every word with a synonym."""
    coded = ArchiveDrafter.objects.order_by().values("code").distinct()
    units = Unit.objects.filter(code__in=coded).values_list("name", flat=True)
    return [name for names in (units, *known_groups()) for name in names]


def as_titles_write(text: str) -> str:
    """Return plain words as public titles write what sounds the same; empty if nothing differs.

    Two characters that stand side by side in no title may be a slip; around them the words of a
    title that sound the same are taken, the longest first.
    """
    if len(text) > LONGEST_MISSPELT:
        return ""
    folded, sound = fold(text), syllables(text)
    strange = _in_no_title(
        {at: folded[at : at + 2] for at in range(len(text) - 1) if _are_spoken(folded[at : at + 2])}
    )
    if not strange:
        return ""
    wanted = {f" {' '.join(sound[at : at + 2])} " for at in strange}
    found = Counter(
        span
        for title, form in _titles("title_sound", wanted)
        for line in form.split("\n")
        for at in strange
        for span in _sounding_the_same(sound, at, title, tuple(line.split()))
    )
    ranked = sorted(found, key=lambda span: (len(span[1]), found[span]), reverse=True)
    said = _put_in(text, ranked)
    return said if fold(said) != folded and _is_plain(said) else ""


def _are_spoken(signs: str) -> bool:
    return all(sign.isalpha() and not sign.isascii() for sign in signs)


def _in_no_title(pairs: dict[int, str]) -> list[int]:
    """Return the places of those pairs of characters that no public title holds."""
    held: dict[str, Any] = ArchiveDossier.objects.aggregate(
        **{
            f"at_{at}": Max(
                Case(When(title_folded__contains=pair, then=1)), output_field=IntegerField()
            )
            for at, pair in pairs.items()
        }
    )
    return [at for at in pairs if not held[f"at_{at}"]]


def _sounding_the_same(sound: Reading, at: int, title: str, heard: Reading) -> Iterator[Span]:
    """Yield the longest run of whole words of a title that sounds like a text around a pair."""
    for place in range(len(heard) - 1):
        if heard[place : place + 2] != sound[at : at + 2]:
            continue
        first = place - _same(sound[:at][::-1], heard[:place][::-1])
        last = place + _same(sound[at:], heard[place:])
        ends = word_ends(title)
        # Half a word is no word anybody meant: 方案 for 防安 in 消防安全.
        start = min(end for end in ends if end >= first)
        stop = max(end for end in ends if end <= last)
        if start <= place and stop >= place + 2:
            yield at - (place - start), title[start:stop]


def _same(one: Reading, other: Reading) -> int:
    """Return how many sounds two readings share from their beginning."""
    equal = takewhile(lambda pair: pair[0] == pair[1] != SILENT, zip(one, other, strict=False))
    return sum(1 for _pair in equal)


def _put_in(text: str, spans: Iterable[Span]) -> str:
    """Return a text with other words in some places, the earlier of two that overlap."""
    signs = list(text)
    taken: set[int] = set()
    for start, words in spans:
        places = range(start, start + len(words))
        if taken.isdisjoint(places):
            signs[start : start + len(words)] = words
            taken.update(places)
    return "".join(signs)


def _is_plain(text: str) -> bool:
    """Tell whether a text is words and nothing else: no title may make an operator of them."""
    try:
        return isinstance(read_question(text), Words)
    except UnreadableError:
        return False
