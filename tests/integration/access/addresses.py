"""Every address that the resolver knows, with its arguments filled in from the world."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from tests.factories import the_consultation_index, the_decision_index
from tests.integration.access.world import DRAFT, OWN, PUBLIC, STATES, Dossier, World, the_archive


@dataclass(frozen=True)
class Place:
    """Whose object an address is about, and in what state it is."""

    unit: str
    state: str


@dataclass(frozen=True)
class Address:
    """One address.

    Attributes:
        name: of its pattern, with the namespaces.
        url: the path.
        place: the object it is about.

    """

    name: str
    url: str
    place: Place


Value = Callable[[World, Dossier, str], Any]


def record(kind: str) -> Value:
    """The primary key of a record of the dossier."""
    return lambda _world, dossier, _state: dossier.records[kind].pk


def common(kind: str) -> Value:
    """The primary key of what belongs to no unit."""
    return lambda world, _dossier, _state: world.records[kind].pk


def page(_world: World, dossier: Dossier, state: str) -> int:
    """The primary key of a page in this state."""
    return dossier.pages[state].pk


def file(_world: World, dossier: Dossier, state: str) -> int:
    """The primary key of a document in this state."""
    return dossier.files[state].pk


def always(value: Any) -> Value:
    """The same value."""
    return lambda _world, _dossier, _state: value


def first(model: type[Model]) -> Value:
    """The primary key of the oldest row."""
    return lambda _world, _dossier, _state: model.objects.order_by("pk").first().pk


# The arguments of addresses by their names; the longest beginning of an address's name counts.
ARGUMENTS: dict[str, dict[str, Value]] = {
    "": {
        "page_id": page,
        "parent_page_id": page,
        "page_to_move_id": page,
        "page_pk": page,
        "page": page,
        "round": lambda _world, dossier, _state: dossier.pages["public"].pk,
        "destination_id": lambda _world, dossier, _state: dossier.item.pk,
        "workflow_state_id": record("workflow_state"),
        "task_state_id": record("task_state"),
        "task_id": common("task"),
        "workflow_pk": common("workflow"),
        "collection_id": common("collection"),
        "redirect_id": common("redirect"),
        "document_id": file,
        "doc_id": file,
        "image_id": record("image"),
        "uploaded_file_id": always(1),
        "restriction_id": first(CollectionViewRestriction),
        "page_view_restriction_id": first(PageViewRestriction),
        "file_id": record("opinionattachment"),
        "file": record("opinionattachment"),
        "filter_spec": always("max-10x10"),
        "action_name": always("approve"),
        "revision_id": lambda _world, dossier, state: (
            dossier.pages[state].revisions.order_by("pk").last().pk
        ),
        "unit": lambda _world, dossier, _state: dossier.unit.code,
        "token": always("a-token-that-nobody-was-sent"),
        "secret": always("a-secret-that-nobody-was-sent"),
        "name": always("erase"),
        "uidb64": always("MQ"),
        "action": always("publish"),
        "session_id": always(1),
        "staged": always(1),
        "object_id": page,
        "app_label": always("consultations"),
        "app_name": always("consultations"),
        "model_name": always("consultationpage"),
        "content_type_app_name": always("consultations"),
        "content_type_model_name": always("consultationpage"),
    },
    "api:": {
        "catalogue": always("2026"),
        "number": lambda _world, dossier, _state: dossier.item.slug,
        "consultation": page,
        "decision": record("decision"),
    },
    "adjustment_request": {"pk": record("adjustmentrequest")},
    "archives_package": {"pk": lambda _world, dossier, _state: dossier.item.pk},
    "catalogue_t": {"pk": common("catalogue")},
    "changes": {"pk": record("decision")},
    "import_catalogue": {"pk": common("catalogue")},
    "preview_catalogue": {"pk": common("catalogue")},
    "request_adjustment": {"pk": lambda _world, dossier, _state: dossier.item.pk},
    "adjust_catalogue": {"pk": lambda _world, dossier, _state: dossier.item.pk},
    "mfa_": {"pk": always(1)},
    "open_data:": {"year": always(2026)},
    "opinions:": {"page_id": page},
    "outbox_": {"pk": common("outbox")},
    "past_import": {"pk": common("pastimport")},
    "preview_draft": {"pk": always(1)},
    "publish_with_reasons": {"pk": page},
    "triage_": {"pk": record("opinion")},
    "wagtail_bulk_action": {"app_label": always("wagtailcore"), "model_name": always("page")},
    "wagtailadmin_api:documents:": {"pk": file},
    "wagtailadmin_api:images:": {"pk": record("image")},
    "wagtailadmin_api:pages:": {"pk": page, "action_name": always("publish")},
    "wagtailadmin_collections:": {"pk": common("collection")},
    "wagtailadmin_pages:add": {
        "parent_page_id": lambda _world, dossier, _state: dossier.item.pk,
    },
    "wagtailadmin_tag_model_autocomplete": {
        "app_name": always("taggit"),
        "model_name": always("tag"),
    },
    "wagtailadmin_workflows:": {
        "pk": common("workflow"),
        "app_label": always("wagtailcore"),
        "model_name": always("groupapprovaltask"),
    },
    "wagtailadmin_workflows:disable_task": {"pk": common("task")},
    "wagtailadmin_workflows:edit_task": {"pk": common("task")},
    "wagtailadmin_workflows:enable_task": {"pk": common("task")},
    "wagtaildocs_chooser:": {"pk": file},
    "wagtailimages_chooser:": {"pk": record("image")},
    "wagtailsettings:": {
        "app_name": always("core"),
        "model_name": always("siteidentity"),
        "pk": common("site"),
    },
    "wagtailsites:": {"pk": common("site")},
    "wagtailsnippetchoosers_accounts_unit:": {"pk": common("unit")},
    "wagtailsnippetchoosers_consultations_decisioncategory:": {"pk": common("category")},
    "wagtailsnippetchoosers_core_workcalendarday:": {"pk": common("workcalendarday")},
    "wagtailsnippets_accounts_unit:": {"pk": common("unit")},
    "wagtailsnippets_consultations_decisioncategory:": {"pk": common("category")},
    "wagtailsnippets_consultations_hearing:": {"pk": record("hearing")},
    "wagtailsnippets_consultations_issue:": {"pk": record("issue")},
    "wagtailsnippets_consultations_issue:cut_point": {"pk": record("point")},
    "wagtailsnippets_consultations_issue:join_point": {"pk": record("point")},
    "wagtailsnippets_consultations_opinion:": {"pk": record("opinion")},
    "wagtailsnippets_consultations_reasontemplate:": {"pk": record("reasontemplate")},
    "wagtailsnippets_core_workcalendarday:": {"pk": common("workcalendarday")},
    "wagtailsnippets_decisions_cleanupentry:": {"pk": record("cleanupentry")},
    "wagtailsnippets_decisions_suspension:": {"pk": record("suspension")},
    "wagtailsnippets_decisions_synonymgroup:": {"pk": common("synonymgroup")},
    "wagtailsnippets_decisions_collectivediscussion:": {"pk": record("collectivediscussion")},
    "wagtailsnippets_decisions_review:": {"pk": record("review")},
    "wagtailusers_groups:": {"pk": common("group")},
    "wagtailusers_users:": {"pk": common("user")},
}

# Addresses that `reverse` cannot write, or whose arguments hang together.
WRITTEN: dict[str, Callable[[World, Dossier, str], str]] = {
    "wagtail_serve": lambda _world, dossier, state: dossier.pages[state].url,
    "wagtaildocs_serve": lambda _world, dossier, state: dossier.files[state].url,
    # A decision's own data is asked for in test_changes_both_ways; a round has none.
    "page_data": lambda _world, dossier, state: f"{dossier.pages[state].url}redline/changes.json",
    "wagtailadmin_pages:revisions_compare": lambda _world, dossier, state: reverse(
        "wagtailadmin_pages:revisions_compare", args=[dossier.pages[state].pk, "earliest", "latest"]
    ),
    "wagtailsettings:edit_default": always("/admin/settings/core/siteidentity/"),
    "captcha-image": always("/captcha/image/0123/"),
    "captcha-image-2x": always("/captcha/image/0123@2/"),
    "captcha-audio": always("/captcha/audio/0123.wav"),
}

# Two addresses of one name that do not answer alike.
NAMED_TWICE = {("wagtailsettings:edit", ("app_name", "model_name")): "wagtailsettings:edit_default"}

# What is asked besides the address.
QUERIES: dict[str, Value] = {
    "api:search": always("?q=CANARY"),
    "wagtail_bulk_action": lambda _world, dossier, state: f"?id={dossier.pages[state].pk}",
    "triage_many": lambda _world, dossier, _state: (
        f"?verb=publish&id={dossier.records['opinion'].pk}"
    ),
    "wagtaildocs_chooser:chosen_multiple": lambda _world, dossier, state: (
        f"?id={dossier.files[state].pk}"
    ),
    "wagtailimages_chooser:chosen_multiple": lambda _world, dossier, _state: (
        f"?id={dossier.records['image'].pk}"
    ),
    "wagtailadmin_choose_page_chosen_multiple": lambda _world, dossier, state: (
        f"?id={dossier.pages[state].pk}"
    ),
    "wagtailadmin_choose_page_search": always("?q=CANARY"),
    "wagtailadmin_pages:search": always("?q=CANARY"),
    "wagtailadmin_pages:search_results": always("?q=CANARY"),
    "wagtailadmin_api:pages:listing": always("?fields=*&search=CANARY"),
    "wagtailadmin_api:pages:detail": always("?fields=*"),
    "wagtailadmin_api:documents:listing": always("?search=CANARY"),
    "wagtailadmin_api:images:listing": always("?search=CANARY"),
}


SEARCHED = (
    "wagtaildocs:index",
    "wagtaildocs_chooser:choose_results",
    "wagtailsnippets_consultations_hearing:list",
    "wagtailsnippets_consultations_issue:list",
    "wagtailsnippets_consultations_opinion:list",
    "wagtailsnippets_consultations_reasontemplate:list",
    "wagtailsnippets_decisions_cleanupentry:list",
    "wagtailsnippets_decisions_review:list",
    "wagtailsnippets_decisions_suspension:list",
)


def patterns() -> Iterator[tuple[str, str, URLPattern]]:
    """Every pattern of the resolver: its name with namespaces, its route, itself."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(found: list[Any], space: str, route: str) -> Iterator[tuple[str, str, URLPattern]]:
    for one in found:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, inside, here)
        else:
            name = space + (one.name or f"<{here}>")
            yield NAMED_TWICE.get((name, tuple(one.pattern.converters)), name), here, one


