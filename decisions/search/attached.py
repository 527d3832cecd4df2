"""The files that public pages give to everyone, read for many pages in a few queries.

Their words were taken out before, by `portal.core.file_texts`; what citizens send is not here.
"""

from collections.abc import Iterable, Iterator

from wagtail.documents.models import Document
from wagtail.models import Page

from decisions.models import UnitKind
from decisions.search.documents import UnitSource
from portal.core.attachments import Attached, attached, held_back
from portal.core.disclosure import Disclosure
from portal.core.file_texts.reading import TextState
from portal.core.models import FileText

# As printed: what a passage is called belongs to the archive, not to who looks at it.
NO_TEXT = "无文字层"
UNREADABLE = "文字无法读取"
_LABELS = {TextState.NONE: NO_TEXT, TextState.UNREADABLE: UNREADABLE}


def attachment_units(pages: Iterable[Page]) -> dict[int, list[UnitSource]]:
    """Return the published attachments of these pages, file by file, by the page's primary key."""
    held = {page.pk: published(page) for page in pages}
    documents = Document.objects.in_bulk({one.document_id for of in held.values() for one in of})
    # That these pages give them is known here; others may hold them back.
    given = documents.keys() - held_back(documents) if documents else set()
    hashes = {documents[pk].file_hash for pk in given}
    texts = FileText.objects.in_bulk(hashes) if hashes else {}
    return {
        page_id: [
            unit
            for one in attachments
            if one.document_id in given
            for unit in _units(
                page_id,
                one,
                documents[one.document_id],
                texts.get(documents[one.document_id].file_hash),
            )
        ]
        for page_id, attachments in held.items()
    }


def published(page: Page) -> list[Attached]:
    """Return the attachments that a page gives to everyone, each document once."""
    given = (one for one in attached(page.attachments) if one.disclosure == Disclosure.ACTIVE)
    return list({one.document_id: one for one in given}.values())


def _units(
    page_id: int, one: Attached, document: Document, text: FileText | None
) -> Iterator[UnitSource]:
    """Yield a file by its title, which says so if its words cannot be read, then its pages."""
    key, kind = f"{page_id}-d{document.pk}", UnitKind.ATTACHMENT.value
    label = _LABELS.get(TextState(text.state), "") if text else ""
    yield UnitSource(key, kind, 0, label, document.url, one.title or document.title)
    has_pages = document.file_extension.lower() == "pdf"
    for number, words in enumerate(text.pages if text else (), start=1):
        if words.strip():
            yield UnitSource(
                key=f"{key}-{number}",
                kind=kind,
                ordinal=number,
                label=f"第{number}页" if has_pages else "",
                url=f"{document.url}#page={number}" if has_pages else document.url,
                text=words,
            )
