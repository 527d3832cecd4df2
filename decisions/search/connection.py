"""Connections to Elasticsearch that give up in time, and a breaker for when it is down."""

import http.client
import io
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import urllib3
from elastic_transport import NodeConfig, TransportError, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError
from urllib3.connection import HTTPConnection, HTTPSConnection

from portal.core.addresses import addresses_in

logger = logging.getLogger(__name__)

# Seconds.
CONNECT_PATIENCE = 1.0
PAUSE = 10.0
# Seconds a reader waits for all questions of one page together.
PATIENCE = 2.0
# Seconds in which an engine that has just failed has to say that it is there at all.
PATIENCE_IN_DOUBT = 0.35
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

    @property
    def is_in_doubt(self) -> bool:
        """Tell whether the last question failed."""
        return self._failures > 0

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
        except BadRequestError as error:
            # It answers at once, too, and refuses this one question only.
            logger.warning("Elasticsearch refused a question")
            self.reset()
            raise EngineDownError("refused") from error
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


class _TimelyFile(io.RawIOBase):
    """What comes through a socket until an instant, however slowly it drips."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, seconds: float) -> None:
        """Read `raw`, which reads the socket, for so many seconds from now on."""
        self._sock, self._raw = sock, raw
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there, or wait for it as long as there is time.

        Raises:
            TimeoutError: there is none left.

        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("The whole answer took too long")
        self._sock.settimeout(left)
        return cast("int | None", self._raw.readinto(buffer))

    def close(self) -> None:
        """Give the socket back."""
        self._raw.close()
        super().close()


class _TimelyResponse(http.client.HTTPResponse):
    """An answer that has to be there as a whole within the time-out of its socket.

    Python and urllib3 give that time to each read, so that a byte now and then keeps them waiting.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        """Read from the socket, but not for ever."""
        super().__init__(sock, *args, **kwargs)
        seconds = sock.gettimeout()
        if seconds is not None:
            raw = self.fp.detach()
            self.fp = io.BufferedReader(_TimelyFile(sock, raw, seconds))


class _TimelyConnection(HTTPConnection):
    response_class = _TimelyResponse


class _TimelySecureConnection(HTTPSConnection):
    response_class = _TimelyResponse


class ImpatientNode(Urllib3HttpNode):
    """Gives a connection less time than an answer, and both together no more than asked for."""

    def __init__(self, config: NodeConfig) -> None:
        """Make the pool of connections one of timely ones."""
        super().__init__(config)
        is_secure = config.scheme == "https"
        self.pool.ConnectionCls = _TimelySecureConnection if is_secure else _TimelyConnection

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


def client_of(url: str, **options: Any) -> Elasticsearch:
    """Return a client for an engine.

    A node that refuses is passed over for the next; nothing else is tried twice.

    Args:
        url: the address of a node, or those of several of one cluster, separated by commas.
        options: what else `Elasticsearch` takes.

    """
    addresses = addresses_in(url)
    return Elasticsearch(
        addresses,
        node_class=ImpatientNode,
        max_retries=len(addresses) - 1,
        retry_on_timeout=False,
        **options,
    )
