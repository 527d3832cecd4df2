"""Documents that belong to pages: which of them the public is told of, and who is given which."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.documents.models import Document
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex

from portal.core.disclosure import Disclosure
from portal.core.file_texts.reading import TextState
from portal.core.models import FileText


@dataclass(frozen=True)
class Attachment:
    """A document of a page as its readers see it.

    Attributes:
        title: its own title, or the document's.
        document: the document when it is published, None when it is given to those who ask.
        note: a sentence where not all of its words can be searched, else empty.

    """

    title: str
    document: Document | None
    note: str = ""

    @property
    def kind(self) -> str:
        """The type of the file, like PDF."""
        return self.document.file_extension.upper() if self.document else ""


def public_attachments(value: Any) -> list[Attachment]:
    """Return what the public is told of in an `AttachmentsBlock` value, in its order."""
    told = []
    for block in value:
        document, disclosure = block.value["document"], block.value["disclosure"]
        if document is None or disclosure == Disclosure.NONE:
            continue
        given = document if disclosure == Disclosure.ACTIVE else None
        told.append(Attachment(block.value["title"] or document.title, given))
    notes = _notes({one.document.file_hash for one in told if one.document})
    return [
        replace(one, note=notes.get(one.document.file_hash, "")) if one.document else one
        for one in told
    ]


def _notes(hashes: set[str]) -> dict[str, str]:
    """Return what is to be said of the words in these files."""
    if not hashes:
        return {}
    states = FileText.objects.filter(pk__in=hashes).values_list("pk", "state")
    return {file_hash: str(TextState(state).label) for file_hash, state in states}


@dataclass(frozen=True)
class Attached:
    """A document of a page by its primary key, its title there and who may have it."""

    document_id: int
    title: str
    disclosure: str


def attached(value: Any) -> list[Attached]:
    """Return what is stored in an `AttachmentsBlock` value, without asking for any document."""
    return [
        Attached(
            block["value"]["document"],
            block["value"].get("title") or "",
            block["value"].get("disclosure", Disclosure.ACTIVE),
        )
        for block in value.raw_data
        if block["value"].get("document")
    ]


def is_given_to_all(document: Document) -> bool:
    """Tell whether the public may have a document: a public page gives it, and none holds it back.

    What is attached as not published on one public page is not given on account of another.
    """
    disclosures = _disclosures_of([document.pk]).get(document.pk, [])
    return bool(disclosures) and not _held_back({document.pk: disclosures})


def held_back(documents: Collection[int]) -> set[int]:
    """Return those documents that the public may not have, whichever public page gives them."""
    return _held_back({pk: [] for pk in documents} | _disclosures_of(documents))


def _held_back(disclosures: Mapping[int, list[set[str]]]) -> set[int]:
    """Return documents that a public page holds back, or a collection that is closed."""
    by_page = {pk for pk, on in disclosures.items() if any(one - {Disclosure.ACTIVE} for one in on)}
    return by_page | _in_closed_collections(disclosures)


def _disclosures_of(documents: Collection[int]) -> dict[int, list[set[str]]]:
    """Return how each of these documents is attached, for every public page that holds it."""
    holders = _pages_with(documents)
    held_by = {page_id for pages in holders.values() for page_id in pages}
    pages = Page.objects.filter(pk__in=held_by).live().public().specific()
    public = {page.pk: page for page in pages}
    return {
        pk: [_disclosures(public[page_id], pk) for page_id in page_ids if page_id in public]
        for pk, page_ids in holders.items()
    }


def _in_closed_collections(documents: Iterable[int]) -> set[int]:
    closed = tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))
    if not closed:
        return set()
    held = Document.objects.filter(pk__in=list(documents)).values_list("pk", "collection__path")
    return {pk for pk, path in held if path.startswith(closed)}


def may_be_read_by(document: Document, user: Any) -> bool:
    """Tell whether a member of staff may have a document before the public may, or instead of it.

    That is whoever uploaded it, and whoever may work on a page that holds it or whose draft does.
    """
    if not user.is_active or not user.has_perm("wagtailadmin.access_admin"):
        return False
    if user.is_superuser or document.uploaded_by_user_id == user.pk:
        return True
    holding = Page.objects.filter(pk__in=pages_with(document))
    if _any_may_be_edited(holding, user):
        return True
    drafts = Page.objects.filter(live=True, has_unpublished_changes=True)
    return _any_may_be_edited(
        (page for page in drafts if _disclosures(_draft_of(page), document.pk)), user
    )


def _any_may_be_edited(pages: Iterable[Page], user: Any) -> bool:
    return any(page.permissions_for_user(user).can_edit() for page in pages)


def _draft_of(page: Page) -> Page:
    draft: Page = page.get_latest_revision_as_object()
    return draft


def pages_with(document: Document) -> set[int]:
    """Return the primary keys of the pages that hold a document in any way."""
    return _pages_with([document.pk]).get(document.pk, set())


def note_documents(page: Page) -> set[int]:
    """Note down which documents a page holds; return those, and what it held until now.

    Wagtail's worker would do so after ours, which asks who else holds a document: it would not find
    the words that a page takes on, and go on showing those that it holds back.
    """
    before = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(Document),
        object_id=str(page.pk),
    )
    documents = {int(pk) for pk in before.values_list("to_object_id", flat=True)}
    documents |= {one.document_id for one in attached(page.attachments)}
    if documents:
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(page)
    return documents


def _pages_with(documents: Collection[int]) -> dict[int, set[int]]:
    """Return, for each of these documents that any page holds, the primary keys of the pages."""
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(Document),
        to_object_id__in=[str(pk) for pk in documents],
    )
    holders: dict[int, set[int]] = {}
    for document_id, page_id in references.values_list("to_object_id", "object_id"):
        holders.setdefault(int(document_id), set()).add(int(page_id))
    return holders


def _disclosures(page: Page, document_id: int) -> set[str]:
    """Return how a page attaches a document; a mere link in its text is not among them."""
    held = attached(page.attachments) if hasattr(page, "attachments") else []
    return {one.disclosure for one in held if one.document_id == document_id}
