"""Figures of agencies from the tallies that a follower keeps, each with the position up to which it has read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from motcua.agencies.access import Act, Reader
from motcua.dossiers import tallies as kept
from motcua.law.timeliness import Tally


@dataclass(frozen=True, slots=True)
class AgencyFigures:
    """What an agency received and finished in a span of days."""

    agency_id: int
    received: int
    finished: Tally
    unlimited: int
    withdrawn: int
    stopped: int
    refused: int


@dataclass(frozen=True, slots=True)
class AsOf:
    """How far the tallies have read the log: the position, the moment of its event, and how many events are ahead."""

    position: int
    recorded_at: datetime | None
    behind: int


def tallies(reader: Reader, start: date, end: date) -> tuple[AgencyFigures, ...]:
    """The figures of each agency that the reader may follow, from `start` to `end` inclusive; one statement.

    Reception counts for the desk that received, timeliness for the agency that settles.
    """
    scope = reader.scope(Act.SEE)
    sums = ", ".join(f"coalesce(sum({name}), 0)::int" for name in kept.COLUMNS)
    sql = f"""
        SELECT agency_id, {sums} FROM dossiers_dailytally
        WHERE day BETWEEN %s AND %s AND (%s OR agency_id = ANY(%s))
        GROUP BY agency_id ORDER BY agency_id"""  # noqa: S608 - names are constants
    with connection.cursor() as cursor:
        cursor.execute(sql, [start, end, scope.everything, sorted(scope.receiving | scope.competent)])
        return tuple(_figures(*row) for row in cursor.fetchall())


def most_received(reader: Reader, since: date, limit: int = 9) -> tuple[str, ...]:
    """Codes of the procedures that the reader's desk received most often since a day, the most frequent first."""
    sql = """
        SELECT procedure_code FROM dossiers_dailytally WHERE agency_id = ANY(%s) AND day >= %s
        GROUP BY procedure_code HAVING sum(received) > 0 ORDER BY sum(received) DESC, procedure_code LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [sorted(reader.own_agency_ids), since, limit])
        return tuple(code for (code,) in cursor.fetchall())


def as_of() -> AsOf:
    """How far the tallies have read; one statement."""
    sql = """
        SELECT coalesce(b.position, 0), dossiers_moment(b.position), coalesce(l.last, 0) - coalesce(b.position, 0)
        FROM (SELECT max(position) AS last FROM dossiers_position) l
        LEFT JOIN dossiers_bookmark b ON b.follower = %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [kept.NAME])
        return AsOf(*cursor.fetchone())


def _figures(
    agency_id: int,
    received: int,
    early: int,
    on_time: int,
    overdue: int,
    unlimited: int,
    withdrawn: int,
    stopped: int,
    refused: int,
) -> AgencyFigures:
    return AgencyFigures(agency_id, received, Tally(early, on_time, overdue), unlimited, withdrawn, stopped, refused)
