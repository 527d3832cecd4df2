"""Permission policies that end at somebody's scope; Wagtail asks them for every record."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from portal.core.permissions import VerbPermissionPolicy


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
