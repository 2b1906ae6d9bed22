"""What is published of the log: its signed heads, its keys, and proofs against the heads.

All of it is meant for everybody, so nothing here asks who reads. It tells hashes only: no event, no dossier, nobody.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from motcua.law import merkle, signed_note
from motcua.proofs.tiles import RISE, WIDTH, Tiles, placed

_Value = int | date | bytes | None

_COLUMNS = """
SELECT h.number, h.size, h.root, h.signed_at, h.note, h.key_id, k.public
FROM proofs_head h JOIN proofs_key k ON k.key_id = h.key_id
"""
_BY_DAY = """
WHERE h.number IN (
    SELECT max(number) FROM proofs_head, LATERAL (SELECT (signed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) local
    WHERE %s::date IS NULL OR day < %s GROUP BY day
) ORDER BY h.number DESC LIMIT %s
"""
_REMEMBERED = 60.0  # seconds for which a printed paper may name a head that is no longer the last one


class NoSuchHead(LookupError):  # noqa: N818 - says what is the case
    """No head was signed for that many positions, or none at all yet."""


class NoSuchPosition(LookupError):  # noqa: N818 - says what is the case
    """The position lies outside what a head covers, or the two sizes are no span that can be proved."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as it was published."""

    number: int
    size: int
    root: bytes
    signed_at: datetime
    note: str
    key_id: str
    public: bytes

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self.note.partition("\n")[0]

    @property
    def verifier_key(self) -> str:
        """The public key as one line."""
        return signed_note.verifier_key(self.origin, self.public)

    @property
    def short_root(self) -> str:
        """The first sixteen hexadecimal digits of the root, as papers show it."""
        return self.root.hex()[:16]

    def to_data(self) -> dict[str, Any]:
        """The head as published in JSON; what counts is the note."""
        return {
            "origin": self.origin,
            "size": self.size,
            "root": self.root.hex(),
            "signed_at": self.signed_at.isoformat(),
            "note": self.note,
            "key": self.verifier_key,
        }


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key by which heads were signed, with the name of the log in it."""

    key_id: str
    line: str
    first_used_at: datetime


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that an event's hash stands at a position of the log under a head."""

    position: int
    hash: bytes
    path: tuple[bytes, ...]
    head: SignedHead

    def to_data(self) -> dict[str, Any]:
        """The proof in JSON."""
        return {
            "format": "motcua-inclusion/1",
            "position": self.position,
            "hash": self.hash.hex(),
            "path": [each.hex() for each in self.path],
            "head": self.head.to_data(),
        }


@dataclass(frozen=True, slots=True)
class Consistency:
    """The proof that the log under a later head begins with all of the log under an earlier one."""

    old: SignedHead
    new: SignedHead
    path: tuple[bytes, ...]

    def to_data(self) -> dict[str, Any]:
        """The proof in JSON."""
        return {
            "format": "motcua-consistency/1",
            "old": self.old.to_data(),
            "new": self.new.to_data(),
            "path": [each.hex() for each in self.path],
        }


@dataclass(frozen=True, slots=True)
class Alarm:
    """The log no longer begins with what was signed: it is shorter (`log_shrank`) or another (`log_differs`)."""

    kind: str
    size: int
    head: SignedHead


def latest() -> SignedHead | None:
    """The last head that was signed."""
    return _one("ORDER BY h.number DESC LIMIT 1")


def head_of(size: int) -> SignedHead:
    """The last head that was signed for so many positions. Raises NoSuchHead."""
    return _found(_one("WHERE h.size = %s ORDER BY h.number DESC LIMIT 1", size))


def head_by_root(start: bytes) -> SignedHead | None:
    """The head whose root begins with these bytes, of which there must be at least eight."""
    if not 8 <= len(start) <= merkle.HASH_BYTES:
        return None
    end = start + b"\xff" * (merkle.HASH_BYTES - len(start))
    return _one("WHERE h.root BETWEEN %s AND %s ORDER BY h.number DESC LIMIT 1", start, end)


def all_heads() -> tuple[SignedHead, ...]:
    """Every head, in the order of signing."""
    return _many("ORDER BY h.number")


def by_day(before: date | None = None, limit: int = 31) -> tuple[SignedHead, ...]:
    """The last head of each day (Vietnamese time) on which one was signed, latest day first."""
    return _many(_BY_DAY, before, before, limit)


def public_keys() -> tuple[PublicKey, ...]:
    """The public keys that heads were signed by, the newest first, each under the name it was last used with."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT k.key_id, k.public, k.first_used_at,
                   (SELECT note FROM proofs_head h WHERE h.key_id = k.key_id ORDER BY number DESC LIMIT 1)
            FROM proofs_key k ORDER BY k.first_used_at DESC, k.key_id""")
        return tuple(
            PublicKey(key, signed_note.verifier_key(note.partition("\n")[0], bytes(public)), since)
            for key, public, since, note in cursor.fetchall()
            if note
        )


