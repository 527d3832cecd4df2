"""The trace: Wagtail's two logs read as one, newest first, page by page and in somebody's scope.

A log entry names its record by number, so it stays when the record goes; nothing here or in the
admin changes or removes one.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Case, Exists, Model, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast, Substr
from django.urls import reverse
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from consultations.lifecycle import closing_instant, opening_instant
from consultations.models import (
    ConsultationPage,
    DecisionItemPage,
    Hearing,
    Issue,
    Opinion,
)
from consultations.querysets import MATTER_PATH
from consultations.services.trace import EXPORT, LOOK
from decisions.models import CollectiveDiscussion, Review
from home.desk.trace_words import before_and_after
from portal.accounts.models import User
from portal.accounts.scope import scope_of

# Acts on them belong to a matter, and with it to somebody's scope.
_RECORDS: tuple[Any, ...] = (Opinion, Issue, Review, CollectiveDiscussion, Hearing)
_LOGS: tuple[Any, ...] = (ModelLogEntry, PageLogEntry)
_OF_ROUNDS = (Opinion, Issue)
_MATTER_OF_PAGE = Substr("path", 1, MATTER_PATH)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PORTION = 500

SIGNING_IN = "accounts."
# What a whole family of acts is called in the filter, and the condition it stands for.
FAMILIES: dict[str, Q] = {
    "looks": Q(action=LOOK),
    "exports": Q(action__in=[EXPORT, "wagtail.export"]),
    "signing_in": Q(action__startswith=SIGNING_IN),
    "procedure": Q(action__startswith="consultations.") | Q(action__startswith="decisions."),
}


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see; an empty value asks for everything.

    Attributes:
        person: whose acts.
        act: name of an act, or of a family of `FAMILIES`.
        matter: on which matter and all that belongs to it.
        unit: on whose matters, and on whose members' accounts.
        record: part of a receipt number or a title.
        since: first official day.
        until: last official day.

    """

    person: int | None = None
    act: str = ""
    matter: DecisionItemPage | None = None
    unit: int | None = None
    record: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Place:
    """Where a page of the trace begins: behind this entry."""

    at: datetime
    log: int
    pk: int

    def __str__(self) -> str:
        """Return it as a parameter of an address."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.log}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Read such a parameter; None for anything else."""
        try:
            moment, log, pk = (int(part) for part in text.split("-"))
            at = _EPOCH + moment * _MICROSECOND
        except (ValueError, OverflowError):
            return None
        is_place = log in range(len(_LOGS)) and 0 < pk < 2**63
        return cls(at, log, pk) if is_place else None

    def behind(self, log: int) -> Q:
        """Return the condition that an entry of a log comes behind this one."""
        same = Q(timestamp=self.at)
        if log > self.log:
            return Q(timestamp__lt=self.at)
        behind = same if log < self.log else same & Q(pk__lt=self.pk)
        return Q(timestamp__lt=self.at) | behind


@dataclass(frozen=True)
class Entry:
    """One act as the report shows it.

    Attributes:
        place: its place in the order.
        who: the person's name; who acted without an account is the author or the system.
        username: their account, or the empty string.
        act: what the act is called.
        said: what it was, in a sentence.
        record: receipt number, title or account that it concerns.
        url: where the record's own history is, or the empty string.
        matter: title of the matter that the record belongs to, or the empty string.
        before: what stood before it, in words.
        after: what stood after it, in words.

    """

    place: Place
    who: str
    username: str
    act: str
    said: str
    record: str
    url: str
    matter: str
    before: str
    after: str


def entries(
    user: Any, asked: Asked, *, after: Place | None = None, most: int
) -> tuple[list[Entry], bool]:
    """Return up to `most` entries that a person may see, newest first, and whether more follow."""
    found: list[tuple[tuple[datetime, int, int], Any]] = []
    for log, model in enumerate(_LOGS):
        rows = _asked_for(model, asked, user)
        if after is not None:
            # The first condition alone lets the index of the time column find the place.
            rows = rows.filter(timestamp__lte=after.at).filter(after.behind(log))
        newest = rows.order_by("-timestamp", "-pk")[: most + 1]
        found.extend(((row.timestamp, log, row.pk), row) for row in newest)
    found.sort(key=lambda one: one[0], reverse=True)
    shown = found[:most]
    return _in_words(shown), len(found) > most


