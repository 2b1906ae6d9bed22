"""Everything that an officer can do to a dossier: one address for each command of the law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from motcua.agencies.access import Reader
from motcua.api.applicants import Person
from motcua.api.dossiers import router as listed
from motcua.api.fields import (
    Handle,
    Line,
    Moment,
    Money,
    Reason,
    Sent,
    Seq,
    StaffId,
    Text,
    Told,
    answers,
)
from motcua.api.gate import Bearer, Request
from motcua.api.problems import at, invalid
from motcua.api.repeats import Key, once, unseen_is_absent
from motcua.dossiers import assigning, commands
from motcua.dossiers import queries as dossiers
from motcua.dossiers.recounting import recount_open
from motcua.exchange.scopes import Scope
from motcua.law.dossier.vocabulary import Channel, Component, Pause, Ref, ReturnMethod

router = Router(auth=Bearer(Scope.DOSSIERS_WRITE), tags=["acts"])
_SALT = "motcua.api.file"
_DAY = 24 * 3600
Counted = Annotated[int, Field(ge=0, le=99)]


class Done(Told):
    """What an act came to: the dossier and its number of events; `token` opens the tracking page of a new one."""

    dossier: UUID
    code: str
    seq: int
    token: str | None = None
    repeated: bool = False


class PaperIn(Sent):
    """One paper handed in, by its number in the procedure's list; `file` is what POST /files gave."""

    number: Annotated[int, Field(ge=1, le=999)]
    originals: Counted = 0
    certified: Counted = 0
    copies: Counted = 0
    file: Handle | None = None


Papers = Annotated[list[PaperIn], Field(max_length=100)]


class Filed(Sent):
    """What is handed in: procedure, persons, papers."""

    procedure: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z.]+$")]
    owner: Person
    submitter: Person | None = None
    components: Papers = []
    sets: Annotated[int, Field(ge=1, le=99)] = 1
    fee: Money = 0
    return_method: ReturnMethod = ReturnMethod.DESK
    request: Text = ""

    def new_dossier(self, request: Request, channel: Channel, *, transfer: bool = True) -> commands.NewDossier:
        """The dossier that this describes; raises a problem for what a desk would not take."""
        return commands.NewDossier(
            procedure=self.procedure,
            owner=self.owner.data("/owner"),
            submitter=self.submitter.data("/submitter") if self.submitter else None,
            channel=channel,
            components=papers(request, self.components),
            sets=self.sets,
            fee=self.fee,
            return_method=self.return_method,
            request=self.request,
            transfer=transfer,
        )


class Received(Filed):
    """A complete dossier at the counter; `transfer` sends it to the first step at once."""

    channel: Channel = Channel.DIRECT
    transfer: bool = True


class Registered(Filed):
    """A dossier that is not accepted yet: `supplement` asks for what is missing, `refusal` says why not."""

    channel: Channel = Channel.POST
    supplement: Text = ""
    refusal: Text = ""


class Act(Sent):
    """What every act may carry: how many events its giver had seen; if more have happened since, it is refused."""

    seen_seq: Seq | None = None


class WithNote(Act):
    """An act with a note."""

    note: Text = ""


class WithReason(Act):
    """An act that needs its reason."""

    reason: Reason


class Accepting(Act):
    """`transfer` sends it to the first step at once."""

    transfer: bool = True


class Assigning(Act):
    """The post that gets the step."""

    staff: StaffId


class HandingOver(WithNote):
    """The outcome of the step, who does the next one, and the signed result; `document` is what POST /files gave."""

    outcome: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[0-9A-Za-z_.@-]+$")]
    to_staff: StaffId | None = None
    document: Handle | None = None


class AskingForPapers(Act):
    """Everything that is missing, asked for once; a second time only with the provision that allows it."""

    items: Annotated[list[Annotated[Line, Field(min_length=1)]], Field(min_length=1, max_length=50)]
    reason: Text = ""
    legal_ground: Line = ""


class AskingForPayment(WithReason):
    """What the applicant owes before the work goes on, in đồng."""

    amount: Annotated[int, Field(ge=1, le=1_000_000_000_000)]


class Resuming(Act):
    """`components` is the whole list as it now stands; empty when it has not changed."""

    components: Papers = []


class AppointingAgain(WithReason):
    """The new time, within working hours."""

    due_at: Moment


class Returning(WithNote):
    """How the result was given, and what was paid."""

    method: ReturnMethod
    fee_paid: Money = 0
    consignment: Line = ""


class Withdrawing(Act):
    """The applicant's reason is welcome, not needed."""

    reason: Text = ""


class Correcting(Act):
    """The owner's data typed anew."""

    owner: Person


class Recounted(Told):
    """How many due times moved and how many stayed."""

    moved: int
    unchanged: int
    refused: int
    repeated: bool = False


_GIVEN = answers(Done, 404, 409)


