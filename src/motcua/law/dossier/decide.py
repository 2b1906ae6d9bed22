"""Decide what follows from a command: the events, or a refusal with its reason and article of law.

Pure: it reads the state, the command and the context, and nothing else. The tables below say in which statuses a
command may be given, by which function, and why not otherwise.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from motcua.law.dossier import commands as c
from motcua.law.dossier import events as e
from motcua.law.dossier import reckoning
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import (
    FINISHED,
    OPEN,
    PAUSED,
    TERMINAL,
    Channel,
    Component,
    Ground,
    Pause,
    Refusal,
    Result,
    Status,
)
from motcua.law.process import Function, Outcome, Place, Step
from motcua.law.timeliness import Timeliness, timeliness
from motcua.law.worktime import CalendarEdgeError

Decision = tuple[e.Event, ...] | Refusal

_S = Status
_LIVE = OPEN | FINISHED
# Command -> the statuses in which it may be given, and the article that says so.
_ALLOWED: dict[type, tuple[frozenset[Status], str]] = {
    c.Accept: (frozenset({_S.REGISTERED}), "NĐ 61/2018, Điều 17.1"),
    c.RefuseIntake: (PAUSED | {_S.REGISTERED}, "NĐ 61/2018, Điều 17.1"),
    c.Transfer: (frozenset({_S.ACCEPTED}), "NĐ 61/2018, Điều 18"),
    c.HandOver: (frozenset({_S.PROCESSING}), "NĐ 61/2018, Điều 19"),
    c.Assign: (frozenset({_S.PROCESSING}), "NĐ 61/2018, Điều 19.1"),
    c.PauseFor: (frozenset({_S.REGISTERED, _S.ACCEPTED, _S.PROCESSING}), "NĐ 61/2018, Điều 17.1, 19.4"),
    c.Resume: (PAUSED, "NĐ 61/2018, Điều 19.4"),
    c.AppointAgain: (frozenset({_S.ACCEPTED, _S.PROCESSING}), "NĐ 61/2018, Điều 19.9"),
    c.Recount: (frozenset({_S.ACCEPTED, _S.PROCESSING}), "BLDS 2015, Điều 148"),
    c.Return: (frozenset({_S.RESOLVED}), "NĐ 61/2018, Điều 20"),
    c.Withdraw: (OPEN, "NĐ 61/2018, Điều 16"),
    c.Stop: (frozenset({_S.ACCEPTED, _S.PROCESSING}) | PAUSED, "NĐ 118/2025"),
    c.Correct: (_LIVE, "NĐ 61/2018, Điều 21"),
    c.NoteActivity: (frozenset({_S.ACCEPTED, _S.RESOLVED}), ""),
    c.FinishImported: (frozenset({_S.ACCEPTED}), ""),
    c.Erase: (TERMINAL, ""),
}
_AT_DESK = (Place.RECEIVING, Function.DESK_OFFICER)
_LEADS = (Place.COMPETENT, Function.LEADER)
# Command -> the place and function that may give it; commands on a step are checked against the step instead.
_BY: dict[type, tuple[Place, Function]] = {
    c.Accept: _AT_DESK,
    c.RefuseIntake: _AT_DESK,
    c.Transfer: _AT_DESK,
    c.Resume: _AT_DESK,
    c.Return: _AT_DESK,
    c.Withdraw: _AT_DESK,
    c.Correct: _AT_DESK,
    c.AppointAgain: _LEADS,
    c.Recount: _LEADS,
    c.Stop: _LEADS,
    c.Erase: _LEADS,
}
# The number of an official paper and no more: free words could name the person whose data goes.
_ORDER = re.compile(
    r"((Quyết định|Bản án|Công văn|Thông báo|QĐ|CV)( số)? )?"
    r"\d{1,6}(/\d{4})?/[0-9A-ZĐ]{1,10}(-[0-9A-ZĐ.]{1,12}[a-z]{0,3}){0,4}( ngày \d{1,2}/\d{1,2}/\d{4})?"
)

# What the system that filed for the applicant may hand on from them: what they brought, and that they take it back.
_BY_FILER = frozenset({c.Resume, c.Withdraw})


class _RefusedError(Exception):
    """Carries a refusal out of the checks."""

    def __init__(self, code: str, article: str = "", **params: object) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, article, tuple((key, str(value)) for key, value in params.items()))


def decide(state: State | None, command: c.Command, ctx: c.Context) -> Decision:
    """The events that follow from `command`, or a Refusal.

    `state` is None only for Register and Receive, which begin a dossier.
    """
    try:
        _check_claim(state, ctx)
        _check_status(state, command)
        _check_actor(state, command, ctx)
        return _DECIDERS[type(command)](state, command, ctx)
    except _RefusedError as refused:
        return refused.refusal
    except CalendarEdgeError as edge:
        return Refusal("calendar_edge", "BLLĐ 2019, Điều 112", (("detail", str(edge)),))


def possible(state: State, ctx: c.Context) -> frozenset[type]:
    """The commands that this actor could give now, whatever their content: what a page offers."""
    found = set()
    for kind in _ALLOWED:
        if kind is c.Recount and ctx.former_calendar is None:
            continue  # counted by the calendar in force: there is nothing to apply
        try:
            _check_status_of(state, kind)
            _check_place(state, kind, ctx)
        except _RefusedError:
            continue
        found.add(kind)
    return frozenset(found)


def _check_claim(state: State | None, ctx: c.Context) -> None:
    if ctx.at > ctx.recorded_at:
        raise _RefusedError("in_the_future", happened_at=ctx.at.isoformat())
    if state is not None and ctx.at < state.last_at:
        raise _RefusedError("before_last_event", last_at=state.last_at.isoformat())


def _check_status(state: State | None, command: c.Command) -> None:
    begins = isinstance(command, c.Register | c.Receive)
    if begins != (state is None):
        raise _RefusedError("already_begun" if begins else "not_begun")
    if state is not None and not (isinstance(command, c.Erase) and command.again):
        _check_status_of(state, type(command))


def _check_status_of(state: State, kind: type) -> None:
    statuses, article = _ALLOWED[kind]
    # What the desk asked for may never come: a dossier can be refused while it waits, but never once it was accepted.
    if state.status not in statuses or (kind is c.RefuseIntake and state.received_at is not None):
        raise _RefusedError("not_in_this_status", article, status=int(state.status))
    if kind is c.Erase and state.erased_at is not None and state.erased_at == state.last_at:
        raise _RefusedError("already_erased", order=state.erased_by)
    if kind is c.Correct and state.is_terminal and state.erased_at is not None:
        raise _RefusedError("already_erased", order=state.erased_by)


def _check_actor(state: State | None, command: c.Command, ctx: c.Context) -> None:
    if isinstance(command, c.Register | c.Receive):
        if isinstance(command, c.Register) and _is_filer(command.intake, ctx):
            return
        if not ctx.actor.is_system and (
            not ctx.actor.is_of(command.intake.receiving_agency) or Function.DESK_OFFICER not in ctx.actor.functions
        ):
            raise _RefusedError("not_your_desk", "NĐ 61/2018, Điều 17")
    elif state is not None:
        _check_place(state, type(command), ctx)


def _check_place(state: State, kind: type, ctx: c.Context) -> None:
    if ctx.actor.is_system or (kind in _BY_FILER and _is_filer(state.intake, ctx)):
        return
    if kind in _BY:
        place, function = _BY[kind]
        if not ctx.actor.is_of(_agency(state, place)) or function not in ctx.actor.functions:
            raise _RefusedError("not_your_function", function=function.value)
    elif kind is c.PauseFor and state.step is None:
        _check_desk(state, ctx)
    elif kind in (c.HandOver, c.PauseFor, c.Assign):
        _check_step_holder(state, kind, ctx)
    else:
        raise _RefusedError("only_by_import")


def _is_filer(intake: e.Intake, ctx: c.Context) -> bool:
    """Whether the actor's agency filed it online for the applicant (Decree 61/2018, Art. 16.1)."""
    return ctx.actor.is_of(intake.filer) and intake.channel == Channel.ONLINE


