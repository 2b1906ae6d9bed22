"""What went wrong with dossiers, class by class, found anew every night and shown to whom it belongs.

The classes are those for which a district once lost its place in the ranking: late without a timely apology, wrong
returns, gaps in the control slip, paper that differs from the electronic file, desks that enter nothing.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from motcua.agencies.access import Act, Reader
from motcua.dossiers import marks
from motcua.dossiers.models import Defect
from motcua.dossiers.queries import PAGE, codes_of

_OLDEST: Final = timedelta(days=366)  # what ended longer ago is history and no work for anybody
_LOCK: Final = 0x6D635F6465666563  # two workers must not count at once


class Kind(StrEnum):
    """The classes of defects; each names whose it is to put right."""

    LATE_WITHOUT_APOLOGY = "late_without_apology"  # the competent agency's (Decree 61/2018, Art. 19.9)
    WRONG_RETURN = "wrong_return"  # the competent agency's (Art. 21)
    SLIP_GAP = "slip_gap"  # of who holds the dossier: nobody has taken over what was handed over (Art. 18)
    NO_SCAN = "no_scan"  # the receiving desk's: papers without their scan (Art. 17.1, Decree 107/2021)
    NO_RESULT_FILE = "no_result_file"  # the competent agency's: a result that only exists on paper
    SILENT_DESK = "silent_desk"  # the desk's that has entered nothing for days


@dataclass(frozen=True, slots=True)
class DefectView:
    """One defect: its class, the dossier if it is one's, whose it is, and since when."""

    id: uuid.UUID
    kind: Kind
    agency_id: int
    dossier_id: uuid.UUID | None
    code: str
    since: datetime
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """How many defects of a class an agency has."""

    kind: Kind
    agency_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Found:
    """What one night's search came to: how many there are now, how many are new and how many are gone."""

    standing: int
    new: int
    gone: int


# Demonstrations have no scans and no signed results: to count them would bury what is real.
_REAL: Final = """NOT EXISTS (
        SELECT FROM dossiers_event b WHERE b.dossier_id = d.id AND b.seq = 1 AND b.ground = 'demonstration')"""
_FIND: Final = f"""
late AS (
    SELECT 'late_without_apology', d.id, d.competent_agency_id, d.due_at_original
    FROM dossiers_dossier d
    WHERE d.due_at_original < %(now)s AND (
        (d.timeliness = 'overdue' AND d.ready_at >= %(oldest)s)
        OR (d.ready_at IS NULL AND d.closed_at IS NULL
            AND coalesce((d.state ->> 'paused_at')::timestamptz > d.due_at_original, true)))
    AND NOT ((d.state ->> 'letters')::int > 0 AND EXISTS (
        SELECT FROM dossiers_event a WHERE a.dossier_id = d.id AND a.type = 'appointed_again'
            AND (a.data ->> 'after_deadline')::boolean IS NOT TRUE))
), wrong AS (
    SELECT 'wrong_return', d.id, d.competent_agency_id, d.ready_at
    FROM dossiers_dossier d
    WHERE d.state ? 'errors' AND d.ready_at >= %(oldest)s AND EXISTS (
        SELECT FROM dossiers_event a WHERE a.dossier_id = d.id AND a.type = 'error_corrected'
            AND (a.data ->> 'returned')::boolean)
), gap AS (
    SELECT 'slip_gap', d.id, d.holder_agency_id, (d.state ->> 'step_entered_at')::timestamptz
    FROM dossiers_dossier d
    WHERE d.bucket = 0 AND d.step IS NOT NULL AND d.holder_staff IS NULL
        AND (d.state ->> 'step_entered_at')::timestamptz < %(untaken)s
), unscanned AS (
    SELECT 'no_scan', d.id, d.receiving_agency_id, d.received_at
    FROM dossiers_dossier d
    WHERE d.received_at BETWEEN %(oldest)s AND %(yesterday)s
        AND d.state ->> 'rules' IN (SELECT rules_id FROM dossiers_legalrules WHERE (data ->> 'digitise')::boolean)
        AND EXISTS (SELECT FROM jsonb_array_elements(d.state #> '{{intake,components}}') item
            WHERE NOT item ? 'file' AND ((item ->> 'originals')::int > 0 OR (item ->> 'certified')::int > 0
                OR (item ->> 'copies')::int > 0))
        AND {_REAL}
), unfiled AS (
    SELECT 'no_result_file', d.id, d.competent_agency_id, d.ready_at
    FROM dossiers_dossier d
    WHERE d.ready_at >= %(oldest)s AND d.ready_at < %(yesterday)s AND d.state ->> 'result' = 'granted'
        AND d.state ? 'rules' AND NOT EXISTS (
            SELECT FROM dossiers_event r WHERE r.dossier_id = d.id
                AND r.type IN ('finished', 'sent_back', 'digitised', 'error_corrected') AND r.data ? 'document')
        AND {_REAL}
), silent AS (
    SELECT 'silent_desk', NULL::uuid, a.id, coalesce(
        (SELECT max(d.opened_at) FROM dossiers_dossier d WHERE d.receiving_agency_id = a.id), %(silent)s)
    FROM agencies_agency a
    WHERE a.active AND (a.succeeded_on IS NULL OR a.succeeded_on > %(now)s::date)
        AND EXISTS (SELECT FROM procedures_offering o WHERE o.agency_id = a.id)
        AND NOT EXISTS (
            SELECT FROM dossiers_dossier d WHERE d.receiving_agency_id = a.id AND d.opened_at >= %(silent)s)
)"""  # noqa: S608 - constants of this module
_SEARCH: Final = f"""
WITH {_FIND}, found (kind, dossier_id, agency_id, since) AS MATERIALIZED (
    TABLE late UNION ALL TABLE wrong UNION ALL TABLE gap UNION ALL TABLE unscanned UNION ALL TABLE unfiled
    UNION ALL TABLE silent
), gone AS (
    DELETE FROM dossiers_defect t WHERE NOT EXISTS (
        SELECT FROM found f WHERE f.kind = t.kind AND f.agency_id = t.agency_id
            AND f.dossier_id IS NOT DISTINCT FROM t.dossier_id)
    RETURNING 1
), new AS (
    INSERT INTO dossiers_defect (kind, dossier_id, agency_id, since)
    SELECT kind, dossier_id, agency_id, since FROM found ON CONFLICT DO NOTHING RETURNING 1
)
SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM new), (SELECT count(*) FROM gone)"""  # noqa: S608


