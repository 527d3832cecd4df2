"""What belongs into the package of a matter (713 art. 33, Archives Act art. 37; ARC-1)."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from consultations.lifecycle import SHOWN
from consultations.models import DecisionItemPage, Opinion
from consultations.services.opinion_export import OpinionExport
from decisions.archives.gathering import Gathering, public_address
from decisions.archives.metadata import metadata_of
from portal.core.models import SiteIdentity
from portal.core.packing import Entry, Package, Packed
from portal.core.sheets import Cell, write_csv

# Columns of the export for staff that the public may read, by place; the last two once answered.
_PUBLIC_COLUMNS = (1, 2, 3, 6, 7, 8)
_ANSWER_COLUMNS = (11, 12)


def packed(item: DecisionItemPage, *, identity: SiteIdentity, at: datetime) -> Package:
    """Pack everything public of a matter, in the language of the site.

    Args:
        item: a public matter.
        identity: of the site, for the metadata.
        at: when; pages say what holds on this day, so another day may give other bytes.

    """
    package = Package()
    with translation.override(settings.LANGUAGE_CODE):
        gathering = Gathering(item, package)
        gathering.gather()
        package.add(Entry("opinions.csv", _opinions(item), _("Opinions that are shown")))
        metadata = metadata_of(item, identity=identity, at=at)
        said = json.dumps(metadata, ensure_ascii=False, indent=2, sort_keys=True)
        package.add(Entry("metadata.json", [f"{said}\n".encode()], _("Metadata")))
        package.add(Entry("index.html", [_index(package, metadata, gathering).encode()]))
    return package


def _index(package: Package, metadata: dict[str, object], gathering: Gathering) -> str:
    """Return the list of what is in a package, readable in any browser."""
    files = sorted((one for one in package.packed if one.title), key=_place)
    context = {
        "metadata": metadata,
        "files": [(one, public_address(one.address, settings.PUBLIC_URL)) for one in files],
        "missing": [public_address(path, settings.PUBLIC_URL) for path in gathering.missing],
    }
    return render_to_string("decisions/archives/index.html", context)


def _place(one: Packed) -> tuple[bool, str]:
    """Return where a file stands in the list: the pages first, each above those below it."""
    return not one.name.startswith("pages/"), one.name.removesuffix("index.html")


def _opinions(item: DecisionItemPage) -> Iterator[bytes]:
    """Yield the opinions that the public sees as a table, without who wrote them."""
    headings = OpinionExport.headings()
    columns = (*_PUBLIC_COLUMNS, *_ANSWER_COLUMNS)
    lines = write_csv([headings[place] for place in columns], _rows(item))
    return (line.encode() for line in lines)


def _rows(item: DecisionItemPage) -> Iterator[list[Cell]]:
    for page in item.public_rounds:
        shown = Opinion.norel_objects.filter(consultation=page, display__in=SHOWN).that_count()
        is_answered = page.has_public_report()
        for row in OpinionExport(shown, with_hidden=False).rows():
            answers = [row[place] if is_answered else "" for place in _ANSWER_COLUMNS]
            yield [*(row[place] for place in _PUBLIC_COLUMNS), *answers]
