"""Who may do what to this app's records; said when it starts."""

from wagtail.permissions import register_permission_policy

from decisions.models import (
    CleanupEntry,
    CollectiveDiscussion,
    PastImport,
    Review,
    Suspension,
)
from portal.accounts.policies import ScopedPermissionPolicy


def open_by_scope() -> None:
    """Let records be those of the matters in scope; called before any screen exists."""
    for kept in (Suspension, CleanupEntry, PastImport):
        register_permission_policy(kept, ScopedPermissionPolicy(kept, closed={"delete"}))
    register_permission_policy(Review, ScopedPermissionPolicy(Review, closed={"delete"}))
    discussions = ScopedPermissionPolicy(CollectiveDiscussion, closed={"change", "delete"})
    register_permission_policy(CollectiveDiscussion, discussions)
