"""What a clerk may ask the queue for: a form in the address, put into filters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.lifecycle import Channel, Display, Intake, Stance, official_date
from consultations.models import ConsultationPage
from consultations.querysets import matter_above
from consultations.viewsets.triage.queue import COUNTING, NOBODY, Filters, late_since
from portal.accounts.models import User
from portal.core.models import WorkCalendar, current_limits
from portal.core.remembered import remembered

ANY = "any"
MINE = "mine"
WHOLE_DRAFT = "whole"
DEFAULTS = {"display": Display.PENDING.value, "intake": COUNTING}


@dataclass(frozen=True)
class Round:
    """What the queue knows of a round.

    Attributes:
        pk: primary key.
        title: of the page.
        matter: title of its matter.
        unit: primary key of the unit that drafts the matter.
        unit_name: its short name.

    """

    pk: int
    title: str
    matter: str
    unit: int | None
    unit_name: str


def rounds_of(user: User) -> list[Round]:
    """Return the rounds that somebody works on, newest first."""
    matter = matter_above()
    rows = (
        ConsultationPage.objects.in_scope_of(user)
        .annotate(
            matter=Subquery(matter.values("title")[:1]),
            unit=Subquery(matter.values("lead_unit")[:1]),
            unit_name=Subquery(matter.values("lead_unit__short_name")[:1]),
        )
        .order_by("-opens_on", "-pk")
    )
    columns = ("pk", "title", "matter", "unit", "unit_name")
    return [Round(*row) for row in rows.values_list(*columns)]


def clerks() -> list[tuple[int, str, int | None]]:
    """Return primary key, name and unit of everyone who moderates opinions."""
    may = Permission.objects.filter(
        content_type__app_label="consultations", codename="change_opinion"
    )
    people = User.objects.filter(
        Q(groups__permissions__in=may) | Q(user_permissions__in=may), is_active=True
    )
    return [
        (one.pk, one.get_full_name() or one.get_username(), one.unit_id)
        for one in people.distinct().order_by("unit", "username")
    ]


def clerk_choices() -> list[tuple[str, str]]:
    """Return everyone an opinion may be given to, for a form; the verb decides who may have it."""
    return [(str(pk), name) for pk, name, _unit in remembered("triage-clerks", clerks)]


class FilterForm(forms.Form):
    """The filters, as the address has them."""

    consultation = forms.ChoiceField(label=gettext_lazy("Consultation"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    display = forms.ChoiceField(label=gettext_lazy("Shown to the public"), required=False)
    intake = forms.ChoiceField(label=gettext_lazy("Intake"), required=False)
    article = forms.ChoiceField(label=gettext_lazy("Article"), required=False)
    stance = forms.ChoiceField(label=gettext_lazy("Stance"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Clerk"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Waiting too long"), required=False)

    def __init__(self, asked: QueryDict, *, rounds: list[Round]) -> None:
        """Offer what this person may choose from."""
        super().__init__(
            DEFAULTS | {name: asked[name] for name in asked if name in self.base_fields}
        )
        self.rounds = rounds
        all_ = [("", _("All"))]
        units = {str(one.unit): one.unit_name for one in rounds if one.unit is not None}
        offered: dict[str, list[tuple[str, Any]]] = {
            "consultation": [(str(one.pk), f"{one.matter} · {one.title}") for one in rounds],
            "unit": sorted(units.items(), key=lambda one: one[1]),
            "display": [*Display.choices, (ANY, _("All"))],
            "intake": [(COUNTING, _("Counts")), *Intake.choices, (ANY, _("All"))],
            "article": [(WHOLE_DRAFT, _("The whole draft"))],
            "stance": list(Stance.choices),
            "channel": list(Channel.choices),
            "assignee": [
                (MINE, _("My own")),
                (NOBODY, _("With nobody")),
                *clerk_choices(),
            ],
        }
        for name, choices in offered.items():
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = choices if name in DEFAULTS else [*all_, *choices]
        if len(units) < 2:  # noqa: PLR2004 - one unit is no choice
            del self.fields["unit"]

    def offer_articles(self, page: ConsultationPage | None) -> None:
        """Offer the articles of the round that was chosen."""
        if page is None:
            return
        field = cast("forms.ChoiceField", self.fields["article"])
        field.choices = [
            *cast("list[Any]", field.choices),
            *((article.id, article.label) for article in page.articles),
        ]

    @property
    def round_id(self) -> int | None:
        """The round that was chosen, if it is in scope."""
        chosen = str(self.data.get("consultation", ""))
        return next((one.pk for one in self.rounds if str(one.pk) == chosen), None)

    def filters(self, *, user: User, everywhere: bool, at: datetime) -> Filters:
        """Return what is asked for; what cannot be understood stays open.

        Args:
            user: who asks.
            everywhere: whether every round is in scope.
            at: now.

        """
        self.is_valid()
        asked = self.cleaned_data
        article = asked.get("article")
        return Filters(
            rounds=self._rounds(asked, everywhere=everywhere),
            displays=_displays(asked.get("display", "")),
            intake="" if asked.get("intake") == ANY else asked.get("intake") or COUNTING,
            article_id=None if not article else "" if article == WHOLE_DRAFT else article,
            stance=asked.get("stance", ""),
            channel=asked.get("channel", ""),
            assignee=_assignee(asked.get("assignee", ""), user),
            came_before=_late(at) if asked.get("overdue") else None,
            at=at,
        )

    def _rounds(self, asked: dict[str, Any], *, everywhere: bool) -> frozenset[int] | None:
        if "consultation" in self.errors or "unit" in self.errors:
            return frozenset()
        chosen, unit = asked.get("consultation"), asked.get("unit")
        if everywhere and not chosen and not unit:
            return None
        return frozenset(
            one.pk
            for one in self.rounds
            if chosen in ("", None, str(one.pk)) and unit in ("", None, str(one.unit))
        )


def _displays(chosen: str) -> frozenset[str]:
    return frozenset(Display.values) if chosen == ANY else frozenset({chosen or Display.PENDING})


def _assignee(chosen: str, user: User) -> int | str | None:
    if chosen in ("", NOBODY):
        return chosen or None
    return user.pk if chosen == MINE else int(chosen)


def _late(at: datetime) -> datetime:
    limits = remembered("limits", current_limits)
    calendar = remembered("work-calendar", WorkCalendar)
    return late_since(official_date(at), limits.moderation_workdays, calendar)
