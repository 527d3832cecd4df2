"""The verbs on the opinion that is read in the queue; each act leads to the next opinion."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import registry

from consultations import services
from consultations.lifecycle import WithheldReason
from consultations.models import Opinion
from consultations.viewsets.triage.reading import (
    FORMS,
    Look,
    is_kept_from_view,
)
from consultations.viewsets.triage.views import QueueView
from portal.accounts.models import User
from portal.core.dates import minute_in_words
from portal.core.findings import Refused
from portal.core.verb_views import sentences
from portal.core.versions import Overtaken


class ActView(QueueView):
    """A verb on the opinion that is read; it leads to the next one."""

    http_method_names = ["get", "post", "options"]
    verb = ""

    def opinion_id(self) -> int:
        """Return the opinion from the address."""
        return int(self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead whoever reloads the page to the opinion."""
        return redirect(self.url(**self.page_place(), opinion=self.opinion_id()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry out the verb, or show why not."""
        selected = self.selected
        if selected is None:
            raise Http404
        form = FORMS[self.verb](request.POST, opinion=selected.opinion, auto_id=f"{self.verb}-%s")
        self.refused[self.verb] = form
        if not form.is_valid():
            return self.again()
        try:
            self.perform(selected.opinion, form.cleaned_data)
        except Overtaken:
            return self.overtaken(form)
        except Refused as refused:
            for sentence in sentences(refused):
                form.add_error(None, sentence)
            return self.again()
        messages.success(request, f"{selected.opinion.receipt_no} · {self.done()}")
        return redirect(self.next_url())

    def next_url(self) -> str:
        """Return the address of the opinion that is read next."""
        following = self.queue.next_after(self.opinion_id())
        return self.url(after=self.key("after"), opinion=following)

    def perform(self, opinion: Opinion, cleaned: dict[str, Any]) -> None:
        """Call the verb."""
        raise NotImplementedError

    def done(self) -> str:
        """Return the sentence shown when it is done."""
        raise NotImplementedError

    def again(self) -> HttpResponse:
        """Show the opinion with the form as it was sent and what is wrong with it."""
        return self.render_to_response(self.get_context_data())

    def overtaken(self, form: Any) -> HttpResponse:
        """Show who was faster and what stands now; nothing was written."""
        del self.opinions, self.selected
        selected = self.selected
        if selected is None:
            raise Http404
        last = registry.get_logs_for_instance(selected.opinion).order_by("-timestamp").first()
        data = form.data.copy()
        data["seen"] = str(selected.opinion.version)
        again = FORMS[self.verb](data, opinion=selected.opinion, auto_id=f"{self.verb}-%s")
        again.is_valid()
        by_staff = last is not None and last.user_id is not None
        again.add_error(
            None,
            _(
                "%(who)s acted on this at %(when)s, after you had opened it: %(what)s. Nothing "
                "was overwritten. Press the button again to put your decision in its place."
            )
            % {
                "who": last.user_display_name if last and by_staff else _("The author"),
                "when": minute_in_words(last.timestamp if last else self.at),
                "what": last.message if last else selected.opinion.get_display_display(),
            },
        )
        self.refused[self.verb] = again
        return self.again()


class PublishView(ActView):
    """Show the opinion as it was written."""

    verb = "publish"

    def perform(self, opinion: Opinion, cleaned: dict[str, Any]) -> None:
        """Show it."""
        services.publish_opinion(
            opinion=opinion,
            not_personal=cleaned.get("not_personal", []),
            seen=cleaned["seen"],
            by=self.user,
            at=self.at,
        )

    def done(self) -> str:
        """Say so."""
        return _("The opinion is shown to the public.")


class RedactView(ActView):
    """Show the opinion with passages hidden."""

    verb = "redact"

    def perform(self, opinion: Opinion, cleaned: dict[str, Any]) -> None:
        """Show what is left."""
        services.redact_opinion(
            opinion=opinion,
            passages=cleaned["all_passages"],
            not_personal=cleaned.get("not_personal", []),
            seen=cleaned["seen"],
            by=self.user,
            at=self.at,
        )

    def done(self) -> str:
        """Say so."""
        return _("The opinion is shown with passages hidden.")


class WithholdView(ActView):
    """Do not show the opinion."""

    verb = "withhold"

    def perform(self, opinion: Opinion, cleaned: dict[str, Any]) -> None:
        """Withhold it."""
        services.withhold_opinion(
            opinion=opinion,
            reason=WithheldReason(cleaned["reason"]),
            seen=cleaned["seen"],
            by=self.user,
            at=self.at,
        )

    def done(self) -> str:
        """Say so."""
        return _("The opinion is withheld. It is still counted and answered.")


class AssignView(ActView):
    """Give the opinion to a clerk."""

    verb = "assign"

    def perform(self, opinion: Opinion, cleaned: dict[str, Any]) -> None:
        """Give it."""
        chosen = cleaned["assignee"]
        services.assign_opinion(
            opinion=opinion,
            assignee=User.objects.get(pk=chosen) if chosen else None,
            seen=cleaned["seen"],
            by=self.user,
            at=self.at,
        )

    def done(self) -> str:
        """Say so."""
        return _("The opinion has its clerk.")


class LookView(ActView):
    """Show who wrote it, or a text that is kept from view; either is put on record."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put it on record, then show it."""
        selected = self.selected
        if selected is None:
            raise Http404
        author = request.POST.get("what") == "author"
        self.look = Look(text=not author or not is_kept_from_view(selected.opinion), author=author)
        services.record_look(opinion=selected.opinion, by=self.user, at=self.at)
        selected.look = self.look
        return self.again()
