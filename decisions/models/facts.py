"""What the rules read of a matter that is decided, and of its decision's publication."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Min

from consultations.lifecycle import official_date
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    Hearing,
    InterpretationPage,
    OpinionPoint,
)
from decisions.compliance.review import DecisionFacts
from decisions.lifecycle import ReviewKind
from decisions.models.evaluation import evaluation_facts
from decisions.models.review import CollectiveDiscussion, Review, Reviews
from portal.core.models import WorkCalendar
from portal.core.release.record import is_released

if TYPE_CHECKING:
    from decisions.models.decision import DecisionPage


def dossier_facts(
    item: DecisionItemPage, page: "DecisionPage | None" = None, *, at: datetime
) -> DecisionFacts:
    """Return what the rules read of a matter; with `page`, of its decision's publication."""
    facts = blank_facts(at=at) if item.is_past_record else _facts_before_the_text(item, at=at)
    if page is None:
        return facts
    later = page.superseded_by
    interpretations = InterpretationPage.objects.child_of(page)
    return replace(
        facts,
        is_publication=True,
        missing_particulars=page.missing_particulars(),
        index_no_taken=page.index_no_is_taken(),
        signed_on=page.signed_on,
        published_on=page.published_on,
        effective_on=page.effective_on,
        expires_on=page.expires_on,
        is_public=page.live,
        is_superseded=bool(page.supersession),
        has_public_successor=later is not None and later.live,
        is_repealed=page.repeal is not None,
        repealed_on=page.repealed_on,
        is_released=is_released(page),
        **(evaluation_facts(page) if page.live else {}),
        has_interpretation=interpretations.exists(),
        interpreted_on=interpretations.live().aggregate(first=Min("published_on"))["first"],
    )


def blank_facts(*, at: datetime) -> DecisionFacts:
    """Return what the rules read of a past decision before its particulars: no procedure."""
    return DecisionFacts(
        is_publication=False,
        today=official_date(at),
        unreported_rounds=(),
        unreported_silent_rounds=(),
        legality_number="",
        legality_on=None,
        meeting_name="",
        meeting_on=None,
        party_report_on=None,
        was_consulted=False,
        needs_participation=False,
        is_past_record=True,
        procedure_since=procedure_since(),
    )


def procedure_since() -> date | None:
    """Return the day from which decisions go through the procedure kept here (PAST-1).

    It is the day on which the first catalogue was published; None before that.
    """
    return CataloguePage.objects.live().aggregate(first=Min("published_on"))["first"]


def _facts_before_the_text(item: DecisionItemPage, *, at: datetime) -> DecisionFacts:
    """Return the facts that stand on record whether the text of a decision exists or not."""
    rounds = list(
        ConsultationPage.objects.child_of(item).live().with_opinion_count().order_by("round")
    )
    reported = {
        report.path[: -FeedbackReportPage.steplen]
        for report in FeedbackReportPage.objects.descendant_of(item).live()
    }
    unanswered = set(
        OpinionPoint.objects.that_count()
        .unanswered()
        .filter(opinion__consultation__in=[one.pk for one in rounds])
        .values_list("opinion__consultation_id", flat=True)
    )
    unreported = [one for one in rounds if one.path not in reported]
    reviews = Reviews(Review.objects.filter(item=item).order_by("concluded_on", "pk"))
    discussion = CollectiveDiscussion.objects.filter(item=item).first()
    hearings = Hearing.objects.filter(item=item, cancelled_reason="").order_by("held_at")
    held = [official_date(one.held_at) for one in hearings if one.concluded_at]
    legality = reviews.passed(ReviewKind.LEGALITY)
    return DecisionFacts(
        is_publication=False,
        today=official_date(at),
        unreported_rounds=tuple(one.title for one in unreported if one.opinion_count),
        unreported_silent_rounds=tuple(one.title for one in unreported if not one.opinion_count),
        unanswered_rounds=tuple(one.title for one in rounds if one.pk in unanswered),
        legality_number=legality.number if legality else "",
        legality_on=legality.concluded_on if legality else None,
        legality_sent_on=legality.sent_on if legality else None,
        missing_reviews=reviews.missing(item),
        is_risk_uncontrollable=reviews.is_refused(ReviewKind.RISK),
        hearing_required=bool(item.hearing_required),
        hearing_on=held[-1] if held else None,
        meeting_name=discussion.meeting_name if discussion else "",
        meeting_on=discussion.held_on if discussion else None,
        party_report_on=discussion.party_report_on if discussion else None,
        has_public_feedback=any(one.path in reported for one in rounds),
        was_consulted=bool(rounds),
        needs_participation=item.needs_participation,
        record_gaps=tuple(one.title for one in unreported) + reviews.gaps(),
        is_workday=WorkCalendar(),
    )
