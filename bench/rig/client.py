"""An HTTP client that costs little: raw sockets kept alive, one thread a user, answers only counted and checked."""

import re
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from rig.installation import HOST

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=\r]+)=([^;\r]*)", re.IGNORECASE)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_TYPED = "application/x-www-form-urlencoded"
Check = Callable[["Answer"], bool]


class WrongAnswer(RuntimeError):  # noqa: N818 - says what is the case
    """The server did not do what was asked; what was measured until then means nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: its status, its raw head, its body."""

    status: int
    head: bytes
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", errors="replace")

    def said(self) -> str:
        """The words of its main part, to tell a person why it is not the answer that was wanted."""
        main = self.text.partition("<main")[2] or self.text
        return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:600]

    def leads_to(self, part: str) -> bool:
        """Whether it is a redirection to an address with this in it."""
        found = re.search(rb"\r\nlocation: *([^\r]*)", self.head, re.IGNORECASE)
        return 300 <= self.status < 400 and found is not None and part.encode() in found[1]


@dataclass
class User:
    """One user's connection and cookies."""

    port: int
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    _socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """Asks for a page."""
        return self.exchange(self.request("GET", path))

    def post(self, path: str, values: dict[str, str]) -> Answer:
        """Sends a small form."""
        return self.exchange(self.request("POST", path, urlencode(values).encode(), _TYPED))

    def request(self, method: str, path: str, body: bytes = b"", kind: str = "") -> bytes:
        """The bytes of a request, with the cookies known now."""
        lines = [f"{method} {path} HTTP/1.1".encode(), f"Host: {HOST}:{self.port}".encode()]
        if self.cookies:
            lines.append(b"Cookie: " + b"; ".join(name + b"=" + value for name, value in self.cookies.items()))
        if method == "POST":
            lines += [f"Content-Type: {kind}".encode(), f"Content-Length: {len(body)}".encode()]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    def exchange(self, request: bytes) -> Answer:
        """Sends the bytes of a request and reads the whole answer; keeps new cookies."""
        if self._socket is None:
            self.connect()
        assert self._socket is not None
        self._socket.sendall(request)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end]
        status, length = int(head[9:12]), _LENGTH.search(head)
        if length is None:
            raise WrongAnswer(f"status {status}, an answer without its length")
        parts, missing = [received[end + 4 :]], int(length[1]) - (len(received) - end - 4)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        if b"ookie:" in head:
            self.cookies.update(_COOKIE.findall(head))
        return Answer(status, head, b"".join(parts))

    def connect(self) -> None:
        """A new connection: the server ends one that has been silent for a while, as between two turns."""
        self.close()
        self._socket = socket.create_connection((HOST, self.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """Ends the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _more(self) -> bytes:
        assert self._socket is not None
        if not (piece := self._socket.recv(65536)):
            raise ConnectionError("the server closed the connection in the middle of an answer")
        return piece


def token_of(page: Answer) -> str:
    """The CSRF token in a page's form."""
    found = _TOKEN.search(page.text)
    if found is None:
        sys.exit(f"a page without a form's token: status {page.status}")
    return unescape(found[1])


def signed_in(port: int, username: str, password: str, path: str = "/accounts/login/") -> User:
    """A user who signed in by the page for it (the peer's has no form to open first)."""
    user, values = User(port), {"login": username, "password": password}
    if path == "/accounts/login/":
        values["csrfmiddlewaretoken"] = token_of(user.get(path))
    answer = user.post(path, values)
    if not 300 <= answer.status < 400:
        sys.exit(f"{username} cannot sign in: status {answer.status}")
    return user


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a stretch of asking came to: each answer's seconds, the whole of it, and the client's own processor time."""

    seconds: list[float]
    wall: float
    client: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall


def ask(users: list[User], make: Callable[[User], bytes], good: Check, duration: float, most: int = 10**9) -> Stretch:
    """Lets every user ask one thing after the other for `duration` seconds, or `most` times; ends the program at the
    first answer that is not good."""
    for user in users:
        user.connect()
    begun, processor = time.perf_counter(), time.process_time()

    def one(user: User) -> list[float]:
        found: list[float] = []
        while time.perf_counter() - begun < duration and len(found) < most:
            request = make(user)
            sent = time.perf_counter()
            answer = user.exchange(request)
            found.append(time.perf_counter() - sent)
            if not good(answer):
                raise WrongAnswer(f"status {answer.status}: {answer.said()}")
        return found

    with ThreadPoolExecutor(len(users)) as pool:
        answers = [future.result() for future in [pool.submit(one, user) for user in users]]
    wall, used = time.perf_counter() - begun, time.process_time() - processor
    for user in users:
        user.close()
    return Stretch([each for found in answers for each in found], wall, used)
