"""Asks ClamAV about an upload, when the installation has one: what it finds, or cannot look at, is not kept."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
from collections.abc import Iterator
from typing import Final

from django.conf import settings

from motcua.config.metrics import Gauge, Sample
from motcua.files.inspect import UploadRefused

_LOG = logging.getLogger(__name__)
_PATIENCE: Final = 30.0
_PIECE: Final = 2**17
_ANSWER_MOST: Final = 4096


def scan(content: bytes, address: str) -> None:
    """Has clamd at `unix:/path` or `tcp:host:port` look at the content (its command INSTREAM).

    Raises UploadRefused("infected") when it finds something, and UploadRefused("not_scanned") when it does not answer,
    answers with an error, or refuses the size: without an answer nothing is let in.
    """
    try:
        answer = _ask(address, b"zINSTREAM\0", content)
    except OSError as error:
        _LOG.error("the virus scanner does not answer: %s", error)
        raise UploadRefused("not_scanned") from None
    if answer.endswith(b"FOUND"):
        _LOG.warning("the virus scanner found something in an upload, which was refused")
        raise UploadRefused("infected")
    if answer != b"stream: OK":
        _LOG.error("the virus scanner could not look at an upload, which was refused")
        raise UploadRefused("not_scanned")


def answers(address: str) -> bool:
    """Whether clamd is there and well."""
    try:
        return _ask(address, b"zPING\0") == b"PONG"
    except OSError:
        return False


def _state() -> Iterator[Sample]:
    if settings.MOTCUA_CLAMAV:
        yield Sample(float(answers(settings.MOTCUA_CLAMAV)))


GAUGE: Final = Gauge("motcua_scanner_answers", "1 if the virus scanner answers; absent when none is set.", _state)


def _ask(address: str, command: bytes, content: bytes | None = None) -> bytes:
    with _connect(address) as connection:
        connection.sendall(command)
        if content is not None:
            with contextlib.suppress(BrokenPipeError):  # it has heard enough and says why
                for piece in _framed(content):
                    connection.sendall(piece)
        answer = b""
        while len(answer) < _ANSWER_MOST and (piece := connection.recv(_ANSWER_MOST)):
            answer += piece
    return answer.rstrip(b"\0\n").strip()


def _framed(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        yield struct.pack("!I", len(piece)) + piece
    yield struct.pack("!I", 0)


def _connect(address: str) -> socket.socket:
    scheme, _colon, place = address.partition(":")
    if scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_PATIENCE)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE)
