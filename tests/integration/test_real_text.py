"""A real regulation as a decision: State Council Order 713, 44 articles in six chapters."""

import re
import uuid
from pathlib import Path

import pytest

from portal.core.blocks import Article, articles_of, parts_of
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = Path(__file__).parents[1] / "data" / "texts" / "重大行政决策程序暂行条例(2019-04-20).md"
ARTICLE = re.compile(r"第[零一二三四五六七八九十百]+条[\s　]+(.*)")


def stream_of_order_713():
    """Read the Markdown as headings and articles; paragraphs of an article are lines."""
    blocks = []
    for line in TEXT.read_text(encoding="utf-8").partition("<!-- INFO END -->")[2].splitlines():
        if line.startswith("#"):
            level = "section" if line.startswith("###") else "chapter"
            heading = {"level": level, "text": line.lstrip("# ").strip()}
            blocks.append(("heading", heading))
        elif found := ARTICLE.match(line):
            blocks.append(("article", {"label": "", "text": found[1]}))
        elif line.strip():
            blocks[-1][1]["text"] += f"\n{line.strip()}"
    return [{"type": kind, "id": str(uuid.uuid4()), "value": value} for kind, value in blocks]


@pytest.fixture
def decision():
    return factories.a_decision(title="重大行政决策程序暂行条例", text=stream_of_order_713())


def test_its_44_articles_are_counted_as_the_regulation_counts_them(decision):
    labels = [article.label for article in articles_of(decision.text)]
    printed = re.findall(
        r"^(第[零一二三四五六七八九十百]+条)", TEXT.read_text("utf-8"), re.MULTILINE
    )
    assert labels == printed
    assert len(labels) == 44
    assert labels[-1] == "第四十四条"


def test_chapters_and_sections_stand_above_their_articles(decision):
    parts = list(parts_of(decision.text))
    articles = {part.label: part for part in parts if isinstance(part, Article)}
    assert articles["第一条"].path[0].startswith("第一章")
    assert articles["第十五条"].path[1].startswith("第二节")
    assert len({article.path[0] for article in articles.values()}) == 6


def test_the_page_shows_every_article_at_its_own_address(client, decision):
    shown = client.get(decision.url).content.decode()
    for article in decision.articles:
        assert f'id="{article.anchor}"' in shown
        assert article.label in shown
    assert "公开征求意见的期限一般不少于30日" in shown
