"""The menus of every page, read from the page tree."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from consultations.models import CatalogueIndexPage, ConsultationIndexPage
from decisions.models import ArchivePage, DecisionIndexPage
from home.models import StandardPage
from portal.core.remembered import remembered

# Pages deep in a dossier belong to the section of their kind, not of the catalogue they stand in.
_SECTIONS = (
    ("feedback", re.compile(r"/feedback/$")),
    ("decisions", re.compile(r"/decision/(redline/|versions/\d+/|evaluation-\d+/)?$")),
    (
        "consultations",
        re.compile(r"^/opinions/|/(consultation|evaluation-call)-\d+/(opinions/|changes/)?$"),
    ),
)
# How to take part; the other standard pages are about the site.
_TAKING_PART = frozenset({"help", "how-opinions-are-used"})
# Standard pages that other pages link to, and their names in `Navigation`.
_LINKED_FROM_TEXT = {"privacy": "privacy", "how-opinions-are-used": "how_opinions_are_used"}


@dataclass(frozen=True)
class Link:
    """One entry of a menu."""

    label: str
    url: str
    is_current: bool = False


@dataclass
class Navigation:
    """The menus of a page, and the addresses of the pages that templates link to by kind."""

    home: str = "/"
    catalogue: str = ""
    consultations: str = ""
    feedback: str = ""
    decisions: str = ""
    archive: str = ""
    privacy: str = ""
    how_opinions_are_used: str = ""
    main: list[Link] = field(default_factory=list)
    taking_part: list[Link] = field(default_factory=list)
    about: list[Link] = field(default_factory=list)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Add `navigation`, read only by templates that print it."""
    return {"navigation": SimpleLazyObject(lambda: navigation_of(request))}


def navigation_of(request: HttpRequest) -> Navigation:
    """Return the menus as the reader of this request sees them."""
    site = Site.find_for_request(request)
    if site is None:
        return Navigation()
    menu = remembered(f"menu:{site.pk}", lambda: _menu_of(site, request))
    return replace(menu, main=_main_links(menu, request.path))


def _menu_of(site: Site, request: HttpRequest) -> Navigation:
    """Read what stands in the menus of a site, for every reader alike."""
    menu = Navigation(home=site.root_page.get_url(request) or "/")
    for page in site.root_page.get_children().live().public().order_by("path"):
        _place(menu, page, page.get_url(request) or "")
    return menu


def _place(menu: Navigation, page: Page, url: str) -> None:
    """Put one child of the home page where it belongs."""
    kind = page.cached_content_type.model_class()
    if kind is CatalogueIndexPage:
        menu.catalogue = url
    elif kind is ConsultationIndexPage:
        menu.consultations = url
        menu.feedback = f"{url}feedback/"
    elif kind is DecisionIndexPage:
        menu.decisions = url
    elif kind is ArchivePage:
        menu.archive = url
    elif kind is StandardPage:
        group = menu.taking_part if page.slug in _TAKING_PART else menu.about
        group.append(Link(page.title, url))
        if page.slug in _LINKED_FROM_TEXT:
            setattr(menu, _LINKED_FROM_TEXT[page.slug], url)


def _main_links(menu: Navigation, path: str) -> list[Link]:
    """Return the main menu with the reader's section marked."""
    addresses = {
        "home": menu.home,
        "catalogue": menu.catalogue,
        "consultations": menu.consultations,
        "feedback": menu.feedback,
        "decisions": menu.decisions,
        "archive": menu.archive,
    }
    labels = {
        "home": _("Home"),
        "catalogue": _("Yearly catalogue"),
        "consultations": _("Consultations"),
        "feedback": _("What became of opinions"),
        "decisions": _("Decisions"),
        "archive": _("Archive"),
    }
    current = section_of(path, addresses)
    return [Link(labels[name], url, name == current) for name, url in addresses.items() if url]


def section_of(path: str, addresses: dict[str, str]) -> str:
    """Return the name of the section that a path belongs to, or the empty string."""
    for name, pattern in _SECTIONS:
        if pattern.search(path):
            return name
    inside = [
        name
        for name, url in addresses.items()
        if url and (path.startswith(url) if name != "home" else path == url)
    ]
    return inside[-1] if inside else ""
