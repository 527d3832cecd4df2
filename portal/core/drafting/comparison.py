"""What a newer draft does to each article of an older one, for whoever has to confirm it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.core.blocks import Article, Heading
from portal.core.drafting.parsed import ParsedArticle


class Fate(StrEnum):
    """What became of an article."""

    SAME = "same"
    MOVED = "moved"
    """Its words are the same, its number is not."""
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Compared:
    """One article in both drafts.

    Attributes:
        fate: what became of it.
        now: the article of the newer draft; None when it is gone.
        before: that of the older one; None when it is new.

    """

    fate: Fate
    now: Article | None
    before: Article | None

    @property
    def was_renumbered(self) -> bool:
        """Whether people knew it by another number."""
        return bool(self.now and self.before and self.now.label != self.before.label)


def compared(before: Iterable[Article], now: Iterable[Article]) -> list[Compared]:
    """Return the articles of the newer draft in their order, then those that are gone.

    Args:
        before: the articles of the older draft.
        now: those of the newer one; the same article has the same id.

    """
    older = {article.id: article for article in before}
    found = [_of(article, older.pop(article.id, None)) for article in now]
    return [*found, *(Compared(Fate.GONE, None, article) for article in older.values())]


def _of(now: Article, before: Article | None) -> Compared:
    if before is None:
        return Compared(Fate.NEW, now, None)
    if now.text.split() != before.text.split():
        return Compared(Fate.CHANGED, now, before)
    return Compared(Fate.SAME if now.label == before.label else Fate.MOVED, now, before)


def in_order(
    parts: Iterable[Article | Heading], left_over: Sequence[tuple[int, ParsedArticle]]
) -> Iterator[Article | Heading | ParsedArticle]:
    """Yield the parts of a draft with what was left over where it stood.

    Args:
        parts: headings and articles in order.
        left_over: each piece with how many articles stand before it, in order.

    """
    waiting = list(left_over)
    count = 0
    for part in parts:
        while waiting and waiting[0][0] <= count and not _below(part, waiting[0][1]):
            yield waiting.pop(0)[1]
        count += isinstance(part, Article)
        yield part
    yield from (piece for _count, piece in waiting)


def _below(part: Article | Heading, piece: ParsedArticle) -> bool:
    """Tell whether a piece stands below a heading that comes now."""
    return isinstance(part, Heading) and part.text in piece.heading_path
