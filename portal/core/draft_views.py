"""The screens by which a draft from elsewhere comes into a page: choose, look, confirm."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from portal.core import log_actions
from portal.core.draft_import import (
    PURPOSE,
    CannotImport,
    from_json,
    import_draft,
    preview_of,
    require_open,
    to_json,
    version_of,
)
from portal.core.drafting import ACCEPT, MOST_CHARACTERS, ParsedDraft, parse_text, read_draft
from portal.core.drafting.comparison import Fate
from portal.core.findings import Refused
from portal.core.models import StagedUpload
from portal.core.pages import BasePage
from portal.core.staging import content_of, find_staged, stage
from portal.core.uploads import UploadRefused, shown_name
from portal.core.verb_views import VerbView, sentences

FATES = {
    Fate.SAME: gettext_lazy("unchanged"),
    Fate.MOVED: gettext_lazy("moved"),
    Fate.CHANGED: gettext_lazy("changed"),
    Fate.NEW: gettext_lazy("new"),
    Fate.GONE: gettext_lazy("gone"),
}


class DraftForm(forms.Form):
    """A file, or the text itself; `draft` is what was recognised in it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("A Word document (docx) or a text (txt, md) of at most 10 MB."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("Articles begin on a line of their own with 第…条."),
    )
    draft: ParsedDraft

    def clean(self) -> dict[str, Any]:
        """Recognise the draft, or say at the right input what is wrong."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if file and text:
            self.add_error("file", _("Choose a file or paste a text, not both."))
        elif file is not None:
            self._read(file)
        elif len(text) > MOST_CHARACTERS:
            message = _(
                "The text has more than %(most)s characters. Divide it, and import one part after "
                "the other."
            )
            self.add_error("text", message % {"most": MOST_CHARACTERS})
        elif text:
            self.draft = parse_text(text)
        else:
            self.add_error("file", _("Choose a file, or paste the text below."))
        return cleaned

    def _read(self, file: Any) -> None:
        try:
            self.draft = read_draft(file)
        except UploadRefused as refused:
            self.add_error("file", str(refused))


class DraftView(VerbView):
    """A step of the import into `self.page`; `self.latest` is the page as it was last saved."""

    permission_required = "change"
    header_icon = "upload"
    page: BasePage
    latest: BasePage

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the page, if it takes drafts and is in the scope of whoever asks.

        Raises:
            Http404: it does not, or is not.

        """
        super().setup(request, *args, **kwargs)
        model = get_object_or_404(Page, pk=kwargs["page"]).specific_class
        if not getattr(model, "articles_field", ""):
            raise Http404
        self.page = get_object_or_404(model.objects.in_scope_of(request.user), pk=kwargs["page"])
        self.latest = self.page.get_latest_revision_as_object()

    def user_has_permission(self, permission: str) -> bool:
        """Let those import who may edit the page."""
        allowed: bool = self.page.permissions_for_user(self.request.user).can_edit()
        return allowed

    def get_page_subtitle(self) -> str:
        """Name the page."""
        return self.page.get_admin_display_title()

    def path(self) -> list[dict[str, Any]]:
        """Lead back to the editor."""
        return [{"url": self.editor_url, "label": self.page.get_admin_display_title()}]

    @property
    def editor_url(self) -> str:
        """The address of the page's editor."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def obstacles(self) -> list[str]:
        """Return the sentences that say why nothing can be imported now."""
        try:
            require_open(self.page, by=self.request.user, at=timezone.now())
        except Refused as refused:
            return sentences(refused)
        except CannotImport as obstacle:
            return [str(obstacle)]
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page, what stands against an import, and our styles."""
        context = super().get_context_data(**kwargs)
        media = context["media"] + forms.Media(css={"all": ["css/admin/draft.css"]})
        context.update(
            page=self.page, editor_url=self.editor_url, obstacles=self.obstacles(), media=media
        )
        return context


