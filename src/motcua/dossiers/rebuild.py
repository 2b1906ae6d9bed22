"""Make rows and tallies anew from the log, where they were lost or changed; the log itself is never touched."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.dossiers import record, tallies
from motcua.dossiers.models import Bookmark, DailyTally, FollowerFault
from motcua.dossiers.record import Head
from motcua.law.dossier import fold, read

_BATCH = 500
_EVENTS = """
SELECT dossier_id, seq, type, version, recorded_at, coalesce(happened_at, recorded_at), data::text, hash
FROM dossiers_event WHERE dossier_id = ANY(%s) ORDER BY dossier_id, seq
"""

_NAMES = ", ".join(record.ROW_COLUMNS)
_PLACES = ", ".join(["%s"] * len(record.ROW_COLUMNS))
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in record.ROW_COLUMNS[1:])
_UPSERT = f"INSERT INTO dossiers_dossier ({_NAMES}) VALUES ({_PLACES}) ON CONFLICT (id) DO UPDATE SET {_CHANGES}"  # noqa: S608


def all_dossiers() -> list[UUID]:
    """Every dossier that the log knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT dossier_id FROM dossiers_event ORDER BY dossier_id")
        return [row[0] for row in cursor.fetchall()]


def rebuild_rows(dossier_ids: Iterable[UUID]) -> int:
    """Write the rows of these dossiers anew from their events, locked against commands meanwhile; returns how many."""
    wanted, done = list(dossier_ids), 0
    for start in range(0, len(wanted), _BATCH):
        done += _rebuild(wanted[start : start + _BATCH])
    return done


def _rebuild(wanted: list[UUID]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM dossiers_dossier WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [wanted])
        cursor.execute(_EVENTS, [wanted])
        stories = [list(story) for _, story in groupby(cursor.fetchall(), key=lambda event: event[0])]
        for story in stories:
            cursor.execute(_UPSERT, _row(story))
    return len(stories)


def _row(story: Sequence[tuple[Any, ...]]) -> list[Any]:
    state = fold((read(kind, version, json.loads(data)), at) for _, _, kind, version, _, at, data, _ in story)
    dossier_id, seq, _, _, recorded_at, _, _, digest = story[-1]
    return record.row_values(Head(dossier_id, seq, bytes(digest), state), recorded_at)


def rebuild_tallies() -> None:
    """Forget the tallies, so that their follower counts the whole log anew when it next reads on."""
    with transaction.atomic():
        Bookmark.objects.select_for_update().filter(pk=tallies.NAME).update(position=0)
        DailyTally.objects.all().delete()
        FollowerFault.objects.filter(follower=tallies.NAME).delete()
