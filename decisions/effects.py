"""Which words of a decision an issue changed: what the adoption summary shows of it."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.effects import Effect
from consultations.models import DecisionItemPage
from decisions.models import DecisionPage
from decisions.models.changes import Change, changes_of
from decisions.redline import Edit, Kind

# Of one article; the page of the changes has all.
MOST_EDITS = 3
LONGEST_EDIT = 30


def effects(*, item: DecisionItemPage) -> list[Effect]:
    """Return what the issues of a matter changed, in the order of the decision."""
    page = DecisionPage.objects.child_of(item).live().first()
    changes = changes_of(page) if page else None
    if page is None or changes is None:
        return []
    base = f"{page.get_absolute_url()}redline/"
    return [
        Effect(
            cause.issue.pk,
            change.labels or change.old_labels,
            tuple(_sentences(change)),
            f"{base}#{change.anchor}",
        )
        for change in changes.changed
        for cause in change.causes
    ]


def _sentences(change: Change) -> list[str]:
    """Return what was done to the words of one row, as the page of the changes says it."""
    if change.kind is Kind.INSERTED:
        return [_("A new article.")]
    if change.kind is Kind.DELETED:
        return [_("The article is taken out.")]
    told = [_in_words(edit) for edit in change.edits[:MOST_EDITS]]
    count = len(change.edits)
    if count > MOST_EDITS:
        told.append(ngettext("%(n)s change in all.", "%(n)s changes in all.", count) % {"n": count})
    return told


def _in_words(edit: Edit) -> str:
    old, new = (Truncator(text).chars(LONGEST_EDIT) for text in (edit.old, edit.new))
    if old and new:
        return _("“%(old)s” became “%(new)s”.") % {"old": old, "new": new}
    if new:
        return _("“%(new)s” was added.") % {"new": new}
    return _("“%(old)s” was taken out.") % {"old": old}
