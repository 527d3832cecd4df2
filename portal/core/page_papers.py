"""A page whose text can be taken home as a paper, from an address beside it."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, gettext
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from portal.core.context_processors import identity_of
from portal.core.remembered import remembered
from portal.core.sheets.sending import saved_as
from portal.core.text_papers import FILES, TextPaper, endings
from portal.core.uploads.names import clean_name

if TYPE_CHECKING:
    from django.http import HttpRequest

# Making one costs seconds of a processor.
KEPT_SECONDS = 3600
NAMES = {"pdf": "PDF", "docx": "Word"}
# Name and address of each file that can be had.
PaperLinks = list[tuple[str, str]]


class OnPaper(RoutablePageMixin):
    """Gives a page its papers; the page says in `text_paper` what stands on them."""

    def text_paper(self, *, remark: str) -> TextPaper:
        """Return what the paper says, and as its last sentence `remark`."""
        raise NotImplementedError

    @property
    def papers(self) -> PaperLinks:
        """The files of its text."""
        return self.paper_links("paper")

    def paper_links(self, route: str) -> PaperLinks:
        """Return name and address of the files that a route of this page gives."""
        return [
            (NAMES[ending], f"{self.get_absolute_url()}{self.reverse_subpage(route, [ending])}")
            for ending in endings()
        ]

    @path("paper/<str:ending>/", name="paper")
    def paper_file(self, request: "HttpRequest", ending: str) -> HttpResponse:
        """Give the text as a file to keep: pdf or docx.

        Raises:
            Http404: there is no such file, or papers cannot be made here.

        """
        return self.given(request, ending, self.text_paper)

    def given(
        self,
        request: "HttpRequest",
        ending: str,
        read: Callable[..., TextPaper],
        name: str = "",
    ) -> HttpResponse:
        """Return one of the files of this page, made once an hour for all that it says.

        Args:
            request: for the site that it is asked of.
            ending: of the file.
            read: returns what the paper says.
            name: under which it is saved; the title unless given.

        Raises:
            Http404: there is no such file, or papers cannot be made here.

        """
        if ending not in endings():
            raise Http404
        page: Any = self
        said = read(remark=remark_of(request))
        digest = sha256(repr((ending, get_language(), said)).encode()).hexdigest()
        content = remembered(f"paper:{digest}", lambda: FILES[ending](said), seconds=KEPT_SECONDS)
        return saved_as(content, name=clean_name(f"{name or page.title}.{ending}", ending))


def remark_of(request: "HttpRequest") -> str:
    """Return what every paper of a demonstration has to say."""
    if not identity_of(request).is_demo:
        return ""
    return gettext(
        "This is a demonstration: province, city, offices, people, document numbers and figures "
        "are made up."
    )
