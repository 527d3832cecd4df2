"""Verbs of the decision: reviews, the collective discussion, publication."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import Act, Stage, may_follow, official_date
from consultations.models import DecisionItemPage
from consultations.services import advance
from decisions.lifecycle import ReviewKind, ReviewResult
from decisions.models import CollectiveDiscussion, DecisionPage, Review
from decisions.models.facts import dossier_facts
from decisions.services.redline import keep_redline
from portal.core.findings import Finding, Level, Refused, require
from portal.core.limits import FeedbackGate
from portal.core.models import current_limits
from portal.core.outbox import enqueue
from portal.core.waivers import waived_on

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def record_review(
    *,
    item: DecisionItemPage,
    kind: ReviewKind,
    result: ReviewResult,
    number: str = "",
    sent_on: date | None = None,
    concluded_on: date | None = None,
    conclusion: str = "",
    by: "User",
    at: datetime,
) -> Review:
    """Record a review of a matter; the legality review moves the matter under review.

    Raises:
        Refused: the legality review comes before what has to precede it (HEA-1, REV-3).

    """
    review = Review.objects.create(
        item=item,
        kind=kind,
        number=number,
        sent_on=sent_on,
        concluded_on=concluded_on,
        result=result,
        conclusion=conclusion,
    )
    _require_what_precedes(review, at=at)
    _put_under_review(review, by=by, at=at)
    log(
        review,
        "decisions.record_review",
        user=by,
        data={"kind": str(kind), "before": {}, "after": {"result": str(result)}},
    )
    return review


@transaction.atomic
def conclude_review(
    *,
    review: Review,
    result: ReviewResult,
    number: str = "",
    concluded_on: date | None = None,
    conclusion: str = "",
    by: "User",
    at: datetime,
) -> None:
    """Record how a review in progress ended.

    Raises:
        Refused: it has ended already; what is on record is followed by a further review. Or the
            legality review comes before what has to precede it (HEA-1, REV-3).

    """
    present = Review.objects.select_for_update().values_list("result", flat=True).get(pk=review.pk)
    if present != ReviewResult.PENDING:
        raise _on_record(_("This review has ended already. Record a further review instead."))
    review.result, review.number, review.conclusion = result, number, conclusion
    review.concluded_on = concluded_on
    review.save()
    _require_what_precedes(review, at=at)
    _put_under_review(review, by=by, at=at)
    log(
        review,
        "decisions.conclude_review",
        user=by,
        data={
            "result": str(result),
            "before": {"result": str(present)},
            "after": {"result": str(result)},
        },
    )


def _require_what_precedes(review: Review, *, at: datetime) -> None:
    """Raise Refused when a legality review comes before what has to precede it (HEA-1, REV-3)."""
    if review.kind == ReviewKind.LEGALITY:
        item = DecisionItemPage.objects.get(pk=review.item_id)
        require(Act.REVIEW_LEGALITY, dossier_facts(item, at=at), current_limits())


def _put_under_review(review: Review, *, by: "User", at: datetime) -> None:
    """Move a matter on when its legality review is on record and the adoption is public.

    Where the summary may come with the decision the review need not wait for it (FEE-2).
    """
    if review.kind != ReviewKind.LEGALITY:
        return
    item = DecisionItemPage.objects.get(pk=review.item_id)
    standing = item.standing(at=at)
    is_early = standing is Stage.CONSULTATION_CLOSED
    if is_early and current_limits().feedback_gate is FeedbackGate.BEFORE_DECISION:
        return
    if may_follow(standing, Stage.UNDER_REVIEW):
        advance(item=item, to=Stage.UNDER_REVIEW, by=by, at=at)


def _on_record(message: str) -> Refused:
    return Refused([Finding("RECORD", Level.BLOCK, message, "713 art. 33")])


@transaction.atomic
def decide(
    *,
    item: DecisionItemPage,
    meeting_name: str,
    held_on: date,
    party_report_on: date,
    by: "User",
    at: datetime,
) -> CollectiveDiscussion:
    """Record the collective discussion that decided a matter.

    Rules FEE-2 to FEE-4, HEA-1, PAR-1, REV-1 to REV-4 and DEC-1.

    Raises:
        Refused: a rule or the stage of the matter forbids it; nothing is written then.

    """
    DecisionItemPage.objects.select_for_update().get(pk=item.pk)
    if CollectiveDiscussion.objects.filter(item=item).exists():
        raise _on_record(_("The decision on this matter is recorded already."))
    discussion = CollectiveDiscussion.objects.create(
        item=item, meeting_name=meeting_name, held_on=held_on, party_report_on=party_report_on
    )
    require(Act.DECIDE, dossier_facts(item, at=at), current_limits(), waived=waived_on(item))
    advance(item=item, to=Stage.DECIDED, by=by, at=at)
    log(item, "decisions.decide", user=by, data={"meeting": meeting_name})
    return discussion


@transaction.atomic
def publish_decision(*, page: DecisionPage, by: "User", at: datetime) -> None:
    """Publish a decision (REV-1, DEC-1 to DEC-6, FEE-2, FEE-3, HEA-1, LIF-2).

    A past decision is corrected in this way; it is recorded by `record_past_decision`.

    Raises:
        Refused: a rule or the stage of the matter forbids it.

    """
    page.published_on = page.published_on or official_date(at)
    facts = dossier_facts(page.item, page, at=at)
    require(page.publishing_act, facts, current_limits(), waived=waived_on(page))
    was_live = page.live
    page.publish_as(by)
    keep_redline(page=page, at=at)
    if not was_live:
        advance(item=page.item, to=Stage.PUBLISHED, by=by, at=at)
        enqueue("decision.published", at=at, page=page.pk)
    log(
        page,
        "decisions.publish_decision",
        user=by,
        data={"before": {"live": was_live}, "after": {"live": True}},
    )
