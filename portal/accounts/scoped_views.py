"""Admin views of one record that end at the scope of whoever asks."""

from typing import Any

from django.http import Http404


class ScopedObjectMixin:
    """Finds the record of a generic Wagtail view, if it is in the user's scope.

    Stands before the view's own class; the model's default manager has `in_scope_of`.
    """

    def get_object(self, queryset: Any = None) -> Any:
        """Return the record.

        Raises:
            Http404: there is none, or it is out of scope.

        """
        view: Any = self
        found = super().get_object()  # type: ignore[misc] # the view that it is mixed into
        own = view.model._default_manager.in_scope_of(view.request.user)
        if not own.filter(pk=found.pk).exists():
            raise Http404
        return found
