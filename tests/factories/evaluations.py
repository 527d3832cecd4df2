"""Evaluations of decisions, and the calls for opinions on what decisions have brought."""

from datetime import datetime, timedelta

from django.utils import timezone

from consultations import services
from consultations.lifecycle import Stance, official_date
from consultations.models import ConsultationPage
from decisions.lifecycle import EvaluationBasis, EvaluationOutcome
from decisions.models import DecisionPage, EvaluationPage
from tests.factories import acts, interpretations
from tests.factories.opinions import an_unconfirmed_opinion
from tests.factories.pages import a_decision, a_draft_round
from tests.factories.people import a_publisher

LONG_AGO = timedelta(days=200)


def a_decision_in_place(*, at: datetime | None = None, **fields: object) -> DecisionPage:
    """A decision published long before `at`, and in force."""
    at = at or timezone.now()
    page = a_decision(at=at - LONG_AGO, **fields)
    interpretations.published(page, at=at - LONG_AGO)
    return page


def a_draft_call(
    decision: DecisionPage | None = None, *, at: datetime | None = None, **fields: object
) -> ConsultationPage:
    """A call for opinions on a decision (a new one unless given) that is not public."""
    at = at or timezone.now()
    decision = decision or a_decision_in_place(at=at)
    values = {
        "title": f"关于《{decision.title}》实施情况公开征求意见的公告",
        "slug": f"evaluation-call-{decision.get_children_count() + 1}",
        "round": 1,
        "draft": decision.text,
        "explanation": "<p>施行以来的主要数据。</p>",
    }
    return a_draft_round(decision, at=at, **(values | fields))


def a_call(
    decision: DecisionPage | None = None, *, opened_at: datetime, **fields: object
) -> ConsultationPage:
    """A published call for opinions on a decision."""
    page = a_draft_call(decision, at=opened_at, **fields)
    acts.open_round(page=page, by=a_publisher(), at=opened_at)
    return ConsultationPage.objects.get(pk=page.pk)


def an_open_call(
    decision: DecisionPage | None = None, *, at: datetime | None = None
) -> ConsultationPage:
    """A call that is open since ten days."""
    return a_call(decision, opened_at=(at or timezone.now()) - timedelta(days=10))


def a_closed_call(
    decision: DecisionPage | None = None, *, at: datetime | None = None
) -> ConsultationPage:
    """A call that closed ten days ago."""
    return a_call(decision, opened_at=(at or timezone.now()) - timedelta(days=40))


def oppose(call: ConsultationPage, times: int, *, at: datetime | None = None) -> None:
    """Give so many opinions against a decision, from as many people; they count."""
    at = at or timezone.now()
    for number in range(times):
        opinion = an_unconfirmed_opinion(call, email=f"w{number}@example.com", at=at)
        opinion.points.update(stance=Stance.OPPOSE)
        services.confirm(token=services.new_confirmation_token(opinion=opinion, at=at), at=at)


def a_draft_evaluation(
    decision: DecisionPage | None = None, *, at: datetime | None = None, **fields: object
) -> EvaluationPage:
    """A complete evaluation that is not public; it began sixty days ago."""
    at = at or timezone.now()
    decision = decision or a_decision_in_place(at=at)
    values = {
        "title": f"《{decision.title}》决策后评估报告",
        "slug": f"evaluation-{decision.get_children_count() + 1}",
        "evaluator": "澜川市发展研究中心",
        "began_on": official_date(at - timedelta(days=60)),
        "basis": EvaluationBasis.OWN_MOTION,
        "methods": "公开征求意见、问卷调查、实地走访。",
        "report": "<p>停放秩序明显改善。</p>",
        "outcome": EvaluationOutcome.KEEP,
        "outcome_reason": "主要目标已经达到。",
        "live": False,
    }
    decision.refresh_from_db()
    return decision.add_child(instance=EvaluationPage(**(values | fields)))


def an_evaluation(
    decision: DecisionPage | None = None, *, at: datetime | None = None, **fields: object
) -> EvaluationPage:
    """A published evaluation."""
    at = at or timezone.now()
    page = a_draft_evaluation(decision, at=at, **fields)
    acts.publish_evaluation(page=page, by=a_publisher(), at=at)
    return EvaluationPage.objects.get(pk=page.pk)
