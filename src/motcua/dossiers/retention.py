"""How long a dossier's data about people is kept, and which dossiers are due for erasure; it erases nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from motcua.agencies.access import NotPermitted, Reader, Role, for_system
from motcua.dossiers import holds, marks, refs
from motcua.law.dossier.reckoning import aware, local
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Status
from motcua.law.retention import Outcome, Rule, Schedule
from motcua.procedures import queries as procedures

PAGE = 50
_READER = for_system("retention")
_ENDS = {
    Status.REFUSED_AT_INTAKE: Outcome.REFUSED_AT_INTAKE,
    Status.WITHDRAWN: Outcome.WITHDRAWN,
    Status.STOPPED: Outcome.STOPPED,
}
_OUTCOME = f"""CASE d.status WHEN {Status.RETURNED} THEN d.state ->> 'result' {
    " ".join(f"WHEN {int(status)} THEN '{outcome}'" for status, outcome in _ENDS.items())
} END"""
# Uses dossier_kept. The closest rule of each dossier says before which moment it must have ended.
_DUE = f"""
FROM dossiers_dossier d
CROSS JOIN LATERAL (
    SELECT r.number, r.ended_before
    FROM unnest(%(procedures)s::text[], %(outcomes)s::text[], %(before)s::timestamptz[])
        WITH ORDINALITY AS r (procedure, outcome, ended_before, number)
    WHERE (r.procedure IS NULL OR r.procedure = d.procedure_code) AND (r.outcome IS NULL OR r.outcome = {_OUTCOME})
    ORDER BY r.procedure IS NULL, r.outcome IS NULL LIMIT 1
) rule
WHERE (%(agency)s::bigint IS NULL OR d.competent_agency_id = %(agency)s) AND d.erased_at IS NULL
  AND d.closed_at < %(latest)s AND d.closed_at < rule.ended_before
"""  # noqa: S608 - made of constants
_LIST = f"""SELECT d.id, d.code, d.procedure_code, d.procedure_version_id, {_OUTCOME}, d.closed_at, rule.number {_DUE}
  AND (%(after_at)s::timestamptz IS NULL OR (d.closed_at, d.id) > (%(after_at)s, %(after_id)s))
ORDER BY d.closed_at, d.id LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class Due:
    """A dossier whose time of keeping is over; `held_by` names the order that forbids its erasure all the same."""

    id: UUID
    code: str
    procedure_code: str
    procedure_version_id: int
    outcome: Outcome
    closed_at: datetime
    due_on: date
    rule: Rule
    held_by: str = ""


@dataclass(frozen=True, slots=True)
class DuePage:
    """One keyset page of what is due; `after` opens the next one, None on the last.

    `plan` is the schedule it was found by, None when there is none.
    """

    rows: tuple[Due, ...]
    after: str | None
    plan: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a dossier is kept: until before the day `until`; None with a rule: for ever, without one: not said."""

    until: date | None
    rule: Rule | None

    def over(self, today: date) -> bool:
        """Whether the time of keeping is over."""
        return self.until is not None and self.until <= today


def schedule(today: date | None = None) -> Schedule | None:
    """The schedule in force; None when the unit has none, and then nothing is ever due."""
    return procedures.retention(_READER, today or _today())


def outcome(state: State) -> Outcome | None:
    """How the dossier ended; None while it has not."""
    if state.status is Status.RETURNED:
        return Outcome(state.result.value) if state.result else None
    return _ENDS.get(state.status)


def keeping(state: State, plan: Schedule | None) -> Keeping:
    """How long this dossier is kept under a schedule."""
    ended = outcome(state)
    if plan is None or ended is None or state.closed_at is None:
        return Keeping(None, None)
    rule = plan.rule(state.intake.procedure, ended)
    return Keeping(plan.until(rule, local(state.closed_at).date()), rule)


def held_by(dossier_id: UUID) -> str:
    """The order that holds this dossier or somebody in it now; empty when none does."""
    records, _ = refs.of_dossiers([dossier_id])[dossier_id]
    return holds.held([(dossier_id, records)]).get(dossier_id, "")


def due(reader: Reader, *, agency_id: int | None = None, after: str = "", limit: int = PAGE) -> DuePage:
    """What is due for erasure at the reader's agency, that which ended first at the head; keyset pages.

    For the system at every agency, or at one. Raises NotPermitted for who leads no agency.
    """
    plan, params = _asked(reader, agency_id)
    if plan is None or params is None:
        return DuePage((), None, plan)
    at, last = marks.read(after) if after else (None, None)
    with connection.cursor() as cursor:
        cursor.execute(_LIST, {**params, "after_at": at, "after_id": last, "limit": limit + 1})
        found = cursor.fetchall()
    rows = [_due(plan, row) for row in found[:limit]]
    more = len(found) > limit
    return DuePage(_marked(rows), marks.mark(rows[-1].closed_at, rows[-1].id) if more else None, plan)


def _asked(reader: Reader, agency_id: int | None) -> tuple[Schedule | None, dict[str, Any] | None]:
    """The schedule and what the statement needs of it; None for a schedule under which nothing can be due."""
    if reader.kind != "system" and Role.LEADER not in reader.roles:
        raise NotPermitted
    today = _today()
    plan = schedule(today)
    if plan is None:
        return None, None
    days = [plan.ended_before(rule, today) for rule in plan.rules]
    before = [aware(datetime(day.year, day.month, day.day)) if day else None for day in days]  # noqa: DTZ001 - local
    latest = max((moment for moment in before if moment), default=None)
    if latest is None:
        return plan, None
    return plan, {
        "procedures": [rule.procedure for rule in plan.rules],
        "outcomes": [rule.outcome.value if rule.outcome else None for rule in plan.rules],
        "before": before,
        "latest": latest,
        "agency": agency_id if reader.kind == "system" else reader.agency_id,
    }


def _due(plan: Schedule, row: Sequence[Any]) -> Due:
    dossier_id, code, procedure, version, ended, closed_at, number = row
    rule = plan.rules[number - 1]
    until = plan.until(rule, local(closed_at).date())
    if until is None:
        raise ValueError("what is kept for ever is never due")
    return Due(dossier_id, code, procedure, version, Outcome(ended), closed_at, until, rule)


def _marked(rows: Sequence[Due]) -> tuple[Due, ...]:
    """The same rows with the orders that hold them: nothing is asked for no rows."""
    if not rows:
        return ()
    records = refs.of_dossiers(row.id for row in rows)
    held = holds.held((dossier_id, found) for dossier_id, (found, _) in records.items())
    return tuple(replace(row, held_by=held.get(row.id, "")) for row in rows)


def _today() -> date:
    return local(timezone.now()).date()
