"""How a reader wants to see a comparison of two texts; follows from the address alone."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class RedlineView(models.TextChoices):
    """How the two texts are shown."""

    MARKS = "marks", _("Marked changes")
    CLEAN = "clean", _("Final text only")
    TABLE = "table", _("Side by side")


def reading_of(asked: Mapping[str, str], *, kept: str = "") -> dict[str, Any]:
    """Return what the templates of a comparison need of the parameters of its address.

    Args:
        asked: `view`, one of `RedlineView`; `only=changed`; `marks=spoken`. Anything else is as if
            it were not there.
        kept: the other parameters of the address, which each link keeps.

    """
    view = asked.get("view", "")
    return {
        "kept": kept,
        "view": view if view in RedlineView.values else RedlineView.MARKS.value,
        "views": RedlineView.choices,
        "only_changed": asked.get("only") == "changed",
        "spoken": asked.get("marks") == "spoken",
    }
