"""Lays apologies before the leader in time: for dossiers that keep their promise only if they end very soon.

An apology is in time on or before the calendar day before the promise (Decree 61/2018, Art. 19.9); its draft is there
some days before that, with a new time proposed. Only the reason and the signature are left, and both are a person's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from motcua.agencies import queries as agencies
from motcua.agencies.queries import LATEST_CALENDAR
from motcua.law import worktime
from motcua.law.dossier.reckoning import aware, is_short, local
from motcua.law.worktime import Convention, TimeLimit, Unit

_SHORT: Final = timedelta(hours=1)  # before the promise of a limit that has no day before
_OLDEST: Final = timedelta(days=366)
_OPEN: Final = """d.bucket = 0 AND d.status IN (2, 4) AND d.due_at_current IS NOT NULL
    AND coalesce((d.state ->> 'letters')::int, 0) = 0"""
_GONE: Final = f"""
DELETE FROM notices_apologydraft x WHERE NOT EXISTS (
    SELECT FROM dossiers_dossier d WHERE d.id = x.dossier_id AND d.due_at_current = x.due_at AND {_OPEN})
"""  # noqa: S608 - constants of this module
_NEAR: Final = f"""
SELECT d.id, d.receiving_agency_id, d.competent_agency_id, d.due_at_current, d.state #>> '{{appointment,limit}}',
    coalesce((SELECT (r.data ->> 'apology_days')::int FROM dossiers_legalrules r
        WHERE r.rules_id = d.state ->> 'rules' LIMIT 1), 1),
    c.id
FROM dossiers_dossier d CROSS JOIN LATERAL ({LATEST_CALENDAR.format(agency="d.competent_agency_id")}) c
WHERE {_OPEN} AND d.due_at_current BETWEEN %(oldest)s AND %(edge)s
    AND NOT EXISTS (SELECT FROM notices_apologydraft x WHERE x.dossier_id = d.id)
"""  # noqa: S608 - constants of this module
_LAY: Final = """
INSERT INTO notices_apologydraft (dossier_id, receiving_agency_id, competent_agency_id, due_at, limit_at, new_due_at,
    made_at)
SELECT *, %s FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[],
    %s::timestamptz[]) ON CONFLICT DO NOTHING
"""
_MOST_DAYS: Final = 31  # no rule of apologies reaches further back than this before the promise

Row = tuple[UUID, int, int, datetime, datetime, datetime]


def draft(now: datetime | None = None) -> int:
    """Take away drafts that are not needed any more and lay the new ones; returns how many were laid."""
    now = now or timezone.now()
    edge = now + timedelta(days=_MOST_DAYS + settings.MOTCUA_DRAFT_DAYS + 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_GONE)
        cursor.execute(_NEAR, {"oldest": now - _OLDEST, "edge": edge})
        rows = list(_laid(cursor.fetchall(), now))
        if rows:
            cursor.execute(_LAY, [now, *map(list, zip(*rows, strict=True))])
        return len(rows)


def _laid(found: Iterable[tuple[UUID, int, int, datetime, str | None, int, int]], now: datetime) -> Iterable[Row]:
    propose = _proposals(now)
    for dossier, receiving, competent, due_at, limit, apology_days, calendar in found:
        limit_at, opens_at = _span(due_at, limit, apology_days)
        if now >= opens_at:
            yield dossier, receiving, competent, due_at, limit_at, propose(calendar, due_at)


def _span(due_at: datetime, limit: str | None, apology_days: int) -> tuple[datetime, datetime]:
    """Until when the apology is in time, and from when its draft is laid."""
    if is_short(limit):
        return due_at, due_at - _SHORT
    last = local(due_at).date() - timedelta(days=apology_days)
    opens = last - timedelta(days=settings.MOTCUA_DRAFT_DAYS)
    return aware(datetime.combine(last, time(23, 59))), aware(datetime.combine(opens, time()))


def _proposals(now: datetime) -> Callable[[int, datetime], datetime]:
    """Proposes a new time: the promise, or now if that is over, and the operator's working days after it."""
    limit = TimeLimit(settings.MOTCUA_EXTENSION_DAYS, Unit.WORKING_DAY)

    @cache
    def propose(calendar: int, due_at: datetime) -> datetime:
        start = local(max(due_at, now))
        return aware(worktime.due(agencies.calendar_version(calendar), start, limit, Convention.DAY_EXCLUSIVE).at)

    return propose
