"""What people ask of a dossier, and the circumstances in which the law decides about it."""

from dataclasses import dataclass, field
from datetime import datetime

from motcua.law.bases import Rules
from motcua.law.dossier.events import Intake
from motcua.law.dossier.vocabulary import Component, Ground, PaidBy, Pause, Ref, Result, ReturnMethod, SignedBy
from motcua.law.process import Function, Process
from motcua.law.worktime import Convention, TimeLimit, WorkCalendar


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a member of staff with the functions held at an agency, or, without staff, the system itself.

    `stands_for` are agencies whose place the agency has taken: what was theirs to do is its own.
    """

    agency: int | None = None
    staff: int | None = None
    functions: frozenset[Function] = frozenset()
    stands_for: frozenset[int] = frozenset()

    def is_of(self, agency: int | None) -> bool:
        """Whether the work of that agency is the actor's own."""
        return agency is not None and (agency == self.agency or agency in self.stands_for)

    @property
    def is_system(self) -> bool:
        """An import or another act without a person; it may do what any function may."""
        return self.staff is None


@dataclass(frozen=True, slots=True)
class Claim:
    """An earlier moment than the recording's, and the ground on which it counts."""

    happened_at: datetime
    ground: Ground


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a decision may look at besides state and command.

    `recorded_at` is the database's moment (aware). `calendar` is the competent agency's, which counts the limit;
    `former_calendar` is the version the dossier was counted by, needed for Recount only. `rules` are those in force
    for a dossier that begins or is accepted, afterwards those it was received under.
    """

    recorded_at: datetime
    calendar: WorkCalendar
    actor: Actor
    process: Process | None = None
    process_version: int = 0
    rules: Rules = field(default_factory=Rules)
    claim: Claim | None = None
    former_calendar: WorkCalendar | None = None

    @property
    def at(self) -> datetime:
        """The moment the law reads: the recorded one, unless a ground names an earlier one."""
        return self.claim.happened_at if self.claim else self.recorded_at


@dataclass(frozen=True, slots=True)
class Register:
    """File online or by post; the desk still has to check it."""

    intake: Intake


@dataclass(frozen=True, slots=True)
class Receive:
    """Accept a complete dossier at the counter; with `transfer` it goes to the first step at once (Art. 18)."""

    intake: Intake
    limit: TimeLimit | None
    convention: Convention | None = None
    transfer: bool = True
    given_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """Find a registered dossier complete."""

    limit: TimeLimit | None
    convention: Convention | None = None
    transfer: bool = True


@dataclass(frozen=True, slots=True)
class RefuseIntake:
    """Refuse a registered dossier, with the reason on the form."""

    reason: Ref


@dataclass(frozen=True, slots=True)
class Transfer:
    """Send an accepted dossier from the desk to the first step of its process."""

    note: Ref | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Leave the current step by one of its outcomes; the last outcome makes the result ready at the desk."""

    outcome: str
    to_staff: int | None = None
    note: Ref | None = None
    document: Ref | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the current step to one person, or take it oneself."""

    staff: int


@dataclass(frozen=True, slots=True)
class Approve:
    """Leave a leader's step by the outcome that lets the result go out."""

    to_staff: int | None = None
    note: Ref | None = None
    document: Ref | None = None


@dataclass(frozen=True, slots=True)
class RefuseResult:
    """Leave the current step by the outcome that refuses after appraisal, with the reason (Art. 19.8)."""

    reason: Ref
    document: Ref | None = None


@dataclass(frozen=True, slots=True)
class MakeReady:
    """The result has come back to the desk that received the dossier, and can be fetched there."""

    note: Ref | None = None


@dataclass(frozen=True, slots=True)
class PauseFor:
    """Ask the applicant for papers or for a payment; the clock stands.

    `legal_ground` names the provision that allows to ask for papers a second time.
    """

    kind: Pause
    reason: Ref
    amount: int | None = None
    legal_ground: str | None = None


