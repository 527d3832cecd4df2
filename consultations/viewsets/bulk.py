"""The verbs on many opinions at once."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from consultations import services
from consultations.lifecycle import WithheldReason
from consultations.models import Issue, Opinion, OpinionPoint
from consultations.viewsets.moderation import WithholdForm
from portal.core.findings import Refused
from portal.core.verb_views import say_refused


class OpinionBulkAction(SnippetBulkAction):
    """A verb on the opinions ticked in the list."""

    models: ClassVar[list[Any]] = [Opinion]
    template_name = "consultations/admin/opinion_bulk.html"
    submit_label: Any = ""

    def check_perm(self, obj: Opinion) -> bool:
        """Let only moderators act."""
        allowed: bool = self.permission_policy.user_has_permission(self.request.user, "moderate")
        return allowed

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Iterable[Any]) -> QuerySet[Opinion]:
        """Read the opinions with what the confirmation shows."""
        return Opinion.norel_objects.filter(pk__in=list(object_ids)).order_by("-pk")

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """Act on nothing that was not ticked: the list may be filtered, this query is not."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words of this action."""
        context = super().get_context_data(**kwargs)
        return context | {"title": self.aria_label, "submit_label": self.submit_label}

    def perform(self, opinion: Opinion) -> None:
        """Call the verb on one opinion."""
        raise NotImplementedError

    @classmethod
    def execute_action(cls, objects: list[Opinion], **kwargs: Any) -> tuple[int, int]:
        """Act on each; what is refused for one does not hold up the others."""
        action: OpinionBulkAction = kwargs["self"]
        done = 0
        for opinion in objects:
            try:
                action.perform(opinion)
            except Refused as refused:
                messages.warning(action.request, opinion.receipt_no)
                say_refused(action.request, refused)
            else:
                done += 1
        return done, 0

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

    def perform(self, opinion: Opinion) -> None:
        """Show one."""
        services.publish_opinion(opinion=opinion, by=self.request.user, at=timezone.now())


class WithholdOpinions(OpinionBulkAction):
    """Withhold opinions for one reason."""

    display_name = _("Withhold")
    aria_label = _("Withhold the selected opinions")
    action_type = "withhold"
    action_priority = 20
    submit_label = _("Withhold them")
    form_class = WithholdForm

    def perform(self, opinion: Opinion) -> None:
        """Withhold one."""
        services.withhold_opinion(
            opinion=opinion,
            reason=WithheldReason(self.cleaned_form.cleaned_data["reason"]),
            by=self.request.user,
            at=timezone.now(),
        )


class GroupForm(forms.Form):
    """An issue that is open already, or the title of a new one."""

    issue = forms.ModelChoiceField(
        label=_("Existing issue"), queryset=Issue.objects.none(), required=False
    )
    title = forms.CharField(label=_("Or a new issue"), max_length=200, required=False)

    def __init__(self, *args: Any, opinions: list[Opinion], **kwargs: Any) -> None:
        """Offer the issues of the opinions' consultation."""
        super().__init__(*args, **kwargs)
        self.consultations = {opinion.consultation_id for opinion in opinions}
        issues = cast("forms.ModelChoiceField", self.fields["issue"])
        issues.queryset = Issue.objects.filter(consultation__in=self.consultations)

    def clean(self) -> dict[str, Any]:
        """Ask for one issue, and for opinions of one consultation."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["title"] = cleaned.get("title", "").strip()
        if len(self.consultations) > 1:
            self.add_error(None, _("Choose opinions of one consultation only."))
        elif bool(cleaned.get("issue")) == bool(cleaned["title"]):
            self.add_error("issue", _("Choose an existing issue or name a new one."))
        return cleaned


class GroupOpinions(OpinionBulkAction):
    """Group all points of the opinions under one issue."""

    display_name = _("Group under an issue")
    aria_label = _("Group the selected opinions under an issue")
    action_type = "group"
    action_priority = 30
    submit_label = _("Group them")
    form_class = GroupForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose opinions they are."""
        opinions, _others = self.get_actionable_objects()
        return super().get_form_kwargs() | {"opinions": opinions}

    @classmethod
    def execute_action(cls, objects: list[Opinion], **kwargs: Any) -> tuple[int, int]:
        """Open the issue if it is new, and group the points there."""
        action: GroupOpinions = kwargs["self"]
        if not objects:
            return 0, 0
        who_and_when = {"by": action.request.user, "at": timezone.now()}
        cleaned = action.cleaned_form.cleaned_data
        issue = cleaned["issue"] or services.open_issue(
            consultation=objects[0].consultation, title=cleaned["title"], **who_and_when
        )
        points = OpinionPoint.objects.filter(opinion__in=[one.pk for one in objects])
        services.assign(points=points, issue=issue, **who_and_when)
        action.issue = issue
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """Name the issue."""
        if not num_parent_objects:
            return None
        return gettext("Grouped under issue %(issue)s.") % {"issue": self.issue}


BULK_ACTIONS = (PublishOpinions, WithholdOpinions, GroupOpinions)
