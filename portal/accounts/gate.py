"""The gate before every address of the administration: what is out of scope is not there.

Wagtail asks the permission policies where it acts on a page or a record, but shows titles in many
places that it takes for harmless: choosers, bulk actions, usage, its API, the copying of a
revision. Here the objects that an address names are looked up once for all of them, also for
addresses that Wagtail or a library will add.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from portal.accounts.file_policy import uploaded_in_scope_of
from portal.accounts.scope import scope_of

PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
DOCUMENT_ARGUMENTS = ("document_id", "doc_id")
# Namespaces in which the argument `pk` names such an object.
PAGE_SPACES = {"wagtailadmin_pages"}
DOCUMENT_SPACES = {"wagtaildocs_chooser", "wagtailadmin_api:documents"}
IMAGE_SPACES = {"wagtailimages_chooser", "wagtailadmin_api:images"}
# Wagtail's own views of one record; what an app adds beside them scopes itself.
RECORD_VIEWS = {"copy", "delete", "edit", "history", "history_results", "inspect", "usage"}
# Where several are named in the query.
PAGE_CHOICE = "wagtailadmin_choose_page"
MANY = {
    "wagtaildocs_chooser:chosen_multiple": get_document_model,
    "wagtailimages_chooser:chosen_multiple": get_image_model,
}
# Reports over everything that happened or exists; they are for those who work on everything.
OFFICE_ONLY = {
    f"wagtailadmin_reports:{name}{results}"
    for name in ("site_history", "page_types_usage")
    for results in ("", "_results")
}


def choosable(pages: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return those of `pages` that somebody may link to: in scope, or public as it stands.

    A public page whose title is being changed is left out, because lists show the new title.
    """
    if scope_of(user).everywhere:
        return pages
    public = Page.objects.live().public().filter(draft_title=F("title"))
    may_walk = policy_registry.get_by_type(Page).explorable_instances(user)
    offered = Page.objects.filter(
        Q(pk__in=may_walk.order_by().values("pk")) | Q(pk__in=public.order_by().values("pk"))
    )
    # A subquery by primary key: the search backends filter by nothing that is less plain.
    return pages.filter(pk__in=offered.order_by().values("pk"))


def in_scope(model: Any, user: Any) -> QuerySet[Any] | None:
    """Return the objects of a model that somebody may know of, None for what has no scope."""
    if issubclass(model, Page):
        walk: QuerySet[Any] = policy_registry.get_by_type(Page).explorable_instances(user)
        return walk
    manager = model._default_manager
    if issubclass(model, (get_document_model(), get_image_model())):
        files: QuerySet[Any] = manager.filter(uploaded_in_scope_of(user))
        return files
    own: QuerySet[Any] | None = (
        manager.in_scope_of(user) if hasattr(manager, "in_scope_of") else None
    )
    return own


class ScopeMiddleware:
    """Answers 404 for what lies outside the scope of whoever asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer and where the administration starts."""
        self.get_response = get_response
        self.admin_root = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Do nothing yet: which objects are meant is not known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]
    ) -> None:
        """Let pass who works everywhere, and whoever asks for what is in scope.

        Raises:
            Http404: an object is out of scope, or the view is about those of every unit.

        """
        if not request.path.startswith(self.admin_root) or not request.user.is_authenticated:
            return
        if scope_of(request.user).everywhere or not request.user.has_perm(
            "wagtailadmin.access_admin"
        ):
            return
        match = request.resolver_match
        if match is None or match.view_name in OFFICE_ONLY:
            raise Http404
        for model, keys in _named(match, kwargs, request):
            if not _may_know(model, keys, request.user, choosing=_is_choice(match)):
                raise Http404


def _is_choice(match: ResolverMatch) -> bool:
    return match.view_name.startswith(PAGE_CHOICE)


def _named(
    match: ResolverMatch, kwargs: dict[str, Any], request: HttpRequest
) -> Iterator[tuple[Any, list[str]]]:
    """Find which objects an address names: their model and their keys."""
    for names, model in (
        (PAGE_ARGUMENTS, Page),
        (DOCUMENT_ARGUMENTS, get_document_model()),
        (("image_id",), get_image_model()),
    ):
        yield model, [str(kwargs[name]) for name in names if name in kwargs]
    if "pk" in kwargs:
        model = _model_of_space(match)
        if model is not None:
            yield model, [str(kwargs["pk"])]
    yield from _in_the_query(match, kwargs, request)


def _model_of_space(match: ResolverMatch) -> Any:
    """Return the model whose record the argument `pk` of an address names, if it is known."""
    space = match.namespace
    for spaces, model in (
        (PAGE_SPACES, Page),
        (DOCUMENT_SPACES, get_document_model()),
        (IMAGE_SPACES, get_image_model()),
    ):
        if space in spaces:
            return model
    kind, *label = space.split("_", maxsplit=2)
    if kind == "wagtailsnippets" and label and match.url_name in RECORD_VIEWS:
        return _model(label[0], label[-1])
    return None


def _model(app_label: str, name: str) -> Any:
    """Return a model.

    Raises:
        Http404: there is none of this name.

    """
    try:
        return apps.get_model(app_label, name)
    except LookupError as error:
        raise Http404 from error


def _in_the_query(
    match: ResolverMatch, kwargs: dict[str, Any], request: HttpRequest
) -> Iterator[tuple[Any, list[str]]]:
    """Find the objects that are named by `?id=`, or by the record under an address of any model."""
    ids = request.GET.getlist("id")
    if match.view_name == "wagtail_bulk_action":
        model = _model(kwargs["app_label"], kwargs["model_name"])
        if "all" in ids and issubclass(model, Page):
            parent = request.GET.get("childOf", "")
            children = Page.objects.filter(pk=parent if parent.isdecimal() else 0)
            ids = [
                str(pk)
                for page in children
                for pk in page.get_children().values_list("pk", flat=True)
            ]
        yield model, ids
    elif match.view_name == f"{PAGE_CHOICE}_chosen_multiple":
        yield Page, ids
    elif match.view_name in MANY:
        yield MANY[match.view_name](), ids
    elif "object_id" in kwargs and "app_label" in kwargs:
        yield _model(kwargs["app_label"], kwargs["model_name"]), [str(kwargs["object_id"])]


def _may_know(model: Any, keys: Iterable[str], user: Any, *, choosing: bool) -> bool:
    """Tell whether all records with these keys, as far as there are any, are in scope."""
    wanted = {key for key in keys if key.isdecimal()}
    known = in_scope(model, user) if wanted else None
    if known is None:
        return True
    asked = model._base_manager.filter(pk__in=wanted)
    found = set(asked.values_list("pk", flat=True))
    if choosing:
        known = choosable(Page.objects.all(), user)
    return found <= set(known.filter(pk__in=found).values_list("pk", flat=True))
