"""Make the demo city, once, and say where it is and who may sign in."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consultations.models import ConsultationPage, DecisionItemPage, Opinion
from decisions.models import DecisionPage
from decisions.search.engine import is_configured
from home.demo.material import city
from home.demo.seed import is_seeded, seed
from portal.accounts.models import User
from portal.core.models import SiteIdentity


class Command(BaseCommand):
    """Fill an empty portal with the demo city; a second run changes nothing."""

    help = "Fill an empty portal with the demo city and print its address and accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed if there is nothing yet, then print what there is.

        Raises:
            CommandError: the demo is off, or the portal holds something else.

        """
        if not settings.DEMO:
            raise CommandError(
                _("Everybody knows the password of the demo's accounts; DEMO=true allows them.")
            )
        is_new = not is_seeded()
        if is_new:
            seed(at=timezone.now())
        elif not SiteIdentity.objects.filter(is_demo=True).exists():
            raise CommandError(_("This portal holds matters that are not the demo's."))
        if is_new or is_configured():
            self._fill_archive()
        self._print()

    def _fill_archive(self) -> None:
        """Fill the archive; the demo starts all the same when its engine does not answer."""
        try:
            call_command("rebuild_search_index", stdout=self.stdout)
        except CommandError as error:
            self.stderr.write(str(error))

    def _print(self) -> None:
        """Print the addresses, the search in use, the figures and the accounts."""
        made_at = User.objects.earliest("date_joined").date_joined
        self._table(
            _("%(city)s, made up, as of %(day)s")
            % {"city": city()["name"], "day": date_format(timezone.localtime(made_at))},
            {
                _("Address"): f"{settings.PUBLIC_URL}/",
                _("Administration"): settings.PUBLIC_URL + reverse("wagtailadmin_home"),
                _("Mail"): settings.PUBLIC_URL + reverse("demo-mail"),
                _("Archive search"): _search(),
                _("Content"): _content(),
            },
        )
        self._table(
            _("Accounts, all with the password %(password)s") % {"password": city()["password"]},
            {account["username"]: account["duty"] for account in city()["accounts"]},
        )

    def _table(self, title: str, rows: dict[str, str]) -> None:
        self.stdout.write(f"\n{title}")
        widest = max(map(_columns, rows))
        for name, value in rows.items():
            self.stdout.write(f"  {name}{' ' * (widest - _columns(name))}  {value}")


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _search() -> str:
    """Return which search answers the archive."""
    if is_configured():
        return "Elasticsearch"
    return _("the database (ELASTICSEARCH_URL names no Elasticsearch)")


def _content() -> str:
    """Return the figures of what the portal holds."""
    return _(
        "%(matters)s matters, %(rounds)s consultations, %(opinions)s opinions, "
        "%(decisions)s decisions"
    ) % {
        "matters": DecisionItemPage.objects.live().count(),
        "rounds": ConsultationPage.objects.live().count(),
        "opinions": Opinion.norel_objects.that_count().count(),
        "decisions": DecisionPage.objects.live().count(),
    }
