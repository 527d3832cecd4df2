"""Very many opinions at once, written straight into the tables: for measuring, not for meaning."""

from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from consultations import services
from consultations.lifecycle import Channel, Display, Stance
from consultations.models import ConsultationPage, Opinion, OpinionPoint
from consultations.receipts import new_receipt_no

BATCH = 500
STANCES = ("", *Stance.values)
TEXT = "第{n}条意见：希望写明由谁负责、何时完成，并且每年公布一次执行情况。"


def _insert(model, rows):
    """Insert into the table of `model` alone; its parents' rows are already there."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        model._base_manager.all()._insert(batch, fields=model._meta.local_fields, using="default")


def _receipt_numbers(year):
    """Yield numbers that nobody has; among so many, chance gives some of them twice."""
    taken = set(Opinion.norel_objects.order_by().values_list("receipt_no", flat=True))
    while True:
        number = new_receipt_no(year)
        if number not in taken:
            taken.add(number)
            yield number


def a_crowd(
    consultation: ConsultationPage, count: int, *, display: Display = Display.PUBLISHED
) -> None:
    """Add `count` opinions, published unless said, spread over the articles and the whole draft."""
    now = timezone.now()
    content_type = ContentType.objects.get_for_model(ConsultationPage)
    ids = [""] + [article.id for article in consultation.articles]
    comments = Comment.objects.bulk_create(
        (
            Comment(
                content_type=content_type,
                object_pk=str(consultation.pk),
                site_id=settings.SITE_ID,
                comment=TEXT.format(n=n),
                submit_date=now,
            )
            for n in range(count)
        ),
        batch_size=BATCH,
    )
    _insert(XtdComment, (XtdComment(comment_ptr_id=one.pk, thread_id=one.pk) for one in comments))
    _insert(
        Opinion,
        (
            Opinion(
                xtdcomment_ptr_id=one.pk,
                consultation=consultation,
                receipt_no=receipt_no,
                channel=Channel.ONLINE,
                display=display,
                confirm_by=now + timedelta(days=2),
                confirmed_at=now,
            )
            for one, receipt_no in zip(comments, _receipt_numbers(now.year), strict=False)
        ),
    )
    OpinionPoint.objects.bulk_create(
        (
            OpinionPoint(
                opinion_id=one.pk,
                article_id=ids[n % len(ids)],
                stance=STANCES[n % len(STANCES)],
                text=TEXT.format(n=n),
            )
            for n, one in enumerate(comments)
        ),
        batch_size=BATCH,
    )
    services.recount(consultation_id=consultation.pk)
