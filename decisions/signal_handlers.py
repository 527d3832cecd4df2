"""Telling the archive what changed: pages published, withdrawn, moved or closed to the public.

Nothing is indexed here; each change is promised to the outbox in its own transaction.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    StageChange,
)
from decisions.models import DecisionPage
from decisions.tasks import promise_archive, promise_comparison

_DOSSIER_PAGES = (DecisionItemPage, ConsultationPage, FeedbackReportPage, DecisionPage)


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
    if issubclass(sender, ConsultationPage) and instance.live:
        promise_comparison(instance.pk)


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


@receiver(post_delete, sender=DecisionItemPage)
def forget_matter(sender: type, instance: DecisionItemPage, **kwargs: Any) -> None:
    """A matter was deleted with everything below it."""
    promise_archive(instance.pk)


@receiver(post_delete, sender=ConsultationPage)
@receiver(post_delete, sender=FeedbackReportPage)
@receiver(post_delete, sender=DecisionPage)
def follow_deletion(sender: type, instance: Page, **kwargs: Any) -> None:
    """A part of a dossier was deleted."""
    _promise(_matter_of(instance))
