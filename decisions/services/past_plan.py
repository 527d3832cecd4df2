"""What a row of a table of past decisions would do; nothing is written here."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from traceback import format_tb

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from consultations.lifecycle import Act, official_date
from consultations.models.topic import Topic
from decisions.compliance.review import DecisionFacts
from decisions.models import DecisionPage, PastRecord, RowOutcome
from decisions.models.facts import blank_facts
from decisions.past.columns import BY_KEY
from decisions.past.files import FileMissing, Files
from decisions.past.rows import Known, PastDecision, ReadRow, read_row
from decisions.past.table import TableRow
from decisions.past.texts import PastText, TextRefused, read_text
from portal.accounts.models import Unit
from portal.core.blocks import Article
from portal.core.findings import findings
from portal.core.models import current_limits

logger = logging.getLogger(__name__)

_FILE, _INDEX_NO, _DOCUMENT_NO = (
    BY_KEY[key].heading for key in ("file", "index_no", "document_no")
)


@dataclass
class PlannedPast:
    """What a row would do.

    Attributes:
        read: the row.
        outcome: what it comes to.
        remarks: what should be compared with the original.
        text: what was read of its file; None where that was not needed or not possible.
        content: the bytes of its file.
        digest: of the whole row and its file.
        page: the decision that is on record already.
        facts: what the rules read of it; None where the row was not understood.

    """

    read: ReadRow
    outcome: RowOutcome = RowOutcome.REFUSED
    remarks: list[str] = field(default_factory=list)
    text: PastText | None = None
    content: bytes = b""
    digest: str = ""
    page: DecisionPage | None = None
    facts: DecisionFacts | None = None

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Heading and sentence of all that stands against it."""
        return self.read.problems

    def refuse(self, *sentences: str) -> None:
        """Note what stands against the row as a whole."""
        self.outcome = RowOutcome.REFUSED
        self.problems.extend(("", sentence) for sentence in sentences)


