"""What exports take: memory does not grow with the number of opinions."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

from consultations.models import ConsultationPage, Opinion
from consultations.services.opinion_export import OpinionExport
from portal.core.sheets import Spooled, write_csv, write_xlsx

FEW = 10_000
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
# proc(5): forgets the highest resident size so far.
_FORGET_PEAK = "5"
GOAL_MEBIBYTES = 48


def exporting(page: ConsultationPage) -> Iterator[tuple[str, float, float]]:
    """Yield how much more memory, in MiB, all opinions of a round need than the first of them."""
    opinions = Opinion.norel_objects.filter(consultation=page)
    last = opinions.order_by("pk").values_list("pk", flat=True)[FEW - 1]
    for name, write in (("csv", write_csv), ("xlsx", write_xlsx)):
        few = peak(lambda write=write: _export(opinions.filter(pk__lte=last), write))
        many = peak(lambda write=write: _export(opinions, write))
        yield f"export_{name}_mebibytes_100000_over_10000", many - few, GOAL_MEBIBYTES


def _export(opinions, write) -> None:
    export = OpinionExport(opinions, with_hidden=True)
    spooled = Spooled(write(export.headings(), export.rows()))
    for _piece in spooled:
        pass
    spooled.close()
    assert export.count == opinions.count()


def peak(work: Callable[[], object]) -> float:
    """Return the highest resident size of this process during `work`, in MiB."""
    gc.collect()
    _RESET.write_text(_FORGET_PEAK)
    work()
    line = next(one for one in _STATUS.read_text().splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