def every_entry(user: Any, asked: Asked, *, most: int) -> Iterator[Entry]:
    """Yield up to `most` entries, read in portions."""
    after: Place | None = None
    left = most
    while left:
        portion, follows = entries(user, asked, after=after, most=min(_PORTION, left))
        yield from portion
        left -= len(portion)
        if not follows:
            return
        after = portion[-1].place


def sees_accounts(user: Any) -> bool:
    """Tell whether somebody sees all acts, those on accounts and on deleted records too."""
    return scope_of(user).everywhere and user.has_perm("wagtailcore.view_modellogentry")


def _asked_for(model: Any, asked: Asked, user: Any) -> QuerySet[Any]:
    """Return the entries of one log that are asked for and in somebody's scope."""
    rows = model.objects.all()
    if not sees_accounts(user):
        rows = _of_matters(rows, DecisionItemPage.objects.in_scope_of(user))
    if asked.matter is not None:
        rows = _of_matters(rows, DecisionItemPage.objects.filter(pk=asked.matter.pk))
    if asked.unit is not None:
        rows = _of_unit(rows, asked.unit)
    return rows.filter(_conditions(asked))


def _conditions(asked: Asked) -> Q:
    """Return what an entry itself has to be like."""
    condition = Q()
    if asked.person is not None:
        condition &= Q(user_id=asked.person)
    if asked.act:
        condition &= FAMILIES.get(asked.act, Q(action=asked.act))
    if asked.record:
        condition &= Q(label__icontains=asked.record)
    if asked.since:
        condition &= Q(timestamp__gte=opening_instant(asked.since))
    if asked.until:
        condition &= Q(timestamp__lt=closing_instant(asked.until))
    return condition


def _of_unit(rows: QuerySet[Any], unit: int) -> QuerySet[Any]:
    """Return the entries on a unit's matters, and those on the accounts of its members."""
    drafted_with = DecisionItemPage.co_units.through.objects.filter(unit=unit)
    matters = DecisionItemPage.objects.filter(
        Q(lead_unit=unit) | Q(pk__in=drafted_with.values("decisionitempage"))
    )
    own = _on_matters(rows.model, matters)
    if rows.model is ModelLogEntry:
        own |= _on_records(User, User.objects.filter(unit=unit))
        rows = _numbered(rows, (*_RECORDS, User))
    return rows.filter(own)


def _of_matters(rows: QuerySet[Any], matters: QuerySet[Any]) -> QuerySet[Any]:
    """Return the entries on these matters and on all that belongs to them."""
    if rows.model is ModelLogEntry:
        rows = _numbered(rows, _RECORDS)
    return rows.filter(_on_matters(rows.model, matters))


def _on_matters(model: Any, matters: QuerySet[Any]) -> Q:
    """Return the condition that an entry of a log belongs to one of these matters."""
    own = matters.order_by().select_related(None)
    paths = own.values("path")
    if model is PageLogEntry:
        below = Page.objects.alias(root=_MATTER_OF_PAGE).filter(root__in=paths)
        return Q(page_id__in=below.order_by().values("pk"))
    rounds = ConsultationPage.objects.alias(root=_MATTER_OF_PAGE).filter(root__in=paths)
    condition = Q()
    for record in _RECORDS:
        belongs = (
            Q(consultation__in=rounds.order_by().values("pk"))
            if record in _OF_ROUNDS
            else Q(item__in=own.values("pk"))
        )
        condition |= _on_records(record, record._base_manager.filter(belongs))
    return condition


def _numbered(rows: QuerySet[Any], records: tuple[Any, ...]) -> QuerySet[Any]:
    """Add `number`, the key of a record of these kinds; the keys of other kinds need be none."""
    kinds = [kind.pk for kind in ContentType.objects.get_for_models(*records).values()]
    key = Cast("object_id", BigIntegerField())
    return rows.alias(number=Case(When(content_type__in=kinds, then=key), default=None))