@dataclass(frozen=True, slots=True)
class Suspend:
    """Let the clock stand for a reason in law that is not the applicant's; `legal_ground` names the provision."""

    reason: Ref
    legal_ground: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on: the applicant has brought what was asked for.

    `components` is the whole list as it now stands; empty when it has not changed.
    """

    components: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class Pay:
    """Money that the applicant has paid, with the number of its receipt; what was asked for in full ends the wait."""

    amount: int
    method: PaidBy
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Consult:
    """Ask another body for its opinion (Art. 19.5); `agency` if it works here, else `body` names it.

    The clock goes on.
    """

    question: Ref
    answer_due_at: datetime
    agency: int | None = None
    body: Ref | None = None


@dataclass(frozen=True, slots=True)
class AnswerConsultation:
    """The answer to a consultation, by its number in the dossier."""

    number: int
    answer: Ref
    document: Ref | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """A paper of the dossier was signed by a person or sealed by the agency; `document` is the signed file."""

    document: Ref
    by: SignedBy


@dataclass(frozen=True, slots=True)
class Digitise:
    """Papers that were scanned after the intake, each with its file, or the result that was scanned."""

    components: tuple[Component, ...] = ()
    result: Ref | None = None


@dataclass(frozen=True, slots=True)
class Annotate:
    """A remark for those who work on the dossier."""

    note: Ref


@dataclass(frozen=True, slots=True)
class CorrectError:
    """The agency corrects its own error in the result, with its apology (Art. 21)."""

    reason: Ref
    document: Ref | None = None


@dataclass(frozen=True, slots=True)
class Relocate:
    """Move the dossier to the agency that took another's place, by the order that says so."""

    from_agency: int
    to_agency: int
    order: str


@dataclass(frozen=True, slots=True)
class AppointAgain:
    """Apologise and appoint again, once (Art. 19.9)."""

    due_at: datetime
    reason: Ref


@dataclass(frozen=True, slots=True)
class Recount:
    """Apply an official change of the calendar to this open dossier; the context's calendar is the new one."""


@dataclass(frozen=True, slots=True)
class Return:
    """Give the result to the applicant; `consignment` is the post's number for it."""

    method: ReturnMethod
    fee_paid: int = 0
    note: Ref | None = None
    consignment: str | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The applicant takes the dossier back."""

    reason: Ref | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """End the dossier for a reason in law; final."""

    reason: Ref


@dataclass(frozen=True, slots=True)
class Correct:
    """Replace a record that was typed wrongly."""

    owner: Ref | None = None
    submitter: Ref | None = None
    request: Ref | None = None


@dataclass(frozen=True, slots=True)
class NoteActivity:
    """Keep an activity of a log kept elsewhere, whose process is not ours to check."""

    activity: str
    unit: str | None = None
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class FinishImported:
    """Make the result ready outside any process step; only for a log kept elsewhere."""

    result: Result = Result.GRANTED


@dataclass(frozen=True, slots=True)
class Erase:
    """Erase what is held about people, by an order's number; the log keeps that it was done.

    With `parts` only these records. `early`: before the time of keeping is over. `again`: an older backup had brought
    back what an order erased, in whatever state the dossier now is.
    """

    order: str
    parts: tuple[Ref, ...] = ()
    early: bool = False
    again: bool = False


Command = (
    Register
    | Receive
    | Accept
    | RefuseIntake
    | Transfer
    | HandOver
    | Approve
    | RefuseResult
    | MakeReady
    | Assign
    | PauseFor
    | Suspend
    | Resume
    | Pay
    | Consult
    | AnswerConsultation
    | Sign
    | Digitise
    | Annotate
    | CorrectError
    | Relocate
    | AppointAgain
    | Recount
    | Return
    | Withdraw
    | Stop
    | Correct
    | NoteActivity
    | FinishImported
    | Erase
)
