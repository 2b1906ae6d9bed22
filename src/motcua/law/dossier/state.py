"""What a dossier is now: the fold of its events, kept in its row so that decisions never read the whole log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from motcua.law.dossier.events import Appointment, Intake
from motcua.law.dossier.vocabulary import FINISHED, OPEN, PAUSED, TERMINAL, Pause, Result, Status
from motcua.law.process import Function
from motcua.law.timeliness import Timeliness

# The step of a result that is on its way back to the receiving desk; no process can have a step of that name.
AT_DESK_AGAIN: Final = "@desk"


@dataclass(frozen=True, slots=True)
class Wait:
    """A time in which the clock stood, since the limit began to be counted."""

    paused_at: datetime
    resumed_at: datetime


@dataclass(frozen=True, slots=True)
class Consultation:
    """A body that was asked and has not answered; `agency` is None for one that does not work here."""

    number: int
    answer_due_at: datetime
    agency: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A dossier's state. Moments are aware, in UTC; `last_at` is the moment of the last event as the law reads it.

    A field that came after the first release is None until something sets it, so that old rows stay as they are.
    """

    intake: Intake
    status: Status
    opened_at: datetime
    last_at: datetime
    received_at: datetime | None = None
    counted_from: datetime | None = None
    waits: tuple[Wait, ...] = ()
    appointment: Appointment | None = None
    due_at_original: datetime | None = None
    due_at_current: datetime | None = None
    process: str | None = None
    process_version: int | None = None
    step: str | None = None
    holder_agency: int | None = None
    holder_function: Function | None = None
    holder_staff: int | None = None
    step_entered_at: datetime | None = None
    step_due_at: datetime | None = None
    steps_done: int = 0
    paused_at: datetime | None = None
    pause_kind: Pause | None = None
    paused_from: Status | None = None
    supplements: int = 0
    supplements_at_desk: int = 0
    letters: int = 0
    ready_at: datetime | None = None
    result: Result | None = None
    timeliness: Timeliness | None = None
    timeliness_current: Timeliness | None = None
    closed_at: datetime | None = None
    erased_at: datetime | None = None
    erased_by: str | None = None
    rules: str | None = None
    answer_due_at: datetime | None = None
    pending: Result | None = None
    consultations: tuple[Consultation, ...] | None = None
    consulted: int | None = None
    payment_due: int | None = None
    paid: int | None = None
    errors: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the agency still has something to do before the result is ready."""
        return self.status in OPEN

    @property
    def is_terminal(self) -> bool:
        """Whether nothing but a correction can follow."""
        return self.status in TERMINAL


def broken_invariants(state: State) -> list[str]:
    """Names of the invariants this state breaks; empty for every state that accepted commands can reach."""
    accepted = state.received_at is not None
    rules = {
        "paused_has_moment": (state.status in PAUSED) == (state.paused_at is not None),
        "paused_has_kind": (state.paused_at is None) == (state.pause_kind is None) == (state.paused_from is None),
        "dues_come_together": (state.due_at_original is None) == (state.due_at_current is None),
        "promise_never_earlier": state.due_at_original is None
        or state.due_at_current is None
        or state.due_at_current >= state.due_at_original,
        "due_only_when_accepted": state.due_at_current is None or accepted,
        "process_when_accepted": accepted == (state.process is not None) == (state.process_version is not None),
        "step_while_processed": (state.step is not None) == (Status.PROCESSING in (state.status, state.paused_from)),
        "result_on_its_way": (state.step == AT_DESK_AGAIN) == (state.pending is not None),
        "answer_due_while_registered": state.answer_due_at is None or state.received_at is None,
        "payment_due_while_asked": state.payment_due is None or state.pause_kind == Pause.PAYMENT,
        "consulted_are_numbered": all(1 <= each.number <= (state.consulted or 0) for each in state.consultations or ()),
        "step_has_holder": state.step is None
        or (state.holder_agency is not None and state.step_entered_at is not None),
        "ready_when_finished": (state.status in FINISHED) == (state.ready_at is not None) == (state.result is not None),
        "timeliness_when_due": state.ready_at is None
        or (state.timeliness is None) == (state.due_at_original is None) == (state.timeliness_current is None),
        "held_while_alive": state.is_terminal == (state.holder_agency is None) == (state.holder_function is None),
        "closed_when_terminal": state.is_terminal == (state.closed_at is not None),
        "time_goes_forward": state.opened_at <= (state.received_at or state.opened_at) <= state.last_at,
        "erased_by_an_order": (state.erased_at is None) == (state.erased_by is None),
        "one_apology": 0 <= state.letters <= 1,
    }
    return [name for name, holds in rules.items() if not holds]
