"""Verbs on an uploaded table of past decisions: checked first, confirmed, then recorded.

The work is done by the worker, a portion at a time; each row is a transaction of its own.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain, islice
from time import monotonic
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from consultations.lifecycle import Act
from decisions.compliance.past import PastImportFacts
from decisions.models import PastImport, PastImportRow, RowOutcome
from decisions.past.files import FileMissing, ZipFiles, ZipRefused
from decisions.past.table import TableRefused, TableRow, rows_of
from decisions.services.past import against, carry_out_row
from decisions.services.past_plan import PastTable, PlannedPast
from portal.core.findings import require
from portal.core.models import current_limits
from portal.core.outbox import enqueue
from portal.core.uploads import shown_name

if TYPE_CHECKING:
    from portal.accounts.models import User

TOPIC_IMPORT = "decision.import_past"
# Much less than a message is claimed for, with a last file that takes its time.
PORTION = timedelta(seconds=45)
# Of a CSV; a workbook holds less.
MOST_ROWS = 10_000


@transaction.atomic
def upload_import(*, file: UploadedFile, by: "User", at: datetime) -> PastImport:
    """Take a ZIP with a table and its files, and promise to check every row.

    Raises:
        ZipRefused: it cannot be taken as a whole.
        TableRefused: its table cannot be read, or has no row or too many.

    """
    if file.file is None:
        raise ZipRefused(_("This is no ZIP file, or it is damaged. Pack the files again."))
    count = sum(1 for _row in islice(_rows(ZipFiles(file.file)), MOST_ROWS + 1))
    if not count:
        raise TableRefused(_("The table has no row below its headings."))
    if count > MOST_ROWS:
        raise TableRefused(
            _("The table has more than %(most)s rows. Divide it.") % {"most": MOST_ROWS}
        )
    upload = PastImport(
        file_name=shown_name(file.name or ""), row_count=count, uploaded_by=by, uploaded_at=at
    )
    file.seek(0)
    upload.file.save("table.zip", file, save=False)
    upload.save()
    log(upload, "decisions.upload_past_import", user=by, data={"rows": count}, timestamp=at)
    enqueue(TOPIC_IMPORT, at=at, table=upload.pk)
    return upload


@transaction.atomic
def confirm_import(*, upload: PastImport, by: "User", at: datetime) -> None:
    """Have the rows recorded that nothing stands against; who confirms it answers for them.

    Raises:
        Refused: not every row was checked yet, it was confirmed or removed already, or a rule
            forbids it.

    """
    locked = PastImport.objects.select_for_update().get(pk=upload.pk)
    if not locked.is_waiting:
        raise against(_("This import is not waiting for a confirmation. Load the page again."))
    require(Act.CONFIRM_PAST_IMPORT, confirmation_facts(locked, by=by), current_limits())
    locked.confirmed_at, locked.confirmed_by = at, by
    locked.save()
    log(locked, "decisions.confirm_past_import", user=by, timestamp=at)
    enqueue(TOPIC_IMPORT, at=at, table=locked.pk)


def confirmation_facts(upload: PastImport, *, by: "User") -> PastImportFacts:
    """Return what the rules read of an import that somebody would confirm."""
    changes = upload.rows.filter(outcome=RowOutcome.CHANGED).count()
    return PastImportFacts(changes, uploaded_by=upload.uploaded_by_id, confirmed_by=by.pk)


@transaction.atomic
def discard_import(*, upload: PastImport, by: "User", at: datetime) -> None:
    """Remove an import that was not confirmed, with its file and what was found.

    Raises:
        Refused: it was confirmed already.

    """
    locked = PastImport.objects.select_for_update().get(pk=upload.pk)
    if locked.confirmed_at is not None:
        raise against(_("This import was confirmed and is being carried out."))
    log(locked, "decisions.discard_past_import", user=by, timestamp=at)
    _forget_file(locked)
    locked.delete()


def purge_imports(*, at: datetime) -> int:
    """Remove the imports that nobody confirmed in time, with their files; return how many."""
    overdue = list(PastImport.objects.left_behind(at=at))
    for upload in overdue:
        with transaction.atomic():
            _forget_file(upload)
            upload.delete()
    return len(overdue)


def _forget_file(upload: PastImport) -> None:
    storage, name = upload.file.storage, upload.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def go_on_importing(*, import_id: int, at: datetime) -> None:
    """Check, or record, the next rows of an import, and promise the rest.

    It may be repeated and interrupted anywhere: what is done of each row is on record with it.
    """
    upload = PastImport.objects.filter(pk=import_id, ended_at__isnull=True).exclude(file="").first()
    if upload is None:
        return
    rows = upload.rows.done() if upload.confirmed_at else upload.rows
    behind = rows.order_by("-number").values_list("number", flat=True).first() or 0
    until = monotonic() + PORTION.total_seconds()
    with _opened(upload) as files:
        table = PastTable(files, at=at)
        for row in _rows(files):
            if row.number <= behind:
                table.passed(row)
                continue
            if monotonic() >= until:
                enqueue(TOPIC_IMPORT, table=upload.pk)
                return
            if upload.confirmed_at is None:
                _check(upload, table, row)
            else:
                _record(upload, table, row)
    _end(upload, at=timezone.now())


def _end(upload: PastImport, *, at: datetime) -> None:
    """Note that a pass over the table is over; after the second the file has served."""
    if upload.confirmed_at is None:
        return
    with transaction.atomic():
        _forget_file(upload)
        upload.file, upload.ended_at = "", at
        upload.save()


@contextmanager
def _opened(upload: PastImport) -> Iterator[ZipFiles]:
    with upload.file.open("rb") as file:
        files = ZipFiles(file)
        yield files.below(files.table())


def _rows(files: ZipFiles) -> Iterator[TableRow]:
    """Return the rows of the only table of a ZIP; what is wrong with it is raised at once."""
    name = files.table()
    try:
        content = io.BytesIO(files.read(name))
    except FileMissing as missing:
        raise TableRefused(str(missing)) from missing
    rows = rows_of(content, name=name)
    first = next(rows, None)
    return rows if first is None else chain([first], rows)


def _check(upload: PastImport, table: PastTable, row: TableRow) -> None:
    """Note what a row would do."""
    _note(upload, table.plan(row), is_done=False)


def _record(upload: PastImport, table: PastTable, row: TableRow) -> None:
    """Record a row and note it, in one transaction; what was refused at the check is left out."""
    checked = upload.rows.get(number=row.number)
    if checked.outcome == RowOutcome.REFUSED:
        table.passed(row)
        checked.is_done = True
        checked.save()
        return
    plan = table.plan(row)
    with transaction.atomic():
        if not plan.problems and not _is_as_confirmed(plan, checked):
            plan.refuse(
                _("What is on record has changed since this row was checked. Upload it again.")
            )
        carry_out_row(plan=plan, by=upload.confirmed_by, at=timezone.now())
        _note(upload, plan, is_done=True)


def _is_as_confirmed(plan: PlannedPast, checked: PastImportRow) -> bool:
    """Tell whether a row still does what whoever confirmed it saw, and undoes nothing later."""
    if plan.outcome is RowOutcome.SAME:
        return True
    record = getattr(plan.page, "past_record", None)
    is_overtaken = record is not None and record.recorded_at > checked.table.uploaded_at
    return plan.outcome == checked.outcome and not is_overtaken


def _note(upload: PastImport, plan: PlannedPast, *, is_done: bool) -> None:
    PastImportRow.objects.update_or_create(
        table=upload,
        number=plan.read.number,
        defaults={
            "title": plan.read.title[:255],
            "outcome": plan.outcome,
            "is_done": is_done,
            "findings": plan.problems,
            "remarks": plan.remarks,
        },
    )
