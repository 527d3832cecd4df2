"""Going past warnings in the admin: the form asks for one reason a warning, then goes on."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.models import Page

from portal.core.findings import RULES, Finding, Level, Refused, Rule
from portal.core.models import Waiver
from portal.core.publishing import publishing_verb
from portal.core.verb_views import VerbView
from portal.core.waivers import waive, waived_on

_PREFIX = "reason-"


class ReasonsWanted(Exception):
    """The rules warn of an act and nobody has said yet why it is done all the same."""

    def __init__(self, findings: list[Finding]) -> None:
        """Keep the warnings."""
        self.findings = findings
        super().__init__(", ".join(one.id for one in findings))


def may_waive(user: Any) -> bool:
    """Tell whether somebody may go past a warning."""
    return bool(user.has_perm("core.add_waiver"))


def _reason_field(rule: Rule, finding: Finding | None) -> forms.CharField:
    """Return the input for the reason against one warning."""
    kept = _("The reason is published.") if rule.public_reason else _("The reason is kept on file.")
    return forms.CharField(
        label=_("Reason for going past: %(title)s (%(rule)s, %(source)s)")
        % {"title": rule.title, "rule": rule.id, "source": rule.source},
        help_text=f"{finding.message} {kept}" if finding else kept,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class WaivingView(VerbView):
    """A verb of whose act the rules may warn; a subclass carries it out in `act`."""

    def act(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Call the verb; it may raise `Refused`."""
        raise NotImplementedError

    def waived_page(self, cleaned: dict[str, Any]) -> Page:
        """Return the page that the reasons are recorded for."""
        raise NotImplementedError

    def warnings(self) -> list[Finding]:
        """Return the warnings that are known before the button is pressed."""
        return []

    def get_form(self, form_class: Any = None) -> forms.Form:
        """Ask for a reason where a warning is known, or was answered by what is sent."""
        form = super().get_form(form_class)
        sent = [name.removeprefix(_PREFIX) for name in form.data if name.startswith(_PREFIX)]
        for rule_id in sent:
            if rule_id in RULES and RULES[rule_id].level is Level.WARN:
                form.fields[_PREFIX + rule_id] = _reason_field(RULES[rule_id], None)
        for finding in self.warnings():
            form.fields[_PREFIX + finding.id] = _reason_field(RULES[finding.id], finding)
        return form

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Record the reasons and act, both or neither."""
        reasons = {
            name.removeprefix(_PREFIX): text
            for name, text in cleaned.items()
            if name.startswith(_PREFIX)
        }
        rest = {name: value for name, value in cleaned.items() if not name.startswith(_PREFIX)}
        try:
            with transaction.atomic():
                if reasons and may_waive(self.request.user):
                    page = self.waived_page(rest)
                    for rule_id, reason in reasons.items():
                        waive(
                            page=page, rule_id=rule_id, reason=reason, by=self.request.user, at=at
                        )
                self.act(rest, at=at)
        except Refused as refused:
            if refused.asks_for_reasons and may_waive(self.request.user):
                raise ReasonsWanted(refused.findings) from refused
            raise

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Carry the verb out, or ask for the reasons that it needs."""
        try:
            return super().form_valid(form)
        except ReasonsWanted as wanted:
            for finding in wanted.findings:
                form.fields[_PREFIX + finding.id] = _reason_field(RULES[finding.id], finding)
            messages.warning(
                self.request,
                _("The rules warn of this. To go on, state a reason for each warning below."),
            )
            return self.render_to_response(self.get_context_data(form=form))


class PublishWithReasonsView(WaivingView):
    """Publish a page of the procedure although rules warn, with a reason for each."""

    model = Waiver
    permission_required = "add"
    form_class = forms.Form
    page_title = gettext_lazy("Publish with reasons")
    submit_label = gettext_lazy("Record the reasons and publish")
    header_icon = "warning"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the page as it was last saved."""
        super().setup(request, *args, **kwargs)
        stored = get_object_or_404(Page, pk=kwargs["pk"])
        verb = publishing_verb(stored)
        if verb is None:
            raise Http404
        self.verb = verb
        self.page = stored.get_latest_revision_as_object()

    def user_has_permission(self, permission: str) -> bool:
        """Let those go past a warning who may do so, on a page they may publish."""
        user = self.request.user
        return may_waive(user) and self.page.permissions_for_user(user).can_publish()

    def _editor(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def warnings(self) -> list[Finding]:
        """Return the warnings that nobody has answered yet."""
        waived = waived_on(self.page)
        return [
            one for one in self.page.findings() if one.level is Level.WARN and one.id not in waived
        ]

    def waived_page(self, cleaned: dict[str, Any]) -> Page:
        """Record the reasons for this page."""
        return self.page

    def act(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Publish it by its verb."""
        self.verb(page=self.page, by=self.request.user, at=at)

    def get_page_subtitle(self) -> str:
        """Name the page."""
        return str(self.page.get_admin_display_title())

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the editor."""
        return [{"url": self._editor(), "label": self.page.get_admin_display_title()}]

    def get_success_message(self) -> str:
        """Say what is public now."""
        return _("“%(title)s” is published.") % {"title": self.page.get_admin_display_title()}

    def get_success_url(self) -> str:
        """Return to the pages beside it."""
        return reverse("wagtailadmin_explore", args=[self.page.get_parent().pk])


def admin_urls() -> list[URLPattern]:
    """Return the address of the screen that asks for reasons."""
    view = PublishWithReasonsView.as_view()
    return [path("pages/<int:pk>/publish-with-reasons/", view, name="publish_with_reasons")]
