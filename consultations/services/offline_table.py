"""The verb that enters a whole table of opinions that came on paper: all of them, or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment
from wagtail.log_actions import log

from consultations.forms.offline_table import TableRow
from consultations.lifecycle import (
    LONGEST_OPINION,
    Channel,
    Display,
    official_date,
)
from consultations.models import ConsultationPage, Opinion, OpinionPoint
from consultations.receipts import new_receipt_no
from consultations.services.offline import entry_of, received_instant, require_open_to_paper
from consultations.services.opinion import OpinionRefused
from consultations.telling import count_changed
from portal.core.many_logs import log_many

if TYPE_CHECKING:
    from portal.accounts.models import User

BATCH = 500


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        entered: how many opinions it entered.
        known: how many rows had been entered before, and were left as they are.

    """

    entered: int
    known: int


def known_rows(consultation: ConsultationPage, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return receipt number and text of the opinions that rows with these keys have become."""
    known: dict[str, tuple[str, str]] = {}
    for start in range(0, len(keys), BATCH):
        rows = Opinion.norel_objects.filter(
            consultation=consultation, row_key__in=keys[start : start + BATCH]
        ).order_by()
        for key, receipt_no, text in rows.values_list("row_key", "receipt_no", "comment"):
            known[key] = (receipt_no, text)
    return known


@transaction.atomic
def import_offline(
    *, consultation: ConsultationPage, rows: Sequence[TableRow], by: "User", at: datetime
) -> Imported:
    """Enter the rows of a table that this round does not know yet; few statements, however many.

    A row whose key is known stays as it is, so the same table twice changes nothing.

    Args:
        consultation: a round that has opened.
        rows: as judged by `judged_table`.
        by: who imports.
        at: when.

    Raises:
        OpinionRefused: the round takes no more opinions, or a row cannot be; nothing is entered.

    """
    # Two imports of one table wait for each other, and the second finds the first one's rows.
    ConsultationPage.objects.select_for_update().get(pk=consultation.pk)
    require_open_to_paper(consultation, at=at)
    _check(consultation, rows)
    known = known_rows(consultation, [row.key for row in rows])
    new = [row for row in rows if row.key not in known]
    opinions = _opinions(consultation, new, by=by, at=at)
    _insert(opinions)
    OpinionPoint.objects.bulk_create(
        (
            OpinionPoint(
                opinion_id=opinion.pk, article_id=row.article_id, stance=row.stance, text=row.text
            )
            for opinion, row in zip(opinions, new, strict=True)
        ),
        batch_size=BATCH,
    )
    log_many(
        (
            (one, entry_of(consultation, one.channel, one.submit_date) | {"scan": False})
            for one in opinions
        ),
        "consultations.enter_offline",
        user=by,
        at=at,
    )
    count_changed(consultation.pk)
    log(
        consultation,
        "consultations.import_offline",
        user=by,
        data={"entered": len(new), "known": len(rows) - len(new)},
    )
    return Imported(entered=len(new), known=len(rows) - len(new))


def _check(consultation: ConsultationPage, rows: Sequence[TableRow]) -> None:
    """Raise OpinionRefused for a row that cannot be: the draft may have changed since the look."""
    articles = {article.id for article in consultation.articles} | {""}
    for row in rows:
        is_right = (
            row.article_id in articles
            and row.key
            and row.text.strip()
            and len(row.text) <= LONGEST_OPINION
            and row.channel in set(Channel) - {Channel.ONLINE}
        )
        if not is_right:
            raise OpinionRefused(
                _("Row %(row)s can no longer be entered. Upload the table again.")
                % {"row": row.number}
            )


def _opinions(
    consultation: ConsultationPage, rows: Sequence[TableRow], *, by: "User", at: datetime
) -> list[Opinion]:
    """Return the opinions of these rows, not stored yet, each with a free receipt number."""
    content_type = ContentType.objects.get_for_model(ConsultationPage)
    numbers = _free_numbers(len(rows), official_date(at).year)
    return [
        Opinion(
            content_type=content_type,
            object_pk=str(consultation.pk),
            site_id=settings.SITE_ID,
            consultation=consultation,
            comment=row.text,
            submit_date=received_instant(date.fromisoformat(row.received_on), at=at),
            is_public=False,
            receipt_no=number,
            channel=row.channel,
            author_kind=row.kind,
            author_region=row.region,
            author_name=row.name,
            name_consent=row.name_consent,
            display=Display.AUTHOR_PRIVATE if row.is_private else Display.PENDING,
            confirmed_at=at,
            entered_by=by,
            row_key=row.key,
        )
        for row, number in zip(rows, numbers, strict=True)
    ]


def _free_numbers(count: int, year: int) -> list[str]:
    """Return receipt numbers that nobody has; chance takes one of them once in 2^35."""
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        drawn = [new_receipt_no(year) for _one in range(min(BATCH, count - len(numbers)))]
        taken = Opinion.norel_objects.filter(receipt_no__in=drawn).order_by()
        known = set(taken.values_list("receipt_no", flat=True))
        numbers.update((number, None) for number in drawn if number not in known)
    return list(numbers)


def _insert(opinions: list[Opinion]) -> None:
    """Insert the rows of all three tables; Django's own `bulk_create` knows only one."""
    parts = {field.attname for field in Comment._meta.local_fields} - {"id"}
    comments = Comment.objects.bulk_create(
        (Comment(**{name: getattr(opinion, name) for name in parts}) for opinion in opinions),
        batch_size=BATCH,
    )
    threads = []
    for opinion, comment in zip(opinions, comments, strict=True):
        opinion.pk = opinion.id = opinion.comment_ptr_id = opinion.xtdcomment_ptr_id = comment.pk
        threads.append(XtdComment(comment_ptr_id=comment.pk))
    _insert_own(XtdComment, threads)
    _insert_own(Opinion, opinions)


def _insert_own(model: Any, rows: list[Any]) -> None:
    """Insert into the table of `model` alone; its parents' rows are there already."""
    for batch in _batches(rows):
        model._base_manager.all()._insert(
            batch, fields=model._meta.local_fields, using=model.objects.db
        )


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def receipts_of_table(consultation: ConsultationPage) -> Iterator[tuple[str, str]]:
    """Yield row key and receipt number of every opinion of a round that came in a table."""
    rows = Opinion.norel_objects.filter(consultation=consultation).exclude(row_key="")
    return rows.order_by("pk").values_list("row_key", "receipt_no").iterator(chunk_size=BATCH)
