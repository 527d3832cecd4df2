"""Admin views that carry out a verb: a form asks for what it needs, the verb decides."""

from datetime import datetime
from typing import Any, cast

from django.forms import Form, HiddenInput, IntegerField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import registry

from portal.core.dates import minute_in_words
from portal.core.findings import Refused
from portal.core.versions import Overtaken


def sentences(refused: Refused) -> list[str]:
    """Return one sentence for each finding: what is missing, the rule and its source."""
    return [
        _("%(message)s (%(rule)s, %(source)s)")
        % {"message": finding.message, "rule": finding.id, "source": finding.source}
        for finding in refused.findings
    ]


class VerbView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A form for one verb, which acts on POST only.

    A subclass names the model and the permission, the form, and calls the verb in `perform`.
    """

    model: Any = None
    request: Any  # signed in: Wagtail's admin lets nobody else through
    header_icon = ""
    template_name = "wagtailadmin/generic/form.html"
    submit_label: Any = gettext_lazy("Save")
    success_message: Any = ""

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Call the verb with what the form gathered; it may raise `Refused`."""
        raise NotImplementedError

    def refused_field(self, cleaned: dict[str, Any]) -> str | None:
        """Return the name of the input that a refusal concerns, None for the whole form."""
        return None

    def version(self) -> int | None:
        """Return the version of the record that the form shows; None where there is none."""
        return None

    def reread(self) -> Any:
        """Read the record again and return it; views with a `version` say how."""
        raise NotImplementedError

    def get_form(self, form_class: Any = None) -> Form:
        """Let the form carry the version that it shows."""
        form = super().get_form(form_class)
        version = self.version()
        if version is not None:
            form.fields["seen"] = IntegerField(initial=version, required=False, widget=HiddenInput)
        return form

    def form_valid(self, form: Form) -> HttpResponse:
        """Carry the verb out, or show at the form why it was refused."""
        try:
            self.perform(form.cleaned_data, at=timezone.now())
        except Overtaken:
            return self.overtaken(form)
        except Refused as refused:
            for sentence in sentences(refused):
                form.add_error(self.refused_field(form.cleaned_data), sentence)
            return self.form_invalid(form)
        messages.success(self.request, self.get_success_message(), buttons=self.success_buttons())
        return redirect(get_valid_next_url_from_request(self.request) or self.get_success_url())

    def overtaken(self, form: Form) -> HttpResponse:
        """Show who was faster and what stands now; the same button again is meant."""
        record = self.reread()
        last = registry.get_logs_for_instance(record).order_by("-timestamp").first()
        data = cast("QueryDict", form.data).copy()
        data["seen"] = str(self.version())
        form.data = data
        form.add_error(
            None,
            _(
                "%(who)s acted on this at %(when)s, after you had opened it. What stands now is "
                "shown above, your entry below. Press the button again to put yours in its place."
            )
            % {
                "who": last.user_display_name if last and last.user_id else _("The author"),
                "when": minute_in_words(last.timestamp if last else timezone.now()),
            },
        )
        return self.form_invalid(form)

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the form again with what was entered and all that is wrong with it."""
        messages.validation_error(self.request, _("Nothing was saved. Please correct this:"), form)
        return super().form_invalid(form)

    def get_success_message(self) -> str:
        """Return the sentence shown when it is done."""
        return str(self.success_message)

    def success_buttons(self) -> list[Any]:
        """Return what `messages.button` made for what is to be done next."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Add this view to the path."""
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, *self.path(), here]

    def path(self) -> list[dict[str, Any]]:
        """Return the breadcrumbs between home and this view."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the generic form template shows."""
        context = super().get_context_data(**kwargs)
        context.update(
            action_url=self.request.get_full_path(),
            submit_button_label=self.submit_label,
            submit_button_active_label=_("Saving…"),
            has_unsaved_changes=context["form"].is_bound,
            media=context["form"].media,
        )
        return context


def say_refused(request: HttpRequest, refused: Refused) -> None:
    """Show why an act was refused where there is no form to show it at."""
    for sentence in sentences(refused):
        messages.error(request, sentence)
