"""What can have happened to a dossier: event types with their versions.

Events carry what was decided (due times, trace, versions of calendar and process), so folding them computes no
dates, and a replay years later comes out equal. They hold no personal data: only `Ref`s.
A field may be added as optional; any other change is a new VERSION with an upcaster in `upcast.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from motcua.law.dossier.vocabulary import Channel, Component, PaidBy, Pause, Ref, Result, ReturnMethod, SignedBy
from motcua.law.process import Function, OutcomeAct
from motcua.law.timeliness import Timeliness

_Json = Any


@dataclass(frozen=True, slots=True)
class Intake:
    """What came over the counter, common to every way in.

    `filer` is the agency whose system handed it in for the applicant (the national portal), if one did.
    """

    code: str
    channel: Channel
    receiving_agency: int
    competent_agency: int
    procedure: str
    procedure_version: int
    owner: Ref
    components: tuple[Component, ...] = ()
    sets: int = 1
    fee: int = 0
    return_method: ReturnMethod = ReturnMethod.DESK
    submitter: Ref | None = None
    request: Ref | None = None
    form: Ref | None = None
    filer: int | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A promised time and how it was reached; `due_at` is None for a procedure without a limit."""

    due_at: datetime | None = None
    limit: str | None = None
    convention: str | None = None
    calendar: str | None = None
    trace: _Json = None
    provisional: bool = False
    in_hours: bool = False
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """Filed online or by post, not yet checked (status 1); no clock runs."""

    TYPE: ClassVar[str] = "registered"
    VERSION: ClassVar[int] = 1
    intake: Intake
    answer_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Complete and accepted over the counter (status 2): the receipt is this event on paper (Art. 17.1).

    `rules` is the id of the composition of legal layers that the dossier keeps.
    """

    TYPE: ClassVar[str] = "received"
    VERSION: ClassVar[int] = 1
    intake: Intake
    appointment: Appointment
    process: str
    process_version: int
    rules: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A registered dossier found complete (status 2): the clock starts now (Decree 118/2025, Art. 17)."""

    TYPE: ClassVar[str] = "accepted"
    VERSION: ClassVar[int] = 1
    appointment: Appointment
    process: str
    process_version: int
    rules: str | None = None
    answered_late: bool | None = None


@dataclass(frozen=True, slots=True)
class RefusedAtIntake:
    """Not accepted, with the reason on the refusal form (status 3)."""

    TYPE: ClassVar[str] = "refused_at_intake"
    VERSION: ClassVar[int] = 1
    reason: Ref
    answered_late: bool | None = None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """From the desk or a step to the next step (status 4): one line of the control slip."""

    TYPE: ClassVar[str] = "handed_over"
    VERSION: ClassVar[int] = 1
    to_step: str
    to_agency: int
    function: Function
    step_due_at: datetime | None = None
    from_step: str | None = None
    outcome: str | None = None
    step_timeliness: Timeliness | None = None
    to_staff: int | None = None
    note: Ref | None = None
    document: Ref | None = None
    act: OutcomeAct | None = None


@dataclass(frozen=True, slots=True)
class SentBack:
    """The result is on its way from the competent agency to the desk that received the dossier (Art. 18, 20)."""

    TYPE: ClassVar[str] = "sent_back"
    VERSION: ClassVar[int] = 1
    to_agency: int
    result: Result
    from_step: str
    outcome: str
    step_timeliness: Timeliness | None = None
    document: Ref | None = None
    note: Ref | None = None
    act: OutcomeAct | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The step was given to, or taken by, one person (Art. 19.1)."""

    TYPE: ClassVar[str] = "assigned"
    VERSION: ClassVar[int] = 1
    staff: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The applicant is waited for, papers (status 5) or a payment (status 6); or the law lets the clock stand (11).

    `after_deadline`: papers were asked for after appraisal later than Art. 19.4 allows.
    """

    TYPE: ClassVar[str] = "paused"
    VERSION: ClassVar[int] = 1
    kind: Pause
    reason: Ref
    amount: int | None = None
    legal_ground: str | None = None
    after_deadline: bool | None = None
    answered_late: bool | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """The papers or the payment came; the new due time is in the event."""

    TYPE: ClassVar[str] = "resumed"
    VERSION: ClassVar[int] = 1
    kind: Pause
    appointment: Appointment
    original_due_at: datetime | None = None
    step_due_at: datetime | None = None
    restarted: bool = False
    components: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class AppointedAgain:
    """Apology and new appointment, at most once (Art. 19.9); the original due time stays for the measure."""

    TYPE: ClassVar[str] = "appointed_again"
    VERSION: ClassVar[int] = 1
    due_at: datetime
    reason: Ref
    letter: int
    after_deadline: bool = False


