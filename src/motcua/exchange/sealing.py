"""Seals what the exchange keeps for later use: answers that may be asked for again, and secrets that sign webhooks."""

from __future__ import annotations

from motcua.persons.keys import ring


def seal(plain: bytes, context: bytes) -> tuple[bytes, str]:
    """The sealed bytes and the name of the data key."""
    key = ring().current
    return key.seal(plain, b"exchange:" + context), key.id


def unseal(sealed: bytes, context: bytes, key_id: str) -> bytes:
    """The plain bytes; raises KeyTrouble when they were changed or the key is not here."""
    return ring().key(key_id).open(sealed, b"exchange:" + context)
