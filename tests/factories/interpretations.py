"""Interpretations as they are prepared below a round or a decision."""

from datetime import datetime

from wagtail.rich_text import RichText

from consultations import services
from consultations.models import ConsultationPage, InterpretationPage
from decisions.models import DecisionPage
from tests.factories.people import a_publisher
from tests.factories.review import released


def a_draft_interpretation(
    subject: ConsultationPage | DecisionPage, **fields: object
) -> InterpretationPage:
    """An interpretation of a round's draft, or of a decision, that is not public."""
    values = {
        "title": f"{subject.title}的政策解读",
        "slug": f"interpretation-{subject.get_children_count() + 1}",
        "author": "住建局物业科",
        "body": [
            ("paragraph", RichText("<p>要解决有地方停、有地方充的问题。</p>")),
            ("question", {"question": "楼道里能充电吗？", "answer": RichText("<p>不能。</p>")}),
        ],
        "live": False,
    }
    return subject.add_child(instance=InterpretationPage(**(values | fields)))


def published(subject: ConsultationPage | DecisionPage, *, at: datetime) -> None:
    """Publish what is prepared below a round or a decision."""
    for page in InterpretationPage.objects.child_of(subject):
        released(page)
        services.publish_interpretation(page=page, by=a_publisher(), at=at)


def prepared(subject: ConsultationPage | DecisionPage) -> None:
    """Prepare an interpretation where there is none, as is done before something is published."""
    if not InterpretationPage.objects.child_of(subject).exists():
        a_draft_interpretation(subject)
