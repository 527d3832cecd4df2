"""The addresses at which files are taken home."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.models import ConsultationPage
from decisions.datasets.exporting import FORMS, Export
from decisions.datasets.made import Made, keep_made
from decisions.datasets.packing import licence
from decisions.datasets.research import research_package
from decisions.datasets.year_tables import TABLES
from decisions.datasets.yearly import year_package, years
from decisions.models import ArchivePage
from decisions.search.criteria import BadQuestionError, NoSuchPageError, read
from decisions.search.periods import LATEST_YEAR
from decisions.search.telling import tell_mode
from decisions.views.archive import refused
from portal.core.context_processors import identity_of
from portal.core.feeds import page_address
from portal.core.sheets.sending import Spooled, public_download, saved_as
from portal.core.throttle import Act, limited


@require_safe
@limited(Act.DATA_FILE)
def export(request: HttpRequest, page: ArchivePage, form: str) -> HttpResponseBase:
    """Give everything that a question finds as a file.

    Raises:
        Http404: there is no such form.

    """
    try:
        made = _asked(request, form)
    except BadQuestionError as error:
        return refused(request, page, error)
    mode = made.walk.mode
    content = made.content() if request.method == "GET" else iter(())
    response = public_download(content, name=made.name)
    tell_mode(response, mode)
    return response


@require_safe
@limited(Act.DATA_FILE)
def manifest(request: HttpRequest, page: ArchivePage, form: str) -> HttpResponseBase:
    """Say what the file of a question holds and what its digest has to be.

    Raises:
        Http404: there is no such form.

    """
    try:
        made = _asked(request, form)
    except BadQuestionError as error:
        return refused(request, page, error)
    told = made.manifest(archive=page_address(page), identity=identity_of(request))
    content = f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()
    response = saved_as(content, name=f"{made.name}.manifest.json")
    tell_mode(response, made.walk.mode)
    return response


@require_safe
@limited(Act.DATA_FILE)
def round_package(request: HttpRequest, *, page: ConsultationPage) -> HttpResponseBase:
    """Give the research package of a round."""
    name = f"research-{page.item.catalogue.year}-{page.item.number:02}-{page.slug}.zip"
    return _packed(Spooled(research_package(page, identity=identity_of(request))), name)


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """Show which years there are to take home, what may be done with them, what they hold.

    Context of `decisions/open_data.html`:
        years: `Year`s, the latest first. tables: the `YearTable`s of each.
        licence: what may be done with the data. limit: how many files one network may take within
        how many minutes, `most` and `minutes`.
    """
    numbers = settings.THROTTLES[Act.DATA_FILE]
    context = {
        "years": years(at=timezone.now()),
        "tables": TABLES,
        "licence": licence(),
        "limit": {"most": numbers["most"], "minutes": numbers["seconds"] // 60},
    }
    return render(request, "decisions/open_data.html", context)


@require_safe
@limited(Act.DATA_FILE)
def open_data_of(request: HttpRequest, year: int) -> HttpResponseBase:
    """Give all public matters of a catalogue year.

    Raises:
        Http404: nothing is public of such a year.

    """
    if year > LATEST_YEAR:
        raise Http404
    at = timezone.now()
    content = year_package(year, identity=identity_of(request), at=at)
    if content is None:
        raise Http404
    spooled = Spooled(content)
    keep_made(year, Made(at, spooled.size, spooled.sha256))
    return _packed(spooled, f"open-data-{year}.zip")


def _packed(spooled: Spooled, name: str) -> HttpResponseBase:
    """Give a package; who has it already is told so by its digest."""
    response = public_download(spooled, name=name)
    response.headers["ETag"] = f'"{spooled.sha256}"'
    return response


def _asked(request: HttpRequest, form: str) -> Export:
    """Return what an address asks for, whatever page of the results it names.

    Raises:
        BadQuestionError: the question cannot be read.
        Http404: there is no such form.

    """
    if form not in FORMS:
        raise Http404
    try:
        criteria = read(dict(request.GET.lists()))
    except NoSuchPageError as error:
        raise BadQuestionError(str(error)) from error
    return Export(criteria, form, at=timezone.now())
