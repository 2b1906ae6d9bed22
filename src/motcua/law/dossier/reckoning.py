"""Due times of a dossier: where its events meet the work calendar.

The rest of the dossier speaks in aware moments (UTC); the clock of the law is on the wall in Vietnam. Only here the
one becomes the other.
"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from motcua.law import worktime
from motcua.law.bases import SupplementClock
from motcua.law.dossier import events as e
from motcua.law.dossier.commands import Context
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Component, Pause
from motcua.law.timeliness import Timeliness, minute, timeliness
from motcua.law.worktime import Convention, TimeLimit, Unit
from motcua.law.worktime.limits import MINUTES_PER_DAY

VIETNAM = timezone(timedelta(hours=7), "ICT")  # no daylight saving time since 1975
_HOURS = frozenset({Unit.WORKING_HOUR, Unit.HOUR})


def local(moment: datetime) -> datetime:
    """An aware moment as naive Vietnamese wall time, at the minute."""
    return minute(moment.astimezone(VIETNAM).replace(tzinfo=None))


def aware(moment: datetime) -> datetime:
    """A naive Vietnamese wall time as an aware moment."""
    return moment.replace(tzinfo=VIETNAM)


def calendar_id(calendar: worktime.WorkCalendar) -> str:
    """The calendar and its version as events name it."""
    return f"{calendar.code}@{calendar.version}"


def appoint(ctx: Context, limit: TimeLimit | None, convention: Convention | None) -> e.Appointment:
    """The promised time for a limit counted from now, by the rules' convention if none is named.

    Without a limit nothing is promised.
    """
    if limit is None:
        return e.Appointment(None, calendar=calendar_id(ctx.calendar))
    how = convention or ctx.rules.convention_for(limit)
    due = worktime.due(ctx.calendar, local(ctx.at), limit, how, cutoff=ctx.rules.cutoff)
    return e.Appointment(
        aware(due.at),
        str(limit),
        how.value,
        calendar_id(ctx.calendar),
        [step.to_data() for step in due.trace],
        due.provisional,
        limit.unit in _HOURS,
    )


def step_due(ctx: Context, allotted_minutes: int) -> datetime | None:
    """When a step that begins now should be done; None for a step without an allotment."""
    if not allotted_minutes:
        return None
    return aware(worktime.add_minutes(ctx.calendar, local(ctx.at), allotted_minutes))


def step_timeliness(ctx: Context, step_due_at: datetime | None) -> Timeliness | None:
    """How the step that ends now kept its allotment; steps are counted in minutes."""
    return None if step_due_at is None else kept_minute(ctx, step_due_at)


def kept_minute(ctx: Context, due_at: datetime) -> Timeliness:
    """How what is done now stands against a minute that was set for it."""
    return timeliness(local(ctx.at), local(due_at), in_hours=True)


def is_working_minute(ctx: Context, moment: datetime) -> bool:
    """Whether the desk is open at the moment: an appointment outside office hours, or at noon, cannot be kept."""
    wall = local(moment)
    minute_of_day = wall.hour * 60 + wall.minute
    return any(start <= minute_of_day <= end for start, end in ctx.calendar.hours_on(wall.date()))


def apology_is_late(state: State, ctx: Context) -> bool:
    """Whether an apology recorded now comes too late (Art. 19.9).

    In time is, on the wall calendar, `apology_days` days before the due date or earlier; for a limit of one working day
    or less, which has no day before, any moment before the due one.
    """
    if state.due_at_current is None:
        return False
    due, now = local(state.due_at_current), local(ctx.at)
    if state.appointment is not None and is_short(state.appointment.limit):
        return now >= due
    return now.date() > due.date() - timedelta(days=ctx.rules.apology_days)


def is_short(text: str | None) -> bool:
    """Whether a limit as appointments carry it is one working day or less: it has no day before (Art. 19.9)."""
    if text is None:
        return False
    limit = TimeLimit.parse(text)
    return limit.unit is not Unit.MONTH and limit.minutes <= MINUTES_PER_DAY


def answer_due(ctx: Context) -> datetime:
    """When an online filing that comes in now should have its answer (Decree 45/2020: 8 working hours)."""
    limit = TimeLimit(ctx.rules.answer_hours, Unit.WORKING_HOUR)
    return aware(worktime.due(ctx.calendar, local(ctx.at), limit, Convention.HOUR_CARRY).at)


def is_answered_late(state: State, ctx: Context) -> bool | None:
    """Whether an online filing is answered now after its time; None for what owes no answer."""
    if state.answer_due_at is None:
        return None
    return local(ctx.at) > local(state.answer_due_at)


def is_after_appraisal_time(state: State, ctx: Context) -> bool | None:
    """Whether a dossier is sent back after appraisal later than the law allows (Art. 19.4); None before acceptance."""
    if state.counted_from is None:
        return None
    limit = TimeLimit(ctx.rules.appraisal_days, Unit.WORKING_DAY)
    last = worktime.due(ctx.calendar, local(state.counted_from), limit, Convention.DAY_EXCLUSIVE).at
    return local(ctx.at) > last


def resumed(state: State, ctx: Context, components: tuple[Component, ...]) -> e.Resumed:
    """The event that ends a pause, with the due times that follow from the unit's rule."""
    kind = state.pause_kind or Pause.SUPPLEMENT
    appointment = state.appointment
    if appointment is None or state.due_at_original is None:
        without = appointment or e.Appointment(None)
        return e.Resumed(kind, without, step_due_at=_shift_step(state, ctx), components=components)
    restart = _restarts(state, ctx, kind)
    if restart:
        limit, convention = _limit(appointment)
        again = appoint(ctx, limit, convention)
        original, later = again.due_at, state.due_at_current  # a later promise, as by an apology, still stands
    else:
        again = _shifted(state, ctx, state.due_at_current)
        original, later = _shifted(state, ctx, state.due_at_original).due_at, again.due_at
    return e.Resumed(
        kind,
        replace(again, due_at=max(later, original) if later and original else later),
        original,
        _shift_step(state, ctx),
        restart,
        components,
    )


