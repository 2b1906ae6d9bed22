"""Proof files: events in the form that was hashed, with the way from each to a signed head.

They hold what the log holds of an event: ids, moments, acts, commitments. That is nobody's name, but it is the story of
a dossier, so the reader must be allowed to see it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from motcua.agencies.access import Reader
from motcua.dossiers import queries as dossiers
from motcua.dossiers.chain import COLUMNS, canonical, canonical_data, entry
from motcua.law import merkle
from motcua.proofs import queries
from motcua.proofs.queries import NoSuchHead, NoSuchPosition, SignedHead
from motcua.proofs.tiles import Tiles

_EVENTS = f"""
SELECT p.position, e.prev_hash, e.hash, {COLUMNS.replace(", ", ", e.").replace("dossier_id", "e.dossier_id", 1)}, e.data
FROM dossiers_event e LEFT JOIN dossiers_position p ON p.dossier_id = e.dossier_id AND p.seq = e.seq
"""  # noqa: S608 - names are constants


def of_dossier(reader: Reader, dossier_id: UUID, size: int | None = None) -> dict[str, Any]:
    """Every event of a dossier under the head of that size, by default the last.

    What no head covers yet is named under `uncovered`. Raises NoSuchDossier for who may not see it, and NoSuchHead.
    """
    dossiers.story(reader, dossier_id)  # refuses who may not see the dossier
    return _proof(_head(size), _read("WHERE e.dossier_id = %s ORDER BY e.seq", dossier_id))


def of_position(reader: Reader, position: int, size: int | None = None) -> dict[str, Any]:
    """The event at a position. Raises as `of_dossier` does, and NoSuchPosition."""
    head = _head(size)
    rows = _read("WHERE p.position = %s", position)
    if not rows or position > head.size:
        raise NoSuchPosition(position)
    dossiers.story(reader, rows[0][3])
    return _proof(head, rows)


def _head(size: int | None) -> SignedHead:
    head = queries.latest() if size is None else queries.head_of(size)
    if head is None:
        raise NoSuchHead
    return head


def _proof(head: SignedHead, rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    nodes, events, uncovered = Tiles(head.size), [], []
    for position, previous, digest, *values, data in rows:
        if position is None or position > head.size:
            uncovered.append({"seq": values[1], "position": position})
            continue
        events.append({
            "position": position,
            "canonical": canonical(entry(values, canonical_data(data))).decode(),
            "previous": bytes(previous).hex(),
            "hash": bytes(digest).hex(),
            "path": [each.hex() for each in merkle.inclusion(position - 1, head.size, nodes)],
        })  # fmt: skip
    return {"format": "motcua-proof/1", "head": head.to_data(), "events": events, "uncovered": uncovered}


def _read(condition: str, *values: UUID | int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS + condition, values)
        return [(*row[:-1], json.loads(row[-1])) for row in cursor.fetchall()]
