"""Whose dossiers they are: every dossier in which a person's records stand, as owner or beside the owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

# Uses the key on owner, dossier_submitter and event_corrected. What a correction replaced stands in the events only.
_FOUND = """
SELECT id AS dossier_id, owner_id AS record_id FROM dossiers_dossier WHERE owner_id = ANY(%(ids)s)
UNION
SELECT id, (state #>> '{intake,submitter,id}')::uuid FROM dossiers_dossier
WHERE state -> 'intake' ? 'submitter' AND state #>> '{intake,submitter,id}' = ANY(%(texts)s)
UNION
SELECT e.dossier_id, ref.id::uuid
FROM dossiers_event c
JOIN dossiers_event e ON e.dossier_id = c.dossier_id AND e.type IN ('registered', 'received', 'corrected')
CROSS JOIN LATERAL (VALUES (e.data #>> '{intake,owner,id}'), (e.data #>> '{intake,submitter,id}'),
    (e.data #>> '{owner,id}'), (e.data #>> '{submitter,id}')) AS ref (id)
WHERE c.type = 'corrected' AND ref.id = ANY(%(texts)s)
"""
_OWNED = "SELECT id FROM dossiers_dossier WHERE id = ANY(%s) AND owner_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Involved:
    """A dossier in which a person's records stand; `owned` when the person is its owner now."""

    dossier_id: UUID
    records: frozenset[UUID]
    owned: bool


def involving(record_ids: Iterable[UUID]) -> tuple[Involved, ...]:
    """The dossiers in which these records stand, those of the latest id first: two statements."""
    ids = list(record_ids)
    found: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, {"ids": ids, "texts": [str(each) for each in ids]})
        for dossier_id, record_id in cursor.fetchall():
            found.setdefault(dossier_id, set()).add(record_id)
        cursor.execute(_OWNED, [list(found), ids])
        owned = {row[0] for row in cursor.fetchall()}
    return tuple(Involved(each, frozenset(found[each]), each in owned) for each in sorted(found, reverse=True))
