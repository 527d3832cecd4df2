"""Whether a document is given to everyone, to those who ask, or to nobody (711 art. 13-16)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Disclosure(TextChoices):
    """Who may have a document."""

    ACTIVE = "active", pgettext_lazy("disclosure", "Published")
    ON_REQUEST = "on_request", _("On request")
    NONE = "none", _("Not disclosed")
