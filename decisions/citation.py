"""How a decision is cited: GB/T 7714-2015 and BibTeX; pure."""

import re
from dataclasses import dataclass
from datetime import date

_SPECIAL = re.compile(r"([\\{}#$%&_~^])")


@dataclass(frozen=True)
class Cited:
    """What a citation names.

    Attributes:
        issuer: the issuing organ.
        title: of the document.
        document_no: as printed, or empty.
        published_on: the day of publication.
        url: its lasting address.
        seen_on: the day on which it was read there.

    """

    issuer: str
    title: str
    document_no: str
    published_on: date
    url: str
    seen_on: date


def as_gb7714(cited: Cited) -> str:
    """Return the reference of an electronic document, GB/T 7714-2015 §4.6."""
    number = f"：{cited.document_no}" if cited.document_no else ""
    return (
        f"{cited.issuer}. {cited.title}{number}[EB/OL]. ({cited.published_on.isoformat()})"
        f"[{cited.seen_on.isoformat()}]. {cited.url}."
    )


def as_bibtex(cited: Cited) -> str:
    """Return an entry of type `misc`; its key is made of the year and the number."""
    digits = "".join(re.findall(r"\d+", cited.document_no)) or cited.published_on.isoformat()
    fields = {
        "author": f"{{{_escaped(cited.issuer)}}}",
        "title": _escaped(cited.title),
        "number": _escaped(cited.document_no),
        "year": str(cited.published_on.year),
        "url": cited.url,
        "urldate": cited.seen_on.isoformat(),
    }
    lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{jianyan{digits},\n" + ",\n".join(lines) + "\n}"


def _escaped(text: str) -> str:
    """Escape what TeX would read as a command."""
    return _SPECIAL.sub(
        lambda found: "\\textbackslash{}" if found[0] == "\\" else f"\\{found[0]}", text
    )
