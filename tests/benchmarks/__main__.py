"""Print figures: `python -m tests.benchmarks [--scale] [WORD]`, one line each.

`NAME value goal ok|short`; WORD chooses the figures whose name holds it. The database is a new one
beside the one that DATABASE_URL names, SQLite in memory unless that is a PostgreSQL server.
"""

import os
import sys

import django


def main(arguments: list[str]) -> int:
    words = [argument for argument in arguments if not argument.startswith("--")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    django.setup()
    # Imported here, because models can only be named once Django knows its settings.
    from tests.benchmarks.figures import measure  # noqa: PLC0415

    verdicts = []
    for line in measure(words[0] if words else "", scale="--scale" in arguments):
        print(line, flush=True)
        verdicts.append(line.rpartition(" ")[2])
    return 1 if "short" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
