"""The control slip (phiếu kiểm soát) as a reading of the story: each step with who gave, who took, and how long.

Pure: it reads happenings, the process and the calendar, and nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.dossiers.queries import Happening
from motcua.law.dossier import events as e
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.state import AT_DESK_AGAIN
from motcua.law.process import Function, Process
from motcua.law.worktime import CalendarEdgeError, WorkCalendar, elapsed

# Under which names events refer to free text.
NOTES = ("note", "reason", "body", "question", "answer")
_ENDS = frozenset({e.Finished.TYPE, e.Withdrawn.TYPE, e.Stopped.TYPE})
_BEGINS = frozenset({e.HandedOver.TYPE, e.SentBack.TYPE})
_CLOSES = _BEGINS | _ENDS


@dataclass(frozen=True, slots=True)
class Stretch:
    """One step from the hand-over that began it until it was left; `left_at` None while it goes on.

    `spent` and `allotted` are working minutes; waiting for the applicant is left out of `spent`. `spent` is None where
    the calendar does not reach. `seq` and `left_seq` are the events that began and ended it.
    """

    seq: int
    step: str
    name: str
    agency_id: int
    function: str
    handed_at: datetime
    given_by: int | None
    due_at: datetime | None
    allotted: int | None
    note_id: UUID | None
    taken_by: int | None = None
    taken_at: datetime | None = None
    left_at: datetime | None = None
    left_seq: int | None = None
    left_by: int | None = None
    outcome: str = ""
    timeliness: str | None = None
    spent: int | None = None


def stretches(
    story: Sequence[Happening], process: Process | None, calendar: WorkCalendar, now: datetime
) -> tuple[Stretch, ...]:
    """The steps of a story in their order; the running one is counted up to `now` (aware)."""
    found: list[Stretch] = []
    running: Stretch | None = None
    for happening in story:
        if running is not None and happening.type in _CLOSES:
            found.append(_closed(running, happening, process))
            running = None
        if happening.type in _BEGINS:
            running = _begun(happening, process)
        elif running is not None:
            running = _changed(running, happening)
    if running is not None:
        found.append(running)
    waits = _waits(story, now)
    return tuple(replace(each, spent=_spent(each, waits, calendar, now)) for each in found)


def ref_id(data: Any, name: str) -> UUID | None:
    """The record or file that an event's data refers to under a name."""
    ref = data.get(name)
    return UUID(ref["id"]) if ref else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _begun(happening: Happening, process: Process | None) -> Stretch:
    data = happening.data
    code = data.get("to_step", AT_DESK_AGAIN)
    step = process.step(code) if process else None
    return Stretch(
        happening.seq,
        code,
        step.name if step else code,
        data["to_agency"],
        data.get("function", Function.DESK_OFFICER.value),
        happening.at,
        happening.actor_staff,
        _moment(data.get("step_due_at")),
        step.allotted_minutes if step else None,
        ref_id(data, "note"),
        data.get("to_staff"),
        happening.at if data.get("to_staff") else None,
    )


def _changed(running: Stretch, happening: Happening) -> Stretch:
    if happening.type == e.Assigned.TYPE:
        return replace(running, taken_by=happening.data["staff"], taken_at=happening.at)
    if happening.type in (e.Resumed.TYPE, e.Recounted.TYPE):
        return replace(running, due_at=_moment(happening.data.get("step_due_at")))
    return running


def _closed(running: Stretch, happening: Happening, process: Process | None) -> Stretch:
    data = happening.data
    step = process.step(running.step) if process else None
    outcome = step.outcome(data.get("outcome", "")) if step else None
    return replace(
        running,
        left_at=happening.at,
        left_seq=happening.seq,
        left_by=happening.actor_staff,
        taken_by=running.taken_by or happening.actor_staff,
        outcome=outcome.name if outcome else "",
        timeliness=data.get("step_timeliness"),
    )


def _waits(story: Iterable[Happening], now: datetime) -> list[tuple[datetime, datetime]]:
    waits: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for happening in story:
        if happening.type == e.Paused.TYPE:
            since = happening.at
        elif since is not None and (happening.type == e.Resumed.TYPE or happening.type in _ENDS):
            waits.append((since, happening.at))
            since = None
    return [*waits, (since, now)] if since is not None else waits


def _spent(
    each: Stretch, waits: Iterable[tuple[datetime, datetime]], calendar: WorkCalendar, now: datetime
) -> int | None:
    end = each.left_at or now
    try:
        total = elapsed(calendar, local(each.handed_at), local(end))
        for start, stop in waits:
            if start >= each.handed_at and stop <= end:
                total -= elapsed(calendar, local(start), local(stop))
    except CalendarEdgeError:
        return None
    return max(total, 0)
