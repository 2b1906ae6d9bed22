"""The records and files that events refer to, whatever their type: found by the form of a reference alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection

_FILES = frozenset({"document", "file"})  # uploads lie in the room of files, not among the records
_REF = frozenset({"id", "commitment"})


def record_refs(data: Any) -> Iterator[tuple[UUID, str]]:
    """Every record that an event's data refers to, with its commitment; not the files."""
    return ((found, commitment) for name, found, commitment in _refs(data, "") if name not in _FILES)


def file_ids(data: Any) -> set[UUID]:
    """Every file that an event's data refers to."""
    return {found for name, found, _ in _refs(data, "") if name in _FILES}


def of_dossiers(dossier_ids: Iterable[UUID]) -> dict[UUID, tuple[set[UUID], set[UUID]]]:
    """The records and the files of dossiers, of their whole past: one statement."""
    found: dict[UUID, tuple[set[UUID], set[UUID]]] = {each: (set(), set()) for each in dossier_ids}
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossier_id, data::text FROM dossiers_event WHERE dossier_id = ANY(%s)", [list(found)])
        for dossier_id, text in cursor.fetchall():
            data = json.loads(text)
            records, files = found[dossier_id]
            records |= {record for record, _ in record_refs(data)}
            files |= file_ids(data)
    return found


def commitments(dossier_id: UUID) -> dict[UUID, str]:
    """The records of a dossier with what its events committed to: one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM dossiers_event WHERE dossier_id = %s", [dossier_id])
        return {record: said for (text,) in cursor.fetchall() for record, said in record_refs(json.loads(text))}


def _refs(data: Any, name: str) -> Iterator[tuple[str, UUID, str]]:
    if isinstance(data, dict):
        if data.keys() == _REF:
            yield name, UUID(data["id"]), data["commitment"]
            return
        for key, value in data.items():
            yield from _refs(value, key)
    elif isinstance(data, list):
        for item in data:
            yield from _refs(item, name)
