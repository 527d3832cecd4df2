"""Connections to Elasticsearch that give up in time, and a breaker for when it is down."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import urllib3
from elastic_transport import TransportError, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, NotFoundError

logger = logging.getLogger(__name__)

# Seconds.
CONNECT_PATIENCE = 1.0
PAUSE = 10.0
FAILURES_TO_OPEN = 3

# No answer, a refusal, or an answer that cannot be read.
FAILURES = (TransportError, ApiError, KeyError, TypeError, ValueError)


class EngineDownError(Exception):
    """The engine did not answer, or not usefully; the database has to."""


class Breaker:
    """Stops asking an engine that keeps failing; after a pause one question tries again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start closed; `clock` counts seconds."""
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Tell whether questions should be spared."""
        return self._clock() < self._open_until

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Run one question.

        Raises:
            EngineDownError: it failed, or it was not asked at all.

        """
        if self.is_open:
            raise EngineDownError("spared")
        if self._failures >= FAILURES_TO_OPEN:
            # Until this one question is answered, the others are spared.
            self._open_until = self._clock() + PAUSE
        try:
            yield
        except NotFoundError as error:
            # It answers at once, but has no index yet; the next question may find one.
            self.reset()
            raise EngineDownError("no index") from error
        except FAILURES as error:
            self._count(error)
            raise EngineDownError(type(error).__name__) from error
        self.reset()

    def _count(self, error: Exception) -> None:
        logger.warning("Elasticsearch did not answer: %s", type(error).__name__)
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._open_until = self._clock() + PAUSE

    def reset(self) -> None:
        """Close it: the engine answers."""
        self._failures, self._open_until = 0, 0.0


breaker = Breaker()


class ImpatientNode(Urllib3HttpNode):
    """Gives a connection less time than an answer, and both together no more than asked for."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Any = None,
        request_timeout: Any = DEFAULT,
    ) -> Any:
        """Send a request; `request_timeout` is in seconds."""
        if isinstance(request_timeout, int | float):
            connect = min(CONNECT_PATIENCE, request_timeout)
            request_timeout = urllib3.Timeout(connect=connect, total=request_timeout)
        return super().perform_request(method, target, body, headers, request_timeout)
