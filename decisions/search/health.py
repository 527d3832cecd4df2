"""What a monitor is told of Elasticsearch."""

from django.conf import settings

from decisions.search.connection import FAILURES, client_of
from decisions.search.engine import is_configured
from portal.core.addresses import addresses_in

# Seconds; a probe that waits longer than its caller tells nothing.
PATIENCE = 1.0


def search_state() -> str:
    """Return off (no engine is named), ok, or degraded (one is named, and no node answers)."""
    if not is_configured():
        return "off"
    return "ok" if any(map(_answers, addresses_in(settings.ELASTICSEARCH_URL))) else "degraded"


def _answers(address: str) -> bool:
    """Tell whether a node of the engine does."""
    try:
        with client_of(address, request_timeout=PATIENCE) as client:
            client.info()
    except FAILURES:
        return False
    return True
