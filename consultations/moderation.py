"""The comment framework's moderator for consultations: a second net under `services.submit`."""

from typing import Any

from django_comments.moderation import AlreadyModerated
from django_comments_xtd.moderation import XtdCommentModerator, moderator

from consultations.models import ConsultationPage, Opinion


class OpinionModerator(XtdCommentModerator):
    """Lets nothing in outside the period, and nothing out before a clerk has read it."""

    email_notification = False

    def allow(self, comment: Opinion, content_object: ConsultationPage, request: Any) -> bool:
        """Accept an opinion only while its round is open."""
        return content_object.is_open(at=comment.submit_date)

    def moderate(self, comment: Opinion, content_object: ConsultationPage, request: Any) -> bool:
        """Hold every opinion for a clerk."""
        return True


def register() -> None:
    """Register the moderator once."""
    try:
        moderator.register(ConsultationPage, OpinionModerator)
    except AlreadyModerated:
        return


register()
