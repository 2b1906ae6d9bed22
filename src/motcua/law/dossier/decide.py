"""Decide what follows from a command: the events, or a refusal with its reason and article of law.

Pure: it reads the state, the command and the context, and nothing else. Who may do what in which status stands in
`permitting`, the acts that do not move the dossier on in `asides`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from motcua.law.dossier import asides, reckoning
from motcua.law.dossier import commands as c
from motcua.law.dossier import events as e
from motcua.law.dossier.asides import check_counts
from motcua.law.dossier.citing import cited, is_citation, is_number
from motcua.law.dossier.permitting import (
    ALLOWED,
    agency_at,
    check_actor,
    check_place,
    check_status,
    check_status_of,
    step_of,
)
from motcua.law.dossier.refusing import RefusedError
from motcua.law.dossier.state import AT_DESK_AGAIN, State
from motcua.law.dossier.vocabulary import Channel, Ground, Pause, Refusal, Result
from motcua.law.process import End, Function, Outcome, OutcomeAct, Place
from motcua.law.timeliness import Timeliness, timeliness
from motcua.law.worktime import CalendarEdgeError

Decision = tuple[e.Event, ...] | Refusal
_ASKED = "NĐ 61/2018, Điều 11.2c, 15.3"


def decide(state: State | None, command: c.Command, ctx: c.Context) -> Decision:
    """The events that follow from `command`, or a Refusal.

    `state` is None only for Register and Receive, which begin a dossier.
    """
    try:
        _check_claim(state, ctx)
        check_status(state, command)
        check_actor(state, command, ctx)
        return _DECIDERS[type(command)](state, command, ctx)
    except RefusedError as refused:
        refusal = refused.refusal
        return replace(refusal, article=cited(refusal.article, ctx.rules.layers))
    except CalendarEdgeError as edge:
        return Refusal("calendar_edge", "BLLĐ 2019, Điều 112", (("detail", str(edge)),))


def attempt(command: c.Command, refusal: Refusal) -> e.AttemptRefused:
    """What the log keeps of a refusal that says `recorded`."""
    return e.AttemptRefused(type(command).__name__, refusal.code, refusal.article, getattr(command, "reason", None))


def possible(state: State, ctx: c.Context) -> frozenset[type]:
    """The commands that this actor could give now, whatever their content: what a page offers."""
    found = set()
    for kind in ALLOWED:
        if kind is c.Recount and ctx.former_calendar is None:
            continue  # counted by the calendar in force: there is nothing to apply
        try:
            check_status_of(state, kind)
            check_place(state, kind, ctx)
        except RefusedError:
            continue
        found.add(kind)
    return frozenset(found)


def _check_claim(state: State | None, ctx: c.Context) -> None:
    if ctx.at > ctx.recorded_at:
        raise RefusedError("in_the_future", happened_at=ctx.at.isoformat())
    if state is not None and ctx.at < state.last_at:
        raise RefusedError("before_last_event", last_at=state.last_at.isoformat())


def _register(_: None, command: c.Register, ctx: c.Context) -> Decision:
    online = command.intake.channel == Channel.ONLINE
    return (e.Registered(_checked(command.intake), reckoning.answer_due(ctx) if online else None),)


def _checked(intake: e.Intake) -> e.Intake:
    if intake.sets < 1:
        raise RefusedError("no_sets", "TT 01/2018, Mẫu 01")
    check_counts(intake.components)
    if intake.fee < 0:
        raise RefusedError("negative_fee")
    return intake


def _receive(_: None, command: c.Receive, ctx: c.Context) -> Decision:
    if ctx.process is None:
        raise RefusedError("no_process", "TT 01/2018, Điều 8", procedure=command.intake.procedure)
    intake = _checked(command.intake)
    if command.given_due_at is not None:
        if ctx.claim is None or ctx.claim.ground != Ground.IMPORTED_LOG:
            raise RefusedError("due_is_computed")
        appointment = e.Appointment(_at_minute(command.given_due_at), source=Ground.IMPORTED_LOG.value)
    else:
        appointment = reckoning.appoint(ctx, command.limit, command.convention)
    received = e.Received(intake, appointment, ctx.process.code, ctx.process_version, ctx.rules.id)
    return (received, *_first_step(intake, ctx)) if command.transfer else (received,)


def _at_minute(moment: datetime) -> datetime:
    """The law promises minutes."""
    return moment.replace(second=0, microsecond=0)


def _accept(state: State, command: c.Accept, ctx: c.Context) -> Decision:
    if ctx.process is None:
        raise RefusedError("no_process", "TT 01/2018, Điều 8", procedure=state.intake.procedure)
    appointment = reckoning.appoint(ctx, command.limit, command.convention)
    late = reckoning.is_answered_late(state, ctx)
    accepted = e.Accepted(appointment, ctx.process.code, ctx.process_version, ctx.rules.id, late)
    return (accepted, *_first_step(state.intake, ctx)) if command.transfer else (accepted,)


def _first_step(intake: e.Intake, ctx: c.Context, note: Any = None) -> tuple[e.HandedOver]:
    if ctx.process is None:
        raise RefusedError("no_process", "TT 01/2018, Điều 8")
    step = ctx.process.by_code[ctx.process.start]
    agency = intake.receiving_agency if step.place == Place.RECEIVING else intake.competent_agency
    due = reckoning.step_due(ctx, step.allotted_minutes)
    return (e.HandedOver(step.code, agency, step.function, due, note=note),)


def _refuse_intake(state: State, command: c.RefuseIntake, ctx: c.Context) -> Decision:
    return (e.RefusedAtIntake(command.reason, reckoning.is_answered_late(state, ctx)),)


def _transfer(state: State, command: c.Transfer, ctx: c.Context) -> Decision:
    return _first_step(state.intake, ctx, command.note)


def _hand_over(state: State, command: c.HandOver, ctx: c.Context) -> Decision:
    step = step_of(state, ctx)
    outcome = step.outcome(command.outcome)
    if outcome is None or ctx.process is None:
        raise RefusedError("unknown_outcome", step=step.code, outcome=command.outcome)
    kept = reckoning.step_timeliness(ctx, state.step_due_at)
    act = ctx.process.act(step, outcome)
    if outcome.end is not None:
        return (_end(state, command, ctx, outcome.end, (kept, act)),)
    target = ctx.process.by_code[outcome.to]
    return (
        e.HandedOver(
            target.code,
            agency_at(state, target.place),
            target.function,
            reckoning.step_due(ctx, target.allotted_minutes),
            step.code,
            outcome.code,
            kept,
            command.to_staff,
            command.note,
            command.document,
            act,
        ),
    )


def _end(
    state: State, command: c.HandOver, ctx: c.Context, end: End, left: tuple[Timeliness | None, OutcomeAct]
) -> e.Event:
    """The result is ready at the desk, or on its way there when another agency made it; `left`: how its step ended."""
    result = Result.GRANTED if end is End.GRANTED else Result.REFUSED
    if result == Result.REFUSED and command.note is None:
        raise RefusedError("refusal_needs_reason", "NĐ 61/2018, Điều 19.8")
    desk, step, (kept, act) = state.intake.receiving_agency, state.step or "", left
    if state.holder_agency != desk:
        return e.SentBack(desk, result, step, command.outcome, kept, command.document, command.note, act)
    verdicts = _timeliness(state, ctx)
    return e.Finished(result, step, command.outcome, kept, *verdicts, command.document, command.note, act)


def _approve(state: State, command: c.Approve, ctx: c.Context) -> Decision:
    outcome = _outcome(state, ctx, OutcomeAct.APPROVE)
    return _hand_over(state, c.HandOver(outcome.code, command.to_staff, command.note, command.document), ctx)


def _refuse_result(state: State, command: c.RefuseResult, ctx: c.Context) -> Decision:
    outcome = _outcome(state, ctx, OutcomeAct.REFUSE)
    return _hand_over(state, c.HandOver(outcome.code, note=command.reason, document=command.document), ctx)


def _outcome(state: State, ctx: c.Context, act: OutcomeAct) -> Outcome:
    """The outcome of the present step that means this act."""
    step = step_of(state, ctx)
    found = [each for each in step.outcomes if ctx.process and ctx.process.act(step, each) == act]
    if not found:
        raise RefusedError("not_at_this_step", "NĐ 61/2018, Điều 19", step=step.name)
    return found[0]


def _make_ready(state: State, command: c.MakeReady, ctx: c.Context) -> Decision:
    original, current = _timeliness(state, ctx)
    result = state.pending or Result.GRANTED
    return (e.Finished(result, timeliness=original, timeliness_current=current, note=command.note),)


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
        raise RefusedError("already_assigned")
    takes_oneself = command.staff == ctx.actor.staff
    if not (takes_oneself or ctx.actor.is_system or Function.LEADER in ctx.actor.functions):
        raise RefusedError("only_leader_assigns", "NĐ 61/2018, Điều 19.1")
    wanted = Function.DESK_OFFICER if state.step == AT_DESK_AGAIN else step_of(state, ctx).function
    if takes_oneself and wanted not in ctx.actor.functions:
        raise RefusedError("not_your_function", function=wanted.value)
    return (e.Assigned(command.staff),)


def _pause(state: State, command: c.PauseFor, ctx: c.Context) -> Decision:
    late = None
    if command.legal_ground is not None and not is_citation(command.legal_ground):
        raise RefusedError("ground_needs_citation", _ASKED)  # whatever is waited for: the log holds no free words
    if command.kind == Pause.SUPPLEMENT:
        _check_asked(state, command, ctx)
        late = None if state.step is None else reckoning.is_after_appraisal_time(state, ctx)
    elif command.kind == Pause.SUSPENSION:
        raise RefusedError("suspended_by_leader")
    elif command.amount is None or command.amount <= 0:
        raise RefusedError("payment_needs_amount")
    answered = reckoning.is_answered_late(state, ctx)
    return (e.Paused(command.kind, command.reason, command.amount, command.legal_ground, late, answered),)


def _check_asked(state: State, command: c.PauseFor, ctx: c.Context) -> None:
    """Papers are asked for once and fully; once more only where a provision is named that says so."""
    at_desk = state.step is None
    asked = state.supplements_at_desk if at_desk else state.supplements - state.supplements_at_desk
    allowed = ctx.rules.max_supplements + (command.legal_ground is not None)
    if asked >= allowed:
        raise RefusedError("supplement_asked_once", _ASKED, asked=asked)


def _suspend(_: State, command: c.Suspend, __: c.Context) -> Decision:
    if not is_citation(command.legal_ground):
        raise RefusedError("ground_needs_citation", "NĐ 61/2018, Điều 19")
    return (e.Paused(Pause.SUSPENSION, command.reason, legal_ground=command.legal_ground),)


def _resume(state: State, command: c.Resume, ctx: c.Context) -> Decision:
    check_counts(command.components)
    return (reckoning.resumed(state, ctx, command.components),)


def _appoint_again(state: State, command: c.AppointAgain, ctx: c.Context) -> Decision:
    article = "NĐ 61/2018, Điều 19.9"
    if state.letters:
        raise RefusedError("appointed_again_once", article, recorded=True)
    if state.due_at_current is None:
        raise RefusedError("no_limit", article)
    due = _at_minute(command.due_at)
    if due <= state.due_at_current or due <= ctx.at:
        raise RefusedError("new_time_must_be_later", article, due_at=reckoning.local(state.due_at_current))
    if not reckoning.is_working_minute(ctx, due):
        raise RefusedError("not_office_hours", article, due_at=reckoning.local(due))
    late = reckoning.apology_is_late(state, ctx)
    return (e.AppointedAgain(due, command.reason, state.letters + 1, late),)


def _recount(state: State, _: c.Recount, ctx: c.Context) -> Decision:
    recounted = reckoning.recounted(state, ctx)
    if recounted is None:
        raise RefusedError("nothing_changes", "BLDS 2015, Điều 148")
    return (recounted,)


def _return(_: State, command: c.Return, __: c.Context) -> Decision:
    if command.fee_paid < 0:
        raise RefusedError("negative_fee")
    if command.consignment is not None and not is_number(command.consignment):
        raise RefusedError("number_needs_letters_and_digits")
    return (e.Returned(command.method, command.fee_paid, command.note, command.consignment),)


def _withdraw(_: State, command: c.Withdraw, __: c.Context) -> Decision:
    return (e.Withdrawn(command.reason),)


def _stop(_: State, command: c.Stop, __: c.Context) -> Decision:
    return (e.Stopped(command.reason),)


def _note_activity(_: State, command: c.NoteActivity, __: c.Context) -> Decision:
    return (e.Noted(command.activity, command.unit, command.worker),)


def _finish_imported(state: State, command: c.FinishImported, ctx: c.Context) -> Decision:
    if ctx.claim is None or ctx.claim.ground != Ground.IMPORTED_LOG:
        raise RefusedError("only_by_import")
    original, current = _timeliness(state, ctx)
    return (e.Finished(command.result, timeliness=original, timeliness_current=current),)


_DECIDERS: dict[type, Callable[[Any, Any, c.Context], Decision]] = {
    c.Register: _register,
    c.Receive: _receive,
    c.Accept: _accept,
    c.RefuseIntake: _refuse_intake,
    c.Transfer: _transfer,
    c.HandOver: _hand_over,
    c.Approve: _approve,
    c.RefuseResult: _refuse_result,
    c.MakeReady: _make_ready,
    c.Assign: _assign,
    c.PauseFor: _pause,
    c.Suspend: _suspend,
    c.Resume: _resume,
    c.Pay: asides.pay,
    c.Consult: asides.consult,
    c.AnswerConsultation: asides.answer,
    c.AppointAgain: _appoint_again,
    c.Recount: _recount,
    c.Sign: asides.sign,
    c.Digitise: asides.digitise,
    c.Annotate: asides.annotate,
    c.Return: _return,
    c.CorrectError: asides.correct_error,
    c.Withdraw: _withdraw,
    c.Stop: _stop,
    c.Correct: asides.correct,
    c.Relocate: asides.relocate,
    c.NoteActivity: _note_activity,
    c.FinishImported: _finish_imported,
    c.Erase: asides.erase,
}