# On the router of the lists: an address belongs to one router, whatever its methods.
@listed.post("/dossiers", response=answers(Done, 409, success=201), auth=Bearer(Scope.DOSSIERS_WRITE), tags=["acts"])
def receive(request: Request, key: Key, data: Received) -> Status[Any]:
    """Accept a complete dossier at the post's own desk: it gets its number and its appointment (Art. 17.1)."""
    new = data.new_dossier(request, data.channel, transfer=data.transfer)
    return once(request, key, lambda id_: told(commands.receive(request.auth.reader, new, command_id=id_)), status=201)


@router.post("/registrations", response=answers(Done, 409, success=201))
def register(request: Request, key: Key, data: Registered) -> Status[Any]:
    """Keep a dossier that was handed in but not accepted, and what the desk answered. No clock runs."""
    new = data.new_dossier(request, data.channel)

    def work(id_: UUID) -> dict[str, Any]:
        reader = request.auth.reader
        answer = commands.register(reader, new, command_id=id_, supplement=data.supplement, refusal=data.refusal)
        return told(answer)

    return once(request, key, work, status=201)


@router.post("/dossiers/{dossier_id}/accept", response=_GIVEN)
def accept(request: Request, dossier_id: UUID, key: Key, data: Accepting) -> Status[Any]:
    """Find a registered dossier complete: its limit is counted from now (Art. 17.1)."""
    return give(request, dossier_id, key, data, commands.accept, transfer=data.transfer)


@router.post("/dossiers/{dossier_id}/refuse", response=_GIVEN)
def refuse(request: Request, dossier_id: UUID, key: Key, data: WithReason) -> Status[Any]:
    """Do not accept a registered dossier (Art. 17.1)."""
    return give(request, dossier_id, key, data, commands.refuse_intake, reason=data.reason)


@router.post("/dossiers/{dossier_id}/transfer", response=_GIVEN)
def transfer(request: Request, dossier_id: UUID, key: Key, data: WithNote) -> Status[Any]:
    """Send an accepted dossier to the first step (Art. 18)."""
    return give(request, dossier_id, key, data, commands.transfer, note=data.note)


@router.post("/dossiers/{dossier_id}/take", response=_GIVEN)
def take(request: Request, dossier_id: UUID, key: Key, data: Act) -> Status[Any]:
    """Take the present step for the client's own post."""
    return give(request, dossier_id, key, data, commands.assign, staff=request.auth.reader.staff_id)


@router.post("/dossiers/{dossier_id}/assign", response=_GIVEN)
def assign(request: Request, dossier_id: UUID, key: Key, data: Assigning) -> Status[Any]:
    """Give the present step to one colleague (Art. 19.1)."""
    _check_colleague(request, dossier_id, data.staff, "/staff")
    return give(request, dossier_id, key, data, commands.assign, staff=data.staff)


@router.post("/dossiers/{dossier_id}/hand-over", response=_GIVEN)
def hand_over(request: Request, dossier_id: UUID, key: Key, data: HandingOver) -> Status[Any]:
    """Leave the present step by an outcome; the last one makes the result ready at the desk (Art. 19)."""
    if data.to_staff is not None:
        _check_colleague(request, dossier_id, data.to_staff, "/to_staff", data.outcome)
    document = opened(request, data.document, "/document") if data.document else None
    values = {"note": data.note, "to_staff": data.to_staff, "document": document}
    return give(request, dossier_id, key, data, commands.hand_over, outcome=data.outcome, **values)


@router.post("/dossiers/{dossier_id}/request-papers", response=_GIVEN)
def request_papers(request: Request, dossier_id: UUID, key: Key, data: AskingForPapers) -> Status[Any]:
    """Ask the applicant for papers; the clock stands (Art. 17.1, 19.4)."""
    text = "\n".join([*(f"- {item.strip(' -–')}" for item in data.items), data.reason]).strip()
    values = {"reason": text, "legal_ground": data.legal_ground}
    return give(request, dossier_id, key, data, commands.pause, kind=Pause.SUPPLEMENT, **values)


@router.post("/dossiers/{dossier_id}/request-payment", response=_GIVEN)
def request_payment(request: Request, dossier_id: UUID, key: Key, data: AskingForPayment) -> Status[Any]:
    """Ask the applicant for a payment; the clock stands (Art. 19.4)."""
    values = {"reason": data.reason, "amount": data.amount}
    return give(request, dossier_id, key, data, commands.pause, kind=Pause.PAYMENT, **values)


@router.post("/dossiers/{dossier_id}/resume", response=_GIVEN)
def resume(request: Request, dossier_id: UUID, key: Key, data: Resuming) -> Status[Any]:
    """Go on after the applicant brought what was asked for."""
    components = papers(request, data.components)
    return give(request, dossier_id, key, data, commands.resume, components=components)