def _on_records(record: Any, own: QuerySet[Any]) -> Q:
    """Return the condition that an entry is about one of these records."""
    kind = ContentType.objects.get_for_model(record)
    return Q(content_type=kind) & Q(Exists(own.order_by().filter(pk=OuterRef("number"))))


def _in_words(found: list[tuple[tuple[datetime, int, int], Any]]) -> list[Entry]:
    """Put log entries into words, with a few statements for all of them together."""
    rows = [row for _key, row in found]
    people = User.objects.in_bulk({row.user_id for row in rows if row.user_id})
    records = _records_of(rows)
    matters = _matters_of(records)
    return [
        _entry(Place(*key), row, people.get(row.user_id), records.get((key[1], row.pk)), matters)
        for key, row in found
    ]


def _entry(
    place: Place, row: Any, person: User | None, record: Model | None, matters: dict[str, str]
) -> Entry:
    """Return one entry in words."""
    before, after = before_and_after(row.data)
    return Entry(
        place=place,
        who=str(row.user_display_name) if person is None else _name(person),
        username=person.get_username() if person else "",
        act=str(row.formatter.label) if row.formatter else row.action,
        said=_said(row),
        record=row.label,
        url=_history_of(record),
        matter=matters.get(_path_of(record), ""),
        before=before,
        after=after,
    )


def _said(row: Any) -> str:
    """Return the sentence of an act; of one logged without what its sentence needs, its name."""
    try:
        return str(row.message)
    except (LookupError, ValueError):
        return str(row.formatter.label)


def _name(person: User) -> str:
    """Return the name of a member of staff, or the account where none is entered."""
    return person.get_full_name() or person.get_username()


def _records_of(rows: list[Any]) -> dict[tuple[int, int], Model]:
    """Return the pages and records that these entries are about, where they still are."""
    keys: dict[Any, set[str]] = defaultdict(set)
    for row in rows:
        keys[_kind_of(row)].add(str(row.object_id))
    found = {kind: _read(kind, numbers) for kind, numbers in keys.items() if kind is not None}
    about: dict[tuple[int, int], Model] = {}
    for row in rows:
        record = found.get(_kind_of(row), {}).get(str(row.object_id))
        if record is not None:
            about[_LOGS.index(type(row)), row.pk] = record
    return about


def _kind_of(row: Any) -> Any:
    """Return the model of the record an entry is about, where the report leads to such."""
    if isinstance(row, PageLogEntry):
        return Page
    kind = ContentType.objects.get_for_id(row.content_type_id) if row.content_type_id else None
    model = kind.model_class() if kind else None
    return model if model in (*_RECORDS, User) else None


def _read(kind: Any, numbers: set[str]) -> dict[str, Model]:
    """Read records of one kind, and with each the page it belongs to."""
    records = kind._base_manager.filter(pk__in=numbers)
    if kind in _OF_ROUNDS:
        records = records.select_related("consultation").only("pk", "consultation__path")
    elif kind in _RECORDS:
        records = records.select_related("item").only("pk", "item__path")
    elif kind is Page:
        records = records.only("pk", "path")
    return {str(record.pk): record for record in records}


def _path_of(record: Any) -> str:
    """Return the path of the matter that a record belongs to, or the empty string."""
    if isinstance(record, Page):
        page = record
    elif isinstance(record, _OF_ROUNDS):
        page = record.consultation
    elif isinstance(record, _RECORDS):
        page = record.item
    else:
        return ""
    return str(page.path)[:MATTER_PATH]


def _matters_of(records: dict[tuple[int, int], Model]) -> dict[str, str]:
    """Return the titles of the matters that records belong to, by path."""
    paths = {_path_of(record) for record in records.values()} - {""}
    if not paths:
        return {}
    return dict(DecisionItemPage.objects.filter(path__in=paths).values_list("path", "title"))


def _history_of(record: Any) -> str:
    """Return where the record is shown in the admin, or the empty string."""
    if isinstance(record, Page):
        return reverse("wagtailadmin_pages:history", args=[record.pk])
    if isinstance(record, Opinion):
        return reverse(Opinion.snippet_viewset.get_url_name("inspect"), args=[record.pk])
    return ""
