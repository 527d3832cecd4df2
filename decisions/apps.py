"""The decision and what follows, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """Reviews, decisions and the research archive."""

    name = "decisions"
    verbose_name = _("Decisions")

    def ready(self) -> None:
        """Connect Wagtail's page signals to the outbox, with its handlers; say who may do what."""
        from decisions import access, signal_handlers, tasks  # noqa: F401

        access.open_by_scope()