@router.post("/dossiers/{dossier_id}/apologise", response=_GIVEN)
def apologise(request: Request, dossier_id: UUID, key: Key, data: AppointingAgain) -> Status[Any]:
    """Apologise and appoint again, once (Art. 19.9)."""
    return give(request, dossier_id, key, data, commands.appoint_again, due_at=data.due_at, reason=data.reason)


@router.post("/dossiers/{dossier_id}/recount", response=_GIVEN)
def recount(request: Request, dossier_id: UUID, key: Key, data: Act) -> Status[Any]:
    """Apply the agency's newest calendar to an open dossier; never an earlier day than promised."""
    return give(request, dossier_id, key, data, commands.recount)


@router.post("/dossiers/{dossier_id}/return", response=_GIVEN)
def return_result(request: Request, dossier_id: UUID, key: Key, data: Returning) -> Status[Any]:
    """Give the result to the applicant (Art. 20)."""
    values = {"method": data.method, "fee_paid": data.fee_paid, "note": data.note, "consignment": data.consignment}
    return give(request, dossier_id, key, data, commands.return_result, **values)


@router.post("/dossiers/{dossier_id}/withdraw", response=_GIVEN)
def withdraw(request: Request, dossier_id: UUID, key: Key, data: Withdrawing) -> Status[Any]:
    """The applicant takes the dossier back."""
    return give(request, dossier_id, key, data, commands.withdraw, reason=data.reason)


@router.post("/dossiers/{dossier_id}/stop", response=_GIVEN)
def stop(request: Request, dossier_id: UUID, key: Key, data: WithReason) -> Status[Any]:
    """End the dossier for a reason in law; final."""
    return give(request, dossier_id, key, data, commands.stop, reason=data.reason)


@router.post("/dossiers/{dossier_id}/correct-owner", response=_GIVEN)
def correct_owner(request: Request, dossier_id: UUID, key: Key, data: Correcting) -> Status[Any]:
    """Replace the owner's data that were typed wrongly (Art. 21)."""
    return give(request, dossier_id, key, data, commands.correct_owner, owner=data.owner.data("/owner"))


@router.post("/recounts", response=answers(Recounted, 409))
def recount_all(request: Request, key: Key) -> Status[Any]:
    """Apply the agency's newest calendar to its open dossiers, up to 100 at once: a leader's act for each of them."""

    def work(_id: UUID) -> dict[str, Any]:
        done = recount_open(request.auth.reader, limit=100)
        return {"moved": done.moved, "unchanged": done.unchanged, "refused": len(done.refused)}

    return once(request, key, work)


def give(
    request: Request, dossier_id: UUID, key: UUID, data: Act, command: Callable[..., commands.Answer], **values: Any
) -> Status[Any]:
    """Give a command once. Who may not even know of the dossier gets 404, as for one that is not there."""
    reader = request.auth.reader

    def work(id_: UUID) -> dict[str, Any]:
        return told(command(reader, dossier_id, command_id=id_, seen_seq=data.seen_seq, **values))

    with unseen_is_absent(reader, dossier_id):
        return once(request, key, work)


def told(answer: commands.Answer) -> dict[str, Any]:
    """A command's answer as it goes out and is kept."""
    return {
        "dossier": str(answer.dossier_id),
        "code": answer.code,
        "seq": answer.seq,
        "token": answer.token or None,
        "repeated": answer.repeated,
    }


def _check_colleague(request: Request, dossier_id: UUID, staff: int, pointer: str, outcome: str = "") -> None:
    reader: Reader = request.auth.reader
    detail = dossiers.detail(reader, dossier_id, timezone.now())
    if not any(each.id == staff for each in assigning.able(reader, detail, outcome)):
        raise invalid([at(pointer, _("Người này không làm bước đó. Hãy chọn người khác hoặc để trống."))])


def seal_file(request: Request, ref: Ref) -> str:
    """A kept file as the client carries it until it belongs to a dossier: for a day, and for this client only."""
    return signing.dumps([ref.id, ref.commitment], salt=f"{_SALT}:{request.auth.client_id}")


def opened(request: Request, handle: str, pointer: str) -> Ref:
    """The kept file behind a handle; raises a problem for one that was not given out to this client in a day."""
    try:
        file_id, commitment = signing.loads(handle, salt=f"{_SALT}:{request.auth.client_id}", max_age=_DAY)
    except (signing.BadSignature, ValueError, TypeError):
        raise invalid(
            [at(pointer, _("Tệp này không do hệ thống đưa ra trong một ngày qua. Hãy gửi lại tệp."))]
        ) from None
    return Ref(file_id, commitment)


def papers(request: Request, sent: list[PaperIn]) -> tuple[Component, ...]:
    """The papers as the law knows them; raises a problem for a file that was not given out to this client."""
    return tuple(
        Component(
            item.number,
            item.originals,
            item.certified,
            item.copies,
            opened(request, item.file, f"/components/{place}/file") if item.file else None,
        )
        for place, item in enumerate(sent)
    )
