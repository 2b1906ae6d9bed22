"""The verbs of a dossier: each checks who asks, locks, decides by law, and records in one transaction.

A repeated command id is answered from the log and records nothing.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid7
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from motcua.agencies.access import Act, NotPermitted, Reader
from motcua.dossiers import intake, projection, record
from motcua.dossiers.circumstances import NoSuchDossier, actor, context_for
from motcua.dossiers.keeping import attached, kept_with, note_of, pair_of, person_of, required_note
from motcua.dossiers.models import Command, Dossier, Event, Ticket
from motcua.dossiers.rules import remember, rules_at
from motcua.dossiers.wording import Refused
from motcua.law.bases import Rules
from motcua.law.dossier import attempt, decide, fold
from motcua.law.dossier import commands as law
from motcua.law.dossier.events import Intake
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Channel, Component, Pause, Ref, Refusal, ReturnMethod
from motcua.persons.identity import ApplicantData

_ATTEMPT = "AttemptRefused"  # the kind of a command whose refusal the log keeps


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to: the dossier, its code, its number of events; `repeated` if it had been done before."""

    dossier_id: UUID
    code: str
    seq: int
    token: str = field(repr=False, default="")
    repeated: bool = False
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class NewDossier:
    """What the desk officer took down. `transfer` sends it to the first step at once."""

    procedure: str
    owner: ApplicantData
    submitter: ApplicantData | None = None
    channel: Channel = Channel.DIRECT
    components: tuple[Component, ...] = ()
    sets: int = 1
    fee: int = 0
    return_method: ReturnMethod = ReturnMethod.DESK
    request: str = ""
    transfer: bool = True


def new_id() -> UUID:
    """A UUIDv7 for a command or a dossier, made by the application."""
    return uuid7.uuid7()


def receive(
    reader: Reader,
    new: NewDossier,
    *,
    command_id: UUID,
    claim: law.Claim | None = None,
    offer: intake.Offer | None = None,
) -> Answer:
    """Accept a complete dossier at the reader's desk, number it and set its appointment (Decree 61/2018, Art. 17).

    `offer` is what the same request has asked for already. Raises NotPermitted, Refused, intake.NotOffered or persons'
    InvalidApplicant; nothing is kept then.
    """
    if offer is None or (offer.procedure, offer.channel) != (new.procedure, new.channel):
        offer = intake.offer(reader, new.procedure, new.channel)
    reader.require(Act.ACT, receiving_agency_id=offer.receiving_agency, competent_agency_id=offer.competent_agency)

    def work() -> Answer:
        came, number = _came_in(reader, new, offer, claim)
        command = law.Receive(came, offer.limit, transfer=new.transfer)
        context = law.Context(
            number.recorded_at,
            offer.calendar,
            actor(reader),
            offer.process,
            offer.process_version,
            _rules_for(number.recorded_at, claim),
            claim,
        )
        return begin(command, context, command_id)

    return _once(command_id, work, kind="Receive")


def register(
    reader: Reader,
    new: NewDossier,
    *,
    command_id: UUID,
    supplement: str = "",
    refusal: str = "",
    claim: law.Claim | None = None,
) -> Answer:
    """Keep a dossier that was handed in but not accepted, and in the same breath what the desk answered (Art. 17.1).

    `supplement` asks for what is missing, all at once; `refusal` says why it is not accepted; with neither it waits at
    the desk to be checked. No clock runs. Raises as `receive` does.
    """
    offer = intake.offer(reader, new.procedure, new.channel)
    reader.require(Act.ACT, receiving_agency_id=offer.receiving_agency, competent_agency_id=offer.competent_agency)

    def work() -> Answer:
        came, number = _came_in(reader, new, offer, claim)
        holding = _rules_for(number.recorded_at, claim)
        context = law.Context(number.recorded_at, offer.calendar, actor(reader), rules=holding, claim=claim)
        answers: list[law.Command] = []
        pair = (offer.receiving_agency, offer.competent_agency)
        if supplement.strip():
            answers.append(law.PauseFor(Pause.SUPPLEMENT, required_note(supplement, pair)))
        elif refusal.strip():
            answers.append(law.RefuseIntake(required_note(refusal, pair)))
        return begin(law.Register(came), context, command_id, answers)

    return _once(command_id, work, kind="Register")


