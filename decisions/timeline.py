"""What this app tells of a matter's story: reviews, the discussion, the decision."""

from django.utils.translation import gettext as _

from consultations.lifecycle import Step
from consultations.models import DecisionItemPage
from consultations.story import MatterEvent
from consultations.timeline import interpretation_events
from decisions.models import CollectiveDiscussion, DecisionPage, Review


def events(*, item: DecisionItemPage) -> list[MatterEvent]:
    """Return the public events from the reviews to the decision, in no order."""
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
    published = DecisionPage.objects.child_of(item).live().filter(published_on__isnull=False)
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
    return [*told, *interpretation_events(item, published, Step.DECISION)]
