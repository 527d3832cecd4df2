"""The portal's clockwork: everything that should happen soon after it is due.

Nothing depends on it for correctness: readers see what the clock says. It records the moves, and
delivers what the outbox still holds.
"""

import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from captcha.models import CaptchaStore
from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.utils import timezone

from consultations.lifecycle import official_date
from consultations.services import (
    close_ended_rounds,
    forget_unconfirmed_subscriptions,
    purge_drafts,
    purge_personal_data,
    sweep_files,
    tell_opened_rounds,
)
from decisions.alerts import promise_alerts
from decisions.models import Copy
from decisions.search.indexing import retry_when_back
from decisions.search.reconciling import EngineSilentError, compare_and_mend, not_compared_today
from decisions.services import purge_imports
from home.desk.reminders import may_remind, promise_reminders
from portal.core.file_texts.keeping import forget_words
from portal.core.outbox import deliver_due
from portal.core.staging import purge_staged_uploads

CAPTCHA_BATCH = 1000
HOUR = 3600
DAY = 24 * HOUR


class Command(BaseCommand):
    """Deliver the outbox, close ended rounds, remove what has expired, compare the archive."""

    help = "Do what is due; with --every, again and again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer --every."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="Stay and repeat at this pace."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run once, or until stopped."""
        self.tick()
        while options["every"]:
            time.sleep(options["every"])
            self.tick()

    def tick(self) -> None:
        """Do what is due now."""
        at = timezone.now()
        retry_when_back(at=at)
        delivered = deliver_due(at=at)
        closed = close_ended_rounds(at=at)
        told = tell_opened_rounds(at=at)
        forgotten = forget_unconfirmed_subscriptions(at=at)
        drafts = purge_drafts(at=at)
        files = sweep_files(at=at)
        uploads = purge_staged_uploads(at=at) + purge_imports(at=at)
        expired = CaptchaStore.objects.filter(expiration__lte=at).values_list("pk", flat=True)
        removed, _by_model = CaptchaStore.objects.filter(
            pk__in=list(expired[:CAPTCHA_BATCH])
        ).delete()
        # Once a day; a cache that forgets only makes it look again.
        is_first_today = cache.add(f"purged-{official_date(at)}", 1, DAY)
        purged = purge_personal_data(at=at) if is_first_today else 0
        words = forget_words() if is_first_today else 0
        reminded = promise_reminders(at=at) if self._is_time_to_remind(at) else 0
        alerted = promise_alerts(at=at) if may_remind(at=at) else 0
        differing = self._differing(at)
        counts = (
            delivered,
            closed,
            told,
            forgotten,
            drafts,
            files,
            uploads,
            removed,
            purged,
            words,
            reminded,
            alerted,
            differing,
        )
        if any(counts):
            self.stdout.write(
                f"delivered={delivered} closed_rounds={closed} told_followers={told} "
                f"forgotten_subscriptions={forgotten} purged_drafts={drafts} "
                f"swept_files={files} purged_uploads={uploads} "
                f"removed_captchas={removed} purged_opinions={purged} forgotten_texts={words} "
                f"reminded={reminded} alerted={alerted} differing_in_archive={differing}"
            )

    def _differing(self, at: datetime) -> int:
        """Compare the archive's copies with what is public, once a day; return what differs.

        The next tick mends it. An engine that is away is asked again each hour of the day.
        """
        copies = not_compared_today(at=at)
        is_asked_lately = copies == [Copy.ENGINE] and not cache.add("engine-compared", 1, HOUR)
        if not copies or is_asked_lately:
            return 0
        differing = 0
        try:
            for drift in compare_and_mend(copies, at=at):
                differing += len(drift.item_ids)
        except EngineSilentError as error:
            self.stdout.write(f"Elasticsearch does not say what it holds: {error}")
        return differing

    def _is_time_to_remind(self, at: datetime) -> bool:
        """Tell whether staff are to be reminded now: once a day, in the morning."""
        return may_remind(at=at) and cache.add(f"reminded-{official_date(at)}", 1, DAY)
