"""Who may do what to records that only verbs write."""

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class VerbPermissionPolicy(ModelPermissionPolicy):
    """Django's permissions of a model, less the acts that nobody carries out on its rows.

    A closed act is closed to superusers too: Wagtail then neither offers nor accepts it.
    """

    def __init__(
        self, model: Any, *, closed: Iterable[str], verbs: Mapping[str, str] | None = None
    ) -> None:
        """Keep what is closed, and which Django permission each act of our own stands on."""
        super().__init__(model)
        self.closed = frozenset(closed)
        self.verbs = dict(verbs or {})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Tell whether a user may carry out an act."""
        if action in self.closed:
            return False
        allowed: bool = super().user_has_permission(user, self.verbs.get(action, action))
        return allowed
