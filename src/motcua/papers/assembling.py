"""Fills the forms from what is known of a dossier. Pure: no database, no clock; always Vietnamese."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from motcua.agencies.queries import FormHead as AgencyHead
from motcua.dossiers.folders import Folder
from motcua.dossiers.queries import Happening
from motcua.dossiers.slip import ref_id
from motcua.law.dossier import events as e
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import Component, Ground, ReturnMethod
from motcua.papers import forms
from motcua.papers.bases import Basis
from motcua.papers.kinds import NUMBERED, Kind, asked
from motcua.papers.register import Place
from motcua.persons.identity import ApplicantKind
from motcua.persons.queries import Applicant
from motcua.procedures.content import Content
from motcua.proofs.queries import SignedHead

NO_LIMIT = "không quy định"
_ERASED = "(nội dung đã xóa theo quy định)"
_TIMELINESS = {"early": forms.Timeliness.EARLY, "on_time": forms.Timeliness.ON_TIME, "overdue": forms.Timeliness.LATE}
_FUNCTIONS = {
    "desk_officer": "Bộ phận Một cửa",
    "case_officer": "công chức thụ lý",
    "leader": "lãnh đạo",
}


@dataclass(frozen=True, slots=True)
class Known:
    """All that the papers of a dossier are made from. `receiving` and `competent` are heads of the two agencies.

    `place` is where it stands in the register, once it does; `basis` the circular that the dossier names, None where
    the date decides.
    """

    folder: Folder
    content: Content
    receiving: AgencyHead
    competent: AgencyHead
    people: Mapping[UUID, Applicant] = field(repr=False)
    notes: Mapping[UUID, str] = field(repr=False)
    staff: Mapping[int, str]
    tracking_url: str | None = None
    log_statement: str | None = None
    place: Place | None = None
    basis: Basis | None = None

    @property
    def story(self) -> Sequence[Happening]:
        """Everything that happened to it, in order."""
        return self.folder.story

    @property
    def owner(self) -> Applicant:
        """Whose dossier it is."""
        return self.people[UUID(self.folder.state.intake.owner.id)]

    @property
    def submitter(self) -> Applicant | None:
        """Who handed it in, if somebody else."""
        ref = self.folder.state.intake.submitter
        return self.people.get(UUID(ref.id)) if ref else None

    @property
    def person_ids(self) -> list[UUID]:
        """The records of owner and submitter: whose data the papers show."""
        came = self.folder.state.intake
        return sorted(UUID(ref.id) for ref in (came.owner, came.submitter) if ref)

    @property
    def is_demo(self) -> bool:
        """Whether it is a demonstration's dossier, by its desk or by its moments."""
        return self.receiving.demo or any(happening.ground == Ground.DEMONSTRATION for happening in self.story)

    def said(self, happening: Happening, name: str = "reason") -> str:
        """The text of a note that an event refers to; a blank one when it was erased or may not be read."""
        note = ref_id(happening.data, name)
        return self.notes.get(note, "") if note else ""


def lines(text: str) -> tuple[tuple[str, ...], str]:
    """A reason as pages keep it: the lines that begin with a dash are papers asked for, the rest says why."""
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    items = tuple(row.lstrip("-– ").strip() for row in rows if row.startswith(("-", "–")))
    reason = " ".join(row for row in rows if not row.startswith(("-", "–")))
    return tuple(item for item in items if item), reason


def form_of(known: Known, kind: Kind) -> forms.AnyForm | None:
    """The form of this kind for the latest event that asks for it; None when the dossier has not come to it."""
    if kind in NUMBERED:
        if known.folder.state.received_at is None:
            return None
        if kind is Kind.SLIP:
            return control_slip(known)
        return receipt(known, known.tracking_url) if known.tracking_url else None
    asking = [each for each in known.story if asked(each.type, each.data) == kind]
    return _FILL[kind](known, asking[-1]) if asking else None