def file_online(reader: Reader, desk: int, new: NewDossier, *, command_id: UUID) -> Answer:
    """Hand in at a desk what an applicant filed elsewhere; the desk still has to check it (Decree 61/2018, Art. 16.1).

    Only for a reader that files for applicants: the national portal. Raises as `receive` does.
    """
    if not reader.files_online or reader.agency_id is None:
        raise NotPermitted(_("Hệ thống này không được nộp hồ sơ thay người dân."))
    online = replace(new, channel=Channel.ONLINE)
    offer = intake.offer_at(reader, desk, online.procedure, Channel.ONLINE)

    def work() -> Answer:
        came, number = _came_in(reader, online, offer, None)
        holding = _rules_for(number.recorded_at, None)
        context = law.Context(number.recorded_at, offer.calendar, actor(reader), rules=holding)
        return begin(law.Register(replace(came, filer=reader.agency_id)), context, command_id)

    return _once(command_id, work, kind="Register")


def _rules_for(recorded_at: datetime, claim: law.Claim | None) -> Rules:
    """The rules in force when a dossier came, kept for as long as it is."""
    rules = rules_at(claim.happened_at if claim else recorded_at)
    remember(rules)
    return rules


def _came_in(
    reader: Reader, new: NewDossier, offer: intake.Offer, claim: law.Claim | None
) -> tuple[Intake, intake.Number]:
    """Keep the persons and the request, then take the number: its row stays locked for the shortest time."""
    owner, submitter, request = kept_with(
        new.owner, new.submitter, new.request, (offer.receiving_agency, offer.competent_agency)
    )
    attached(new.components, (offer.receiving_agency, offer.competent_agency))
    number = intake.take_number(offer, claim)
    came = Intake(
        number.code,
        new.channel,
        offer.receiving_agency,
        offer.competent_agency,
        new.procedure,
        offer.procedure_version,
        owner,
        new.components,
        new.sets,
        new.fee,
        new.return_method,
        submitter,
        request,
    )
    return came, number


def begin(
    command: law.Receive | law.Register, context: law.Context, command_id: UUID, then: Sequence[law.Command] = ()
) -> Answer:
    """Record the first events of a dossier inside the caller's transaction, with those of the commands that follow."""
    acted = record.Act(command_id, type(command).__name__, context.actor, context.recorded_at, context.claim)
    events = [*_decided(None, command, context)]
    for following in then:
        events += _decided(fold((event, context.at) for event in events), following, context)
    chained = record.chain(record.Head(new_id()), events, acted)
    token = record.begin(chained, acted)
    return Answer(chained.head.dossier_id, command.intake.code, chained.head.seq, token)


def act(
    reader: Reader,
    dossier_id: UUID,
    build: Callable[[State], law.Command] | law.Command,
    *,
    command_id: UUID,
    claim: law.Claim | None = None,
    seen_seq: int | None = None,
    adjust: Callable[[law.Context], law.Context] | None = None,
) -> Answer:
    """Do one command on an existing dossier.

    `build` is the command, or makes it from the state inside the transaction, so that records it keeps vanish with a
    refusal. `seen_seq` is the number of events the person saw: if more have happened since, Refused("changed_since").
    """

    def work() -> Answer:
        row = _locked(dossier_id)
        state = projection.load(row.state)
        _require_act(reader, state)
        if seen_seq is not None and seen_seq != row.seq:
            raise Refused(Refusal("changed_since"))
        command = build(state) if callable(build) else build
        context = context_for(reader, state, row.now, claim)
        if adjust is not None:
            context = adjust(context)
        head = record.Head(dossier_id, row.seq, row.head_hash, state)
        decision = decide(state, command, context)
        refused = decision if isinstance(decision, Refusal) else None
        if refused and not refused.recorded:
            raise Refused(refused)
        events = (attempt(command, decision),) if isinstance(decision, Refusal) else decision
        kind = _ATTEMPT if refused else type(command).__name__
        acted = record.Act(command_id, kind, context.actor, row.now, claim)
        chained = record.chain(head, events, acted)
        record.append(chained, acted)
        return Answer(dossier_id, row.code, chained.head.seq, refused=refused)

    answer = _once(command_id, work, dossier_id=dossier_id)
    if answer.refused:  # only now, when it stands in the log that it was tried
        raise Refused(answer.refused)
    return answer


def hand_over(
    reader: Reader,
    dossier_id: UUID,
    outcome: str,
    *,
    command_id: UUID,
    note: str = "",
    to_staff: int | None = None,
    document: Ref | None = None,
    seen_seq: int | None = None,
) -> Answer:
    """Leave the current step by an outcome; the last one makes the result ready at the desk."""

    def build(state: State) -> law.Command:
        attached([document], pair_of(state))
        return law.HandOver(outcome, to_staff, note_of(note, pair_of(state)), document)

    return act(reader, dossier_id, build, command_id=command_id, seen_seq=seen_seq)