def inclusion(position: int, size: int | None = None) -> Inclusion:
    """Proves a position under the head of that size, by default the last. Raises NoSuchHead, NoSuchPosition."""
    head = _found(latest()) if size is None else head_of(size)
    if not 1 <= position <= head.size:
        raise NoSuchPosition(position)
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM dossiers_position WHERE position = %s", [position])
        found = cursor.fetchone()
    if found is None:
        raise NoSuchPosition(position)
    path = merkle.inclusion(position - 1, head.size, Tiles(head.size))
    return Inclusion(position, bytes(found[0]), tuple(path), head)


def consistency(old: int, new: int | None = None) -> Consistency:
    """Proves that the head of size `new`, by default the last, extends that of `old`. Raises as `inclusion` does."""
    first, second = head_of(old), _found(latest()) if new is None else head_of(new)
    if first.size > second.size:
        raise NoSuchPosition(old)
    return Consistency(first, second, tuple(merkle.consistency(first.size, second.size, Tiles(second.size))))


def tile(level: int, index: int, width: int) -> bytes:
    """So many neighbouring nodes of the tree at level 8 · `level`, as far as the last head covers them, in one run.

    Raises NoSuchHead when it does not, LogBroken.
    """
    head = _found(latest())
    if level > 7 or index * WIDTH + width > head.size >> (RISE * level):
        raise NoSuchHead
    return b"".join(Tiles(head.size).row(level, index)[:width])


def alarm(head: SignedHead | None = None) -> Alarm | None:
    """Whether the log still begins with what the last head signed; reads a few rows only. Raises LogBroken."""
    head = head or latest()
    if head is None:
        return None
    size = placed()
    if size < head.size:
        return Alarm("log_shrank", size, head)
    return None if merkle.root(head.size, Tiles(head.size)) == head.root else Alarm("log_differs", size, head)


_remembered: dict[str, tuple[float, SignedHead | None]] = {}


def remembered() -> SignedHead | None:
    """The last head, read at most once a minute by each process: for what is printed many times a minute."""
    database = str(connection.settings_dict["NAME"])
    now = time.monotonic()
    read_at, head = _remembered.get(database, (now - _REMEMBERED, None))
    if now - read_at >= _REMEMBERED:
        head = latest()
        _remembered[database] = (now, head)
    return head


def forget() -> None:
    """Let `remembered` read anew."""
    _remembered.clear()


def origin() -> str:
    """The name of this log: the setting, or the first host's name with the page's path."""
    return str(settings.MOTCUA_LOG_ORIGIN or f"{settings.ALLOWED_HOSTS[0].strip('.[]')}/nhat-ky")


def _found(head: SignedHead | None) -> SignedHead:
    if head is None:
        raise NoSuchHead
    return head


def _one(condition: str, *values: _Value) -> SignedHead | None:
    return next(iter(_many(condition, *values)), None)


def _many(condition: str, *values: _Value) -> tuple[SignedHead, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS + condition, values)
        return tuple(
            SignedHead(number, size, bytes(root), at, note, key, bytes(public))
            for number, size, root, at, note, key, public in cursor.fetchall()
        )
