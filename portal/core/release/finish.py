"""What Wagtail does when a release review ends; imported by Wagtail before models exist."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wagtail.models import WorkflowState


def publish_nothing(review: "WorkflowState", user: Any = None) -> None:
    """Leave the page a draft: it is released now, and published by the verb of its app."""