@dataclass(frozen=True, slots=True)
class Recounted:
    """An official change of the calendar applied by a leader; never earlier than promised."""

    TYPE: ClassVar[str] = "recounted"
    VERSION: ClassVar[int] = 1
    appointment: Appointment
    original_due_at: datetime
    step_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The result, or the refusal after appraisal, is ready at the desk (status 9): timeliness is fixed here."""

    TYPE: ClassVar[str] = "finished"
    VERSION: ClassVar[int] = 1
    result: Result
    from_step: str | None = None
    outcome: str | None = None
    step_timeliness: Timeliness | None = None
    timeliness: Timeliness | None = None
    timeliness_current: Timeliness | None = None
    document: Ref | None = None
    note: Ref | None = None
    act: OutcomeAct | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """The applicant has the result (status 10)."""

    TYPE: ClassVar[str] = "returned"
    VERSION: ClassVar[int] = 1
    method: ReturnMethod
    fee_paid: int = 0
    note: Ref | None = None
    consignment: str | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """The applicant paid; `receipt` is the number of the money receipt."""

    TYPE: ClassVar[str] = "paid"
    VERSION: ClassVar[int] = 1
    amount: int
    method: PaidBy
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Consulted:
    """Another body was asked for its opinion (Art. 19.5); the clock goes on."""

    TYPE: ClassVar[str] = "consulted"
    VERSION: ClassVar[int] = 1
    number: int
    question: Ref
    answer_due_at: datetime
    agency: int | None = None
    body: Ref | None = None


@dataclass(frozen=True, slots=True)
class ConsultationAnswered:
    """The body that was asked has answered."""

    TYPE: ClassVar[str] = "consultation_answered"
    VERSION: ClassVar[int] = 1
    number: int
    answer: Ref
    timeliness: Timeliness
    document: Ref | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A paper of the dossier was signed or sealed; the reference's commitment binds the signed file."""

    TYPE: ClassVar[str] = "signed"
    VERSION: ClassVar[int] = 1
    document: Ref
    by: SignedBy


@dataclass(frozen=True, slots=True)
class Digitised:
    """Papers of the dossier, or its result, were scanned; `components` is the whole list as it now
    stands, `document` the scanned result.
    """

    TYPE: ClassVar[str] = "digitised"
    VERSION: ClassVar[int] = 1
    components: tuple[Component, ...] = ()
    document: Ref | None = None


@dataclass(frozen=True, slots=True)
class Annotated:
    """A remark of somebody who works on the dossier."""

    TYPE: ClassVar[str] = "annotated"
    VERSION: ClassVar[int] = 1
    note: Ref


@dataclass(frozen=True, slots=True)
class ErrorCorrected:
    """The agency corrected its own error in the result (Art. 21); `returned`: the applicant had it already."""

    TYPE: ClassVar[str] = "error_corrected"
    VERSION: ClassVar[int] = 1
    reason: Ref
    returned: bool
    document: Ref | None = None


@dataclass(frozen=True, slots=True)
class Relocated:
    """The dossier went from an agency to the one that took its place.

    `receiving_agency` and `competent_agency` are those before: what happened earlier is theirs for ever.
    """

    TYPE: ClassVar[str] = "relocated"
    VERSION: ClassVar[int] = 1
    from_agency: int
    to_agency: int
    order: str
    receiving_agency: int
    competent_agency: int


@dataclass(frozen=True, slots=True)
class AttemptRefused:
    """Somebody tried what the law forbids and the log keeps: a second new appointment (Art. 19.9). Nothing changed."""

    TYPE: ClassVar[str] = "attempt_refused"
    VERSION: ClassVar[int] = 1
    command: str
    code: str
    article: str
    reason: Ref | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Taken back by the applicant (status 7); outside the measure of timeliness."""

    TYPE: ClassVar[str] = "withdrawn"
    VERSION: ClassVar[int] = 1
    reason: Ref | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """Ended by the agency for a reason in law (status 8); final."""

    TYPE: ClassVar[str] = "stopped"
    VERSION: ClassVar[int] = 1
    reason: Ref


@dataclass(frozen=True, slots=True)
class Corrected:
    """A record typed wrongly was replaced by another; the old one stays in the log as what stood there."""

    TYPE: ClassVar[str] = "corrected"
    VERSION: ClassVar[int] = 1
    owner: Ref | None = None
    submitter: Ref | None = None
    request: Ref | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """An activity of a log kept elsewhere: its name, the unit and the pseudonym of who did it."""

    TYPE: ClassVar[str] = "noted"
    VERSION: ClassVar[int] = 1
    activity: str
    unit: str | None = None
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What is held about people was erased by an order; the chain stays, since it never held more than commitments.

    `parts` names the records that went; empty: all of the dossier's. `early` says that the time of keeping was not
    over, `again` that an older backup had brought the data back.
    """

    TYPE: ClassVar[str] = "erased"
    VERSION: ClassVar[int] = 1
    order: str
    parts: tuple[Ref, ...] = ()
    early: bool = False
    again: bool = False


Event = (
    Registered
    | Received
    | Accepted
    | RefusedAtIntake
    | HandedOver
    | SentBack
    | Assigned
    | Paused
    | Resumed
    | AppointedAgain
    | Recounted
    | Finished
    | Returned
    | Paid
    | Consulted
    | ConsultationAnswered
    | Signed
    | Digitised
    | Annotated
    | ErrorCorrected
    | Relocated
    | AttemptRefused
    | Withdrawn
    | Stopped
    | Corrected
    | Noted
    | Erased
)
EVENT_TYPES: tuple[type[Event], ...] = Event.__args__
BY_TYPE: dict[str, type[Event]] = {kind.TYPE: kind for kind in EVENT_TYPES}
