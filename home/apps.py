"""The front door, as a Django app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home page, standard pages and the demo city."""

    name = "home"

    def ready(self) -> None:
        """Register what the outbox asks this app to carry out."""
        from home.desk import reminders  # noqa: F401
