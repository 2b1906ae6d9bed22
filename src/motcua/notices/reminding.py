"""Reminds staff before a step or a dossier falls due, and tells the leaders what is about to be late, each once.

How long before is the operator's to set, in working hours; each calendar turns that into an instant of its own, so
that one statement finds everything, however many dossiers there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from motcua.agencies import queries as agencies
from motcua.agencies.queries import LATEST_CALENDAR
from motcua.law import worktime
from motcua.law.dossier.reckoning import aware, local
from motcua.notices.kinds import MessageState

_OLDEST: Final = timedelta(days=7)  # what has been late longer needs no alarm but the overview
_KEPT: Final = timedelta(days=90)  # after which a reminder reminds nobody
_FORGET: Final = "DELETE FROM notices_reminder WHERE made_at < %(forgotten)s"
_CALENDARS: Final = (
    f"SELECT a.id, c.id FROM agencies_agency a CROSS JOIN LATERAL ({LATEST_CALENDAR.format(agency='a.id')}) c"  # noqa: S608 - a statement of this code
)
# Who is reminded: the person who holds it, else everybody who has the function there today, stand-ins included. What
# an agency held that has been merged since is its successor's.
_REMIND: Final = """
WITH horizon (agency, kind, hours, until) AS (
    SELECT * FROM unnest(%(agencies)s::bigint[], %(kinds)s::text[], %(hours)s::int[], %(untils)s::timestamptz[])
), standing AS (
    SELECT id, CASE WHEN succeeded_on <= %(today)s THEN successor_id ELSE id END AS now_at FROM agencies_agency
), near AS (
    SELECT h.kind, h.hours, d.id, d.due_sort AS due, d.holder_agency_id AS agency, d.holder_function::text AS function,
        d.holder_staff AS staff
    FROM horizon h JOIN dossiers_dossier d ON d.holder_agency_id = h.agency AND d.bucket = 0
        AND d.due_sort > %(now)s AND d.due_sort <= h.until
    WHERE h.kind = 'dossier'
    UNION ALL
    SELECT h.kind, h.hours, d.id, (d.state ->> 'step_due_at')::timestamptz, d.holder_agency_id, d.holder_function,
        d.holder_staff
    FROM horizon h JOIN dossiers_dossier d ON d.holder_agency_id = h.agency AND d.bucket = 0
        AND (d.state ->> 'step_due_at')::timestamptz > %(now)s AND (d.state ->> 'step_due_at')::timestamptz <= h.until
    WHERE h.kind = 'step'
    UNION ALL
    SELECT h.kind, h.hours, d.id, d.due_sort, d.competent_agency_id, 'leader', NULL
    FROM horizon h JOIN dossiers_dossier d ON d.competent_agency_id = h.agency AND d.bucket = 0
        AND d.due_sort > %(oldest)s AND d.due_sort <= h.until
    WHERE h.kind = 'leader'
), closest AS (
    SELECT DISTINCT ON (kind, id) * FROM near ORDER BY kind, id, hours
)
INSERT INTO notices_reminder (kind, staff_id, agency_id, dossier_id, due_at, hours, number, made_at)
SELECT DISTINCT c.kind, s.id, s.agency_id, c.id, c.due, c.hours, 1, %(now)s
FROM closest c JOIN standing a ON a.id = c.agency
JOIN agencies_staff s ON s.active AND (s.valid_from IS NULL OR s.valid_from <= %(today)s)
    AND (s.valid_to IS NULL OR s.valid_to >= %(today)s)
    AND (s.id = c.staff OR (c.staff IS NULL AND s.agency_id = a.now_at AND (
        c.function = ANY(s.roles) OR c.function = ANY(s.functions) OR EXISTS (
            SELECT FROM agencies_standin i WHERE i.staff_id = s.id AND %(today)s BETWEEN i.valid_from AND i.valid_to
                AND (c.function = ANY(i.roles) OR c.function = ANY(i.functions))))))
