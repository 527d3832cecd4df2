"""The real texts of `tests/data/texts` as public decisions, and an editor's synonyms."""

import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

from consultations.lifecycle import Stage
from consultations.models import CatalogueIndexPage, CataloguePage, DecisionItemPage
from decisions.models import DecisionPage, SynonymGroup

DATA = Path(__file__).parents[1] / "data"
TEXTS = sorted((DATA / "texts").glob("*(*).md"))
SYNONYMS = DATA / "judged" / "synonyms.txt"
_NAME = re.compile(r"(.+)\((\d{4}-\d{2}-\d{2})\)")
_ARTICLE = re.compile(r"第[零一二三四五六七八九十百]+条[\s　]+(.*)")
_IN_FORCE = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起施行")


def blocks_of(lines: str) -> list[dict[str, Any]]:
    """Return headings and articles as an articles field holds them; other lines continue one."""
    blocks: list[tuple[str, dict[str, str]]] = []
    for line in lines.splitlines():
        if line.startswith("#"):
            level = "section" if line.startswith("###") else "chapter"
            blocks.append(("heading", {"level": level, "text": line.lstrip("# ").strip()}))
        elif found := _ARTICLE.match(line):
            blocks.append(("article", {"label": "", "text": found[1]}))
        elif line.strip():
            blocks[-1][1]["text"] += f"\n{line.strip()}"
    return [{"type": kind, "id": str(uuid.uuid4()), "value": value} for kind, value in blocks]


def the_real_texts() -> list[DecisionItemPage]:
    """Add every real text; the matter has the name of its file, which tells versions apart."""
    return [_a_real_text(path) for path in TEXTS]


def _a_real_text(path: Path) -> DecisionItemPage:
    head, _, text = path.read_text(encoding="utf-8").partition("<!-- INFO END -->")
    named = _NAME.fullmatch(path.stem)
    assert named, path
    day = date.fromisoformat(named[2])
    catalogue = _the_catalogue_of(day.year)
    number = catalogue.get_children_count() + 1
    item = catalogue.add_child(
        instance=DecisionItemPage(
            title=path.stem, slug=f"text-{number}", number=number, stage=Stage.PUBLISHED, live=True
        )
    )
    in_force = _IN_FORCE.search(text)
    heading, *history = (line.strip() for line in head.splitlines() if line.strip())
    item.add_child(
        instance=DecisionPage(
            title=heading.lstrip("# "),
            slug="decision",
            issuer="国务院",
            introduction="\n".join(history),
            published_on=day,
            effective_on=date(*map(int, in_force.groups())) if in_force else day,
            text=blocks_of(text),
            live=True,
        )
    )
    return item


def _the_catalogue_of(year: int) -> CataloguePage:
    """Return the catalogue for real texts of a year, made now if it is not there yet."""
    slug = f"texts-{year}"
    found = CataloguePage.objects.filter(slug=slug).first()
    return found or CatalogueIndexPage.objects.get().add_child(
        instance=CataloguePage(
            title=f"{year}年公布的法规",
            slug=slug,
            year=year,
            decision_organ="国务院",
            published_on=date(year, 1, 1),
            live=True,
        )
    )


def the_synonyms() -> None:
    """Add the groups of words that an editor of this library keeps."""
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        SynonymGroup.objects.create(terms="\n".join(line.split(" = ")))
