"""Where tasks go in tests: ours run at once, Wagtail's housekeeping only for tests that ask for it.

Filling the search and reference indexes of the admin takes a fifth of the time in which a test
builds its pages, and hardly a test looks into them.
"""

from typing import Any

from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus

HOUSEKEEPING = ("wagtail.", "modelsearch.")


class WithoutHousekeeping(ImmediateBackend):
    """Runs every task at once, except those that keep an index."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Run a task, or lay it aside."""
        if not task.func.__module__.startswith(HOUSEKEEPING):
            return super().enqueue(task, args, kwargs)
        return TaskResult(
            task=task,
            id="laid-aside",
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=[],
            kwargs={},
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
