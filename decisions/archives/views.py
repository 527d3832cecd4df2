"""The editors' screen on which a matter's file for the archives office is made."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import DecisionItemPage
from consultations.services import Export, record_export
from decisions.archives.contents import packed
from decisions.watch import own_findings
from portal.core.context_processors import identity_of
from portal.core.sheets import Spooled, download
from portal.core.verb_views import VerbView


class ArchivesPackageView(VerbView):
    """Download everything public of a matter as one file that can be checked."""

    model = DecisionItemPage
    form_class = forms.Form
    template_name = "decisions/admin/archives_package.html"
    page_title = _("Package for the archives office")
    header_icon = "download"
    submit_label = _("Download")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the matter."""
        super().setup(request, *args, **kwargs)
        matters = DecisionItemPage.objects.in_scope_of(request.user).live()
        self.page = get_object_or_404(matters, pk=kwargs["pk"])

    def user_has_permission(self, permission: str) -> bool:
        """Let everyone who works on the matter take what is public of it."""
        return True

    def get_page_subtitle(self) -> str:
        """Name the matter."""
        title: str = self.page.title
        return title

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the matter."""
        return [{"url": self.get_success_url(), "label": self.page.title}]

    def get_success_url(self) -> str:
        """Return to the matter."""
        return reverse("wagtailadmin_explore", args=[self.page.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what the record lacks still (ARC-1)."""
        found = own_findings(item=self.page, at=timezone.now())
        return super().get_context_data(**kwargs) | {
            "gaps": [one for one in found if one.id == "ARC-1"]
        }

    def form_valid(self, form: forms.Form) -> HttpResponseBase:  # type: ignore[override] # a file
        """Make the package whole, put it on record, then send it."""
        at = timezone.now()
        package = packed(self.page, identity=identity_of(self.request), at=at)
        spooled = Spooled(package.finished())
        record_export(
            what=Export.ARCHIVES_PACKAGE,
            count=len(package.packed),
            digest=spooled.sha256,
            of=self.page,
            by=self.request.user,
            at=at,
        )
        day = timezone.localdate(at).isoformat()
        year, number = self.page.catalogue.year, self.page.number
        return download(spooled, name=f"archives-{year}-{number:02}-{day}.zip")