ON CONFLICT DO NOTHING
"""
# A message that nobody takes is the desk's to mend: the number or the address was written down wrongly there.
_UNDELIVERED: Final = f"""
INSERT INTO notices_reminder (kind, staff_id, agency_id, dossier_id, due_at, hours, number, made_at)
SELECT DISTINCT 'undelivered', s.id, s.agency_id, m.dossier_id, m.settled_at, 0, 1, %(now)s
FROM notices_message m JOIN agencies_staff s ON s.agency_id = m.receiving_agency_id AND s.active
    AND (s.valid_from IS NULL OR s.valid_from <= %(today)s) AND (s.valid_to IS NULL OR s.valid_to >= %(today)s)
    AND 'desk_officer' = ANY(s.roles)
WHERE m.state = {MessageState.REFUSED} AND m.settled_at > %(oldest)s
ON CONFLICT DO NOTHING
"""  # noqa: S608 - numbers of this code
# One a day and leader: how much waits. The defects are last night's.
_WAITING: Final = """
WITH waits AS (
    SELECT 'drafts' AS kind, competent_agency_id AS agency, count(*)::int AS number, '{leader}'::text[] AS roles
    FROM notices_apologydraft GROUP BY competent_agency_id
    UNION ALL
    SELECT 'defects', agency_id, count(*)::int, '{leader,reform_officer}' FROM dossiers_defect GROUP BY agency_id
)
INSERT INTO notices_reminder AS r (kind, staff_id, agency_id, dossier_id, due_at, hours, number, made_at)
SELECT w.kind, s.id, s.agency_id, NULL, %(midnight)s, 0, w.number, %(now)s
FROM waits w JOIN agencies_staff s ON s.agency_id = w.agency AND s.active AND s.roles::text[] && w.roles
    AND (s.valid_from IS NULL OR s.valid_from <= %(today)s) AND (s.valid_to IS NULL OR s.valid_to >= %(today)s)
ON CONFLICT (staff_id, kind, dossier_id, due_at, hours) DO UPDATE SET number = excluded.number
    WHERE r.number <> excluded.number
"""


def remind(now: datetime | None = None) -> int:
    """Remind everybody of everything that is near and that they were not reminded of; returns how many reminders."""
    now = now or timezone.now()
    today = local(now).date()
    columns = list(zip(*_horizons(now), strict=True)) or [(), (), (), ()]
    values: dict[str, Any] = {
        "now": now,
        "today": today,
        "midnight": aware(datetime.combine(today, datetime.min.time())),
        "oldest": now - _OLDEST,
        "forgotten": now - _KEPT,
        **dict(zip(("agencies", "kinds", "hours", "untils"), map(list, columns), strict=True)),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET, values)
        made = 0
        for statement in (_REMIND, _UNDELIVERED, _WAITING):
            cursor.execute(statement, values)
            made += cursor.rowcount
        return made


def _horizons(now: datetime) -> Iterator[tuple[int, str, int, datetime]]:
    """For each agency and threshold the instant until which what falls due is near."""
    with connection.cursor() as cursor:
        cursor.execute(_CALENDARS)
        held = cursor.fetchall()
    wanted = {
        "dossier": settings.MOTCUA_REMIND_HOURS,
        "step": settings.MOTCUA_REMIND_STEP_HOURS,
        "leader": settings.MOTCUA_ESCALATE_HOURS,
    }
    pairs = [(kind, hours) for kind, listed in wanted.items() for hours in listed]
    untils = {
        (version, hours): _until(version, now, hours)
        for version in {version for _agency, version in held}
        for hours in {hours for _kind, hours in pairs}
    }
    for agency, version in held:
        for kind, hours in pairs:
            yield agency, kind, hours, untils[version, hours]


def _until(version: int, now: datetime, hours: int) -> datetime:
    if not hours:
        return now
    return aware(worktime.add_minutes(agencies.calendar_version(version), local(now), hours * 60))
