"""What leaves a trace although it changes nothing: looking at what is not public, and exporting."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from consultations.models import Opinion

if TYPE_CHECKING:
    from portal.accounts.models import User

LOOK = "consultations.look"
EXPORT = "consultations.export"
# Who goes back and forth between a list and an opinion has looked once.
LOOK_PAUSE = timedelta(minutes=15)


class Export(TextChoices):
    """What can be taken out of the portal as a file."""

    OPINIONS = "opinions", _("opinions")
    OPINIONS_WITH_HIDDEN = "opinions_with_hidden", _("opinions, with texts that are not public")
    ADOPTION_SUMMARY = "adoption_summary", _("adoption summary")
    CATALOGUE = "catalogue", _("catalogue")
    COMPLIANCE = "compliance", _("compliance of the unit")
    DEADLINES = "deadlines", _("deadlines")
    ANNUAL_FIGURES = "annual_figures", _("annual figures")
    TRACE = "trace", _("trace of acts")
    ARCHIVES_PACKAGE = "archives_package", _("package for the archives office")


def record_look(*, opinion: Opinion, by: "User", at: datetime) -> None:
    """Log that somebody sees the withheld text, name or address of an opinion (PIPL art. 51).

    One statement when it is on record already: it is logged once a quarter of an hour, person and
    opinion. Two at the same instant may leave two rows, which say nothing false.

    Args:
        opinion: what is shown.
        by: who sees it.
        at: when.

    """
    known = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(opinion, for_concrete_model=False),
        object_id=str(opinion.pk),
        action=LOOK,
        user=by,
        timestamp__gt=at - LOOK_PAUSE,
        timestamp__lte=at,
    )
    if not known.exists():
        log(opinion, LOOK, user=by, timestamp=at)


def record_export(
    *, what: Export, count: int, digest: str, of: Model | None = None, by: "User", at: datetime
) -> None:
    """Log that somebody took records out as a file; called once its content is complete.

    Args:
        what: which kind of records.
        count: how many of them.
        digest: SHA-256 of the file in hexadecimal, so that a copy found elsewhere can be told.
        of: the page or record they belong to; None when it is everything in somebody's scope,
            which is then on record with their account.
        by: who took them.
        at: when.

    """
    data = {"what": what.value, "count": count, "sha256": digest}
    log(by if of is None else of, EXPORT, user=by, data=data, timestamp=at)