def _restarts(state: State, ctx: Context, kind: Pause) -> bool:
    """Whether the limit is counted anew: only a request made in time does that, for what was late stays late."""
    if kind != Pause.SUPPLEMENT or ctx.rules.supplement_clock != SupplementClock.RESTART:
        return False
    if state.appointment is None or state.appointment.limit is None:
        return False
    return not _passed(state.due_at_original, state.paused_at)


def _passed(due_at: datetime | None, paused_at: datetime | None) -> bool:
    """Whether the due minute was over when the pause began."""
    return due_at is not None and paused_at is not None and local(paused_at) > local(due_at)


def _limit(appointment: e.Appointment) -> tuple[TimeLimit, Convention | None]:
    limit = TimeLimit.parse(appointment.limit or "")
    return limit, Convention(appointment.convention) if appointment.convention else None


def _shifted(state: State, ctx: Context, due_at: datetime | None) -> e.Appointment:
    """The appointment with a due time moved on by the working time that was waited.

    It stays an appointment by the calendar that counted the limit, and as provisional as that was: only a restart or
    a recount counts the limit by another.
    """
    appointment = state.appointment or e.Appointment(None)
    if due_at is None or state.paused_at is None:
        return replace(appointment, due_at=due_at)
    limit, convention = _limit(appointment) if appointment.limit else (TimeLimit(1, Unit.WORKING_HOUR), None)
    due = worktime.resume(
        ctx.calendar, local(due_at), local(state.paused_at), local(ctx.at), limit, convention, cutoff=ctx.rules.cutoff
    )
    trace = [step.to_data() for step in due.trace]
    return replace(
        appointment,
        due_at=aware(due.at),
        trace=trace,
        provisional=appointment.provisional or due.provisional,
    )


def _shift_step(state: State, ctx: Context) -> datetime | None:
    """The step's own due time after the pause: what was left of the allotment is left still."""
    if state.step_due_at is None or state.paused_at is None or _passed(state.step_due_at, state.paused_at):
        return state.step_due_at
    left = worktime.elapsed(ctx.calendar, local(state.paused_at), local(state.step_due_at))
    return aware(worktime.add_minutes(ctx.calendar, local(ctx.at), left))


def recounted(state: State, ctx: Context) -> e.Recounted | None:
    """Due times under the context's calendar, never earlier than promised; None when nothing moves."""
    appointment, original, current = state.appointment, state.due_at_original, state.due_at_current
    if not (appointment and appointment.limit and original and current and state.counted_from and ctx.former_calendar):
        return None
    limit, convention = _limit(appointment)
    due = worktime.recompute_for_change(
        ctx.former_calendar,
        ctx.calendar,
        local(state.counted_from),
        limit,
        convention,
        cutoff=ctx.rules.cutoff,
        pauses=tuple((local(wait.paused_at), local(wait.resumed_at)) for wait in state.waits),
        promised=local(original),
    )
    moved = max(aware(due.at), original)
    if moved == original and due.provisional == appointment.provisional:
        return None
    changed = replace(
        appointment,
        due_at=max(current, moved),
        trace=[step.to_data() for step in due.trace],
        provisional=due.provisional,
        calendar=calendar_id(ctx.calendar),
    )
    return e.Recounted(changed, moved, _recount_step(state, ctx, ctx.former_calendar))


def _recount_step(state: State, ctx: Context, former: worktime.WorkCalendar) -> datetime | None:
    """The step's due time under the new calendar: what is left of the allotment now is left still, or more."""
    due_at = state.step_due_at
    if due_at is None or _passed(due_at, ctx.at):
        return due_at
    left = worktime.elapsed(former, local(ctx.at), local(due_at))
    return max(due_at, aware(worktime.add_minutes(ctx.calendar, local(ctx.at), left)))
