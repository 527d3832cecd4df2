"""The decision and what follows, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """Reviews, decisions and the research archive."""

    name = "decisions"
    verbose_name = _("Decisions")

    def ready(self) -> None:
        """Connect Wagtail's page signals to the outbox, with its handlers; say who may do what."""
        from decisions import access, alerts, signal_handlers, tasks  # noqa: F401
        from decisions.search.indexing import TOPIC_COPY, TOPIC_INDEX
        from portal.core import outbox

        # Until they are carried out, the archive shows what was withheld or taken down.
        outbox.cannot_wait(TOPIC_COPY, TOPIC_INDEX)
        access.open_by_scope()
