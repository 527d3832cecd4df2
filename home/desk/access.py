"""Who may open a report of the desk."""

from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.menu import MenuItem

from portal.accounts.models import User

# Whoever may see the answers or the hearings of a matter works on it.
OF_MATTERS = ("consultations.view_issue", "consultations.view_hearing")


def may_any(user: Any, permissions: tuple[str, ...]) -> bool:
    """Tell whether somebody has one of these permissions."""
    return any(user.has_perm(name) for name in permissions)


class DeskMixin:
    """A view for those who have one of its `permissions`."""

    permissions: ClassVar[tuple[str, ...]] = OF_MATTERS
    request: HttpRequest

    @property
    def user(self) -> User:
        """Who asks; Wagtail's admin lets nobody through who is not signed in."""
        return cast("User", self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who may; Wagtail leads the others back with a message."""
        if not may_any(request.user, self.permissions):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc] # the view's
        return answer


class DeskMenuItem(MenuItem):
    """An entry of a menu for those who have one of some permissions."""

    def __init__(
        self, label: Any, url: str, *, permissions: tuple[str, ...], **kwargs: Any
    ) -> None:
        """Keep which permissions they are."""
        self.permissions = permissions
        super().__init__(label, url, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to them."""
        return may_any(request.user, self.permissions)
