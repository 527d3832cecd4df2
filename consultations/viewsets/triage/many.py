"""The verbs on many opinions of the queue: a page says how many before anything is done."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from consultations import services
from consultations.lifecycle import WithheldReason
from consultations.models import ConsultationPage, Issue, Opinion
from consultations.services.display_many import Outcome
from consultations.viewsets.triage.filters import FilterForm, rounds_of
from consultations.viewsets.triage.forms import AssignForm, WithholdForm
from consultations.viewsets.triage.queue import Queue
from portal.accounts.models import User
from portal.accounts.scope import scope_of
from portal.core.verb_views import VerbView

NAMED = 10


class GroupForm(forms.Form):
    """An issue that is open already, or the title of a new one."""

    issue = forms.ModelChoiceField(
        label=gettext_lazy("Existing issue"), queryset=Issue.objects.none(), required=False
    )
    title = forms.CharField(label=gettext_lazy("Or a new issue"), max_length=200, required=False)

    def __init__(self, *args: Any, rounds: set[int], **kwargs: Any) -> None:
        """Offer the issues of the opinions' consultation."""
        super().__init__(*args, **kwargs)
        self.rounds = rounds
        issues = cast("forms.ModelChoiceField", self.fields["issue"])
        issues.queryset = Issue.objects.standing().filter(consultation__in=rounds)

    def clean(self) -> dict[str, Any]:
        """Ask for one issue, and for opinions of one consultation."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["title"] = cleaned.get("title", "").strip()
        cleaned["round"] = next(iter(self.rounds), None)
        if len(self.rounds) > 1:
            self.add_error(None, _("Choose opinions of one consultation only."))
        elif bool(cleaned.get("issue")) == bool(cleaned["title"]):
            self.add_error("issue", _("Choose an existing issue or name a new one."))
        return cleaned


FORMS: dict[str, type[forms.Form]] = {
    "publish": forms.Form,
    "withhold": WithholdForm,
    "assign": AssignForm,
    "group": GroupForm,
}
TITLES = {
    "publish": gettext_lazy("Show many opinions"),
    "withhold": gettext_lazy("Withhold many opinions"),
    "assign": gettext_lazy("Give many opinions to a clerk"),
    "group": gettext_lazy("Group many opinions under an issue"),
}
BUTTONS = {
    "publish": gettext_lazy("Show them as written"),
    "withhold": gettext_lazy("Withhold them"),
    "assign": gettext_lazy("Give them to this clerk"),
    "group": gettext_lazy("Group them"),
}


def group(opinions: list[int], cleaned: dict[str, Any], *, by: User, at: datetime) -> Issue | None:
    """Group all points of opinions as a valid `GroupForm` says; None where there are none."""
    if not opinions:
        return None
    return services.group_opinions(
        opinions=opinions,
        consultation_id=cleaned["round"],
        issue=cleaned["issue"],
        title=cleaned["title"],
        by=by,
        at=at,
    )


def say_outcome(request: HttpRequest, outcome: Outcome) -> None:
    """Show what was left out: one sentence for each reason, however many they are."""
    for why, receipts in outcome.refused.items():
        named = _(", ").join(receipts[:NAMED])
        messages.warning(
            request,
            ngettext(
                "%(count)s opinion was left out: %(why)s %(receipts)s",
                "%(count)s opinions were left out: %(why)s %(receipts)s",
                len(receipts),
            )
            % {
                "count": len(receipts),
                "why": why,
                "receipts": _("%(names)s and others") % {"names": named}
                if receipts[NAMED:]
                else named,
            },
        )


class ManyView(VerbView):
    """A verb on opinions that are ticked, or on all that the filters find."""

    model = Opinion
    permission_required = "moderate"
    header_icon = "comment"
    template_name = "consultations/admin/triage/many.html"
    done = 0

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Fix the moment."""
        super().setup(request, *args, **kwargs)
        self.at = timezone.now()
        self.more = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Know no other verbs."""
        if self.verb not in FORMS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def verb(self) -> str:
        """The verb, from the address."""
        return str(self.request.GET.get("verb", ""))

    @cached_property
    def ids(self) -> list[int]:
        """The opinions, oldest first, and as many as one act may concern."""
        if self.request.GET.get("all") == "1":
            found = self._queue().first(services.MOST_AT_ONCE + 1)
            self.more = len(found) > services.MOST_AT_ONCE
            return found[: services.MOST_AT_ONCE]
        asked = [one for one in self.request.GET.getlist("id") if one.isascii()]
        ticked = [int(one) for one in asked if one.isdecimal()]
        return list(self._own(ticked).values_list("pk", flat=True))

    def _queue(self) -> Queue:
        user = cast("User", self.request.user)
        form = FilterForm(self.request.GET, rounds=rounds_of(user))
        form.offer_articles(ConsultationPage.objects.filter(pk=form.round_id).first())
        return Queue(form.filters(user=user, everywhere=scope_of(user).everywhere, at=self.at))

    def _own(self, ids: list[int]) -> QuerySet[Opinion]:
        own = Opinion.norel_objects.in_scope_of(self.request.user)
        return own.filter(pk__in=ids).order_by("pk")

    def get_page_title(self) -> str:
        """Name the verb."""
        return str(TITLES[self.verb])

    def get_form_class(self) -> type[forms.Form]:
        """Return the form of the verb."""
        return FORMS[self.verb]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form of an issue whose opinions they are."""
        kwargs = super().get_form_kwargs()
        if self.verb == "group":
            rounds = self._own(self.ids).order_by().values_list("consultation_id", flat=True)
            kwargs["rounds"] = set(rounds.distinct())
        return kwargs

    def get_form(self, form_class: Any = None) -> forms.Form:
        """Let the form carry how many opinions it spoke of."""
        form = super().get_form(form_class)
        form.fields["expected"] = forms.IntegerField(
            initial=len(self.ids), required=False, widget=forms.HiddenInput
        )
        return form

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Act on as many opinions as were announced, else announce the new number first."""
        if form.cleaned_data["expected"] != len(self.ids):
            data = cast("QueryDict", form.data).copy()
            data["expected"] = str(len(self.ids))
            form.data = data
            form.add_error(None, _("Meanwhile it is another number of opinions. See above."))
            return self.form_invalid(form)
        return super().form_valid(form)

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Call the verb on all of them."""
        by = cast("User", self.request.user)
        if self.verb == "group":
            group(self.ids, cleaned, by=by, at=at)
            self.done = len(self.ids)
            return
        if self.verb == "publish":
            outcome = services.publish_opinions(opinions=self.ids, by=by, at=at)
        elif self.verb == "withhold":
            reason = WithheldReason(cleaned["reason"])
            outcome = services.withhold_opinions(opinions=self.ids, reason=reason, by=by, at=at)
        else:
            chosen = cleaned["assignee"]
            clerk = User.objects.get(pk=chosen) if chosen else None
            outcome = services.assign_opinions(opinions=self.ids, assignee=clerk, by=by, at=at)
        say_outcome(self.request, outcome)
        self.done = outcome.done

    def get_success_message(self) -> str:
        """Say how many are done."""
        return ngettext(
            "Done for %(count)s opinion.", "Done for %(count)s opinions.", self.done
        ) % {"count": self.done}

    def get_success_url(self) -> str:
        """Return to the queue."""
        asked = self.request.GET.copy()
        for name in ("verb", "id", "all", "opinion", "before"):
            asked.pop(name, None)
        return f"{reverse('triage')}?{asked.urlencode()}"

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the queue."""
        return [{"url": self.get_success_url(), "label": _("Read opinions")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say how many they are, and show the first of them."""
        count = len(self.ids)
        context = super().get_context_data(**kwargs)
        return context | {
            "count": count,
            "more": self.more,
            "takes_all": self.request.GET.get("all") == "1",
            "verb": self.verb,
            "first": self._own(self.ids[:NAMED]),
            "back_url": self.get_success_url(),
            "submit_button_label": BUTTONS[self.verb],
        }
