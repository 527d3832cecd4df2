"""Tables of past decisions and the files they name, as an archivist makes them."""

import io
import zipfile
from pathlib import Path

from decisions.past.columns import COLUMNS
from tests.factories.pages import the_catalogue_index
from tests.factories.people import a_unit
from tests.factories.sheets import a_workbook

HEADINGS = {one.key: one.heading for one in COLUMNS}
ARTICLES = """# {title}

第一章 总则

第一条 为了加强停车管理，制定本办法。

第二条 本办法适用于本市行政区域内的停车场。
（一）公共停车场；
（二）专用停车场。

第三条 本办法自{year}年5月1日起施行。
"""


def a_row(number: int = 1, **cells: str) -> dict[str, str]:
    """The cells of a good row by key; its file is `text-N.md`."""
    year = 2010 + number % 10
    return {
        "title": f"澜川市第{number}号管理办法",
        "index_no": f"LC0101-{year}-{number:05}",
        "document_no": f"澜政规〔{year}〕{number}号",
        "issuer": "澜川市人民政府",
        "unit": a_unit().name,
        "topic": "城乡建设、环境保护",
        "signed_on": f"{year}-03-01",
        "published_on": f"{year}年3月8日",
        "effective_on": f"{year}/5/1",
        "file": f"text-{number}.md",
    } | cells


def a_text(row: dict[str, str]) -> str:
    """The text of a decision of three articles."""
    return ARTICLES.format(title=row["title"], year=row["effective_on"][:4])


def as_csv(
    rows: list[dict[str, str]], *, encoding: str = "utf-8-sig", english: bool = False
) -> bytes:
    """A table with the columns that the rows use."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lines = [keys if english else [HEADINGS[key] for key in keys]]
    lines += [[row.get(key, "") for key in keys] for row in rows]
    return "\r\n".join(",".join(line) for line in lines).encode(encoding)


def as_xlsx(rows: list[dict[str, str]], *, english: bool = False) -> bytes:
    """The same as a workbook."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    headings = keys if english else [HEADINGS[key] for key in keys]
    return a_workbook([headings, *([row.get(key, "") for key in keys] for row in rows)])


def a_folder(
    folder: Path, rows: list[dict[str, str]], files: dict[str, bytes] | None = None
) -> Path:
    """Write a table and the Markdown files it names, and return the table's path."""
    the_catalogue_index()
    for row in rows:
        if row["file"].endswith(".md"):
            (folder / row["file"]).write_text(a_text(row), encoding="utf-8")
    for name, content in (files or {}).items():
        (folder / name).write_bytes(content)
    table = folder / "manifest.csv"
    table.write_bytes(as_csv(rows))
    return table


def a_zip(rows: list[dict[str, str]], files: dict[str, bytes] | None = None) -> bytes:
    """A ZIP with the table and the Markdown files it names."""
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", as_csv(rows))
        for row in rows:
            if row["file"].endswith(".md"):
                archive.writestr(row["file"], a_text(row))
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return place.getvalue()
