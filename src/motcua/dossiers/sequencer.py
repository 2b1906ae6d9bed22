"""Give each committed event the next position: one order of the whole log, gap-free, for ever.

A transaction that stalls keeps its events invisible, so they get a later position than events committed before them;
nothing is ever skipped, because `Unplaced` rows are taken when they are seen, not by comparing ids or times.
Within a dossier the order is that of `seq`: the row lock makes `recorded_at` rise with `seq`.
"""

from django.db import connection, transaction

_LOCK = 0x6D63_7365  # "mcse": one sequencer at a time, whoever runs it

_PLACE = """
WITH batch AS (
    DELETE FROM dossiers_unplaced WHERE (dossier_id, seq) IN (
        SELECT dossier_id, seq FROM dossiers_unplaced ORDER BY recorded_at, dossier_id, seq LIMIT %s
    ) RETURNING dossier_id, seq, recorded_at
), base AS (SELECT coalesce(max(position), 0) AS last FROM dossiers_position)
INSERT INTO dossiers_position (position, dossier_id, seq, hash)
SELECT base.last + row_number() OVER (ORDER BY b.recorded_at, b.dossier_id, b.seq), b.dossier_id, b.seq, e.hash
FROM batch b JOIN dossiers_event e ON e.dossier_id = b.dossier_id AND e.seq = b.seq, base
"""


def place(limit: int = 5000) -> int:
    """Place up to `limit` events; returns how many. Safe to run anywhere at any time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_PLACE, [limit])
        return int(cursor.rowcount)


def place_all() -> int:
    """Place everything that is committed; returns how many events."""
    total = 0
    while placed := place():
        total += placed
    return total
