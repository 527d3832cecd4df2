"""Who may see and choose which documents and pictures: a file is of its uploader's unit."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from portal.accounts.models import User
from portal.accounts.roles import OFFICE_WIDE
from portal.accounts.scope import scope_of, with_units_above


def uploaded_in_scope_of(user: Any) -> Q:
    """Return the condition that a file was uploaded by somebody of a user's scope."""
    scope = scope_of(user)
    if scope.everywhere:
        return Q()
    return Q(uploaded_by_user__unit__in=scope.units) | Q(uploaded_by_user=user.pk)


class ScopedFilePermissionPolicy(CollectionOwnershipPermissionPolicy):
    """What Wagtail's collections allow, on the files that the units of a scope uploaded."""

    def __init__(self, model: Any) -> None:
        """Let Wagtail's own permissions of the model count, and its uploader as its owner."""
        super().__init__(model, auth_model=model, owner_field_name="uploaded_by_user")

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        """Tell whether a user may carry out one of these acts on a file."""
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        own = self.model._default_manager.filter(uploaded_in_scope_of(user))
        return bool(own.filter(pk=instance.pk).exists())

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        """Return the files on which a user may carry out one of these acts."""
        allowed: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        own = self.model._default_manager.filter(uploaded_in_scope_of(user))
        # By primary key, because the search backends filter by nothing that is less plain.
        return allowed.filter(pk__in=own.order_by().values("pk"))

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Any
    ) -> QuerySet[User]:
        """Return who may carry out one of these acts on a file."""
        allowed: QuerySet[User] = super().users_with_any_permission_for_instance(actions, instance)
        uploader = instance.uploaded_by_user
        units = frozenset({uploader.unit_id} if uploader and uploader.unit_id else ())
        everywhere = Q(is_superuser=True) | Q(
            pk__in=User.objects.filter(groups__name__in=OFFICE_WIDE).values("pk")
        )
        reaching = Q(unit__in=with_units_above(units)) | Q(pk=uploader.pk if uploader else None)
        return allowed.filter(everywhere | reaching)
