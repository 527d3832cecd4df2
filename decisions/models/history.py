"""What happened to a decision from the day it was signed, each day with its link."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from decisions.lifecycle import Supersession

if TYPE_CHECKING:
    from decisions.models.decision import DecisionPage


@dataclass(frozen=True)
class LifeEvent:
    """One event.

    Attributes:
        on: its day, which may lie ahead.
        what: in a few words.
        note: a sentence more, or empty.
        label: what its link says, or empty.
        url: where the link leads.

    """

    on: date
    what: str
    note: str = ""
    label: str = ""
    url: str = ""


def history_of(page: "DecisionPage") -> list[LifeEvent]:
    """Return everything on record of a decision, oldest first, what lies ahead last."""
    return sorted([*_dates(page), *acts_upon(page)], key=lambda one: one.on)


def acts_upon(page: "DecisionPage") -> list[LifeEvent]:
    """Return what was done to a decision since it was published, in no order."""
    return [
        *_suspensions(page),
        *_later_decision(page),
        *_cleanups(page),
        *_stated_repeal(page),
    ]


def _dates(page: "DecisionPage") -> Iterator[LifeEvent]:
    days = (
        (page.signed_on, _("Signed")),
        (page.published_on, _("Made public")),
        (page.effective_on, _("Takes effect")),
    )
    yield from (LifeEvent(day, what) for day, what in days if day)
    if page.expires_on:
        yield LifeEvent(page.expires_on, _("Last day in force"))


def _suspensions(page: "DecisionPage") -> Iterator[LifeEvent]:
    for one in page.all_suspensions:
        said = _("%(organ)s: %(reason)s") % {"organ": one.organ, "reason": one.reason}
        yield LifeEvent(one.from_on, _("Suspended"), said)
        if one.resumed_on:
            yield LifeEvent(one.resumed_on, _("Carried out again"))


def _later_decision(page: "DecisionPage") -> Iterator[LifeEvent]:
    later = page.superseded_by
    if later is not None and later.effective_on:
        what = Supersession(page.supersession).label
        yield LifeEvent(
            later.effective_on, str(what), label=later.title, url=later.get_absolute_url()
        )


def _stated_repeal(page: "DecisionPage") -> Iterator[LifeEvent]:
    """Yield the repeal that is on record of a past decision, by a document that is not here."""
    if page.repealed_on:
        yield LifeEvent(page.repealed_on, str(Supersession.REPEALED.label), page.repeal_basis)


def _cleanups(page: "DecisionPage") -> Iterator[LifeEvent]:
    for one in page.cleanup_results:
        yield LifeEvent(
            one.effective_on or one.cleanup.published_on,
            _("Clean-up of %(year)s: %(outcome)s")
            % {"year": one.cleanup.published_on.year, "outcome": one.get_outcome_display()},
            one.reason,
            label=one.cleanup.title,
            url=one.cleanup.get_absolute_url(),
        )
