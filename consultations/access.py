"""Who may do what to this app's records, and whose matters they hang on; said when it starts."""

from wagtail.permissions import register_permission_policy

from consultations.models import (
    AdjustmentRequest,
    DecisionItemPage,
    Hearing,
    Issue,
    Opinion,
    ReasonTemplate,
)
from consultations.querysets import units_of_matter
from portal.accounts.policies import ScopedPermissionPolicy
from portal.accounts.scope import Branches, work_on


def open_by_scope() -> None:
    """Let scopes consist of matters, and records be those of the matters in scope.

    Called before any screen exists: Wagtail keeps a policy of its own for a model that is asked
    about earlier.
    """
    work_on(Branches(of=DecisionItemPage.objects.in_scope_of, units_of=units_of_matter))
    opinions = ScopedPermissionPolicy(
        Opinion, closed={"add", "change", "delete"}, verbs={"moderate": "change"}
    )
    register_permission_policy(Opinion, opinions)
    for kept in (Issue, Hearing, AdjustmentRequest):
        register_permission_policy(kept, ScopedPermissionPolicy(kept, closed={"delete"}))
    register_permission_policy(ReasonTemplate, ScopedPermissionPolicy(ReasonTemplate, closed=()))
