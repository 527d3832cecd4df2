"""The open interface to what comes before the decision: catalogues, matters, rounds, opinions.

It reads what the public pages read and tells no more than they do.
"""

from consultations.api import catalogues, matters, opinions, rounds

routers = (catalogues.router, matters.router, rounds.router, opinions.router)

__all__ = ["routers"]