def accept(
    reader: Reader, dossier_id: UUID, *, command_id: UUID, seen_seq: int | None = None, transfer: bool = True
) -> Answer:
    """Find a registered dossier complete: the limit in force now is counted from this moment (Art. 17.1, 17.4)."""
    offers: list[intake.Offer] = []

    def build(state: State) -> law.Command:
        offers.append(intake.offer(reader, state.intake.procedure, state.intake.channel))
        return law.Accept(offers[0].limit, transfer=transfer)

    def bound(context: law.Context) -> law.Context:
        # A dossier is bound to a process and to the law in force when it is accepted, not when it is filed.
        rules = rules_at(context.at)
        remember(rules)
        return replace(context, process=offers[0].process, process_version=offers[0].process_version, rules=rules)

    return act(reader, dossier_id, build, command_id=command_id, seen_seq=seen_seq, adjust=bound)


def refuse_intake(
    reader: Reader, dossier_id: UUID, reason: str, *, command_id: UUID, seen_seq: int | None = None
) -> Answer:
    """Do not accept a registered dossier, for a reason that the form states (Art. 17.1)."""
    return act(
        reader,
        dossier_id,
        lambda state: law.RefuseIntake(required_note(reason, pair_of(state))),
        command_id=command_id,
        seen_seq=seen_seq,
    )


def transfer(
    reader: Reader, dossier_id: UUID, *, command_id: UUID, seen_seq: int | None = None, note: str = ""
) -> Answer:
    """Send an accepted dossier from the desk to the first step (Art. 18)."""
    return act(
        reader,
        dossier_id,
        lambda state: law.Transfer(note_of(note, pair_of(state))),
        command_id=command_id,
        seen_seq=seen_seq,
    )


def assign(reader: Reader, dossier_id: UUID, staff: int, *, command_id: UUID, seen_seq: int | None = None) -> Answer:
    """Give the current step to one person, or take it (Art. 19.1)."""
    return act(reader, dossier_id, law.Assign(staff), command_id=command_id, seen_seq=seen_seq)


def pause(
    reader: Reader,
    dossier_id: UUID,
    kind: Pause,
    reason: str,
    *,
    command_id: UUID,
    seen_seq: int | None = None,
    amount: int | None = None,
    legal_ground: str = "",
) -> Answer:
    """Ask the applicant for papers or a payment; the clock stands (Art. 17.1, 19.4).

    Papers are asked for a second time only with the provision that allows it.
    """
    ground = " ".join(legal_ground.split()) or None
    return act(
        reader,
        dossier_id,
        lambda state: law.PauseFor(kind, required_note(reason, pair_of(state)), amount, ground),
        command_id=command_id,
        seen_seq=seen_seq,
    )


def resume(
    reader: Reader,
    dossier_id: UUID,
    *,
    command_id: UUID,
    seen_seq: int | None = None,
    components: tuple[Component, ...] = (),
) -> Answer:
    """Go on after the applicant brought what was asked for."""

    def build(state: State) -> law.Command:
        attached(components, pair_of(state))
        return law.Resume(components)

    return act(reader, dossier_id, build, command_id=command_id, seen_seq=seen_seq)


def appoint_again(
    reader: Reader, dossier_id: UUID, due_at: datetime, reason: str, *, command_id: UUID, seen_seq: int | None = None
) -> Answer:
    """Apologise and appoint again, once (Art. 19.9)."""
    return act(
        reader,
        dossier_id,
        lambda state: law.AppointAgain(due_at, required_note(reason, pair_of(state))),
        command_id=command_id,
        seen_seq=seen_seq,
    )


def recount(reader: Reader, dossier_id: UUID, *, command_id: UUID, seen_seq: int | None = None) -> Answer:
    """Apply the agency's newest calendar to an open dossier: a leader's recorded act, never earlier than promised."""
    return act(reader, dossier_id, law.Recount(), command_id=command_id, seen_seq=seen_seq)


