"""The release review 保密审查: its steps in Wagtail's workflow, and what each approval stated."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import Form
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.log_actions import log
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState
from wagtail.permissions import policy_registry

from portal.core.disclosure import Disclosure
from portal.core.release.content import digest_of, text_of
from portal.core.release.record import next_step
from portal.core.release.statement import ApprovalForm, RejectionForm, SecrecyForm


class ReleaseLock(WorkflowLock):
    """What is under review stays as it is for everybody, until it is approved or sent back."""

    def get_message(self, user: Any) -> str:
        """Return why the page cannot be changed, and the way to the review for who acts on it."""
        sentence = gettext(
            "This page is at the step “%(step)s” of the release review and stays as it is. "
            "To change it, cancel the review or have changes requested."
        ) % {"step": self.task.name}
        if not self.task.get_actions(self.object, user):
            return sentence
        return format_html(
            '{} <a class="button button-small button-secondary" href="{}">{}</a>',
            sentence,
            reverse("release_review", args=[self.object.pk]),
            gettext("Open the release review"),
        )


class ReleaseTask(AbstractGroupApprovalTask):
    """A step of the release review; the last one asks for the secrecy check.

    Who acts on a step belongs to its groups, may work on the page, and approves no other step of
    the same review; the first step is approved by somebody else than who asked for the review.
    That holds for superusers too.
    """

    checks_secrecy = models.BooleanField(
        _("asks for the secrecy check"),
        default=False,
        help_text=_("Whoever approves then states what was checked and the scope of disclosure."),
    )

    lock_class = ReleaseLock
    admin_form_fields: ClassVar[list[str]] = [
        *AbstractGroupApprovalTask.admin_form_fields,
        "checks_secrecy",
    ]

    class Meta:
        verbose_name = _("release review step")
        verbose_name_plural = _("release review steps")

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Begin with the first step that has not approved the present content."""
        page = workflow_state.content_object.get_latest_revision_as_object()
        first = next_step(workflow_state, digest_of(page))
        if first is not None and first.pk != self.pk:
            started: TaskState = first.specific.start(workflow_state, user=user)
            return started
        return super().start(workflow_state, user=user)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """Let nobody change what is under review."""
        return True

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        """Open the editor to nobody who may not work on the page anyway."""
        return False

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, Any, bool]]:
        """Return what a user may do with a page at this step."""
        review = obj.current_workflow_state
        if review is None or not self.is_open_to(user, obj, review):
            return []
        return [("approve", _("Approve"), True), ("reject", _("Request changes"), True)]

    def is_open_to(self, user: Any, page: Page, review: WorkflowState) -> bool:
        """Tell whether a user may act on this step of a review of a page."""
        if not user.is_active or not page.permissions_for_user(user).can_edit():
            return False
        if not self._is_member(user, page, review):
            return False
        if self.pk == review.workflow.tasks[0].pk and review.requested_by_id == user.pk:
            return False
        approved = review.task_states.filter(
            status=TaskState.STATUS_APPROVED, finished_by_id=user.pk
        )
        return not approved.exclude(task_id=self.pk).exists()

    def _is_member(self, user: Any, page: Page, review: WorkflowState) -> bool:
        """Tell whether a user belongs to those who act on this step for a page.

        A page that no unit drafts, like a catalogue, has nobody for the unit's step; whoever acts
        on the next step then acts on this one too, in two persons.
        """
        if self._user_in_groups(user):
            return True
        able = policy_registry.get(page).users_with_any_permission_for_instance(
            {"change"}, page, include_superusers=False
        )
        if able.filter(groups__in=self.groups.all()).exists():
            return False
        steps = list(review.workflow.tasks)
        later = steps[steps.index(self.task_ptr) + 1 :]
        return bool(later) and later[0].specific._user_in_groups(user)

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> Any:
        """Return the reviews that wait for a user at this step."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related(
            "workflow_state__workflow"
        )
        mine = [
            state.pk
            for state in waiting
            if self.is_open_to(user, state.workflow_state.content_object, state.workflow_state)
        ]
        return self.task_states.filter(pk__in=mine)

    def get_form_for_action(self, action: str) -> type[Form]:
        """Return the form of an action, without what depends on the page."""
        if action == "reject":
            return RejectionForm
        return SecrecyForm if self.checks_secrecy else ApprovalForm

    def get_template_for_action(self, action: str) -> str:
        """Lead from Wagtail's dialog to the screen that shows what was found in the text."""
        is_check = self.checks_secrecy and action == "approve"
        return "core/release/dialog.html" if is_check else ""

    def form_for(self, action: str, page: Page, data: Any = None) -> Form:
        """Return the form of an action on a page as it is under review."""
        form_class = self.get_form_for_action(action)
        if form_class is SecrecyForm:
            return SecrecyForm(data, text=text_of(page))
        return form_class(data)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **said: Any) -> None:
        """Approve a step or send the page back, whatever way the request came.

        Raises:
            PermissionDenied: it is not for this user or not now, or what has to be stated for it
                is missing; nothing is written then.

        """
        state = ReleaseTaskState.objects.select_for_update().get(pk=task_state.pk)
        review = state.workflow_state
        page = review.content_object.get_latest_revision_as_object()
        if state.status != TaskState.STATUS_IN_PROGRESS or state.task_id != self.pk:
            raise PermissionDenied
        if action_name not in {"approve", "reject"} or not self.is_open_to(user, page, review):
            raise PermissionDenied
        form = self.form_for(action_name, page, said)
        if not form.is_valid():
            raise PermissionDenied(form.errors.as_text())
        if action_name == "reject":
            state.reject(user=user, comment=form.cleaned_data["comment"])
            return
        state.approve_stated(form, page, user=user)
        review.update(user=user, next_task=next_step(review, digest_of(page)))


class ReleaseTaskState(TaskState):
    """What was stated when a step of the release review was approved."""

    exclude_fields_in_copy: ClassVar[list[str]] = []

    secrecy_checked = models.BooleanField(_("secrecy checked"), default=False)
    disclosure = models.CharField(
        _("scope of disclosure"), max_length=10, choices=Disclosure.choices, blank=True
    )
    disclosure_reason = models.TextField(_("reason for the scope"), blank=True)
    patterns = models.JSONField(_("patterns found"), default=list)

    class Meta:
        verbose_name = _("release review")
        verbose_name_plural = _("release reviews")

    def approve_stated(self, form: Form, page: Page, *, user: Any) -> None:
        """Approve this step for a page as it is, and keep what the form states."""
        self.revision = page.latest_revision
        data: dict[str, Any] = {"step": self.task_id, "revision": self.revision_id}
        if isinstance(form, SecrecyForm):
            self.secrecy_checked = form.cleaned_data["secrecy_checked"]
            self.disclosure = form.cleaned_data["disclosure"]
            self.disclosure_reason = form.cleaned_data["disclosure_reason"]
            self.patterns = form.kinds()
            data |= {"disclosure": self.disclosure, "patterns": self.patterns}
        self.approve(user=user, update=False, comment=form.cleaned_data["comment"])
        log(page, "release.approve", user=user, data=data, revision=self.revision)


ReleaseTask.task_state_class = ReleaseTaskState
