"""Print figures: `python -m tests.benchmarks [--scale] [WORD]`, one line each.

`NAME value goal ok|short`; WORD chooses the figures whose name holds it. The exit code is 1 where
one is short, or where no figure has such a name. The database is a new one beside the one that
DATABASE_URL names, SQLite in memory unless that is a PostgreSQL server. With `--scale` it is
always PostgreSQL, a private cluster unless DATABASE_URL names one.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

from tests.services.postgresql import PostgreSQL


@contextmanager
def a_server(*, scale: bool) -> Iterator[None]:
    """Let DATABASE_URL name a PostgreSQL server where one is needed."""
    if not scale or os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield
        return
    server = PostgreSQL()
    os.environ["DATABASE_URL"] = server.start()
    try:
        yield
    finally:
        server.stop()


def main(arguments: list[str]) -> int:
    words = [argument for argument in arguments if not argument.startswith("--")]
    scale = "--scale" in arguments
    with a_server(scale=scale):
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
        django.setup()
        # Imported here, because models can only be named once Django knows its settings.
        from tests.benchmarks.figures import measure  # noqa: PLC0415

        verdicts = []
        for line in measure(words[0] if words else "", scale=scale):
            print(line, flush=True)
            verdicts.append(line.rpartition(" ")[2])
    if not verdicts:
        print(f"No figure has “{words[0]}” in its name.", file=sys.stderr)
    return 1 if "short" in verdicts or not verdicts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
