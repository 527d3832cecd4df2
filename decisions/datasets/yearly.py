"""All public matters of a catalogue year as one file, and the list of the years that there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max
from django.urls import reverse

from consultations.lifecycle import official_date
from decisions.datasets.made import Made, made_of
from decisions.datasets.packing import TablePackage
from decisions.datasets.year_tables import TABLES
from decisions.models import ArchiveDossier
from portal.core.feeds import public_address
from portal.core.models import SiteIdentity

TEMPLATE = "decisions/datasets/year.txt"


@dataclass(frozen=True)
class Year:
    """One year that has public matters.

    Attributes:
        year: of the catalogue.
        matters: how many.
        latest_on: the day of the latest thing published on any of them.
        made: its file as it was last made today, None where nobody has asked for it.

    """

    year: int
    matters: int
    latest_on: date
    made: Made | None

    @property
    def url(self) -> str:
        """Where its file is."""
        return year_url(self.year)


def year_url(year: int) -> str:
    """Return the address of the file of a year, within the site."""
    return reverse("open_data:year", args=[year])


def years(*, at: datetime) -> list[Year]:
    """Return the years, the latest first.

    Args:
        at: a moment of the day on which their files are told.

    """
    counted = ArchiveDossier.objects.order_by("-year").values_list("year")
    found = list(counted.annotate(n=Count("pk"), latest_on=Max("latest_on")))
    made = made_of((year for year, _n, _latest in found), at=at)
    return [Year(year, n, latest_on, made.get(year)) for year, n, latest_on in found]


def year_package(year: int, *, identity: SiteIdentity, at: datetime) -> Iterator[bytes] | None:
    """Return the file of a year, None where nothing is public of it.

    It is the same on the same day while nothing public changes.

    Args:
        year: of the catalogue.
        identity: of the site.
        at: the moment of the stages and validities.

    """
    if not ArchiveDossier.objects.filter(year=year).exists():
        return None
    package = TablePackage(as_lines=True)
    for table in TABLES:
        package.add_table(table.name, table.columns, table.rows(year, at))
    said = {
        "year": year,
        "as_of": official_date(at),
        "address": public_address(year_url(year)),
        "identity": identity,
    }
    return package.finished(TEMPLATE, said)
