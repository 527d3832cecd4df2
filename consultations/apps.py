"""Everything before the decision, as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    """Catalogue, consultation, opinions and the adoption summary."""

    name = "consultations"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        """Register the opinion moderator and the outbox handlers; say who may do what."""
        from consultations import access, moderation, tasks  # noqa: F401

        access.open_by_scope()
