"""A request that a client sends again gets the answer of the first time, and nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from motcua.exchange.models import KeptAnswer
from motcua.exchange.sealing import seal, unseal

# It waits for another transaction that has begun the same; when that one takes itself back, this one goes on.
_BEGIN = """
INSERT INTO exchange_keptanswer (client_id, key, fingerprint, status, sealed, key_id)
VALUES (%s, %s, %s, 0, '', '') ON CONFLICT (client_id, key) DO NOTHING
"""


class KeyReused(ValueError):  # noqa: N818 - says what is the case
    """The key came with another request before."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a request; `repeated` when it is the one that was given before."""

    status: int
    body: dict[str, Any]
    repeated: bool = False


def command_id(client_id: UUID, key: UUID) -> UUID:
    """The id of the command behind a client's key: nobody else's key, and no form's, leads to the same."""
    return uuid5(client_id, str(key))


def once(client_id: UUID, key: UUID, request: bytes, work: Callable[[], tuple[int, dict[str, Any]]]) -> Answered:
    """Does the work and keeps its answer in one transaction; a refusal (an exception) keeps nothing.

    Who comes with the same key meanwhile waits for the first to end. Raises KeyReused when `request` (method, address
    and body) differs from the first time.
    """
    fingerprint = salted_hmac("motcua.exchange.answers", request, algorithm="sha256").digest()
    with transaction.atomic():
        if not _begin(client_id, key, fingerprint):
            return _given(client_id, key, fingerprint)
        status, body = work()
        sealed, key_id = seal(json.dumps(body).encode(), context_of(client_id, key))
        KeptAnswer.objects.filter(client_id=client_id, key=key).update(status=status, sealed=sealed, key_id=key_id)
    return Answered(status, body)


def _begin(client_id: UUID, key: UUID, fingerprint: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [client_id, key, fingerprint])
        return bool(cursor.rowcount)


def _given(client_id: UUID, key: UUID, fingerprint: bytes) -> Answered:
    row = KeptAnswer.objects.get(client_id=client_id, key=key)
    if bytes(row.fingerprint) != fingerprint:
        raise KeyReused(str(key))
    plain = unseal(bytes(row.sealed), context_of(client_id, key), row.key_id)
    return Answered(row.status, json.loads(plain), repeated=True)


def context_of(client_id: UUID, key: UUID) -> bytes:
    """What an answer is sealed for."""
    return b"answer:" + client_id.bytes + key.bytes
