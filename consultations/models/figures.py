"""The numbers of an adoption summary: computed from opinions and answers, never typed."""

from collections import Counter
from dataclasses import dataclass

from consultations.compliance.opinion import outcome_of_opinion
from consultations.lifecycle import ADOPTED, Channel, Outcome
from consultations.models.opinion import Opinion, OpinionPoint


@dataclass(frozen=True)
class Figures:
    """The numbers of an adoption summary, all about opinions that count.

    Attributes:
        opinions: how many came.
        by_channel: how many by each way that was used.
        by_outcome: how many met each outcome; the sum is `opinions` when all are answered.
        articles: how many articles of the draft they spoke to.
        unanswered: points without a final answer.

    """

    opinions: int
    by_channel: dict[Channel, int]
    by_outcome: dict[Outcome, int]
    articles: int
    unanswered: int

    @property
    def adopted(self) -> int:
        """Opinions adopted wholly or partly."""
        return sum(self.by_outcome[outcome] for outcome in ADOPTED)

    @property
    def adoption_percent(self) -> int:
        """Opinions adopted wholly or partly, of all, in whole percent."""
        return round(100 * self.adopted / self.opinions) if self.opinions else 0


def figures_of(consultation_id: int) -> Figures:
    """Count the opinions of a consultation in four queries, however many there are."""
    opinions = Opinion.norel_objects.filter(consultation_id=consultation_id).that_count()
    points = OpinionPoint.objects.that_count().filter(opinion__consultation_id=consultation_id)
    outcomes: dict[int, list[str]] = {}
    rows = points.values_list("opinion_id", "issue__outcome").order_by()
    for opinion_id, outcome in rows.iterator():
        outcomes.setdefault(opinion_id, []).append(outcome or "")
    counted = Counter(outcome_of_opinion(one) for one in outcomes.values())
    return Figures(
        opinions=opinions.count(),
        by_channel=opinions.count_by_channel(),
        by_outcome={outcome: counted.get(outcome, 0) for outcome in Outcome},
        articles=points.exclude(article_id="").values("article_id").distinct().count(),
        unanswered=sum(one.count("") for one in outcomes.values()),
    )