def _value(name: str, argument: str) -> Value:
    beginnings = sorted((one for one in ARGUMENTS if name.startswith(one)), key=len, reverse=True)
    for beginning in beginnings:
        if argument in ARGUMENTS[beginning]:
            return ARGUMENTS[beginning][argument]
    message = f"{name}: say in ARGUMENTS what “{argument}” is filled with"
    raise LookupError(message)


def addresses(world: World) -> list[Address]:
    """Every address with every object; an address that is the same for all comes once."""
    found: dict[str, Address] = {}
    for name, route, pattern in patterns():
        for unit, dossier in world.dossiers.items():
            for state in STATES:
                url = _url(name, route, pattern, world, dossier, state)
                found.setdefault(url, Address(name, url, Place(unit, state)))
    return [*found.values(), *_lists(world)]


def _lists(world: World) -> Iterator[Address]:
    """The public pages that list or search, and the lists of the administration when searched."""
    for unit, dossier in world.dossiers.items():
        for page in dossier.pages[PUBLIC].get_ancestors(inclusive=True).filter(depth__gt=1):
            yield Address("wagtail_serve", page.url, Place(unit, PUBLIC))
        yield Address("wagtail_serve", f"{dossier.pages[PUBLIC].url}opinions/", Place(unit, PUBLIC))
        for below_decision in (dossier.records["call"], dossier.records["evaluation"]):
            place, edit = Place(unit, DRAFT), "wagtailadmin_pages:edit"
            yield Address("wagtail_serve", below_decision.url, place)
            yield Address(edit, reverse(edit, args=[below_decision.pk]), place)
        for state, one in dossier.pages.items():
            yield Address("wagtail_serve", f"{one.url}paper/docx/", Place(unit, state))
    for index in (the_decision_index(), the_consultation_index(), the_archive()):
        yield Address("wagtail_serve", f"{index.url}?q=CANARY", Place(OWN, PUBLIC))
    for name in SEARCHED:
        yield Address(name, f"{reverse(name)}?q=CANARY", Place(OWN, DRAFT))


def _url(  # noqa: PLR0917 - what an address is made of
    name: str, route: str, pattern: URLPattern, world: World, dossier: Dossier, state: str
) -> str:
    if name in WRITTEN:
        url = WRITTEN[name](world, dossier, state)
    elif name.startswith("<"):
        url = "/" + route.replace("^", "").replace(".*", "nothing").replace("$", "").replace(
            "<path:path>", "nothing.pdf"
        )
    else:
        filled = {
            argument: _value(name, argument)(world, dossier, state)
            for argument in pattern.pattern.converters
        }
        url = reverse(name, kwargs=filled)
    query = QUERIES.get(name)
    return url + (query(world, dossier, state) if query else "")
