"""Documents that belong to pages: which of them the public is told of, and who is given which."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex

from portal.core.disclosure import Disclosure


@dataclass(frozen=True)
class Attachment:
    """A document of a page as its readers see it.

    Attributes:
        title: its own title, or the document's.
        document: the document when it is published, None when it is given to those who ask.

    """

    title: str
    document: Document | None

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
    return told


def is_given_to_all(document: Document) -> bool:
    """Tell whether the public may have a document: a public page gives it, and none holds it back.

    What is attached as not published on one public page is not given on account of another.
    """
    pages = Page.objects.filter(pk__in=_pages_with(document)).live().public().specific()
    disclosures = [_disclosures(page, document) for page in pages]
    if any(one - {Disclosure.ACTIVE} for one in disclosures):
        return False
    return bool(disclosures)


def may_be_read_by(document: Document, user: Any) -> bool:
    """Tell whether a member of staff may have a document before the public may, or instead of it.

    That is whoever uploaded it, and whoever may work on a page that holds it or whose draft does.
    """
    if not user.is_active or not user.has_perm("wagtailadmin.access_admin"):
        return False
    if user.is_superuser or document.uploaded_by_user_id == user.pk:
        return True
    holding = Page.objects.filter(pk__in=_pages_with(document))
    if _any_may_be_edited(holding, user):
        return True
    drafts = Page.objects.filter(live=True, has_unpublished_changes=True)
    return _any_may_be_edited(
        (page for page in drafts if _disclosures(_draft_of(page), document)), user
    )


def _any_may_be_edited(pages: Iterable[Page], user: Any) -> bool:
    return any(page.permissions_for_user(user).can_edit() for page in pages)


def _draft_of(page: Page) -> Page:
    draft: Page = page.get_latest_revision_as_object()
    return draft


def _pages_with(document: Document) -> list[str]:
    """Return the primary keys of the pages that hold a document in any way."""
    page_type = ContentType.objects.get_for_model(Page)
    held = ReferenceIndex.get_references_to(document).filter(base_content_type=page_type)
    return list(held.values_list("object_id", flat=True).distinct())


def _disclosures(page: Page, document: Document) -> set[str]:
    """Return how a page attaches a document; a mere link in its text is not among them."""
    return {
        block.value["disclosure"]
        for block in getattr(page, "attachments", ())
        if block.value["document"] is not None and block.value["document"].pk == document.pk
    }
