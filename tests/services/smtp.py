"""A mail server (RFC 5321) on the loopback address that misbehaves as a test tells it."""

import socketserver
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

# Beside a reply, what the server may do at a moment: end the connection, never say a word, or
# take a mail and never say so.
CLOSE = "close"
SILENCE = "silence"
TAKE_SILENTLY = "take silently"
GREETING = "CONNECT"
BODY = "BODY"
USUAL = {GREETING: "220 stub", "DATA": "354 go on", "QUIT": "221 bye"}


@dataclass(frozen=True)
class Taken:
    """A mail the server has kept."""

    to: tuple[str, ...]
    message: EmailMessage


class _Ended(Exception):
    """The conversation is over."""


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        try:
            self._answer(GREETING)
            while line := self.rfile.readline():
                self._obey(line.decode("ascii").strip())
        except (_Ended, ConnectionError):
            pass

    def _obey(self, line: str) -> None:
        verb = line.partition(" ")[0].upper()
        if verb == "MAIL":
            self.to: list[str] = []
        if verb == "RCPT":
            return self._recipient(line[line.index("<") + 1 : line.index(">")])
        reply = self._answer(verb)
        if verb == "DATA" and reply[0] == "3":
            self._body()
        if verb == "QUIT":
            raise _Ended
        return None

    def _recipient(self, address: str) -> None:
        moment = f"RCPT {address}"
        if self._answer(moment if moment in self.server.owner.misbehaves else "RCPT")[0] == "2":
            self.to.append(address)

    def _body(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
            if self.server.owner.misbehaves.get("MID-DATA") == CLOSE:
                raise _Ended
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        owner = self.server.owner
        reply = owner.misbehaves.get(BODY, "250 taken")
        # Before the answer: the sender goes on when it has it.
        if reply == TAKE_SILENTLY or reply[0] == "2":
            owner.taken.append(Taken(tuple(self.to), message))
        owner.arrived.set()
        self._answer(BODY)

    def _answer(self, moment: str) -> str:
        owner = self.server.owner
        reply = owner.misbehaves.get(moment, USUAL.get(moment, "250 ok"))
        if reply in {SILENCE, TAKE_SILENTLY}:
            owner.stopped.wait()
        if reply in {CLOSE, SILENCE, TAKE_SILENTLY}:
            raise _Ended
        self.wfile.write(f"{reply}\r\n".encode())
        return reply


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    owner: "MailServer"


class MailServer:
    """One server; `misbehaves` names moments and what is answered at them instead of yes.

    Moments are CONNECT, the verbs, `RCPT <address>` without its brackets, MID-DATA and BODY, the
    end of a message.
    """

    def __init__(self) -> None:
        self.misbehaves: dict[str, str] = {}
        self.taken: list[Taken] = []
        self.arrived = threading.Event()
        self.stopped = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.owner = self
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everyone who still waits, and listen no more."""
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
