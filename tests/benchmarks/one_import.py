"""Record past decisions from a table, then print what it took.

`python -m tests.benchmarks.one_import TABLE`: the most memory, in MiB, that this process had; the
SQL statements of its last row; CPU seconds a row; seconds a row by the clock.
"""

import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - models can be named from here on
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from decisions.past.files import FolderFiles  # noqa: E402
from decisions.past.table import rows_of  # noqa: E402
from decisions.services import PastTable, record_past_decision  # noqa: E402
from tests.benchmarks.peak import peak_mebibytes  # noqa: E402


def main(path: Path) -> None:
    table = PastTable(FolderFiles(path.parent), at=timezone.now())
    begun, cpu, count = time.monotonic(), time.process_time(), 0
    with path.open("rb") as file:
        for row in rows_of(file, name=path.name):
            with CaptureQueriesContext(connection) as asked:
                plan = table.plan(row)
                record_past_decision(plan=plan, by=None, at=timezone.now())
            count += 1
    peak = peak_mebibytes()
    seconds, used = time.monotonic() - begun, time.process_time() - cpu
    print(peak, len(asked), used / count, seconds / count)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
