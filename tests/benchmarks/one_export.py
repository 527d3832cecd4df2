"""Export a round up to one opinion and print the most memory, in MiB, that this process had.

`python -m tests.benchmarks.one_export csv ROUND OPINION`
"""

import sys

import django

django.setup()

from consultations.models import Opinion  # noqa: E402 - models can be named from here on
from consultations.services.opinion_export import OpinionExport  # noqa: E402
from portal.core.sheets import Spooled, write_csv, write_xlsx  # noqa: E402
from tests.benchmarks.peak import peak_mebibytes  # noqa: E402

WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


def main(form: str, page: int, last: int) -> None:
    opinions = Opinion.norel_objects.filter(consultation=page, pk__lte=last)
    export = OpinionExport(opinions, with_hidden=True)
    spooled = Spooled(WRITERS[form](export.headings(), export.rows()))
    for _piece in spooled:
        pass
    spooled.close()
    assert export.count == opinions.count()
    print(peak_mebibytes())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