def _check_desk(state: State, ctx: c.Context) -> None:
    if not ctx.actor.is_of(state.intake.receiving_agency) or Function.DESK_OFFICER not in ctx.actor.functions:
        raise _RefusedError("not_your_function", function=Function.DESK_OFFICER.value)


def _check_step_holder(state: State, kind: type, ctx: c.Context) -> None:
    step = _step(state, ctx)
    if not ctx.actor.is_of(state.holder_agency):
        raise _RefusedError("not_your_agency")
    if kind is c.Assign and Function.LEADER in ctx.actor.functions:
        return
    if step.function not in ctx.actor.functions:
        raise _RefusedError("not_your_function", function=step.function.value)
    if kind is not c.Assign and state.holder_staff not in (None, ctx.actor.staff):
        raise _RefusedError("held_by_another", staff=state.holder_staff)


def _agency(state: State, place: Place) -> int:
    return state.intake.receiving_agency if place == Place.RECEIVING else state.intake.competent_agency


def _step(state: State, ctx: c.Context) -> Step:
    step = ctx.process.step(state.step) if ctx.process and state.step else None
    if step is None:
        raise _RefusedError("step_unknown", step=state.step)
    return step


def _register(_: None, command: c.Register, ctx: c.Context) -> Decision:
    return (e.Registered(_checked(command.intake)),)


