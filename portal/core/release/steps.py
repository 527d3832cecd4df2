"""The steps of the release review, put in place after each migration."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from portal.core.models import ReleaseTask

NAME = "发布审查"


@dataclass(frozen=True)
class Step:
    """One step: its name, the group that acts on it, whether it asks for the secrecy check."""

    name: str
    group: str
    checks_secrecy: bool = False


def put_in_place(steps: Iterable[Step]) -> None:
    """Make the workflow have exactly these steps and hold for every page; safe to repeat.

    It stands at the root of the tree, so that no page is without it whatever site there is.
    """
    root = Page.get_first_root_node()
    if root is None:
        return
    workflow, _created = Workflow.objects.get_or_create(name=NAME)
    Workflow.objects.filter(pk=workflow.pk).update(active=True)
    kept = []
    for place, step in enumerate(steps):
        task, _created = ReleaseTask.objects.get_or_create(name=step.name)
        ReleaseTask.objects.filter(pk=task.pk).update(
            checks_secrecy=step.checks_secrecy, active=True
        )
        task.groups.set(Group.objects.filter(name=step.group))
        WorkflowTask.objects.update_or_create(
            workflow=workflow, task=task, defaults={"sort_order": place}
        )
        kept.append(task.pk)
    WorkflowTask.objects.filter(workflow=workflow).exclude(task__in=kept).delete()
    WorkflowPage.objects.exclude(page=root).delete()
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