class UploadDraftView(DraftView):
    """Choose a file or paste a text; it is read and waits for a look."""

    form_class = DraftForm
    template_name = "core/admin/draft_upload.html"
    page_title = gettext_lazy("Import the draft")
    submit_label = gettext_lazy("Show what is recognised")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Keep what was recognised, unless nothing can be imported now."""
        if self.obstacles():
            return self.form_invalid(form)
        file = form.cleaned_data["file"]
        staged = stage(
            purpose=PURPOSE,
            page=self.page.page_ptr,
            content=to_json(form.draft),  # type: ignore[attr-defined] # a DraftForm
            file_name=shown_name(file.name) if file else "",
            by=self.request.user,
            at=timezone.now(),
        )
        return redirect("preview_draft", self.page.pk, staged.pk)


class PreviewDraftView(DraftView):
    """Look at what was recognised and at what it does to the page, then confirm or discard it."""

    form_class = forms.Form
    template_name = "core/admin/draft_preview.html"
    page_title = gettext_lazy("What is recognised")
    submit_label = gettext_lazy("Put it into the page as a draft")
    staged: StagedUpload | None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the upload."""
        super().setup(request, *args, **kwargs)
        self.staged = find_staged(
            pk=kwargs["pk"],
            purpose=PURPOSE,
            page=self.page.page_ptr,
            by=self.request.user,
            at=timezone.now(),
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead back where there is nothing to look at: discarded, imported, or a day old."""
        if self.staged is None:
            messages.error(
                request, _("This upload is no longer there. Choose the file again, please.")
            )
            return redirect("import_draft", self.page.pk)
        return super().dispatch(request, *args, **kwargs)

    def version(self) -> int:
        """Return the version of the page that the preview is compared with."""
        return version_of(self.page)

    def reread(self) -> Page:
        """Read the page again."""
        self.page = type(self.page)._base_manager.get(pk=self.page.pk)
        self.latest = self.page.get_latest_revision_as_object()
        return self.page

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Discard the upload where that button was pressed."""
        if "discard" in request.POST and self.staged is not None:
            self.staged.delete()
            messages.success(request, _("Nothing was imported. The upload is removed."))
            return redirect(self.editor_url)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Import, or say what stands against it."""
        try:
            return super().form_valid(form)
        except CannotImport as obstacle:
            form.add_error(None, str(obstacle))
            return self.form_invalid(form)

    def perform(self, cleaned: dict[str, Any], *, at: datetime) -> None:
        """Import it."""
        self.kept = import_draft(
            page=self.page,
            staged=self.staged,  # type: ignore[arg-type] # without it nobody comes here
            seen=cleaned["seen"],
            by=self.request.user,
            at=at,
        )

    def get_success_message(self) -> str:
        """Say what to do next."""
        said = _("The draft is in the page. Look it through, then have it published.")
        if not self.kept:
            return said
        kept = ngettext(
            "%(count)s article kept its address.",
            "%(count)s articles kept their addresses.",
            self.kept,
        )
        return f"{said} {kept % {'count': self.kept}}"

    def get_success_url(self) -> str:
        """Go on in the editor."""
        return self.editor_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the preview."""
        context = super().get_context_data(**kwargs)
        content = content_of(self.staged) if self.staged else {}
        preview = preview_of(from_json(content), self.latest)
        context.update(
            preview=preview,
            staged=self.staged,
            fates=FATES,
            figures=[
                (label, preview.counts[fate.value])
                for fate, label in FATES.items()
                if fate.value in preview.counts
            ],
            again_url=reverse("import_draft", args=[self.page.pk]),
        )
        return context


def admin_urls() -> list[URLPattern]:
    """Return the addresses of the import."""
    return [
        path("drafts/<int:page>/", UploadDraftView.as_view(), name="import_draft"),
        path("drafts/<int:page>/<int:pk>/", PreviewDraftView.as_view(), name="preview_draft"),
    ]


def import_button(
    page: Page, user: AbstractBaseUser, next_url: str | None = None, **_kwargs: Any
) -> Iterator[Button]:
    """Offer the import where a page with articles is edited."""
    takes_drafts = bool(getattr(page.specific_class, "articles_field", ""))
    if takes_drafts and page.permissions_for_user(user).can_edit():
        yield Button(
            _("Import the draft"),
            url=reverse("import_draft", args=[page.pk]),
            icon_name="upload",
            priority=50,
        )


def name_the_import(actions: LogActionRegistry) -> None:
    """Give the import a name on history pages."""
    log_actions.register(
        actions,
        {
            "core.import_draft": (
                gettext_lazy("Import a draft"),
                gettext_lazy("Articles imported from a draft"),
                {},
            )
        },
    )