def _checked(intake: e.Intake) -> e.Intake:
    if intake.sets < 1:
        raise _RefusedError("no_sets", "TT 01/2018, Mẫu 01")
    _check_counts(intake.components)
    if intake.fee < 0:
        raise _RefusedError("negative_fee")
    return intake


def _check_counts(components: tuple[Component, ...]) -> None:
    if any(min(item.originals, item.certified, item.copies) < 0 for item in components):
        raise _RefusedError("negative_count", "TT 01/2018, Mẫu 01")


def _receive(_: None, command: c.Receive, ctx: c.Context) -> Decision:
    if ctx.process is None:
        raise _RefusedError("no_process", "TT 01/2018, Điều 8", procedure=command.intake.procedure)
    intake = _checked(command.intake)
    if command.given_due_at is not None:
        if ctx.claim is None or ctx.claim.ground != Ground.IMPORTED_LOG:
            raise _RefusedError("due_is_computed")
        appointment = e.Appointment(_at_minute(command.given_due_at), source=Ground.IMPORTED_LOG.value)
    else:
        appointment = reckoning.appoint(ctx, command.limit, command.convention)
    received = e.Received(intake, appointment, ctx.process.code, ctx.process_version)
    return (received, *_first_step(intake, ctx)) if command.transfer else (received,)


def _at_minute(moment: datetime) -> datetime:
    """The law promises minutes."""
    return moment.replace(second=0, microsecond=0)


def _accept(state: State, command: c.Accept, ctx: c.Context) -> Decision:
    if ctx.process is None:
        raise _RefusedError("no_process", "TT 01/2018, Điều 8", procedure=state.intake.procedure)
    appointment = reckoning.appoint(ctx, command.limit, command.convention)
    accepted = e.Accepted(appointment, ctx.process.code, ctx.process_version)
    return (accepted, *_first_step(state.intake, ctx)) if command.transfer else (accepted,)


def _first_step(intake: e.Intake, ctx: c.Context, note: Any = None) -> tuple[e.HandedOver]:
    if ctx.process is None:
        raise _RefusedError("no_process", "TT 01/2018, Điều 8")
    step = ctx.process.by_code[ctx.process.start]
    agency = intake.receiving_agency if step.place == Place.RECEIVING else intake.competent_agency
    due = reckoning.step_due(ctx, step.allotted_minutes)
    return (e.HandedOver(step.code, agency, step.function, due, note=note),)


def _refuse_intake(_: State, command: c.RefuseIntake, __: c.Context) -> Decision:
    return (e.RefusedAtIntake(command.reason),)


def _transfer(state: State, command: c.Transfer, ctx: c.Context) -> Decision:
    return _first_step(state.intake, ctx, command.note)


def _hand_over(state: State, command: c.HandOver, ctx: c.Context) -> Decision:
    step = _step(state, ctx)
    outcome = step.outcome(command.outcome)
    if outcome is None:
        raise _RefusedError("unknown_outcome", step=step.code, outcome=command.outcome)
    kept = reckoning.step_timeliness(ctx, state.step_due_at)
    if outcome.end is not None:
        return (_finish(state, command, ctx, outcome, kept),)
    target = ctx.process.by_code[outcome.to] if ctx.process else step
    return (
        e.HandedOver(
            target.code,
            _agency(state, target.place),
            target.function,
            reckoning.step_due(ctx, target.allotted_minutes),
            step.code,
            outcome.code,
            kept,
            command.to_staff,
            command.note,
            command.document,
        ),
    )


def _finish(state: State, command: c.HandOver, ctx: c.Context, outcome: Outcome, kept: Timeliness | None) -> e.Finished:
    result = Result.GRANTED if outcome.to == "@granted" else Result.REFUSED
    if result == Result.REFUSED and command.note is None:
        raise _RefusedError("refusal_needs_reason", "NĐ 61/2018, Điều 19.8")
    original, current = _timeliness(state, ctx)
    return e.Finished(result, state.step, outcome.code, kept, original, current, command.document, command.note)


def _timeliness(state: State, ctx: c.Context) -> tuple[Timeliness | None, Timeliness | None]:
    """Against the original and the current due time; None for a procedure without a limit."""
    if state.due_at_original is None or state.due_at_current is None:
        return None, None
    in_hours = state.appointment is not None and state.appointment.in_hours
    ready = reckoning.local(ctx.at)
    return (
        timeliness(ready, reckoning.local(state.due_at_original), in_hours=in_hours),
        timeliness(ready, reckoning.local(state.due_at_current), in_hours=in_hours),
    )


