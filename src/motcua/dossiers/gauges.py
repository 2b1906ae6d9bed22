"""What the metrics tell of the log: what waits for its position, how far followers are, and how duties last went.

Every reading goes by an index and costs the same with ten dossiers and with a million.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from motcua.config.metrics import Gauge, Sample
from motcua.dossiers import duties, followers

_HEAD = "SELECT coalesce(max(position), 0) FROM dossiers_position"
_UNPLACED = """
SELECT count(*), greatest(coalesce(extract(epoch FROM clock_timestamp() - min(recorded_at)), 0), 0)
FROM dossiers_unplaced
"""
# The metrics are asked for by a program without any reader, to whom the events themselves are closed.
_FOLLOWERS = """
SELECT name, coalesce(b.position, 0), (SELECT coalesce(max(position), 0) FROM dossiers_position),
    greatest(extract(epoch FROM clock_timestamp() - dossiers_moment(coalesce(b.position, 0) + 1)), 0)
FROM unnest(%s::text[]) AS name LEFT JOIN dossiers_bookmark b ON b.follower = name
"""
_SET_ASIDE = "SELECT follower, count(*) FROM dossiers_followerfault GROUP BY follower"


def _rows(statement: str, *values: list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())


def _number(value: Any) -> float:
    return float(value or 0)


def _head() -> Iterator[Sample]:
    yield Sample(_number(_rows(_HEAD)[0][0]))


def _unplaced() -> Iterator[Sample]:
    yield Sample(_number(_rows(_UNPLACED)[0][0]))


def _oldest_unplaced() -> Iterator[Sample]:
    yield Sample(_number(_rows(_UNPLACED)[0][1]))


def _followers() -> list[tuple[Any, ...]]:
    return _rows(_FOLLOWERS, [each.name for each in followers.registered()])


def _lag() -> Iterator[Sample]:
    return (Sample(_number(head) - _number(read), (str(name),)) for name, read, head, _age in _followers())


def _lag_seconds() -> Iterator[Sample]:
    return (Sample(_number(age), (str(name),)) for name, _read, _head, age in _followers())


def _set_aside() -> Iterator[Sample]:
    counts: dict[str, int] = dict(_rows(_SET_ASIDE))
    names = {each.name for each in followers.registered()} | set(counts)
    return (Sample(_number(counts.get(name, 0)), (name,)) for name in sorted(names))


def _duty_succeeded() -> Iterator[Sample]:
    return (Sample(each.succeeded_at.timestamp(), (each.name,)) for each in duties.done() if each.succeeded_at)


def _duty_failed() -> Iterator[Sample]:
    return (Sample(float(bool(each.error)), (each.name,)) for each in duties.done())


GAUGES = (
    Gauge("motcua_log_position", "The last position of the log.", _head),
    Gauge("motcua_unplaced_events", "Committed events that wait for their position.", _unplaced),
    Gauge("motcua_oldest_unplaced_seconds", "How long the oldest of them has waited.", _oldest_unplaced),
    Gauge("motcua_follower_lag_events", "Events that a follower has not read.", _lag, ("follower",)),
    Gauge("motcua_follower_lag_seconds", "Age of the oldest of them.", _lag_seconds, ("follower",)),
    Gauge("motcua_set_aside_events", "Events that a follower could not take in.", _set_aside, ("follower",)),
    Gauge("motcua_duty_success_timestamp_seconds", "When a duty last succeeded.", _duty_succeeded, ("duty",)),
    Gauge("motcua_duty_failed", "1 if a duty last ended with an error.", _duty_failed, ("duty",)),
)