def receipt(known: Known, qr_url: str) -> forms.Receipt:
    """M01 of an accepted dossier."""
    state, owner, submitter = known.folder.state, known.owner, known.submitter
    begun = known.folder.last(e.Received.TYPE, e.Accepted.TYPE)
    appointment = state.appointment
    received = state.received_at or state.opened_at
    return forms.Receipt(
        head=head(known.receiving, local(received).date()),
        dossier_code=known.folder.row.code,
        owner_name=name(owner),
        submitter_name=name(submitter) if submitter else None,
        id_number=(submitter or owner).id_number or None,
        address=owner.address or None,
        phone=(submitter or owner).phone or owner.phone or None,
        email=owner.email or None,
        request_content=request(known),
        components=tuple(_component(known.content, item) for item in state.intake.components),
        set_count=state.intake.sets,
        legal_limit=(appointment.limit if appointment else None) or NO_LIMIT,
        received_at=received,
        appointed_at=state.due_at_current,
        provisional=bool(appointment and appointment.provisional),
        return_method=return_words(state.intake.return_method, known.receiving, owner),
        fee=fee_words(state.intake.fee),
        register_book=known.place.book_words if known.place else None,
        register_serial=known.place.serial_words if known.place else None,
        receiver_name=known.staff.get(begun.actor_staff or 0) if begun else None,
        qr_url=qr_url,
        log_statement=known.log_statement,
        demo=known.is_demo,
    )


def supplement_request(known: Known, asked: Happening) -> forms.SupplementRequest:
    """M02 for the latest request for papers."""
    owner = known.owner
    items, reason = lines(known.said(asked))
    agency = known.competent if known.folder.state.step else known.receiving
    officer = known.staff.get(asked.actor_staff or 0) or agency.desk_name
    return forms.SupplementRequest(
        head=head(agency, local(asked.at).date()),
        dossier_code=known.folder.row.code,
        owner_name=name(owner),
        request_content=request(known),
        address=owner.address or None,
        phone=owner.phone or None,
        email=owner.email or None,
        items_required=items or (reason or "Theo hướng dẫn của cán bộ tiếp nhận",),
        reason=reason or "Hồ sơ chưa đủ giấy tờ theo quy định của thủ tục.",
        contact_name=officer,
        contact_phone=agency.phone or known.receiving.phone or "–",
        guide_name=officer,
        qr_url=known.tracking_url,
        log_statement=known.log_statement,
        demo=known.is_demo,
    )


def refusal(known: Known, refused: Happening) -> forms.Refusal:
    """M03 for a refusal at the desk or after appraisal (Decree 61/2018, Art. 17.1, 19.8)."""
    owner, submitter = known.owner, known.submitter
    said = known.said(refused) or known.said(refused, "note")
    reasons = tuple(row.strip().lstrip("-– ") for row in said.splitlines() if row.strip())
    agency = known.receiving if refused.type == e.RefusedAtIntake.TYPE else known.competent
    return forms.Refusal(
        head=head(agency, local(refused.at).date()),
        dossier_code=known.folder.row.code,
        owner_name=name(owner),
        address=owner.address or None,
        phone=owner.phone or None,
        email=owner.email or None,
        request_content=request(known),
        reasons=reasons or (_ERASED,),
        submitter_name=name(submitter or owner),
        receiver_name=known.staff.get(refused.actor_staff or 0),
        qr_url=known.tracking_url,
        log_statement=known.log_statement,
        demo=known.is_demo,
    )


def apology(known: Known, again: Happening) -> forms.Apology:
    """M04, signed by the head of the agency that settles (Art. 19.9); the first promise stands beside the new one."""
    state, owner = known.folder.state, known.owner
    new = datetime.fromisoformat(again.data["due_at"])
    return forms.Apology(
        head=head(known.competent, local(again.at).date()),
        addressee=name(owner),
        salutation=_salutation(owner),
        dossier_code=known.folder.row.code,
        request_content=request(known),
        received_on=local(state.received_at or state.opened_at).date(),
        appointed_at=state.due_at_original or new,
        reason=known.said(again) or _ERASED,
        new_appointed_at=new,
        signer_name=known.staff.get(again.actor_staff or 0),
        qr_url=known.tracking_url,
        log_statement=known.log_statement,
        demo=known.is_demo,
    )


