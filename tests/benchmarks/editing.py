"""Edit public matters without end, as an office does; a process of its own.

`python -m tests.benchmarks.editing SEED`: prints a dot for each act that was committed. Texts
change, opinions are withheld, rounds and matters are taken down, closed, and put up again.
"""

import random
import sys
import time

import django

django.setup()

from django.db import transaction  # noqa: E402 - models can be named from here on
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, PageViewRestriction  # noqa: E402

from consultations import services  # noqa: E402
from consultations.lifecycle import Display, WithheldReason  # noqa: E402
from consultations.models import ConsultationPage, Opinion  # noqa: E402
from tests.factories import a_clerk, articles  # noqa: E402

WORDS = ("停车", "收费", "充电", "绿地", "公示", "养老", "消防", "通道")
PAUSE = 0.05


def rewrite(page: ConsultationPage, chance: random.Random) -> None:
    """Publish another draft, longer or shorter."""
    page.draft = articles(
        *("".join(chance.choices(WORDS, k=6)) + "。" for _ in range(chance.randint(1, 9)))
    )
    page.save_revision().publish()


def rename(page: ConsultationPage, chance: random.Random) -> None:
    """Give the matter another title."""
    item = page.item
    item.title = "".join(chance.sample(WORDS, 4))
    item.save_revision().publish()


def take_down(page: ConsultationPage, chance: random.Random) -> None:
    """Unpublish the round, or publish it again."""
    if page.live:
        page.unpublish()
    else:
        page.save_revision().publish()


def take_all_down(page: ConsultationPage, chance: random.Random) -> None:
    """Unpublish the whole matter, or publish it again."""
    take_down(page.item, chance)


def close(page: ConsultationPage, chance: random.Random) -> None:
    """Let only who is signed in see the matter, or everybody again."""
    closed = PageViewRestriction.objects.filter(page=page.item)
    if closed.exists():
        closed.get().delete()
    else:
        PageViewRestriction.objects.create(page_id=page.item.pk, restriction_type="login")


def withhold(page: ConsultationPage, chance: random.Random) -> None:
    """Withhold the opinion on the round, or show it again."""
    opinion = Opinion.objects.get(consultation=page)
    if opinion.display == Display.PUBLISHED:
        services.withhold_opinion(
            opinion=opinion, reason=WithheldReason.ABUSE, by=a_clerk(), at=timezone.now()
        )
    else:
        services.publish_opinion(opinion=opinion, by=a_clerk(), at=timezone.now())


ACTS = (rewrite, rewrite, rewrite, rename, take_down, take_all_down, close, withhold, withhold)


def main(seed: int) -> None:
    chance = random.Random(seed)
    pages = list(ConsultationPage.objects.order_by("pk").values_list("pk", flat=True))
    while True:
        with transaction.atomic():
            page = ConsultationPage.objects.get(pk=chance.choice(pages))
            # As in Wagtail's admin, nobody else saves the page meanwhile.
            list(Page.objects.select_for_update().filter(pk__in=[page.pk, page.item.pk]))
            chance.choice(ACTS)(ConsultationPage.objects.get(pk=page.pk), chance)
        print(".", end="", flush=True)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(int(sys.argv[1]))
