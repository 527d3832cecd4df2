"""Words of equal meaning: what may stand in a group, and questions that ask for all of a group.

Groups are kept in the database; what is made of them is pure, so both copies are asked the same.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice, product

from django.utils.translation import gettext as _

from decisions.models import SynonymGroup
from decisions.search.analysis import canonical_document_no, fold, terms_of, word_ends
from decisions.search.criteria import LONGEST_QUESTION
from decisions.search.language import MOST_CONDITIONS
from decisions.search.question import Alike, AllOf, AnyOf, Node, Term, Words, leaves
from portal.core.remembered import remembered

SHORTEST_WORD = 2
LONGEST_WORD = 20
MOST_WORDS = 8
MOST_GROUPS = 500
# Seconds until an edit is heard of everywhere.
FRESHNESS = 3

Group = tuple[str, ...]
Groups = tuple[Group, ...]


def known_groups() -> Groups:
    """Return the groups that are kept, the oldest first."""
    return remembered(
        "synonyms",
        lambda: tuple(group.words for group in SynonymGroup.objects.order_by("pk")),
        seconds=FRESHNESS,
    )


def why_not(group: Group, others: Sequence[Group]) -> list[str]:
    """Return why a group cannot be kept beside the others, in sentences; pure."""
    taken = {fold(word): other for other in others for word in other}
    said = [sentence for word in group if (sentence := _why_not_a_word(word))]
    said += [
        _("“%(word)s” stands in another group: %(group)s.")
        % {"word": word, "group": " = ".join(taken[fold(word)])}
        for word in group
        if fold(word) in taken
    ]
    if len({fold(word) for word in group}) < min(len(group), 2) or len(group) < 2:  # noqa: PLR2004
        said.append(_("Enter two different words at least, each on a line of its own."))
    if len(group) > MOST_WORDS:
        said.append(_("A group can have %(most)s words at most.") % {"most": MOST_WORDS})
    if len(others) >= MOST_GROUPS:
        said.append(_("There can be %(most)s groups at most.") % {"most": MOST_GROUPS})
    return said


def _why_not_a_word(word: str) -> str:
    if " ".join(terms_of(word)) != fold(word):
        return _("“%(word)s” holds a sign that is neither a letter nor a number.") % {"word": word}
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        return _("“%(word)s” is too short or too long: a word has %(least)s to %(most)s signs.") % {
            "word": word,
            "least": SHORTEST_WORD,
            "most": LONGEST_WORD,
        }
    return ""


def widened(node: Node | None, groups: Groups) -> Node | None:
    """Return a question that asks for the words of equal meaning, too; pure.

    What stands in quotation marks stays as it is, and so does what is ruled out: who wants no 停车
    has said nothing about 泊车. In all its ways together a question has no more
    conditions and signs than one that is asked in one way may have.
    """
    return _Widening(node, groups).of(node) if node else None


class _Widening:
    """Widens one question from left to right, for as long as there is room."""

    def __init__(self, node: Node, groups: Groups) -> None:
        asked = [leaf for leaf, _wanted in leaves(node)]
        said = (leaf.text for leaf in asked if isinstance(leaf, (Words, Term)))
        self.groups = groups
        self.conditions = MOST_CONDITIONS - len(asked)
        self.signs = LONGEST_QUESTION - sum(map(len, said))

    def of(self, node: Node) -> Node:
        match node:
            case Words(text) | Term(text, is_quoted=False):
                ways = self._room_for(ways_to_say(text, self.groups))
                return Alike((node, *(replace(node, text=way) for way in ways))) if ways else node
            case AllOf(nodes) | AnyOf(nodes):
                return type(node)(tuple(self.of(one) for one in nodes))
            case Alike(nodes):
                return replace(node, nodes=tuple(self.of(one) for one in nodes))
        return node

    def _room_for(self, ways: Iterator[str]) -> list[str]:
        taken = []
        for way in islice(ways, max(self.conditions, 0)):
            if len(way) > self.signs:
                break
            self.signs -= len(way)
            taken.append(way)
        self.conditions -= len(taken)
        return taken


def ways_to_say(text: str, groups: Groups) -> Iterator[str]:
    """Yield a text with its words replaced by words of equal meaning, itself left out; pure."""
    if not groups or canonical_document_no(text):
        return
    places = list(_places(text, groups))
    choices = {word: (word, *others) for _start, _end, word, others in places}
    # There may be very many: whoever takes them stops in time.
    for chosen in islice(product(*choices.values()), 1, None):
        instead = dict(zip(choices, chosen, strict=True))
        parts, at = [], 0
        for start, end, word, _others in places:
            kept = text[start:end] if instead[word] == word else instead[word]
            parts += [text[at:start], kept]
            at = end
        yield "".join([*parts, text[at:]])


def equal_words(text: str, groups: Groups) -> tuple[str, ...]:
    """Return the words of equal meaning for those of a text; pure."""
    if not groups:
        return ()
    found = (others for _start, _end, _word, others in _places(text, groups))
    return tuple(dict.fromkeys(word for others in found for word in others))


def _places(text: str, groups: Groups) -> Iterator[tuple[int, int, str, Group]]:
    """Yield from where to where a text holds a word of a group, folded, and those equal to it.

    Letters that only happen to lie beside each other, as 单车 in 简单车辆, are not a word.
    """
    pattern, others = _lexicon(groups)
    folded = fold(text)
    found = list(pattern.finditer(folded))
    ends = word_ends(text) if found else frozenset()
    for one in found:
        if {one.start(), one.end()} <= ends:
            yield one.start(), one.end(), one.group(), others[one.group()]


@lru_cache(maxsize=4)
def _lexicon(groups: Groups) -> tuple[re.Pattern[str], dict[str, Group]]:
    """Return what finds any word of any group, the longest first, and the words equal to each.

    Of two groups with the same word, which two editors can save at one moment, the older counts.
    """
    others: dict[str, Group] = {}
    for group in groups:
        for word in group:
            rest = tuple(other for other in group if fold(other) != fold(word))
            others.setdefault(fold(word), rest)
    longest_first = sorted(others, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)"), others