def search(now: datetime) -> Found:
    """Find every defect anew and keep the table of them: what is mended goes, what is new comes. For the system."""
    values = {
        "now": now,
        "oldest": now - _OLDEST,
        "yesterday": now - timedelta(days=1),
        "untaken": now - timedelta(hours=settings.MOTCUA_UNTAKEN_HOURS),
        "silent": now - timedelta(days=settings.MOTCUA_SILENT_DAYS),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_SEARCH, values)
        return Found(*cursor.fetchone())


def counted(reader: Reader) -> tuple[Counted, ...]:
    """How many defects of each class each agency has that the reader may follow; one statement."""
    scope = reader.scope(Act.SEE)
    sql = """
        SELECT kind, agency_id, count(*)::int FROM dossiers_defect
        WHERE %s OR agency_id = ANY(%s) GROUP BY kind, agency_id ORDER BY kind, agency_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [scope.everything, sorted(scope.receiving | scope.competent)])
        return tuple(Counted(Kind(kind), agency, number) for kind, agency, number in cursor.fetchall())


def listed(
    reader: Reader, kind: Kind, *, agency_id: int | None = None, after: str = "", limit: int = PAGE
) -> tuple[tuple[DefectView, ...], str | None]:
    """The defects of a class that the reader may follow, the oldest first, and the mark of the next page."""
    scope = reader.scope(Act.SEE)
    query = Defect.objects.filter(kind=kind).order_by("since", "id")
    if not scope.everything:
        query = query.filter(agency_id__in=scope.receiving | scope.competent)
    if agency_id is not None:
        query = query.filter(agency_id=agency_id)
    if after:
        since, last = marks.read(after)
        query = query.filter(Q(since__gt=since) | Q(since=since, id__gt=last))
    found = list(query.values_list("id", "kind", "agency_id", "dossier_id", "since", "found_at")[: limit + 1])
    codes = codes_of(reader, [row[3] for row in found if row[3]])
    views = tuple(
        DefectView(number, Kind(name), agency, dossier, codes.get(dossier, "") if dossier else "", since, at)
        for number, name, agency, dossier, since, at in found[:limit]
    )
    more = len(found) > limit
    return views, marks.mark(views[-1].since, views[-1].id) if more else None