class PastTable:
    """One table that is read from its first row on: what is known, and what earlier rows said.

    Of the rows before it keeps only the numbers, to tell when one comes twice.
    """

    def __init__(self, files: Files, *, at: datetime) -> None:
        """Ask once for what every row is compared with.

        Args:
            files: those that the rows name.
            at: the instant at which it is read.

        """
        self._files, self._today = files, official_date(at)
        units: defaultdict[str, set[int]] = defaultdict(set)
        for unit in Unit.objects.all():
            for name in (unit.name, unit.short_name, unit.code):
                units[name].add(unit.pk)
        self._known = Known(
            units={name: one for name, (one, *others) in units.items() if not others},
            shared={name for name, ones in units.items() if len(ones) > 1},
            topics={name: one.value for one in Topic for name in (one.label, one.value)},
        )
        self._facts, self._limits = blank_facts(at=at), current_limits()
        self._numbers: dict[tuple[str, str], int] = {}

    def passed(self, row: TableRow) -> None:
        """Take note of a row that was dealt with before."""
        # What it stumbles over now it stumbled over then, and that is noted.
        with suppress(Exception):
            read = read_row(row, self._known, today=self._today)
            if read.said is not None:
                self._find_doubles(read, read.said)

    def plan(self, row: TableRow) -> PlannedPast:
        """Return what a row would do, with all that stands against it; writes nothing."""
        plan = PlannedPast(ReadRow(row.number, row["title"]))
        with fault_noted(plan):
            plan.read = read_row(row, self._known, today=self._today)
            if plan.read.said is not None:
                self._find_doubles(plan.read, plan.read.said)
                self._judge(plan, plan.read.said)
        return plan

    def _judge(self, plan: PlannedPast, said: PastDecision) -> None:
        """Judge what a row says, that was understood."""
        if plan.problems:
            return
        self._read_file(plan, said)
        self._compare(plan, said)
        if plan.outcome is RowOutcome.SAME or plan.problems:
            return
        plan.facts = self._facts_of(said)
        found = findings(Act.RECORD_PAST_DECISION, plan.facts, self._limits)
        plan.problems.extend(("", one.message) for one in found)
        self._read_text(plan, said)
        if not plan.problems:
            plan.outcome = RowOutcome.NEW if plan.page is None else RowOutcome.CHANGED

    def _find_doubles(self, read: ReadRow, said: PastDecision) -> None:
        numbers = ((_INDEX_NO, said.index_no), (_DOCUMENT_NO, said.document_no))
        for heading, number in numbers:
            first = self._numbers.setdefault((heading, number), read.number) if number else None
            if first not in {None, read.number}:
                sentence = _("Row %(row)s has this number too. Correct one of them.")
                read.problems.append((heading, sentence % {"row": first}))

    def _read_file(self, plan: PlannedPast, said: PastDecision) -> None:
        try:
            plan.content = self._files.read(said.file)
        except FileMissing as missing:
            plan.problems.append((_FILE, str(missing)))
            return
        told = repr(sorted(asdict(said).items())).encode()
        plan.digest = hashlib.sha256(told + hashlib.sha256(plan.content).digest()).hexdigest()

    def _compare(self, plan: PlannedPast, said: PastDecision) -> None:
        """Compare a row with what is on record."""
        on_record = DecisionPage.objects.filter(index_no=said.index_no)
        plan.page = on_record.select_related("past_record").order_by("pk").first()
        record = getattr(plan.page, "past_record", None)
        if record is not None and record.row_digest == plan.digest and not plan.problems:
            plan.outcome = RowOutcome.SAME
            return
        if plan.page is not None:
            sentence = _against_change(plan.page, record, said)
            if sentence:
                plan.problems.append((_INDEX_NO, sentence))
        if said.document_no:
            others = DecisionPage.objects.filter(document_no=said.document_no)
            other = others.exclude(index_no=said.index_no).first()
            if other is not None:
                sentence = _("“%(title)s” (%(index)s) has this document number already.")
                told = {"title": other.title, "index": other.index_no}
                plan.problems.append((_DOCUMENT_NO, sentence % told))

    def _facts_of(self, said: PastDecision) -> DecisionFacts:
        """Return what the rules read of a row."""
        return replace(
            self._facts,
            is_publication=True,
            signed_on=said.signed_on,
            published_on=said.published_on,
            effective_on=said.effective_on,
            expires_on=said.expires_on,
            repealed_on=said.repealed_on,
        )

    def _read_text(self, plan: PlannedPast, said: PastDecision) -> None:
        earlier: Sequence[Article] = plan.page.articles if plan.page else ()
        not_again = (said.title, said.document_no, said.issuer)
        try:
            plan.text = read_text(said.file, plan.content, not_again=not_again, earlier=earlier)
        except TextRefused as refused:
            plan.problems.append((_FILE, str(refused)))
        else:
            plan.remarks += plan.text.remarks


@contextmanager
def fault_noted(plan: PlannedPast) -> Iterator[None]:
    """Let a fault of ours cost one row and hold up no other.

    Only a database that is away stops them all, since it has to be asked again.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other rows go on
        # The error's own text could hold what stands in the row.
        where = "".join(format_tb(error.__traceback__))
        name = type(error).__name__
        logger.error("Row %s of past decisions: %s\n%s", plan.read.number, name, where)
        plan.refuse(
            _(
                "A fault of the portal keeps this row from being read or recorded. Tell the "
                "administrator; the log says where it lies."
            )
        )


def _against_change(page: DecisionPage, record: PastRecord | None, said: PastDecision) -> str:
    """Return why a decision on record cannot take what a row says, or the empty string."""
    if record is None:
        return _(
            "“%(title)s” has this index number, and its procedure is kept here. It is corrected on "
            "its own page."
        ) % {"title": page.title}
    if page.published_on is not None and page.published_on.year != said.published_on.year:
        return _(
            "It is on record among the decisions of %(year)s, and its address stays. The year of "
            "publication is not changed by a table."
        ) % {"year": page.published_on.year}
    is_touched = (
        record.revision_id != page.latest_revision_id
        or page.numchild
        or page.item.numchild > 1
        or page.suspensions.exists()
        or page.cleanup_entries.exists()
        or page.supersedes.exists()
    )
    if not is_touched:
        return ""
    return _(
        "“%(title)s” was changed here after it had been recorded, or something was added to it. "
        "Correct it on its own page, or put the row back as it was."
    ) % {"title": page.title}
