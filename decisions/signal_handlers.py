"""Telling the archive what changed: pages published, withdrawn, moved or closed to the public.

Nothing is indexed here; each change is promised to the outbox in its own transaction.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionCategory,
    DecisionItemPage,
    FeedbackReportPage,
    InterpretationPage,
    StageChange,
)
from decisions.models import DecisionPage, EvaluationPage
from decisions.tasks import (
    NAME,
    matters_with,
    promise_archive,
    promise_archive_later,
    promise_comparison,
    promise_file_texts,
)
from portal.accounts.models import Unit
from portal.core.attachments import attached, is_given_to_all, note_documents
from portal.core.disclosure import Disclosure

_DOSSIER_PAGES = (
    DecisionItemPage,
    ConsultationPage,
    FeedbackReportPage,
    DecisionPage,
    EvaluationPage,
    InterpretationPage,
)


def _matter_of(page: Page) -> Iterable[int]:
    """Return the matter a page of a dossier belongs to, or is."""
    return DecisionItemPage.objects.ancestor_of(page, inclusive=True).values_list("pk", flat=True)


def _matters_below(page: Page) -> Iterable[int]:
    """Return the matters at or below a page, or the one above it."""
    below = DecisionItemPage.objects.descendant_of(page, inclusive=True)
    return {*below.values_list("pk", flat=True), *_matter_of(page)}


def _promise(item_ids: Iterable[int]) -> None:
    for item_id in item_ids:
        promise_archive(item_id)


@receiver([page_published, page_unpublished])
def follow_page(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A page appeared, changed or disappeared."""
    if issubclass(sender, CataloguePage):
        _promise(_matters_below(instance))
    elif issubclass(sender, _DOSSIER_PAGES):
        _promise(_matter_of(instance))
        _follow_attachments(instance)
    if issubclass(sender, ConsultationPage) and instance.live:
        promise_comparison(instance.pk)


def _follow_attachments(page: Page) -> None:
    """Have the words in a page's attachments read; others may give them now, or no more."""
    if not hasattr(page, "attachments"):
        return
    concerned = note_documents(page)
    if concerned:
        promise_file_texts(
            one.document_id
            for one in attached(page.attachments)
            if one.disclosure == Disclosure.ACTIVE and page.live
        )
        for document in Document.objects.filter(pk__in=concerned):
            _promise({*matters_with(document)} - {*_matter_of(page)})


@receiver([post_save, post_delete], sender=Document)
def follow_document(
    sender: type, instance: Document, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """A document has another file or title, or was deleted; no page need be published for it."""
    if update_fields is not None and set(update_fields) == {"file_hash"}:
        # Wagtail notes down what file it is; the file is as before.
        return
    if is_given_to_all(instance):
        promise_file_texts([instance.pk])
    _promise(matters_with(instance))


@receiver([post_save, post_delete], sender=CollectionViewRestriction)
def follow_closing(sender: type, instance: CollectionViewRestriction, **kwargs: Any) -> None:
    """The documents in a collection were closed to the public, or opened again."""
    _follow_documents_in(instance.collection)


@receiver(post_save, sender=Collection)
def follow_collection(sender: type, instance: Collection, **kwargs: Any) -> None:
    """A collection may come to stand in a closed one, or leave it.

    Moving says nothing itself; the admin saves a collection and moves it in one transaction.
    """
    _follow_documents_in(instance)


def _follow_documents_in(collection: Collection) -> None:
    documents = Document.objects.filter(collection__path__startswith=collection.path)
    _promise({item_id for document in documents for item_id in matters_with(document)})


@receiver(post_save, sender=Unit)
def follow_unit(sender: type, instance: Unit, **kwargs: Any) -> None:
    """A unit has another name or code, which stand in the dossiers of its matters."""
    drafted_with = DecisionItemPage.co_units.through.objects.filter(unit=instance)
    helped = Q(pk__in=drafted_with.values("decisionitempage"))
    _follow_name(DecisionItemPage.objects.filter(Q(lead_unit=instance) | helped))


@receiver(post_save, sender=DecisionCategory)
def follow_category(sender: type, instance: DecisionCategory, **kwargs: Any) -> None:
    """A category has another number."""
    _follow_name(DecisionItemPage.objects.filter(category=instance))


def _follow_name(matters: QuerySet[DecisionItemPage]) -> None:
    item_ids = list(matters.order_by("pk").values_list("pk", flat=True))
    promise_archive_later(item_ids, why=NAME, at=timezone.now())


@receiver(page_slug_changed)
def follow_address(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Everything below a page has new addresses."""
    _promise(_matters_below(instance))


@receiver(post_page_move)
def follow_move(
    sender: type[Page], instance: Page, parent_page_before: Page, **kwargs: Any
) -> None:
    """A page and everything below it stand elsewhere."""
    _promise({*_matters_below(instance), *_matter_of(parent_page_before)})


@receiver([post_save, post_delete], sender=PageViewRestriction)
def follow_restriction(sender: type, instance: PageViewRestriction, **kwargs: Any) -> None:
    """A page and everything below it were closed to the public, or opened again."""
    _promise(_matters_below(instance.page))


@receiver(post_save, sender=StageChange)
def follow_stage(sender: type, instance: StageChange, **kwargs: Any) -> None:
    """A matter moved on."""
    promise_archive(instance.item_id)


def follow_deletion(sender: type, instance: Page, **kwargs: Any) -> None:
    """A matter was deleted with everything below it, or a part of its dossier."""
    _promise([instance.pk] if sender is DecisionItemPage else _matter_of(instance))


for _kind in _DOSSIER_PAGES:
    # A receiver for models of every kind would have Django read all rows that it deletes.
    post_delete.connect(follow_deletion, sender=_kind)
