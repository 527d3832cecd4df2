"""The archive as its readers meet it: the page of results, and what hangs on a question."""

from decisions.views.alert import alert
from decisions.views.archive import archive

__all__ = ["alert", "archive"]
