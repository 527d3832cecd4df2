"""The shared ground as a Django app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Pages, findings, outbox and site settings that every app stands on."""

    name = "portal.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        """Register the system checks, and put on record what public pages go."""
        from portal.core import checks, gone  # noqa: F401
