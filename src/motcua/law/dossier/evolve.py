"""Fold an event into a state. Pure and total on what `decide` produced: it looks nothing up and computes no dates."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from motcua.law.dossier import events as e
from motcua.law.dossier.state import AT_DESK_AGAIN, Consultation, State, Wait
from motcua.law.dossier.vocabulary import Pause, Status
from motcua.law.process import Function


def evolve(state: State | None, event: e.Event, at: datetime) -> State:
    """The state after `event`, which the law reads as happening `at` (aware, UTC)."""
    return _FOLDS[type(event)](state, event, at)


def fold(story: Iterable[tuple[e.Event, datetime]], state: State | None = None) -> State:
    """The state after a whole story; raises ValueError for an empty one."""
    for event, at in story:
        state = evolve(state, event, at)
    if state is None:
        raise ValueError("a dossier without events has no state")
    return state


def _registered(_: State | None, event: e.Registered, at: datetime) -> State:
    return State(
        event.intake,
        Status.REGISTERED,
        at,
        at,
        holder_agency=event.intake.receiving_agency,
        holder_function=Function.DESK_OFFICER,
        answer_due_at=event.answer_due_at,
    )


def _received(_: State | None, event: e.Received, at: datetime) -> State:
    state = State(event.intake, Status.ACCEPTED, at, at)
    return _begin(state, event, at)


def _accepted(state: State, event: e.Accepted, at: datetime) -> State:
    return _begin(state, event, at)


def _begin(state: State, event: e.Received | e.Accepted, at: datetime) -> State:
    appointment = event.appointment
    return replace(
        state,
        status=Status.ACCEPTED,
        last_at=at,
        received_at=at,
        counted_from=at,
        appointment=replace(appointment, trace=None),
        due_at_original=appointment.due_at,
        due_at_current=appointment.due_at,
        process=event.process,
        process_version=event.process_version,
        holder_agency=state.intake.receiving_agency,
        holder_function=Function.DESK_OFFICER,
        rules=event.rules,
        answer_due_at=None,
    )


def _refused(state: State, _: e.RefusedAtIntake, at: datetime) -> State:
    return _close(state, Status.REFUSED_AT_INTAKE, at)


def _handed_over(state: State, event: e.HandedOver, at: datetime) -> State:
    return replace(
        state,
        status=Status.PROCESSING,
        last_at=at,
        step=event.to_step,
        holder_agency=event.to_agency,
        holder_function=event.function,
        holder_staff=event.to_staff,
        step_entered_at=at,
        step_due_at=event.step_due_at,
        steps_done=state.steps_done + (event.from_step is not None),
    )


def _sent_back(state: State, event: e.SentBack, at: datetime) -> State:
    return replace(
        state,
        last_at=at,
        step=AT_DESK_AGAIN,
        pending=event.result,
        holder_agency=event.to_agency,
        holder_function=Function.DESK_OFFICER,
        holder_staff=None,
        step_entered_at=at,
        step_due_at=None,
        steps_done=state.steps_done + 1,
    )


def _assigned(state: State, event: e.Assigned, at: datetime) -> State:
    return replace(state, last_at=at, holder_staff=event.staff)


_PAUSED = {
    Pause.SUPPLEMENT: Status.SUPPLEMENT_REQUESTED,
    Pause.PAYMENT: Status.PAYMENT_REQUESTED,
    Pause.SUSPENSION: Status.SUSPENDED,
}


def _paused(state: State, event: e.Paused, at: datetime) -> State:
    supplement = event.kind == Pause.SUPPLEMENT
    return replace(
        state,
        status=_PAUSED[event.kind],
        last_at=at,
        paused_at=at,
        pause_kind=event.kind,
        paused_from=state.status,
        supplements=state.supplements + supplement,
        supplements_at_desk=state.supplements_at_desk + (supplement and state.status != Status.PROCESSING),
        payment_due=event.amount if event.kind == Pause.PAYMENT else None,
        answer_due_at=None,
    )


def _resumed(state: State, event: e.Resumed, at: datetime) -> State:
    intake = replace(state.intake, components=event.components) if event.components else state.intake
    resumed = replace(
        state,
        intake=intake,
        status=state.paused_from or Status.PROCESSING,
        last_at=at,
        paused_at=None,
        pause_kind=None,
        paused_from=None,
        payment_due=None,
    )
    if state.received_at is None:
        return resumed
    return replace(
        resumed,
        counted_from=at if event.restarted else state.counted_from,
        waits=() if event.restarted else (*state.waits, Wait(state.paused_at or at, at)),
        appointment=replace(event.appointment, trace=None),
        due_at_original=event.original_due_at,
        due_at_current=event.appointment.due_at,
        step_due_at=event.step_due_at,
    )


def _appointed_again(state: State, event: e.AppointedAgain, at: datetime) -> State:
    return replace(state, last_at=at, due_at_current=event.due_at, letters=state.letters + 1)


def _recounted(state: State, event: e.Recounted, at: datetime) -> State:
    return replace(
        state,
        last_at=at,
        appointment=replace(event.appointment, trace=None),
        due_at_original=event.original_due_at,
        due_at_current=event.appointment.due_at,
        step_due_at=event.step_due_at,
    )


def _finished(state: State, event: e.Finished, at: datetime) -> State:
    return replace(
        state,
        status=Status.RESOLVED,
        last_at=at,
        ready_at=at,
        result=event.result,
        timeliness=event.timeliness,
        timeliness_current=event.timeliness_current,
        holder_agency=state.intake.receiving_agency,
        holder_function=Function.DESK_OFFICER,
        holder_staff=None,
        step=None,
        pending=None,
        step_entered_at=None,
        step_due_at=None,
        steps_done=state.steps_done + (event.from_step is not None),
    )


def _returned(state: State, _: e.Returned, at: datetime) -> State:
    return _close(state, Status.RETURNED, at)


def _withdrawn(state: State, _: e.Withdrawn, at: datetime) -> State:
    return _close(state, Status.WITHDRAWN, at)


def _stopped(state: State, _: e.Stopped, at: datetime) -> State:
    return _close(state, Status.STOPPED, at)


def _close(state: State, status: Status, at: datetime) -> State:
    """End the dossier: nobody holds it and nothing is waited for."""
    return replace(
        state,
        status=status,
        last_at=at,
        closed_at=at,
        step=None,
        pending=None,
        answer_due_at=None,
        payment_due=None,
        consultations=None,
        holder_agency=None,
        holder_function=None,
        holder_staff=None,
        step_entered_at=None,
        step_due_at=None,
        paused_at=None,
        pause_kind=None,
        paused_from=None,
    )


def _paid(state: State, event: e.Paid, at: datetime) -> State:
    due = state.payment_due
    left = None if due is None else max(due - event.amount, 0)
    return replace(state, last_at=at, paid=(state.paid or 0) + event.amount, payment_due=left)


def _consulted(state: State, event: e.Consulted, at: datetime) -> State:
    asked = Consultation(event.number, event.answer_due_at, event.agency)
    return replace(
        state, last_at=at, consultations=(*(state.consultations or ()), asked), consulted=(state.consulted or 0) + 1
    )


def _answered(state: State, event: e.ConsultationAnswered, at: datetime) -> State:
    left = tuple(each for each in state.consultations or () if each.number != event.number)
    return replace(state, last_at=at, consultations=left or None)


def _digitised(state: State, event: e.Digitised, at: datetime) -> State:
    intake = replace(state.intake, components=event.components) if event.components else state.intake
    return replace(state, intake=intake, last_at=at)


def _error_corrected(state: State, _: e.ErrorCorrected, at: datetime) -> State:
    return replace(state, last_at=at, errors=(state.errors or 0) + 1)


def _relocated(state: State, event: e.Relocated, at: datetime) -> State:
    def now(agency: int) -> int:
        return event.to_agency if agency == event.from_agency else agency

    came = state.intake
    intake = replace(came, receiving_agency=now(came.receiving_agency), competent_agency=now(came.competent_agency))
    held = None if state.holder_agency is None else now(state.holder_agency)
    return replace(state, intake=intake, holder_agency=held, last_at=at)


def _happened(state: State, _: e.Event, at: datetime) -> State:
    """Something that the log keeps and the state does not."""
    return replace(state, last_at=at)


def _corrected(state: State, event: e.Corrected, at: datetime) -> State:
    intake = replace(
        state.intake,
        owner=event.owner or state.intake.owner,
        submitter=event.submitter or state.intake.submitter,
        request=event.request or state.intake.request,
    )
    return replace(state, intake=intake, last_at=at)


def _noted(state: State, _: e.Noted, at: datetime) -> State:
    return replace(state, last_at=at, steps_done=state.steps_done + 1)


def _erased(state: State, event: e.Erased, at: datetime) -> State:
    if event.parts:  # somebody's own record in another person's dossier, which stands
        return replace(state, last_at=at)
    return replace(state, last_at=at, erased_at=at, erased_by=event.order)


_FOLDS: dict[type, Callable[[Any, Any, datetime], State]] = {
    e.Registered: _registered,
    e.Received: _received,
    e.Accepted: _accepted,
    e.RefusedAtIntake: _refused,
    e.HandedOver: _handed_over,
    e.SentBack: _sent_back,
    e.Assigned: _assigned,
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.AppointedAgain: _appointed_again,
    e.Recounted: _recounted,
    e.Finished: _finished,
    e.Returned: _returned,
    e.Paid: _paid,
    e.Consulted: _consulted,
    e.ConsultationAnswered: _answered,
    e.Signed: _happened,
    e.Digitised: _digitised,
    e.Annotated: _happened,
    e.ErrorCorrected: _error_corrected,
    e.Relocated: _relocated,
    e.AttemptRefused: _happened,
    e.Withdrawn: _withdrawn,
    e.Stopped: _stopped,
    e.Corrected: _corrected,
    e.Noted: _noted,
    e.Erased: _erased,
}