def stop_notice(known: Known, stopped: Happening) -> forms.StopNotice:
    """Form 05 of TT 03/2025, signed by the head of the agency that settles; papers are given back at the desk."""
    state, owner = known.folder.state, known.owner
    return forms.StopNotice(
        head=head(known.competent, local(stopped.at).date()),
        addressee=name(owner),
        salutation=_salutation(owner),
        dossier_code=known.folder.row.code,
        request_content=request(known),
        received_on=local(state.received_at or state.opened_at).date(),
        stopped_at=stopped.at,
        reason=known.said(stopped) or _ERASED,
        contact_name=known.receiving.desk_name or known.receiving.agency_name,
        contact_phone=known.receiving.phone or "–",
        signer_name=known.staff.get(stopped.actor_staff or 0),
        qr_url=known.tracking_url,
        log_statement=known.log_statement,
        demo=known.is_demo,
    )


def _salutation(owner: Applicant) -> str:
    return "Ông (Bà)" if owner.kind in (None, ApplicantKind.CITIZEN) else "Quý đơn vị"


def control_slip(known: Known) -> forms.ControlSlip:
    """M05: each hand-over with giver, receiver, moment, and how the giver's step kept its allowance."""
    state = known.folder.state
    moves = [each for each in known.story if each.type in (e.HandedOver.TYPE, e.SentBack.TYPE) or _ends_a_step(each)]
    other = known.folder.row.receiving_agency_id != known.folder.row.competent_agency_id
    return forms.ControlSlip(
        head=head(known.receiving, local(state.received_at or state.opened_at).date()),
        dossier_code=known.folder.row.code,
        owner_name=name(known.owner),
        request_content=request(known),
        received_at=state.received_at or state.opened_at,
        appointed_at=state.due_at_current,
        provisional=bool(state.appointment and state.appointment.provisional),
        handling_unit=known.competent.agency_name,
        coordinating_units=(known.receiving.desk_name,) if other else (),
        handovers=tuple(_handover(known, each, moves[place + 1 :]) for place, each in enumerate(moves))
        or (forms.Handover(from_unit=known.receiving.desk_name),),
        register_book=known.place.book_words if known.place else None,
        register_serial=known.place.serial_words if known.place else None,
        qr_url=known.tracking_url,
        log_statement=known.log_statement,
        demo=known.is_demo,
    )


def _ends_a_step(happening: Happening) -> bool:
    """Whether a result became ready by leaving a step; one that came back stands with the line that sent it."""
    return happening.type == e.Finished.TYPE and "from_step" in happening.data


def _handover(known: Known, move: Happening, later: Sequence[Happening]) -> forms.Handover:
    data = move.data
    finished = move.type in (e.Finished.TYPE, e.SentBack.TYPE)
    kept = data.get("step_timeliness")
    outcome = _outcome(known, data)
    said = known.said(move, "note")
    return forms.Handover(
        from_unit=_giver(known, data),
        to_unit=known.receiving.desk_name if finished else _unit(known, data["to_agency"], data["function"]),
        handed_at=move.at,
        giver=known.staff.get(move.actor_staff or 0),
        receiver=known.staff.get(_taker(known, move, later) or 0),
        timeliness=_TIMELINESS.get(kept or ""),
        note=". ".join(part for part in (outcome, said) if part) or None,
    )


def _giver(known: Known, data: Mapping[str, str]) -> str:
    process = known.folder.process
    step = process.step(data["from_step"]) if process and data.get("from_step") else None
    if step is None:
        return known.receiving.desk_name
    row = known.folder.row
    at = row.receiving_agency_id if step.place == "receiving" else row.competent_agency_id
    return _unit(known, at, step.function)


