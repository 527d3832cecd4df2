"""What this app tells of a matter's story: reviews, the discussion, the decision, evaluations."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from consultations.lifecycle import Step, official_date
from consultations.models import ConsultationPage, DecisionItemPage
from consultations.story import Evaluation, MatterEvent
from consultations.timeline import interpretation_events
from decisions.models import CollectiveDiscussion, DecisionPage, Review
from decisions.models.evaluation import evaluations_of
from decisions.models.history import acts_upon
from portal.core.dates import day_in_words


def events(*, item: DecisionItemPage) -> list[MatterEvent]:
    """Return the public events from the reviews to the evaluations, in no order."""
    told = [
        MatterEvent(
            Step.DECISION,
            review.concluded_on,
            _("%(review)s: %(result)s")
            % {"review": review.get_kind_display(), "result": review.get_result_display()},
            review.conclusion,
        )
        for review in Review.objects.filter(item=item)
        if review.concluded_on is not None
    ]
    told += [
        MatterEvent(
            Step.DECISION,
            discussion.held_on,
            _("Discussed and decided by the %(meeting)s") % {"meeting": discussion.meeting_name},
        )
        for discussion in CollectiveDiscussion.objects.filter(item=item)
    ]
    decisions = DecisionPage.objects.child_of(item).live().with_acts().without_text()
    published = decisions.filter(published_on__isnull=False)
    told += [
        MatterEvent(
            Step.DECISION,
            page.published_on,
            _("Decision published"),
            page.document_no,
            links=((_("Text"), page.get_absolute_url()),),
        )
        for page in published
    ]
    return [
        *told,
        *_cause_events(item),
        *interpretation_events(item, published, Step.DECISION),
        *_evaluation_events(item),
        *_later_acts(published),
    ]


def _later_acts(decisions: Iterable[DecisionPage]) -> Iterator[MatterEvent]:
    """Yield suspensions, later decisions and clean-ups: what became of the decision in force."""
    for page in decisions:
        for one in acts_upon(page):
            links = ((one.label, one.url),) if one.url else ()
            yield MatterEvent(Step.EVALUATION, one.on, one.what, one.note, links)


def _cause_events(item: DecisionItemPage) -> Iterator[MatterEvent]:
    """Yield the evaluations of earlier decisions that led to this matter."""
    for page in item.evaluations.live().filter(published_on__isnull=False):
        yield MatterEvent(
            Step.CATALOGUE,
            page.published_on,
            _("The evaluation of an earlier decision proposed this matter"),
            page.title,
            links=((_("Evaluation report"), page.get_absolute_url()),),
        )


def _evaluation_events(item: DecisionItemPage) -> Iterator[MatterEvent]:
    """Yield the calls for opinions on the decision, their summaries and the reports."""
    for call in item.public_calls:
        yield from _call_events(call)
    for page in evaluations_of(item):
        if page.published_on is not None:
            yield MatterEvent(
                Step.EVALUATION,
                page.published_on,
                _("Evaluation published: %(outcome)s") % {"outcome": page.get_outcome_display()},
                page.summary,
                links=((_("Evaluation report"), page.get_absolute_url()),),
            )


def _call_events(call: ConsultationPage) -> Iterator[MatterEvent]:
    if call.opens_on is None or call.closes_on is None:
        return
    link = (_("Call for opinions"), call.get_absolute_url())
    title = _("Opinions asked for on how the decision works")
    yield MatterEvent(Step.EVALUATION, call.opens_on, title, call.shortened_reason, (link,))
    yield MatterEvent(Step.EVALUATION, call.closes_on, _("Last day for opinions"))
    if call.report is not None and call.report.published_on is not None:
        link = (_("Adoption summary"), call.report.get_absolute_url())
        title = _("Adoption of opinions published")
        yield MatterEvent(Step.EVALUATION, call.report.published_on, title, links=(link,))


def evaluation(*, item: DecisionItemPage, at: datetime) -> Evaluation | None:
    """Return how far the evaluation of a matter's decision has come, as far as it is public.

    It runs from the opening of a call until a later report is public.
    """
    last = next(iter(evaluations_of(item)), None)
    since = last.published_on if last else None
    running = [
        one
        for one in item.public_calls
        if one.opens_on is not None
        and one.opens_on <= official_date(at)
        and (since is None or one.opens_on > since)
    ]
    if not running and last is None:
        return None
    note = day_in_words(since, at)
    if running:
        closes_on = day_in_words(running[-1].closes_on, at)
        is_open = running[-1].is_open(at=at)
        note = _("until %(date)s") % {"date": closes_on} if is_open else ""
    return Evaluation(
        is_running=bool(running),
        note=note,
        reported_on=since,
        url=last.get_absolute_url() if last else "",
    )
