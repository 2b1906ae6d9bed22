"""Sends one message to an address that somebody else chose: never into our own network, and never for long.

The name is resolved once, every address it has is judged, and the connection goes to the address that was judged: a
name that changes its mind in between reaches nothing. Redirects are not followed and no proxy is asked.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

DEADLINE: Final = 10.0  # seconds for a whole message, whatever the receiver does
_LONGEST: Final = 500
_SHORT: Final = 4096  # bytes of an answer that are read so that the connection can be kept
# A gateway may carry what is in these to a private network of the old kind, or to nowhere we meant.
_DISGUISES: Final = tuple(ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


class AddressRefused(ValueError):  # noqa: N818 - says what is the case
    """A web address that messages are not sent to; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoAnswer(OSError):  # noqa: N818 - says what is the case
    """Nobody answered in time; `code` says how it failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: read from its web address, before any name is resolved."""

    host: str
    port: int
    path: str
    secure: bool


def target(url: str) -> Target:
    """The parts of a web address. Raises AddressRefused for one that is not plain https."""
    if len(url) > _LONGEST or not url.isascii() or any(sign <= " " or sign == "\x7f" for sign in url):
        raise AddressRefused("not_an_address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressRefused("not_an_address") from None
    allowed = {"https", "http"} if settings.MOTCUA_WEBHOOK_HTTP else {"https"}
    if parts.scheme not in allowed:
        raise AddressRefused("not_https")
    if not host or parts.username is not None or parts.fragment or port == 0:
        raise AddressRefused("not_an_address")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port or (443 if secure else 80), path, secure)


def resolved(where: Target) -> str:
    """An address of the target to connect to. Raises AddressRefused when any of its addresses lies inside, or NoAnswer
    when the name is unknown."""
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoAnswer("name_unknown") from None
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        if not is_outside(address):
            raise AddressRefused("inside")
    return addresses[0]


def is_outside(text: str) -> bool:
    """Whether an IP address may be sent to: a public one, or one in a network that the operator has named."""
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    networks = [ip_network(each) for each in settings.MOTCUA_WEBHOOK_NETWORKS]
    if any(address in network for network in networks if network.version == address.version):
        return True
    if any(address in network for network in _DISGUISES if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class Line:
    """A connection to one target, kept for several messages."""

    def __init__(self, where: Target, *, deadline: float = DEADLINE) -> None:
        self._where, self._deadline = where, deadline
        self._connection: http.client.HTTPConnection | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a message and give the status of the answer. Raises AddressRefused or NoAnswer.

        What the receiver says is read to its end, if it is short, and thrown away.
        """
        if self._connection is not None:
            try:
                return self._post(body, headers)
            except NoAnswer:  # a connection that was kept may have been closed at the other end meanwhile
                self.close()
        return self._post(body, headers)

    def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        cut = _Cut(self._deadline)
        try:
            connection = self._connection or _connected(self._where, self._deadline, cut)
            self._connection = connection
            cut.watch(connection.sock)
            connection.request("POST", self._where.path, body, dict(headers))
            answer = connection.getresponse()
            rest = answer.read(_SHORT + 1)
        except AddressRefused:
            raise
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(_kind(error, cut)) from None
        finally:
            cut.off()
        if answer.will_close or len(rest) > _SHORT:
            self.close()
        return answer.status


class _Cut:
    """Ends a socket's traffic at the deadline: timeouts of a socket begin anew with each byte that drips in."""

    def __init__(self, seconds: float) -> None:
        self.happened = False
        self._socket: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, sock: socket.socket) -> None:
        """The socket to cut."""
        self._socket = sock

    def off(self) -> None:
        """It ended by itself."""
        self._timer.cancel()

    def _cut(self) -> None:
        self.happened = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # already closed
                self._socket.shutdown(socket.SHUT_RDWR)


def _connected(where: Target, deadline: float, cut: _Cut) -> http.client.HTTPConnection:
    sock = socket.create_connection((resolved(where), where.port), timeout=deadline)
    try:
        cut.watch(sock)
        if where.secure:
            secured = _tls().wrap_socket(sock, server_hostname=where.host, do_handshake_on_connect=False)
            cut.watch(secured)
            secured.do_handshake()
            sock = secured
    except BaseException:
        sock.close()
        raise
    connection = http.client.HTTPConnection(where.host, where.port, timeout=deadline)
    connection.default_port = 443 if where.secure else 80
    connection.auto_open = 0  # it must never resolve the name a second time
    connection.sock = sock
    return connection


def _kind(error: Exception, cut: _Cut) -> str:
    if isinstance(error, NoAnswer):
        return error.code
    if cut.happened or isinstance(error, TimeoutError):
        return "timeout"
    return "tls" if isinstance(error, ssl.SSLError) else "connection"


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