def _unit(known: Known, agency_id: int, function: str) -> str:
    own = known.receiving if agency_id == known.folder.row.receiving_agency_id else known.competent
    return own.desk_name if function == "desk_officer" else f"{own.agency_name} ({_FUNCTIONS.get(function, function)})"


def _taker(known: Known, move: Happening, later: Sequence[Happening]) -> int | None:
    """Who took what was handed over: the person it was given to, or else the one who handed it on."""
    until = later[0].seq if later else None
    assigned = [
        each.data["staff"]
        for each in known.story
        if each.type == e.Assigned.TYPE and each.seq > move.seq and (until is None or each.seq < until)
    ]
    if assigned:
        return int(assigned[-1])
    if move.type == e.SentBack.TYPE and (arrived := known.folder.last(e.Finished.TYPE)):
        return arrived.actor_staff
    return move.data.get("to_staff") or (later[0].actor_staff if later else None)


def _outcome(known: Known, data: Mapping[str, str]) -> str:
    process = known.folder.process
    step = process.step(data["from_step"]) if process and data.get("from_step") else None
    outcome = step.outcome(data.get("outcome", "")) if step else None
    return outcome.name if outcome else ""


def head(own: AgencyHead, on: date) -> forms.FormHead:
    """The head of a form; the number is left to the pen. An agency at the top stands alone."""
    return forms.FormHead(
        parent_agency=own.parent_name or own.agency_name,
        desk_name=own.desk_name or own.agency_name,
        agency=own.agency_name,
        place=own.place_name or "…",
        date=on,
        document_number=None,
    )


def issuer(known: Known, form: forms.AnyForm) -> AgencyHead:
    """The agency in whose name a form stands."""
    own = form.head.agency == known.receiving.agency_name
    return known.receiving if own else known.competent


def name(person: Applicant) -> str:
    """A name as papers show it; an erased one says by which order."""
    if person.erased_by:
        return f"(đã xóa theo {person.erased_by})"
    return person.name or "(không thuộc quyền xem)"


def request(known: Known) -> str:
    """What is asked for: the applicant's words after the procedure's name."""
    note = known.folder.state.intake.request
    said = known.notes.get(UUID(note.id), "") if note else ""
    return f"{known.content.name}. {said}" if said else known.content.name


def _component(content: Content, item: Component) -> forms.Component:
    return forms.Component(
        name=component_name(content, item.number),
        originals=item.originals,
        certified=item.certified,
        copies=item.copies,
    )


def component_name(content: Content, number: int) -> str:
    """The paper of that number: its place in the procedure's list, from 1."""
    return content.components[number - 1].name if 0 < number <= len(content.components) else f"Giấy tờ số {number}"


def return_words(method: ReturnMethod, own: AgencyHead, owner: Applicant) -> str:
    """Where the result will be given, ready to print."""
    if method == ReturnMethod.POST:
        return f"Tại nhà, qua dịch vụ bưu chính công ích{f': {owner.address}' if owner.address else ''}"
    return "Trực tuyến" if method == ReturnMethod.ONLINE else own.desk_name


def log_statement(head: SignedHead) -> str:
    """What a paper says of the log: how long it was, the beginning of its root, and where to compare them."""
    size, at = f"{head.size:,}".replace(",", "."), local(head.signed_at)
    return f"Nhật ký hồ sơ: vị trí {size}, mã gốc {head.short_root} ({at:%H:%M %d/%m/%Y}). Đối chiếu: {head.origin}"


def fee_words(amount: int) -> str:
    """Whole đồng as papers write them."""
    return f"{amount:,} đ".replace(",", ".") if amount else "Không thu"


_FILL: dict[Kind, Callable[[Known, Happening], forms.AnyForm]] = {
    Kind.SUPPLEMENT: supplement_request,
    Kind.REFUSAL: refusal,
    Kind.APOLOGY: apology,
    Kind.STOP: stop_notice,
}
