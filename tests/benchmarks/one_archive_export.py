"""Make the file of everything the archive finds and print the most memory, in MiB, that it took.

`python -m tests.benchmarks.one_archive_export csv ENGINE PREFIX [QUERY]`
"""

import sys
from urllib.parse import parse_qs

import django

django.setup()

from django.conf import settings  # noqa: E402 - after the setup
from django.utils import timezone  # noqa: E402

from decisions.datasets.exporting import Export  # noqa: E402 - models can be named from here on
from decisions.search.criteria import read  # noqa: E402
from decisions.search.results import Mode  # noqa: E402
from tests.benchmarks.peak import peak_mebibytes  # noqa: E402


def main(form: str, engine: str, prefix: str, query: str = "") -> None:
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_INDEX_PREFIX = engine, prefix
    export = Export(read(parse_qs(query)), form, at=timezone.now())
    for _piece in export.content():
        pass
    assert export.walk.mode is Mode.ENGINE
    print(export.count, peak_mebibytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
