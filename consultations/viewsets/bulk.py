"""The verbs on many opinions at once."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from consultations import services
from consultations.lifecycle import WithheldReason
from consultations.models import Issue, Opinion
from consultations.viewsets.triage.forms import WithholdForm
from consultations.viewsets.triage.many import GroupForm, group, say_outcome


class OpinionBulkAction(SnippetBulkAction):
    """A verb on the opinions ticked in the list."""

    models: ClassVar[list[Any]] = [Opinion]
    template_name = "consultations/admin/opinion_bulk.html"
    submit_label: Any = ""

    def check_perm(self, obj: Opinion) -> bool:
        """Let only moderators act."""
        allowed: bool = self.permission_policy.user_has_permission(self.request.user, "moderate")
        return allowed

    def get_queryset(self, model: Any, object_ids: Iterable[Any]) -> QuerySet[Opinion]:
        """Read the opinions in scope with what the confirmation shows."""
        own = Opinion.norel_objects.in_scope_of(self.request.user)
        return own.filter(pk__in=list(object_ids)).order_by("-pk")

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """Act on nothing that was not ticked: the list may be filtered, this query is not."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words of this action."""
        context = super().get_context_data(**kwargs)
        return context | {"title": self.aria_label, "submit_label": self.submit_label}

    def perform(self, opinions: list[int]) -> services.Outcome:
        """Call the verb on all of them."""
        raise NotImplementedError

    @classmethod
    def execute_action(cls, objects: list[Opinion], **kwargs: Any) -> tuple[int, int]:
        """Act on all at once; what is refused for one does not hold up the others."""
        action: OpinionBulkAction = kwargs["self"]
        outcome = action.perform([one.pk for one in objects])
        say_outcome(action.request, outcome)
        return outcome.done, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """Say how many are done."""
        if not num_parent_objects:
            return None
        return ngettext(
            "Done for %(count)s opinion.", "Done for %(count)s opinions.", num_parent_objects
        ) % {"count": num_parent_objects}


class PublishOpinions(OpinionBulkAction):
    """Show opinions as they were written."""

    display_name = _("Show them")
    aria_label = _("Show the selected opinions as written")
    action_type = "publish"
    action_priority = 10
    submit_label = _("Show as written")

    def perform(self, opinions: list[int]) -> services.Outcome:
        """Show them."""
        return services.publish_opinions(opinions=opinions, by=self.request.user, at=timezone.now())


class WithholdOpinions(OpinionBulkAction):
    """Withhold opinions for one reason."""

    display_name = _("Withhold")
    aria_label = _("Withhold the selected opinions")
    action_type = "withhold"
    action_priority = 20
    submit_label = _("Withhold them")
    form_class = WithholdForm

    def perform(self, opinions: list[int]) -> services.Outcome:
        """Withhold them."""
        return services.withhold_opinions(
            opinions=opinions,
            reason=WithheldReason(self.cleaned_form.cleaned_data["reason"]),
            by=self.request.user,
            at=timezone.now(),
        )


class GroupOpinions(OpinionBulkAction):
    """Group all points of the opinions under one issue."""

    display_name = _("Group under an issue")
    aria_label = _("Group the selected opinions under an issue")
    action_type = "group"
    action_priority = 30
    submit_label = _("Group them")
    form_class = GroupForm
    issue: Issue | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose opinions they are."""
        opinions, _others = self.get_actionable_objects()
        return super().get_form_kwargs() | {"rounds": {one.consultation_id for one in opinions}}

    @classmethod
    def execute_action(cls, objects: list[Opinion], **kwargs: Any) -> tuple[int, int]:
        """Open the issue if it is new, and group the points there."""
        action: GroupOpinions = kwargs["self"]
        action.issue = group(
            [one.pk for one in objects],
            action.cleaned_form.cleaned_data,
            by=action.request.user,
            at=timezone.now(),
        )
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """Name the issue."""
        if not num_parent_objects:
            return None
        return gettext("Grouped under issue %(issue)s.") % {"issue": self.issue}


BULK_ACTIONS = (PublishOpinions, WithholdOpinions, GroupOpinions)
