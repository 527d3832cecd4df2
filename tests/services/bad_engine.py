"""A server in the place of Elasticsearch that answers as no engine should, or not at all."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Seconds between two bytes of an answer that drips.
DRIP = 0.3
ANSWERS = {
    "500": (500, b'{"error": {"type": "internal"}, "status": 500}'),
    "503": (503, b'{"error": {"type": "no_shard_available_action_exception"}, "status": 503}'),
    "no JSON": (200, b"<html>proxy</html>"),
    "another JSON": (200, b'{"took": 1}'),
    "half an answer": (
        200,
        b'{"timed_out": true, "hits": {"total": {"value": 0}, "hits": []}, "aggregations": {}}',
    ),
}
HANGS, DRIPS, DRIPS_HEADERS = "hangs", "drips", "drips headers"
REFUSES, OTHER_MAPPING = "refuses", "another mapping"
# An index that some other hand made finds nothing, and says so as any other.
NOTHING_FOUND = (
    200,
    b'{"timed_out": false, "hits": {"total": {"value": 0}, "hits": []}, "aggregations": {}}',
)
OTHER = (200, b'{"other": {"mappings": {"properties": {"title": {"type": "text"}}}}}')
# How long each would take if nobody gave up, in seconds.
FOR_EVER = 30


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        how = self.server.how
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if how == HANGS:
            self.server.ended.wait(FOR_EVER)
        elif how in ANSWERS:
            self._answer(*ANSWERS[how])
        elif how == OTHER_MAPPING:
            self._answer(*(OTHER if "_mapping" in self.path else NOTHING_FOUND))
        elif how == DRIPS:
            self._answer(200, b" " * int(FOR_EVER / DRIP), drip=True)
        else:
            self._drip(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: " + b"x" * int(FOR_EVER / DRIP))
        self.close_connection = True

    do_POST = do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of http.server

    def _answer(self, status: int, body: bytes, *, drip: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if drip:
            self._drip(body)
        else:
            self.wfile.write(body)

    def _drip(self, content: bytes) -> None:
        for place in range(len(content)):
            if self.server.ended.is_set():
                return
            try:
                self.wfile.write(content[place : place + 1])
                self.wfile.flush()
            except OSError:
                return
            time.sleep(DRIP)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, how: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.how = how
        self.ended = threading.Event()


@contextmanager
def a_bad_engine(how: str) -> Iterator[str]:
    """Give the address of a server that answers every question so."""
    if how == REFUSES:
        with socket.create_server(("127.0.0.1", 0)) as heard:
            port = heard.getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        return
    with _Server(how) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()
