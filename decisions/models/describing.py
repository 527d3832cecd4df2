"""What linked data says of a decision, read from the page."""

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from decisions.legislation import Described
from decisions.lifecycle import Supersession
from portal.core.dates import official_day
from portal.core.sheets.sending import CONTENT_TYPES
from portal.core.text_papers import endings

if TYPE_CHECKING:
    from decisions.models.decision import DecisionPage


def described(page: "DecisionPage", *, on: date) -> Described:
    """Return what is said of a decision on a day."""
    url = page.full_url or ""
    earlier = page.earlier_edition
    files = zip(endings(), page.papers, strict=True)
    return Described(
        title=page.title,
        document_no=page.document_no,
        index_no=page.index_no,
        issuer=page.issuer,
        signed_on=page.signed_on,
        published_on=page.published_on,
        version_on=official_day(page.last_published_at) if page.last_published_at else None,
        effective_on=page.effective_on,
        expires_on=page.expires_on,
        validity=page.validity(on=on),
        summary=page.summary,
        url=url,
        matter=(page.item.title, page.item.full_url or ""),
        files=tuple((urljoin(url, path), CONTENT_TYPES[ending]) for ending, (_n, path) in files),
        earlier=(earlier.title, earlier.full_url or "", Supersession(earlier.supersession))
        if earlier
        else None,
    )
