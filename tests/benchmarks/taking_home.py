"""What a file of everything the archive finds takes: memory does not grow with what is found.

Each file is made in a process of its own, so that no memory which an earlier one gave back hides
what it takes.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from tests.benchmarks.searching import an_engine
from tests.factories.great_archive import (
    fill_database,
    fill_engine,
    great_many_matters,
    great_sources,
)

MATTERS = 100_000
# About a tenth of them.
A_YEAR = "year=2020"
FORMS = ("csv", "jsonl", "xlsx")


def taking_home() -> Iterator[tuple[str, float]]:
    """Yield how much more memory, in MiB, the files of all matters need than those of a year."""
    ids = great_many_matters(MATTERS)
    fill_database(great_sources(ids, passages=1))
    with an_engine() as node:
        fill_engine(node.client, "home", great_sources(ids, passages=1))
        for form in FORMS:
            few, least = _made(form, A_YEAR)
            all_, most = _made(form, "")
            assert MATTERS / 20 < few < MATTERS / 5
            assert all_ == MATTERS
            yield f"archive_export_{form}_mebibytes_100000_over_10000", most - least


def _made(form: str, query: str) -> tuple[int, float]:
    """Return the rows of a file and the most memory, in MiB, that its process had."""
    database = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    where = [settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_INDEX_PREFIX]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.one_archive_export", form, *where, query],
        env=os.environ | {"DATABASE_URL": urlunsplit(database._replace(path=f"/{name}"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows, mebibytes = done.stdout.split()
    return int(rows), float(mebibytes)
