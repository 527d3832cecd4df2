"""What bringing past decisions in takes: memory and statements do not grow with the table.

Each import runs in a process of its own, as the command does.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from tests.factories.past import a_folder, a_row

FEW = 200
MANY = 2_000


def importing() -> Iterator[tuple[str, float]]:
    """Yield what a table of 2,000 rows needs beyond one of 200, and what a row of it takes."""
    few = _taken(range(1, FEW + 1))
    many = _taken(range(FEW + 1, FEW + MANY + 1))
    yield "import_mebibytes_2000_over_200", many[0] - few[0]
    yield "import_statements_of_a_row_2000_more", many[1] - few[1]
    yield "import_cpu_of_a_row_2000_by_200", many[2] / few[2]
    print(f"# a row of 2,000: {many[2]:.3f} s CPU, {many[3]:.3f} s", file=sys.stderr)


def _taken(numbers: range) -> tuple[float, ...]:
    """Return what `one_import` prints of a table with these rows."""
    database = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    with TemporaryDirectory() as folder:
        table = a_folder(Path(folder), [a_row(number) for number in numbers])
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.one_import", str(table)],
            env=os.environ | {"DATABASE_URL": urlunsplit(database._replace(path=f"/{name}"))},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return tuple(map(float, done.stdout.split()))
