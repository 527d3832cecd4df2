"""A decision as linked data: `Legislation` of schema.org in JSON-LD; pure."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from decisions.lifecycle import Supersession, Validity

_FORCE = {
    Validity.NOT_YET_EFFECTIVE: "NotInForce",
    Validity.IN_FORCE: "InForce",
    # schema.org knows no suspension: for the time being it is not carried out.
    Validity.SUSPENDED: "NotInForce",
    # What an amendment left stands: the later decision says what does not.
    Validity.AMENDED: "PartiallyInForce",
    Validity.REPEALED: "NotInForce",
    Validity.EXPIRED: "NotInForce",
}
_CHANGES = {
    Supersession.AMENDED: "legislationAmends",
    Supersession.REPEALED: "legislationRepeals",
}
# What would end the element that the data stands in, and what ends a line in JavaScript.
_ESCAPED = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Described:
    """What is said of a decision.

    Attributes:
        title: of the document.
        document_no: as printed, or empty.
        index_no: in the catalogue of disclosed information, or empty.
        issuer: the issuing organ.
        signed_on: day of signing.
        published_on: day of publication.
        version_on: the day since which its text is as it is.
        effective_on: first day in force.
        expires_on: last day in force, if it is limited.
        validity: on the day on which it is described.
        summary: one sentence, or empty.
        url: its lasting address.
        matter: title and address of the matter that it decides.
        files: address and media type of its papers.
        earlier: title and address of the decision that it amends or repeals, and what it does.

    """

    title: str
    document_no: str
    index_no: str
    issuer: str
    signed_on: date | None
    published_on: date | None
    version_on: date | None
    effective_on: date | None
    expires_on: date | None
    validity: Validity | None
    summary: str
    url: str
    matter: tuple[str, str]
    files: tuple[tuple[str, str], ...] = ()
    earlier: tuple[str, str, Supersession] | None = None


def as_json_ld(described: Described) -> str:
    """Return it as JSON that is safe inside a `script` element of a page.

    https://schema.org/Legislation; properties without a value are left out.
    """
    organ = {"@type": "GovernmentOrganization", "name": described.issuer}
    name, address = described.matter
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": described.url,
        "url": described.url,
        "name": described.title,
        "abstract": described.summary,
        "inLanguage": "zh-Hans",
        "legislationIdentifier": described.document_no,
        "identifier": described.index_no,
        "legislationPassedBy": organ if described.issuer else None,
        "publisher": organ if described.issuer else None,
        "legislationDate": _day(described.signed_on),
        "datePublished": _day(described.published_on),
        "legislationDateVersion": _day(described.version_on),
        "legislationLegalForce": _force(described.validity),
        "temporalCoverage": _period(described.effective_on, described.expires_on),
        "isPartOf": {"@type": "Collection", "name": name, "url": address},
        "encoding": [
            {"@type": "MediaObject", "contentUrl": url, "encodingFormat": kind}
            for url, kind in described.files
        ],
    }
    if described.earlier is not None:
        title, url, act = described.earlier
        said[_CHANGES[act]] = {"@type": "Legislation", "name": title, "url": url}
    known = {key: value for key, value in said.items() if value}
    return json.dumps(known, ensure_ascii=False, indent=1).translate(_ESCAPED)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _force(validity: Validity | None) -> str:
    return f"https://schema.org/{_FORCE[validity]}" if validity else ""


def _period(begins: date | None, ends: date | None) -> str:
    """Return an interval of ISO 8601, open at its end unless that is known."""
    return f"{begins.isoformat()}/{ends.isoformat() if ends else '..'}" if begins else ""
