"""Permission policies that end at somebody's scope; Wagtail asks them for every record and page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet

from portal.accounts.models import User
from portal.accounts.roles import OFFICE_WIDE, PAGE_ACTIONS, UNIT_ROLES
from portal.accounts.scope import tops_of, units_of, with_units_above
from portal.core.permissions import VerbPermissionPolicy

# What lets somebody walk through the page tree; Wagtail's own list.
EXPLORING = frozenset({"add", "change", "publish", "lock", "unlock", "bulk_delete"})


class ScopedPermissionPolicy(VerbPermissionPolicy):
    """What `VerbPermissionPolicy` allows, on the records in somebody's scope.

    The model's default manager has `in_scope_of`.
    """

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Tell whether a user may carry out an act on a record."""
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        """Tell whether a user may carry out one of these acts on a record."""
        if not self.user_has_any_permission(user, actions):
            return False
        own = self.model._default_manager.in_scope_of(user)
        return bool(own.filter(pk=instance.pk).exists())

    def instances_user_has_permission_for(self, user: Any, action: str) -> QuerySet[Any]:
        """Return the records on which a user may carry out an act."""
        return self.instances_user_has_any_permission_for(user, [action])

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        """Return the records on which a user may carry out one of these acts."""
        allowed: QuerySet[Any] = self.model._default_manager.none()
        if self.user_has_any_permission(user, actions):
            allowed = self.model._default_manager.in_scope_of(user)
        return allowed


@dataclass(frozen=True)
class Act:
    """An act on pages, by the code name of Django's permission."""

    codename: str


@dataclass(frozen=True)
class Grant:
    """An act that somebody may carry out on a page and on what stands below it.

    It is read like the row of Wagtail's `GroupPagePermission` that it stands for.
    """

    page: Page
    permission: Act

    @property
    def page_id(self) -> int:
        """The primary key of the page."""
        pk: int = self.page.pk
        return pk


class StoredPagePermissionPolicy(PagePermissionPolicy):
    """What Wagtail keeps in the database, remembered beside what the scope adds to it."""

    permission_cache_name = "_stored_page_permission_cache"


class ScopedPagePermissionPolicy(PagePermissionPolicy):
    """Who may do what to which pages: office-wide roles by what is stored, the others by scope.

    A drafting unit's editor and an opinion clerk may carry out the acts of their role on the
    branches of their scope (`portal.accounts.scope.Branches`) and on no other page. That is worked
    out from the matters themselves, once for each user object; nothing is stored for a matter.
    """

    def __init__(self, model: Any = None) -> None:
        """Keep the policy that reads what is stored."""
        super().__init__(model)
        self._stored = StoredPagePermissionPolicy(model)

    def get_all_permissions_for_user(self, user: Any) -> list[Any]:
        """Return what somebody may do where: rows of the database, and grants of the scope."""
        if not user.is_active or user.is_anonymous or user.is_superuser:
            return []
        return [*self._stored.get_cached_permissions_for_user(user), *self._grants(user)]

    def _grants(self, user: Any) -> list[Grant]:
        roles = user.groups.filter(name__in=UNIT_ROLES).values_list("name", flat=True)
        acts = {codename for role in roles for codename in PAGE_ACTIONS[role]}
        if not acts:
            return []
        tops = Page.objects.filter(pk__in=tops_of(user).order_by().values("pk"))
        return [Grant(page, Act(act)) for page in tops for act in sorted(acts)]

    def _in_branches(self, user: Any, actions: Iterable[str]) -> PageQuerySet:
        """Return the pages of somebody's branches, if their role may carry out one of the acts."""
        pages: PageQuerySet = self.model._default_manager
        wanted = self._get_permission_codenames(actions)
        lengths = {
            len(grant.page.path)
            for grant in self.get_cached_permissions_for_user(user)
            if isinstance(grant, Grant) and grant.permission.codename in wanted
        }
        inside = Q()
        for length in lengths:
            above = tops_of(user).filter(path=Substr(OuterRef("path"), 1, length))
            inside |= Q(Exists(above))
        if not inside:
            return pages.none()
        # By primary key, because the search backends filter by nothing that is less plain.
        return pages.filter(pk__in=pages.filter(inside).order_by().values("pk"))

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> PageQuerySet:
        """Return the pages on which somebody may carry out one of these acts."""
        stored: PageQuerySet = self._stored.instances_user_has_any_permission_for(user, actions)
        if not user.is_active or user.is_superuser:
            return stored
        return stored | self._in_branches(user, actions)

    def explorable_instances(self, user: Any) -> PageQuerySet:
        """Return the pages that somebody may walk through: those to work on, and those above."""
        pages: PageQuerySet = self.model._default_manager
        if not user.is_active:
            return pages.none()
        if user.is_superuser:
            return pages.all()
        granted = {grant.page for grant in self.get_cached_permissions_for_user(user)}
        if not granted:
            return pages.none()
        root = self.model.base_page_model.objects.first_common_ancestor_of(granted)
        above = {
            page.path[:length]
            for page in granted
            for length in range(len(root.path), len(page.path), Page.steplen)
        }
        explorable = self.instances_user_has_any_permission_for(user, EXPLORING)
        return explorable | pages.filter(path__in=above)

    def users_with_any_permission(
        self, actions: Iterable[str], include_superusers: bool = True
    ) -> QuerySet[User]:
        """Return who may carry out one of these acts on some page."""
        stored = self._holders(self._stored.users_with_any_permission(actions, include_superusers))
        groups = _roles_that_may(self._get_permission_codenames(_with_own_pages(actions)))
        return _active(stored | Q(groups__name__in=groups))

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Page, include_superusers: bool = True
    ) -> QuerySet[User]:
        """Return who may carry out one of these acts on a page."""
        stored = self._holders(
            self._stored.users_with_any_permission_for_instance(
                actions, instance, include_superusers
            )
        )
        units = units_of(instance)
        if units is None:
            return _active(stored)
        roles = _roles_that_may(self._get_permission_codenames(actions))
        everywhere = User.objects.filter(groups__name__in=OFFICE_WIDE)
        reaching = Q(unit__in=with_units_above(units)) | Q(pk__in=everywhere.values("pk"))
        return _active(stored | (Q(groups__name__in=roles) & reaching))

    @staticmethod
    def _holders(users: QuerySet[User]) -> Q:
        return Q(pk__in=users.order_by().values("pk"))


def _with_own_pages(actions: Iterable[str]) -> set[str]:
    """Return the acts, and adding where changing is meant: whoever adds pages changes their own."""
    return {*actions, "add"} if "change" in actions else set(actions)


def _roles_that_may(codenames: set[str]) -> list[str]:
    return [role.value for role in UNIT_ROLES if codenames & set(PAGE_ACTIONS[role])]


def _active(condition: Q) -> QuerySet[User]:
    return User.objects.filter(condition, is_active=True).distinct()
