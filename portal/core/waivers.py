"""Going past a warning of the rules: only with a reason, which is kept and, where due, public."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal.core.findings import RULES, Finding, Level, Refused
from portal.core.models import Waiver

if TYPE_CHECKING:
    from portal.accounts.models import User


def waived_on(page: Page) -> frozenset[str]:
    """Return the ids of the rules whose warnings somebody went past on a page."""
    if page.pk is None:
        return frozenset()
    return frozenset(Waiver.objects.filter(page=page.pk).values_list("rule_id", flat=True))


@transaction.atomic
def waive(*, page: Page, rule_id: str, reason: str, by: "User", at: datetime) -> Waiver:
    """Record why somebody goes past a warning on a page; a further reason replaces the first.

    Raises:
        Refused: the rule does not warn but forbid, or the reason is empty.

    """
    rule = RULES[rule_id]
    message = ""
    if rule.level is not Level.WARN:
        message = _("This rule is binding; a reason does not lift it.")
    elif not reason.strip():
        message = _("State the reason.")
    if message:
        raise Refused([Finding(rule_id, Level.BLOCK, message, rule.source)])
    waiver, is_new = Waiver.objects.update_or_create(
        page_id=page.pk,
        rule_id=rule_id,
        defaults={"reason": reason.strip(), "made_by": by, "made_at": at},
    )
    log(
        page,
        "core.waive",
        user=by,
        data={
            "rule": rule_id,
            "before": {"waived": not is_new},
            "after": {"waived": True, "waiver": waiver.pk},
        },
    )
    return waiver


def public_waivers(page: Page) -> list[Waiver]:
    """Return the reasons given on a page and below it that are published, oldest first."""
    published = [one.id for one in RULES.values() if one.public_reason]
    return list(
        Waiver.objects.filter(page__path__startswith=page.path, page__live=True)
        .filter(rule_id__in=published)
        .only("page_id", "rule_id", "reason", "made_at")
    )
