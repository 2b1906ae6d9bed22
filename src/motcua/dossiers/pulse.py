"""The worker's pulse: each of its two threads says every few seconds that it still goes round."""

from datetime import timedelta
from time import monotonic
from typing import Final

from django.db import connection

from motcua.dossiers.duties import Duty, perform

_EVERY: Final = timedelta(seconds=10)
SILENT_AFTER: Final = timedelta(seconds=120)  # a long run of a follower takes seconds, a dead worker for ever
TURNS: Final = "turns"  # places events, lets followers read
DUTIES: Final = Duty("duties", _EVERY, lambda: None)  # registered like any other: its note is the pulse
_TURNS: Final = Duty(TURNS, _EVERY, lambda: None)

_SILENT = """
SELECT name FROM unnest(%s::text[]) AS name LEFT JOIN dossiers_duty d USING (name)
WHERE d.succeeded_at IS NULL OR d.succeeded_at < clock_timestamp() - make_interval(secs => %s) ORDER BY name
"""
_last_beat = -_EVERY.total_seconds()


def beat() -> None:
    """Note that the thread of the turns goes round; asks the database at most every few seconds."""
    global _last_beat  # noqa: PLW0603 - one thread of one process
    if monotonic() - _last_beat >= _EVERY.total_seconds():
        perform(_TURNS)
        _last_beat = monotonic()


def silent() -> tuple[str, ...]:
    """The names of the worker's threads that nothing was heard of for two minutes; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, [[TURNS, DUTIES.name], SILENT_AFTER.total_seconds()])
        return tuple(name for (name,) in cursor.fetchall())
