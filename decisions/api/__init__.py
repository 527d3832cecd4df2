"""The open interface to the decision and after: decisions, and the search over everything.

It reads what the public pages read and tells no more than they do.
"""

from decisions.api import decisions, search

routers = (decisions.router, search.router)

__all__ = ["routers"]
