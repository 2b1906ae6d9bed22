"""A real receiver of HTTP messages on loopback that takes, fails, hangs, redirects or is gone, as tests tell it."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Receiver:
    """What was received, and what is answered: the next of `answers`, else 204. `open` ends every hanging."""

    port: int = 0
    answers: list[int | str] = field(default_factory=list)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    connections: int = 0

    @property
    def url(self) -> str:
        """Where to send."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def told(self) -> list[dict[str, Any]]:
        """The data of every message, in the order of their coming."""
        return [json.loads(body)["data"] for _headers, body in self.received]

    @property
    def positions(self) -> list[int]:
        """The positions told, in order."""
        return [each["position"] for each in self.told]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            receiver.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            answer = receiver.answers.pop(0) if receiver.answers else 204
            if answer == "hang":
                receiver.open.wait(30)
                self.close_connection = True
            elif answer == "drip":
                while not receiver.open.wait(0.05):
                    try:
                        self.wfile.write(b"H")
                    except OSError:
                        break
                self.close_connection = True
            elif answer == "hang up":
                self.close_connection = True
            else:
                self.send_response(int(answer))
                if 300 <= int(answer) < 400:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens on loopback."""
    made = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = True
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.open.set()
    server.shutdown()
    server.server_close()
    thread.join()
