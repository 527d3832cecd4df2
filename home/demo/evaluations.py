"""The evaluation of a decision in the demo: people are asked, answered, and the report follows."""

from typing import TYPE_CHECKING

from consultations.models import DecisionItemPage
from decisions import services
from decisions.lifecycle import EvaluationOutcome
from decisions.models import DecisionPage, EvaluationPage
from home.demo.dates import AFTERNOON, at_time
from home.demo.material import Adjustment, EvaluationNote
from home.demo.past import dated
from home.demo.release import release
from home.demo.texts import paragraphs

if TYPE_CHECKING:
    from home.demo.dossier import Dossier


def evaluate(told: EvaluationNote, decision: DecisionPage, dossier: "Dossier") -> None:
    """Hold the call for opinions on a decision and publish the report with its outcome."""
    hands, name = dossier.hands, decision.title
    call = dossier.page_of(told.call, 1, "")
    call.title = f"关于《{name}》实施情况公开征求意见的公告"
    call.slug = "evaluation-call-1"
    call.summary = told.call.glance_what
    call.draft = decision.text
    dossier.hold(call, told.call, below=decision, report=f"《{name}》实施情况意见采纳情况反馈")
    decision.refresh_from_db()
    page = EvaluationPage(
        title=f"《{name}》决策后评估报告",
        slug="evaluation-1",
        live=False,
        summary=told.summary,
        evaluator=told.evaluator,
        began_on=min(hands.calendar.office_day(told.began), call.opens_on),
        basis=told.basis,
        methods=told.methods.strip(),
        report=paragraphs(told.report),
        outcome=told.outcome,
        outcome_reason=told.outcome_reason.strip(),
    )
    published_on = hands.calendar.office_day(told.published, after=call.closes_on)
    with dated(at_time(published_on, AFTERNOON)) as at:
        decision.add_child(instance=page)
        release(page, hands)
        services.publish_evaluation(page=page, by=hands.publisher, at=at)


def lead_to(
    item: DecisionItemPage, earlier: DecisionPage, change: Adjustment, dossier: "Dossier"
) -> None:
    """Name the new matter in the evaluation that asked for it."""
    hands = dossier.hands
    asking = EvaluationPage.objects.child_of(earlier).filter(outcome=EvaluationOutcome.ADJUST)
    for page in asking:
        with dated(at_time(hands.calendar.office_day(change.on), AFTERNOON)) as at:
            page.new_item = item
            release(page, hands)
            services.publish_evaluation(page=page, by=hands.publisher, at=at)
