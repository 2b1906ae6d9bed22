"""Sealed bytes on disk: written whole or not at all, read piece by piece, each piece proven before it is given out."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from time import time
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from motcua.persons.keys import KEY_BYTES, digest

_MAGIC: Final = b"MCF1"
_PIECE: Final = 2**20
_TAG: Final = 16


class VaultBroken(RuntimeError):  # noqa: N818 - says what is the case
    """The bytes on disk are missing, cut or changed; restore the file from a backup."""


@dataclass(frozen=True)
class FileKey:
    """A file's own random key, with one key derived for sealing and one for the commitment."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> FileKey:
        """A fresh random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @cached_property
    def cipher(self) -> AESGCM:
        """For the pieces; the key seals one file only, so a piece's number is nonce enough."""
        return AESGCM(digest(self.secret, b"seal"))

    def commitment(self, content: bytes) -> str:
        """HMAC-SHA256 of the content: what an event holds of the file."""
        return digest(digest(self.secret, b"commit"), content).hex()


def place(file_id: UUID) -> Path:
    """Where the sealed bytes of a file lie: spread by the random end of its id, whose beginning is only the time."""
    name = file_id.hex
    return _root() / name[-4:-2] / name[-2:] / name


def write(file_id: UUID, key: FileKey, content: bytes) -> None:
    """Seals the content and puts it in its place: complete and on the disk when this returns, or not there at all."""
    target = place(file_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_MAGIC)
            for number, last, piece in _pieces(content):
                file.write(key.cipher.encrypt(_nonce(number), piece, _context(file_id, last=last)))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        _sync_folder(target.parent)
    except BaseException:
        draft.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise


def read(file_id: UUID, key: FileKey, size: int) -> Iterator[bytes]:
    """The content in pieces of at most 1 MiB; `size` is the plain size. Raises VaultBroken before a wrong piece."""
    path = place(file_id)
    try:
        file = path.open("rb")
    except OSError as error:
        raise VaultBroken(f"{path}: {error.strerror}") from None
    with file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise VaultBroken(f"{path}: not a sealed file")
        count = max(1, -(-size // _PIECE))
        for number in range(count):
            try:
                yield key.cipher.decrypt(
                    _nonce(number), file.read(_PIECE + _TAG), _context(file_id, last=number == count - 1)
                )
            except (InvalidTag, ValueError):
                raise VaultBroken(f"{path}: piece {number} was changed or cut") from None


def remove(file_id: UUID) -> None:
    """Takes the sealed bytes away; nothing to do when they are gone."""
    place(file_id).unlink(missing_ok=True)


def older_than(age: timedelta) -> Iterator[tuple[Path, UUID | None]]:
    """Everything that lies here for longer than `age`, with the file's id; None for a draft that was never finished."""
    before = time() - age.total_seconds()
    for path in _root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if path.stat().st_mtime <= before:
            yield path, None if path.name.startswith(".") else UUID(path.name)


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)


def _pieces(content: bytes) -> Iterator[tuple[int, bool, bytes]]:
    count = max(1, -(-len(content) // _PIECE))
    for number in range(count):
        yield number, number == count - 1, content[number * _PIECE : (number + 1) * _PIECE]


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _context(file_id: UUID, *, last: bool) -> bytes:
    return b"file:" + file_id.bytes + (b"\x01" if last else b"\x00")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
