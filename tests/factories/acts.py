"""The publishing verbs as a test uses them: the release review is passed first, then the act.

A test about the review itself calls the services.
"""

from datetime import datetime

from consultations import services
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    InterpretationPage,
)
from decisions import services as decision_services
from decisions.models import DecisionPage, EvaluationPage
from portal.accounts.models import User
from tests.factories.interpretations import prepared
from tests.factories.review import released


def publish_catalogue(*, page: CataloguePage, by: User, at: datetime) -> None:
    """Publish a catalogue with its entries."""
    released(page)
    services.publish_catalogue(page=page, by=by, at=at)


def publish_item(*, page: DecisionItemPage, by: User, at: datetime) -> None:
    """Publish an entry of a public catalogue."""
    released(page)
    services.publish_item(page=page, by=by, at=at)


def open_round(*, page: ConsultationPage, by: User, at: datetime) -> None:
    """Publish a round, with an interpretation prepared."""
    prepared(page)
    released(page)
    services.open_round(page=page, by=by, at=at)


def publish_feedback(*, page: FeedbackReportPage, by: User, at: datetime) -> None:
    """Publish an adoption summary."""
    released(page)
    services.publish_feedback(page=page, by=by, at=at)


def publish_decision(*, page: DecisionPage, by: User, at: datetime) -> None:
    """Publish a decision, with an interpretation prepared."""
    prepared(page)
    released(page)
    decision_services.publish_decision(page=page, by=by, at=at)


def publish_evaluation(*, page: EvaluationPage, by: User, at: datetime) -> None:
    """Publish the report of an evaluation."""
    released(page)
    decision_services.publish_evaluation(page=page, by=by, at=at)


def publish_interpretation(*, page: InterpretationPage, by: User, at: datetime) -> None:
    """Publish an interpretation."""
    released(page)
    services.publish_interpretation(page=page, by=by, at=at)
