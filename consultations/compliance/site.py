"""Rules CAT-1, PRI-1 and LOG-1: what the whole site owes, whatever becomes of one matter."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations.lifecycle import Act
from portal.core.findings import Due, Level, rule
from portal.core.limits import Limits

LOGS_KEPT_DAYS = 183


@dataclass(frozen=True)
class SiteFacts:
    """What the rules read of the whole site on a day.

    Attributes:
        today: the day.
        catalogue_years: the years whose catalogue is public.
        rounds_to_purge: how many rounds still hold contact data that was to be removed.
        first_act_on: the day of the first act on record anywhere but in the log, or None.
        log_since: the day of the oldest entry of the log, or None.

    """

    today: date
    catalogue_years: frozenset[int] = frozenset()
    rounds_to_purge: int = 0
    first_act_on: date | None = None
    log_since: date | None = None


@rule(
    "CAT-1",
    Level.WARN,
    source="HLJ art. 3",
    acts=[Act.WATCH_SITE],
    title=gettext_lazy("The year's catalogue is public in time"),
)
def the_years_catalogue_is_public_in_time(facts: SiteFacts, limits: Limits) -> Due | None:
    """The catalogue of a year is public by the day that this office has set itself."""
    due_on = date(facts.today.year, *limits.catalogue_due)
    if facts.today <= due_on or facts.today.year in facts.catalogue_years:
        return None
    message = _("The catalogue of %(year)s was due. Publish it.") % {"year": facts.today.year}
    return Due(message, due_on)


@rule(
    "PRI-1",
    Level.WARN,
    source="PIPL art. 19, 47",
    acts=[Act.WATCH_SITE],
    title=gettext_lazy("Contact data is removed when its time is over"),
)
def contact_data_is_removed_in_time(facts: SiteFacts, limits: Limits) -> str | None:
    """Names and addresses go so many days after the adoption summary."""
    if not facts.rounds_to_purge:
        return None
    return ngettext(
        "%(count)s consultation still holds contact data that was to be removed after %(days)s "
        "days. Ask the operators whether “tick” runs.",
        "%(count)s consultations still hold contact data that was to be removed after %(days)s "
        "days. Ask the operators whether “tick” runs.",
        facts.rounds_to_purge,
    ) % {"count": facts.rounds_to_purge, "days": limits.retention_days}


@rule(
    "LOG-1",
    Level.BLOCK,
    source="网络安全法 art. 21",
    acts=[Act.WATCH_SITE],
    title=gettext_lazy("The log goes back six months"),
)
def the_log_goes_back_six_months(facts: SiteFacts, limits: Limits) -> str | None:
    """The log of acts goes back six months, or to the first act if that is later."""
    if facts.first_act_on is None:
        return None
    needed = max(facts.first_act_on, facts.today - timedelta(days=LOGS_KEPT_DAYS))
    if facts.log_since is not None and facts.log_since <= needed:
        return None
    return _(
        "The log of acts should go back to %(day)s, but entries are missing. Tell the operators: "
        "the law asks for six months."
    ) % {"day": needed.isoformat()}
