"""What a decision gives to keep: its text and its changes on paper, the changes as data."""

import json
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.contrib.routable_page.models import path

from decisions.models.change_table import as_csv, as_data
from decisions.models.changes import Change, Changes, changes_of
from decisions.redline import Kind, Mark
from portal.core.blocks import parts_of
from portal.core.dates import day_in_words
from portal.core.page_papers import OnPaper, PaperLinks
from portal.core.remembered import remembered
from portal.core.sheets.sending import saved_as
from portal.core.text_papers import DELETED, INSERTED, Passage, Run, TextPaper, passages
from portal.core.uploads.names import clean_name

if TYPE_CHECKING:
    from django.http import HttpRequest

_MARKS = {Mark.INSERTED: INSERTED, Mark.DELETED: DELETED, Mark.KEPT: ""}


class DecisionFiles(OnPaper):
    """The files of a decision, each at an address beside the page that shows the same."""

    def text_paper(self, *, remark: str) -> TextPaper:
        """Return the decision as it stands."""
        page: Any = self
        return TextPaper(
            title=page.title,
            under_title=page.document_no,
            author=page.issuer,
            facts=self._facts(),
            introduction=page.introduction,
            parts=tuple(passages(parts_of(page.text))),
            address=page.full_url or "",
            remark=remark,
        )

    def redline_paper(self, *, remark: str) -> TextPaper:
        """Return the decision with everything that was changed in its draft, and why.

        Raises:
            Http404: there was no public draft.

        """
        page: Any = self
        return TextPaper(
            title=page.title,
            under_title=_("Changes after the consultation"),
            author=page.issuer,
            facts=((_("Document number"), page.document_no), *self._facts()),
            introduction="",
            parts=tuple(map(_passage, self._changes().rows)),
            address=f"{page.full_url}redline/",
            remark=remark,
        )

    @property
    def redline_papers(self) -> PaperLinks:
        """The files of its changes."""
        return self.paper_links("redline_paper")

    @property
    def change_files(self) -> PaperLinks:
        """Its changes as data."""
        base = f"{self.get_absolute_url()}redline/changes"
        return [(ending.upper(), f"{base}.{ending}") for ending in ("csv", "json")]

    @path("redline/paper/<str:ending>/", name="redline_paper")
    def redline_file(self, request: "HttpRequest", ending: str) -> HttpResponse:
        """Give its changes as a file to keep: pdf or docx.

        Raises:
            Http404: there is no such file, papers cannot be made here, or there was no draft.

        """
        page: Any = self
        name = _("%(title)s: changes after the consultation") % {"title": page.title}
        return self.given(request, ending, self.redline_paper, name)

    @path("redline/changes.csv/", name="changes_csv")
    def changes_as_csv(self, request: "HttpRequest") -> HttpResponse:
        """Give its changes as a table, one row for each; see `change_table`.

        Raises:
            Http404: there was no public draft.

        """
        content = remembered(self._key("csv"), lambda: as_csv(self._changes()))
        return saved_as(content, name=self._name("csv"))

    @path("redline/changes.json/", name="changes_json")
    def changes_as_json(self, request: "HttpRequest") -> HttpResponse:
        """Give its changes as data; docs/architecture.md says what the keys mean.

        Raises:
            Http404: there was no public draft.

        """
        content = remembered(self._key("json"), self._json)
        return HttpResponse(content, content_type="application/json; charset=utf-8")

    def _json(self) -> str:
        page: Any = self
        head = {"title": page.title, "document_number": page.document_no, "url": page.full_url}
        site = (page.full_url or "").removesuffix(page.get_absolute_url())
        return json.dumps(
            head | {"changes": as_data(self._changes(), site=site)}, ensure_ascii=False
        )

    def _key(self, ending: str) -> str:
        page: Any = self
        return f"changes:{page.pk}:{page.live_revision_id}:{get_language()}:{ending}"

    def _name(self, ending: str) -> str:
        page: Any = self
        return clean_name(f"{page.title}.{ending}", ending)

    def _changes(self) -> Changes:
        page: Any = self
        changes = changes_of(page)
        if changes is None:
            raise Http404
        return changes

    def _facts(self) -> tuple[tuple[str, str], ...]:
        page: Any = self
        facts = (
            (_("Issued by"), page.issuer),
            (_("Index number"), page.index_no),
            (_("Signed"), day_in_words(page.signed_on)),
            (_("Made public"), day_in_words(page.published_on)),
            (_("Takes effect"), day_in_words(page.effective_on)),
        )
        return tuple((name, value) for name, value in facts if value)


def _passage(change: Change) -> Passage:
    """Return one row of the comparison as it stands on paper."""
    return Passage(
        label=change.labels or change.old_labels,
        runs=tuple(Run(piece.text, _MARKS[piece.mark]) for piece in change.row.pieces),
        note=_note(change),
        reasons=_reasons(change),
    )


def _reasons(change: Change) -> tuple[str, ...]:
    """Return why it was changed, a sentence each."""
    told = [
        ngettext(
            "%(outcome)s: issue %(number)s, “%(title)s” (%(count)s opinion)",
            "%(outcome)s: issue %(number)s, “%(title)s” (%(count)s opinions)",
            cause.opinions,
        )
        % {
            "outcome": cause.issue.get_outcome_display(),
            "number": cause.issue.number,
            "title": cause.issue.title,
            "count": cause.opinions,
        }
        for cause in change.causes
    ]
    own = list(change.own_reasons)
    if change.is_unexplained:
        own.append(_("No reason has been published."))
    heading = _("Changed by the organ of its own motion")
    told += [_("%(name)s: %(value)s") % {"name": heading, "value": reason} for reason in own]
    return tuple(told)


def _note(change: Change) -> str:
    if change.kind is Kind.INSERTED:
        return _("new")
    if change.kind is Kind.DELETED:
        return _("taken out")
    if change.labels == change.old_labels:
        return ""
    return _("%(labels)s of the draft") % {"labels": change.old_labels}