def _assign(state: State, command: c.Assign, ctx: c.Context) -> Decision:
    if command.staff == state.holder_staff:
        raise _RefusedError("already_assigned")
    takes_oneself = command.staff == ctx.actor.staff
    if not (takes_oneself or ctx.actor.is_system or Function.LEADER in ctx.actor.functions):
        raise _RefusedError("only_leader_assigns", "NĐ 61/2018, Điều 19.1")
    if takes_oneself and _step(state, ctx).function not in ctx.actor.functions:
        raise _RefusedError("not_your_function", function=_step(state, ctx).function.value)
    return (e.Assigned(command.staff),)


def _pause(state: State, command: c.PauseFor, ctx: c.Context) -> Decision:
    if command.kind == Pause.SUPPLEMENT:
        at_desk = state.step is None
        asked = state.supplements_at_desk if at_desk else state.supplements - state.supplements_at_desk
        if asked >= ctx.rules.max_supplements:
            raise _RefusedError("supplement_asked_once", "NĐ 61/2018, Điều 11.2c, 15.3", asked=asked)
    elif command.amount is None or command.amount <= 0:
        raise _RefusedError("payment_needs_amount")
    return (e.Paused(command.kind, command.reason, command.amount),)


def _resume(state: State, command: c.Resume, ctx: c.Context) -> Decision:
    _check_counts(command.components)
    return (reckoning.resumed(state, ctx, command.components),)


def _appoint_again(state: State, command: c.AppointAgain, ctx: c.Context) -> Decision:
    article = "NĐ 61/2018, Điều 19.9"
    if state.letters:
        raise _RefusedError("appointed_again_once", article)
    if state.due_at_current is None:
        raise _RefusedError("no_limit", article)
    due = _at_minute(command.due_at)
    if due <= state.due_at_current or due <= ctx.at:
        raise _RefusedError("new_time_must_be_later", article, due_at=reckoning.local(state.due_at_current))
    if not reckoning.is_working_minute(ctx, due):
        raise _RefusedError("not_office_hours", article, due_at=reckoning.local(due))
    late = _at_minute(ctx.at) > reckoning.apology_deadline(ctx, state.due_at_current)
    return (e.AppointedAgain(due, command.reason, state.letters + 1, late),)


def _recount(state: State, _: c.Recount, ctx: c.Context) -> Decision:
    return (reckoning.recounted(state, ctx) or _refuse("nothing_changes", "BLDS 2015, Điều 148"),)


def _refuse(code: str, article: str = "") -> e.Event:
    raise _RefusedError(code, article)


def _return(_: State, command: c.Return, __: c.Context) -> Decision:
    if command.fee_paid < 0:
        raise _RefusedError("negative_fee")
    return (e.Returned(command.method, command.fee_paid, command.note),)


def _withdraw(_: State, command: c.Withdraw, __: c.Context) -> Decision:
    return (e.Withdrawn(command.reason),)


def _stop(_: State, command: c.Stop, __: c.Context) -> Decision:
    return (e.Stopped(command.reason),)


def _correct(_: State, command: c.Correct, __: c.Context) -> Decision:
    if command.owner is command.submitter is command.request is None:
        raise _RefusedError("nothing_changes")
    return (e.Corrected(command.owner, command.submitter, command.request),)


def _note(_: State, command: c.NoteActivity, __: c.Context) -> Decision:
    return (e.Noted(command.activity, command.unit, command.worker),)


def _erase(_: State, command: c.Erase, __: c.Context) -> Decision:
    if not is_order(command.order):
        raise _RefusedError("order_needs_number")
    return (e.Erased(command.order, command.parts, command.early, command.again),)


def is_order(text: str) -> bool:
    """Whether a text is the number of an official paper, such as 12/QĐ-UBND, with or without its kind and its day."""
    return _ORDER.fullmatch(text) is not None


def _finish_imported(state: State, command: c.FinishImported, ctx: c.Context) -> Decision:
    if ctx.claim is None or ctx.claim.ground != Ground.IMPORTED_LOG:
        raise _RefusedError("only_by_import")
    original, current = _timeliness(state, ctx)
    return (e.Finished(command.result, timeliness=original, timeliness_current=current),)


_DECIDERS: dict[type, Callable[[Any, Any, c.Context], Decision]] = {
    c.Register: _register,
    c.Receive: _receive,
    c.Accept: _accept,
    c.RefuseIntake: _refuse_intake,
    c.Transfer: _transfer,
    c.HandOver: _hand_over,
    c.Assign: _assign,
    c.PauseFor: _pause,
    c.Resume: _resume,
    c.AppointAgain: _appoint_again,
    c.Recount: _recount,
    c.Return: _return,
    c.Withdraw: _withdraw,
    c.Stop: _stop,
    c.Correct: _correct,
    c.NoteActivity: _note,
    c.FinishImported: _finish_imported,
    c.Erase: _erase,
}
