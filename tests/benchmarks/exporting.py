"""What exports take: memory does not grow with the number of opinions.

Each export runs in a process of its own, so that no memory which an earlier one gave back hides
what it takes.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from consultations.models import Opinion
from tests.factories.multitude import a_multitude
from tests.factories.pages import an_open_round
from tests.factories.people import a_clerk

FEW = 10_000
VERY_MANY = 100_000


def exporting() -> Iterator[tuple[str, float]]:
    """Yield how much more memory, in MiB, all opinions of a round need than the first of them."""
    page = an_open_round()
    a_multitude([page], VERY_MANY, clerks=[a_clerk()])
    keys = (
        Opinion.norel_objects.filter(consultation=page).order_by("pk").values_list("pk", flat=True)
    )
    few, all_ = keys[FEW - 1], keys[VERY_MANY - 1]
    for form in ("csv", "xlsx"):
        more = _peak(form, page.pk, all_) - _peak(form, page.pk, few)
        yield f"export_{form}_mebibytes_100000_over_10000", more


def _peak(form: str, page: int, last: int) -> float:
    """Return the most memory, in MiB, that the export of a round up to an opinion has."""
    database = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.one_export", form, str(page), str(last)],
        env=os.environ | {"DATABASE_URL": urlunsplit(database._replace(path=f"/{name}"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return float(done.stdout)