def return_result(
    reader: Reader,
    dossier_id: UUID,
    method: ReturnMethod,
    *,
    command_id: UUID,
    seen_seq: int | None = None,
    fee_paid: int = 0,
    note: str = "",
    consignment: str = "",
) -> Answer:
    """Give the result to the applicant (Art. 20); `consignment` is the post's number for it."""
    number = consignment.strip().upper() or None
    return act(
        reader,
        dossier_id,
        lambda state: law.Return(method, fee_paid, note_of(note, pair_of(state)), number),
        command_id=command_id,
        seen_seq=seen_seq,
    )


def withdraw(reader: Reader, dossier_id: UUID, reason: str, *, command_id: UUID, seen_seq: int | None = None) -> Answer:
    """The applicant takes the dossier back."""
    return act(
        reader,
        dossier_id,
        lambda state: law.Withdraw(note_of(reason, pair_of(state))),
        command_id=command_id,
        seen_seq=seen_seq,
    )


def stop(reader: Reader, dossier_id: UUID, reason: str, *, command_id: UUID, seen_seq: int | None = None) -> Answer:
    """End the dossier for a reason in law; final."""
    return act(
        reader,
        dossier_id,
        lambda state: law.Stop(required_note(reason, pair_of(state))),
        command_id=command_id,
        seen_seq=seen_seq,
    )


def correct_owner(
    reader: Reader, dossier_id: UUID, owner: ApplicantData, *, command_id: UUID, seen_seq: int | None = None
) -> Answer:
    """Replace the owner's record that was typed wrongly (Art. 21)."""
    return act(
        reader,
        dossier_id,
        lambda state: law.Correct(owner=person_of(owner, pair_of(state))),
        command_id=command_id,
        seen_seq=seen_seq,
    )


def _require_act(reader: Reader, state: State) -> None:
    """What a filer may do beyond this, the law says."""
    came = state.intake
    if reader.files_online and came.filer is not None and came.filer == reader.agency_id:
        return
    reader.require(Act.ACT, receiving_agency_id=came.receiving_agency, competent_agency_id=came.competent_agency)


@dataclass(frozen=True, slots=True)
class _Row:
    now: datetime
    code: str
    seq: int
    head_hash: bytes
    state: dict[str, Any]


def _locked(dossier_id: UUID) -> _Row:
    """The dossier's row, locked, and the database's moment after the lock was got (never before its last event)."""
    sql = """
        SELECT greatest(clock_timestamp(), d.last_recorded_at), d.code, d.seq, d.head_hash, d.state,
               d.last_recorded_at > clock_timestamp() + interval '5 minutes'
        FROM (SELECT * FROM dossiers_dossier WHERE id = %s FOR UPDATE) d"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [dossier_id])
        found = cursor.fetchone()
    if found is None:
        raise NoSuchDossier
    now, code, seq, head_hash, state, behind = found
    if behind:  # the same bound as the trigger's: a clock that was set back far would make the log tell a wrong time
        raise Refused(Refusal("clock_behind"))
    return _Row(now, code, seq, bytes(head_hash), json.loads(state))


def _decided(state: State | None, command: law.Command, context: law.Context) -> tuple[Any, ...]:
    decision = decide(state, command, context)
    if isinstance(decision, Refusal):
        raise Refused(decision)
    return decision


def _once(command_id: UUID, work: Callable[[], Answer], *, kind: str = "", dossier_id: UUID | None = None) -> Answer:
    """Do the work in one transaction; if it fails because the id was carried out before, give the first answer.

    The happy path pays nothing for this: the command's primary key refuses the second recording.
    """
    try:
        with transaction.atomic():
            return work()
    except (IntegrityError, Refused):
        first = Command.objects.filter(pk=command_id).first()
        if first is None:
            raise
        if (kind and first.kind != kind) or (dossier_id and first.dossier_id != dossier_id):
            raise Refused(Refusal("command_id_reused")) from None
        code = Dossier.objects.filter(pk=first.dossier_id).values_list("code", flat=True).first()
        if code is None:  # it was somebody else's command, on a dossier that PostgreSQL does not give to this reader
            raise Refused(Refusal("command_id_reused")) from None
        token = Ticket.objects.values_list("token", flat=True).get(dossier_id=first.dossier_id)
        refused = _refused_then(first) if first.kind == _ATTEMPT else None
        return Answer(first.dossier_id, code, first.last_seq, bytes(token).hex(), repeated=True, refused=refused)


def _refused_then(first: Command) -> Refusal:
    """The answer that a refused attempt got, as the log has it."""
    event = Event.objects.values_list("data", flat=True).get(dossier_id=first.dossier_id, seq=first.last_seq)
    return Refusal(event["code"], event["article"], recorded=True)
