"""A draft from elsewhere becomes the articles of a page: what the preview shows, then the verb.

A page takes drafts when its class names the field of its articles (`articles_field`).
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal.core.blocks import Article, ArticlesBlock, Heading, parts_of
from portal.core.drafting import ParsedArticle, ParsedDraft, Part, placed
from portal.core.drafting.comparison import Compared, Fate, compared, in_order
from portal.core.drafting.lines import CELLS
from portal.core.findings import Refused
from portal.core.models import StagedUpload
from portal.core.pages import BasePage
from portal.core.staging import content_of
from portal.core.versions import require_seen

if TYPE_CHECKING:
    from portal.accounts.models import User

PURPOSE = "draft"
MICROSECONDS = 1_000_000


class CannotImport(Exception):
    """Why a draft does not go into a page now; its text is a sentence for who tries."""


def to_json(draft: ParsedDraft) -> dict[str, Any]:
    """Return a draft as JSON holds it."""
    return asdict(draft)


def from_json(content: dict[str, Any]) -> ParsedDraft:
    """Return the draft that JSON held."""
    articles = [
        ParsedArticle(
            number=one["number"],
            heading_path=tuple(one["heading_path"]),
            text=one["text"],
            kind=Part(one["kind"]),
        )
        for one in content["articles"]
    ]
    return ParsedDraft(articles, content["warnings"])


def version_of(page: Page) -> int:
    """Return a number that changes with every saved draft of a page, by whatever way."""
    saved_at = page.latest_revision_created_at
    return int(saved_at.timestamp() * MICROSECONDS) if saved_at else 0


@dataclass(frozen=True)
class TextPart:
    """Lines of an article, or the rows of a table in it."""

    lines: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def text_parts(text: str) -> list[TextPart]:
    """Return the lines of a text with its tables apart."""
    parts: list[TextPart] = []
    for line in text.splitlines():
        is_row = CELLS in line
        if not parts or bool(parts[-1].rows) != is_row:
            parts.append(TextPart())
        if is_row:
            parts[-1].rows.append(line.split(CELLS))
        else:
            parts[-1].lines.append(line)
    return parts


@dataclass(frozen=True)
class Row:
    """One line of the preview: a heading, an article with its fate, or what is left over."""

    heading: Heading | None = None
    article: Compared | None = None
    left_over: ParsedArticle | None = None

    @property
    def parts(self) -> list[TextPart]:
        """The text in lines and tables."""
        if self.left_over is not None:
            return text_parts(self.left_over.text)
        shown = self.article and (self.article.now or self.article.before)
        return text_parts(shown.text) if shown else []

    @property
    def is_not_understood(self) -> bool:
        """Whether nobody knows yet what it is."""
        return self.left_over is not None and self.left_over.kind is Part.OTHER


@dataclass(frozen=True)
class Preview:
    """What a draft would make of a page.

    Attributes:
        rows: headings, articles and what is left over, in the order of the draft.
        gone: articles that the draft no longer has.
        counts: how many articles have each fate.
        is_first: whether there is nothing to compare it with.
        warnings: what has to be compared with the original.

    """

    rows: list[Row]
    gone: list[Row]
    counts: dict[str, int]
    is_first: bool
    warnings: list[str]

    @property
    def article_count(self) -> int:
        """How many articles the page would have."""
        return sum(1 for row in self.rows if row.article)


def preview_of(draft: ParsedDraft, page: BasePage) -> Preview:
    """Return what a draft would make of the page as it was last saved."""
    before = page.earlier_articles()
    result = placed(draft, before)
    parts = list(parts_of(ArticlesBlock().to_python(result.blocks)))
    fates = compared(before, [part for part in parts if isinstance(part, Article)])
    by_id = {one.now.id: one for one in fates if one.now}
    left_over = list(zip(result.places, result.left_over, strict=True))
    rows = []
    for part in in_order(parts, left_over):
        if isinstance(part, Heading):
            rows.append(Row(heading=part))
        elif isinstance(part, Article):
            rows.append(Row(article=by_id[part.id]))
        else:
            rows.append(Row(left_over=part))
    return Preview(
        rows=rows,
        gone=[Row(article=one) for one in fates if one.fate is Fate.GONE],
        counts={fate.value: count for fate, count in Counter(one.fate for one in fates).items()},
        is_first=not before,
        warnings=draft.warnings,
    )


def require_open(page: BasePage, *, by: "User", at: datetime) -> None:
    """Let somebody put another text into a page.

    Raises:
        Refused: a rule keeps the text as it is (CON-5).
        CannotImport: the page is locked.

    """
    found = page.text_findings(at=at)
    if found:
        raise Refused(found)
    lock = page.get_lock()
    if lock is not None and lock.for_user(by):
        raise CannotImport(
            _(
                "This page is locked by somebody else. Your upload is kept for a day; import it "
                "when the page is unlocked."
            )
        )


@transaction.atomic
def import_draft(
    *, page: BasePage, staged: StagedUpload, seen: int | None, by: "User", at: datetime
) -> int:
    """Put a draft in the place of a page's articles, as a new draft of the page.

    Args:
        page: any object of the page; what was last saved of it is read again.
        staged: the upload; it is used up.
        seen: the version of the page that the preview was compared with.
        by: who confirms it.
        at: when.

    Returns:
        The number of articles that keep their id.

    Raises:
        Overtaken: somebody saved the page meanwhile.
        Refused: a rule keeps the text as it is.
        CannotImport: the page is locked, or nothing in the draft is an article.

    """
    locked = type(page)._base_manager.select_for_update(of=("self",)).get(pk=page.pk)
    require_seen(seen, version_of(locked))
    require_open(locked, by=by, at=at)
    latest: BasePage = locked.get_latest_revision_as_object()
    before = latest.earlier_articles()
    result = placed(from_json(content_of(staged)), before)
    if not result.blocks:
        raise CannotImport(_("No article was recognised, so there is nothing to import."))
    setattr(latest, latest.articles_field, ArticlesBlock().to_python(result.blocks))
    revision = latest.save_as_draft(by)
    articles = sum(1 for block in result.blocks if block["type"] == "article")
    log(
        latest,
        "core.import_draft",
        user=by,
        data={
            "before": {"articles": len(before)},
            "after": {"articles": articles, "kept": result.kept},
        },
        revision=revision,
        content_changed=True,
        timestamp=at,
    )
    staged.delete()
    return result.kept
