"""No test reaches farther than this machine: anything but loopback and local sockets is refused."""

import ipaddress
import sys
from typing import Any

_NAMES = {"localhost", "localhost.localdomain", ""}


class NetworkRefused(BaseException):
    """A test, or code that it called, tried to leave the machine. Not an Exception: no handler may swallow it."""


def _is_local(host: Any) -> bool:
    if host is None or isinstance(host, bytes):
        host = (host or b"").decode("ascii", errors="replace")
    if not isinstance(host, str) or host in _NAMES:
        return True
    try:
        address = ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_local(host):
        raise NetworkRefused(f"{event} to {host!r}: tests use no network but loopback")


sys.addaudithook(_guard)
