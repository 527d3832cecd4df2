"""Verbs of the clean-up of documents: start its list, say what becomes of each, publish it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import Act, official_date
from decisions.lifecycle import ON_THE_BOOKS, CleanupOutcome
from decisions.models import CleanupEntry, CleanupPage, DecisionIndexPage, DecisionPage
from portal.core.findings import Finding, Level, Refused, require
from portal.core.many_logs import log_many
from portal.core.models import current_limits

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def start_cleanup(
    *, title: str, organ: str, basis: str = "", by: "User", at: datetime
) -> CleanupPage:
    """Make a draft of a clean-up with every public decision on the books that somebody works on.

    Args:
        title: of its page.
        organ: who cleans up.
        basis: the order or notice that asks for it; public.
        by: who starts it; their scope is what is listed.
        at: when; what is on the books on that day is listed.

    Raises:
        Refused: there is no list of decisions, or nothing to put on the list.

    """
    index = DecisionIndexPage.objects.first()
    today = official_date(at)
    public = DecisionPage.objects.live().filter(published_on__lte=today)
    decisions = public.in_scope_of(by).with_acts().without_text().order_by("pk")
    listed = [one for one in decisions if one.validity(on=today) in ON_THE_BOOKS]
    if index is None or not listed:
        raise _refused(_("No decision is in force that could be listed."))
    page = CleanupPage(title=title, slug=_free_slug(index, today.year), organ=organ, basis=basis)
    page.live = False
    index.add_child(instance=page)
    page.save_revision(user=by, log_action=False)
    CleanupEntry.objects.bulk_create(
        CleanupEntry(cleanup=page, decision=decision) for decision in listed
    )
    log(page, "decisions.start_cleanup", user=by, data={"count": len(listed)})
    return page


def _free_slug(index: DecisionIndexPage, year: int) -> str:
    """Return an address for a clean-up of a year that no other has."""
    taken = set(index.get_children().values_list("slug", flat=True))
    slug, number = f"cleanup-{year}", 1
    while slug in taken:
        number += 1
        slug = f"cleanup-{year}-{number}"
    return slug


@transaction.atomic
def set_outcome(
    *,
    entries: Iterable[int],
    outcome: CleanupOutcome,
    reason: str = "",
    effective_on: date | None = None,
    by: "User",
    at: datetime,
) -> int:
    """Say what becomes of decisions under clean-up, in place of what was said; return how many.

    Args:
        entries: primary keys, of clean-ups that are not published.
        outcome: the same for all.
        reason: why; public. It may be missing until the clean-up is published (LIF-3).
        effective_on: for a repeal, its first day; None means the day of publication.
        by: who decides.
        at: when.

    Raises:
        Refused: one of them is in a clean-up that is public, or only a repeal would have a day.

    """
    if effective_on is not None and outcome is not CleanupOutcome.REPEAL:
        raise _refused(_("Only a repeal has a day from which it holds."))
    chosen = CleanupEntry.objects.filter(pk__in=list(entries)).order_by("pk")
    # Who publishes one of these clean-ups at the same time waits, or is waited for, here.
    _lock(CleanupPage.objects.filter(pk__in=chosen.order_by().values("cleanup")))
    found = list(chosen.select_related("decision"))
    if any(one.cleanup.live for one in found):
        raise _refused(_("The result of this clean-up is public; it does not change any more."))
    acts = []
    for one in found:
        data = {"outcome": str(outcome), "before": {"outcome": one.outcome}}
        one.outcome, one.reason, one.effective_on = outcome, reason.strip(), effective_on
        one.decided_at = at
        acts.append((one, data | {"after": {"outcome": str(outcome)}}))
    CleanupEntry.objects.bulk_update(found, ["outcome", "reason", "effective_on", "decided_at"])
    log_many(acts, "decisions.set_outcome", user=by, at=at)
    return len(found)


@transaction.atomic
def publish_cleanup(*, page: CleanupPage, by: "User", at: datetime) -> None:
    """Publish the result of a clean-up (CON-7, LIF-3); its repeals hold from their days on.

    A repeal without a day holds from the day of publication.

    Raises:
        Refused: a rule forbids it.

    """
    _lock(CleanupPage.objects.filter(pk=page.pk))
    require(Act.PUBLISH_CLEANUP, page.facts(at=at), current_limits())
    before = {"live": page.live}
    page.published_on = page.published_on or official_date(at)
    page.entries.filter(outcome=CleanupOutcome.REPEAL, effective_on__isnull=True).update(
        effective_on=page.published_on
    )
    page.publish_as(by)
    log(
        page,
        "decisions.publish_cleanup",
        user=by,
        data={"before": before, "after": {"live": True}},
    )


def _lock(cleanups: QuerySet[CleanupPage]) -> None:
    """Hold clean-ups until the transaction ends, always in the same order."""
    list(cleanups.select_for_update(of=("self",)).order_by("pk"))


def _refused(message: str) -> Refused:
    return Refused([Finding("LIF-3", Level.BLOCK, message, "本单位规定")])
