"""The verbs around the road of a dossier: decisions by name, money, opinions, pauses by law, scans, corrections."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader
from motcua.dossiers.commands import Answer, act
from motcua.dossiers.keeping import attached, note_of, pair_of, required_note
from motcua.dossiers.models import Command, Dossier
from motcua.dossiers.wording import Refused
from motcua.law.dossier import commands as law
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Component, PaidBy, Ref, Refusal, SignedBy


def approve(
    reader: Reader,
    dossier_id: UUID,
    *,
    note: str = "",
    to_staff: int | None = None,
    document: Ref | None = None,
    **common: Any,
) -> Answer:
    """Leave a leader's step by the outcome that lets the result go out."""

    def build(state: State) -> law.Command:
        attached([document], pair_of(state))
        return law.Approve(to_staff, note_of(note, pair_of(state)), document)

    return act(reader, dossier_id, build, **common)


def refuse_result(
    reader: Reader, dossier_id: UUID, reason: str, *, document: Ref | None = None, **common: Any
) -> Answer:
    """Refuse after appraisal, by the present step's outcome that does so (Art. 19.8)."""

    def build(state: State) -> law.Command:
        attached([document], pair_of(state))
        return law.RefuseResult(required_note(reason, pair_of(state)), document)

    return act(reader, dossier_id, build, **common)


def make_ready(reader: Reader, dossier_id: UUID, *, note: str = "", **common: Any) -> Answer:
    """The desk confirms that the result of another agency has arrived: timeliness is fixed now (Art. 20)."""
    return act(reader, dossier_id, lambda state: law.MakeReady(note_of(note, pair_of(state))), **common)


def suspend(reader: Reader, dossier_id: UUID, reason: str, legal_ground: str, **common: Any) -> Answer:
    """Let the clock stand for a reason in law that is not the applicant's; the provision is named."""
    ground = " ".join(legal_ground.split())
    return act(reader, dossier_id, lambda state: law.Suspend(required_note(reason, pair_of(state)), ground), **common)


def pay(reader: Reader, dossier_id: UUID, amount: int, method: PaidBy, *, receipt: str = "", **common: Any) -> Answer:
    """Keep what the applicant paid; when all that was asked for is there, the work goes on."""
    return act(reader, dossier_id, law.Pay(amount, method, receipt.strip().upper() or None), **common)


def consult(
    reader: Reader,
    dossier_id: UUID,
    question: str,
    answer_due_at: datetime,
    *,
    agency: int | None = None,
    body: str = "",
    **common: Any,
) -> Answer:
    """Ask another body for its opinion (Art. 19.5): an agency that works here, or one by its name."""
    if agency is not None and agency not in agencies.agency_codes(reader, {agency}):
        raise Refused(Refusal("unknown_agency"))

    def build(state: State) -> law.Command:
        pair = pair_of(state)
        return law.Consult(required_note(question, pair), answer_due_at, agency, note_of(body, pair))

    return act(reader, dossier_id, build, **common)


def answer_consultation(
    reader: Reader, dossier_id: UUID, number: int, answer: str, *, document: Ref | None = None, **common: Any
) -> Answer:
    """Keep the answer to a consultation, in time or not (Art. 19.5)."""

    def build(state: State) -> law.Command:
        attached([document], pair_of(state))
        return law.AnswerConsultation(number, required_note(answer, pair_of(state)), document)

    return act(reader, dossier_id, build, **common)


def sign(
    reader: Reader, dossier_id: UUID, document: Ref, by: SignedBy, *, then: Callable[[State], None], **common: Any
) -> Answer:
    """Keep a file that was signed; `then` writes what else is known of it, in the same transaction."""

    def build(state: State) -> law.Command:
        attached([document], pair_of(state))
        then(state)
        return law.Sign(document, by)

    return act(reader, dossier_id, build, **common)


def answered(dossier_id: UUID, command_id: UUID) -> Answer | None:
    """What a command on this dossier came to when it was given before: for what must not be done twice on the way."""
    first = Command.objects.filter(pk=command_id, dossier_id=dossier_id).first()
    row = Dossier.objects.filter(pk=dossier_id).first() if first else None
    return Answer(dossier_id, row.code, first.last_seq, repeated=True) if first and row else None


def digitise(
    reader: Reader,
    dossier_id: UUID,
    *,
    components: tuple[Component, ...] = (),
    result: Ref | None = None,
    **common: Any,
) -> Answer:
    """Add scans to papers that had none, or to the result (Art. 17.1; Decree 107/2021)."""

    def build(state: State) -> law.Command:
        attached([*components, result], pair_of(state))
        return law.Digitise(components, result)

    return act(reader, dossier_id, build, **common)


def annotate(reader: Reader, dossier_id: UUID, note: str, **common: Any) -> Answer:
    """A remark for those who work on the dossier; the applicant reads it when asking for all that is held."""
    return act(reader, dossier_id, lambda state: law.Annotate(required_note(note, pair_of(state))), **common)


def correct_error(
    reader: Reader, dossier_id: UUID, reason: str, *, document: Ref | None = None, **common: Any
) -> Answer:
    """The agency puts its own error in the result right (Art. 21)."""

    def build(state: State) -> law.Command:
        attached([document], pair_of(state))
        return law.CorrectError(required_note(reason, pair_of(state)), document)

    return act(reader, dossier_id, build, **common)


def relocate(reader: Reader, dossier_id: UUID, from_agency: int, order: str, **common: Any) -> Answer:
    """Take over a dossier of an agency whose place the reader's agency has taken, by the order that says so."""
    return act(reader, dossier_id, law.Relocate(from_agency, reader.agency_id or 0, order.strip()), **common)
