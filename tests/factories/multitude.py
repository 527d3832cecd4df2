"""A million opinions that wait for moderators, copied inside PostgreSQL from one that was sent.

What varies is drawn from the number of the copy, so that every run has the same opinions. They
came evenly over the last weeks, the oldest first, and are spread over the rounds.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.db.models import Max, Model
from django.utils import timezone
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from consultations.lifecycle import Channel, Display, Stance
from consultations.models import ConsultationPage, Opinion, OpinionPoint
from portal.accounts.models import User
from tests.factories.opinions import an_opinion

WEEKS = timedelta(weeks=8)
STANCES = ("", *Stance.values)
# One in so many speaks to a second article.
SECOND_POINT = 5
# What one opinion in a hundred is, and the ninety-nine others are not.
RARE = Channel.FAX
LARGEST_INTEGER = 2**31 - 1


def a_multitude(rounds: Sequence[ConsultationPage], count: int, *, clerks: Sequence[User]) -> None:
    """Add `count` confirmed opinions, nine in ten of them pending.

    Args:
        rounds: open ones, each with as many opinions as the others.
        count: how many.
        clerks: each has as many to read as the others; half of the opinions are with nobody.

    """
    origin = an_opinion(rounds[0])
    base = Comment.objects.aggregate(last=Max("pk"))["last"]
    key = f"{base} + n"
    now = timezone.now()
    came = f"'{now - WEEKS}'::timestamptz + n * '{WEEKS / count}'::interval"
    of_round = _drawn("round", [str(page.pk) for page in rounds])
    _copy(
        Comment,
        origin.pk,
        count,
        id=key,
        object_pk=f"({of_round})::text",
        submit_date=came,
        comment="t.comment || n",
    )
    _copy(XtdComment, origin.pk, count, comment_ptr_id=key, thread_id=key)
    display = [Display.PENDING] * 90 + [Display.PUBLISHED] * 8 + [Display.WITHHELD] * 2
    _copy(
        Opinion,
        origin.pk,
        count,
        xtdcomment_ptr_id=key,
        consultation_id=of_round,
        receipt_no="'ZJ-M-' || n",
        author_key="'multitude-' || n",
        submission_key="gen_random_uuid()",
        confirm_digest="NULL",
        confirmed_at=came,
        channel=_drawn("channel", _quoted([Channel.ONLINE] * 89 + [Channel.POST] * 10 + [RARE])),
        display=_drawn("display", _quoted(display)),
        assignee_id=_drawn(
            "assignee", [str(one.pk) for one in clerks] + ["NULL::bigint"] * len(clerks)
        ),
    )
    articles = "CASE {} {} END".format(
        of_round,
        " ".join(
            f"WHEN {page.pk} THEN {_drawn('article', _quoted(['', *_ids(page)]))}"
            for page in rounds
        ),
    )
    point = origin.points.get().pk
    said = {"opinion_id": key, "text": "t.text || n", "stance": _drawn("stance", _quoted(STANCES))}
    last = OpinionPoint.objects.aggregate(last=Max("pk"))["last"]
    _copy(OpinionPoint, point, count, id=f"{last} + n", article_id=articles, **said)
    _copy(
        OpinionPoint,
        point,
        count // SECOND_POINT,
        id=f"{last + count} + n",
        article_id="''",
        place="1",
        **said | {"opinion_id": f"{base} + n * {SECOND_POINT}"},
    )
    _settle()


def _ids(page: ConsultationPage) -> list[str]:
    return [article.id for article in page.articles]


def _quoted(values: Sequence[str]) -> list[str]:
    return [f"'{value}'" for value in values]


def _drawn(what: str, values: Sequence[str]) -> str:
    """Return the SQL of one of these values, drawn for copy number n."""
    number = f"mod(hashtext('{what}' || n) & {LARGEST_INTEGER}, {len(values)})"
    return f"(ARRAY[{', '.join(values)}])[1 + {number}]"


def _copy(model: type[Model], pk: int, count: int, **columns: str) -> None:
    """Insert copies of one row of a table, numbered n, with these columns in SQL."""
    names = [field.column for field in model._meta.local_fields]
    values = [columns.get(name) or f't."{name}"' for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({quoted}) SELECT {", ".join(values)}'
            f' FROM "{model._meta.db_table}" t, generate_series(1, %s) n'
            f' WHERE t."{model._meta.pk.column}" = %s',
            [count, pk],
        )


def _settle() -> None:
    """Let later rows get later keys, and the planner know what there is."""
    with connection.cursor() as cursor:
        for model in (Comment, OpinionPoint):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f' (SELECT max(id) FROM "{table}"))'
            )
        cursor.execute("VACUUM ANALYZE")
