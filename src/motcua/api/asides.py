"""What an officer can do to a dossier beside its road: opinions, money, pauses by law, scans, remarks, corrections."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from motcua.agencies import queries as agencies
from motcua.api.acts import Act, Done, Papers, WithNote, WithReason, give, opened, papers
from motcua.api.fields import Handle, Line, Moment, Reason, StaffId, answers
from motcua.api.gate import Bearer, Request
from motcua.api.problems import at, invalid
from motcua.api.repeats import Key
from motcua.dossiers import asides
from motcua.exchange.scopes import Scope
from motcua.law.dossier.vocabulary import PaidBy

router = Router(auth=Bearer(Scope.DOSSIERS_WRITE), tags=["acts"])
_GIVEN = answers(Done, 404, 409)
AgencyCode = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z.-]+$")]


class Suspending(WithReason):
    """The provision that lets the clock stand, such as khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP."""

    legal_ground: Annotated[Line, Field(min_length=1)]


class Paying(Act):
    """What the applicant paid, in đồng, and the number of the money receipt."""

    amount: Annotated[int, Field(ge=1, le=1_000_000_000_000)]
    method: PaidBy
    receipt: Line = ""


class Consulting(Act):
    """Whom to ask (an agency by its code, or a body by its name), what, and by when."""

    agency: AgencyCode | None = None
    body: Line = ""
    question: Reason
    answer_due_at: Moment


class Answering(Act):
    """The answer to a consultation by its number; `document` is what POST /files gave."""

    number: Annotated[int, Field(ge=1, le=999)]
    answer: Reason
    document: Handle | None = None


class Digitising(Act):
    """Scans of papers by their numbers, or of the result; files are what POST /files gave."""

    components: Papers = []
    result: Handle | None = None


class Remarking(Act):
    """A remark for those who work on the dossier."""

    note: Reason


class CorrectingError(WithReason):
    """What was wrong, and the result that is right; `document` is what POST /files gave."""

    document: Handle | None = None


class Relocating(Act):
    """The agency whose place the client's post has taken, by its code, and the number of the order."""

    from_agency: AgencyCode
    order: Annotated[Line, Field(min_length=1)]


class Approving(WithNote):
    """Who does the next step, and the signed result; `document` is what POST /files gave."""

    to_staff: StaffId | None = None
    document: Handle | None = None


@router.post("/dossiers/{dossier_id}/approve", response=_GIVEN)
def approve(request: Request, dossier_id: UUID, key: Key, data: Approving) -> Status[Any]:
    """Leave a leader's step by the outcome that lets the result go out (Art. 19)."""
    document = opened(request, data.document, "/document") if data.document else None
    values = {"note": data.note, "to_staff": data.to_staff, "document": document}
    return give(request, dossier_id, key, data, asides.approve, **values)


@router.post("/dossiers/{dossier_id}/refuse-result", response=_GIVEN)
def refuse_result(request: Request, dossier_id: UUID, key: Key, data: CorrectingError) -> Status[Any]:
    """Refuse after appraisal, by the present step's outcome that does so, with the reason (Art. 19.8)."""
    document = opened(request, data.document, "/document") if data.document else None
    return give(request, dossier_id, key, data, asides.refuse_result, reason=data.reason, document=document)


@router.post("/dossiers/{dossier_id}/make-ready", response=_GIVEN)
def make_ready(request: Request, dossier_id: UUID, key: Key, data: WithNote) -> Status[Any]:
    """The desk confirms that another agency's result has arrived: timeliness is fixed now (Art. 20)."""
    return give(request, dossier_id, key, data, asides.make_ready, note=data.note)


@router.post("/dossiers/{dossier_id}/suspend", response=_GIVEN)
def suspend(request: Request, dossier_id: UUID, key: Key, data: Suspending) -> Status[Any]:
    """Let the clock stand for a reason in law; POST resume ends it."""
    values = {"reason": data.reason, "legal_ground": data.legal_ground}
    return give(request, dossier_id, key, data, asides.suspend, **values)


@router.post("/dossiers/{dossier_id}/pay", response=_GIVEN)
def pay(request: Request, dossier_id: UUID, key: Key, data: Paying) -> Status[Any]:
    """Keep what the applicant paid; when all that was asked for is there, the work goes on."""
    values = {"amount": data.amount, "method": data.method, "receipt": data.receipt}
    return give(request, dossier_id, key, data, asides.pay, **values)


@router.post("/dossiers/{dossier_id}/consult", response=_GIVEN)
def consult(request: Request, dossier_id: UUID, key: Key, data: Consulting) -> Status[Any]:
    """Ask another body for its opinion, within the dossier's own time (Art. 19.5)."""
    asked = _agency(request, data.agency, "/agency") if data.agency else None
    values = {"question": data.question, "answer_due_at": data.answer_due_at, "agency": asked, "body": data.body}
    return give(request, dossier_id, key, data, asides.consult, **values)


@router.post("/dossiers/{dossier_id}/answer-consultation", response=_GIVEN)
def answer_consultation(request: Request, dossier_id: UUID, key: Key, data: Answering) -> Status[Any]:
    """Keep the answer to a consultation, in time or not (Art. 19.5)."""
    document = opened(request, data.document, "/document") if data.document else None
    values = {"number": data.number, "answer": data.answer, "document": document}
    return give(request, dossier_id, key, data, asides.answer_consultation, **values)


@router.post("/dossiers/{dossier_id}/digitise", response=_GIVEN)
def digitise(request: Request, dossier_id: UUID, key: Key, data: Digitising) -> Status[Any]:
    """Add scans to papers that had none, or to the result (Art. 17.1)."""
    result = opened(request, data.result, "/result") if data.result else None
    values = {"components": papers(request, data.components), "result": result}
    return give(request, dossier_id, key, data, asides.digitise, **values)


@router.post("/dossiers/{dossier_id}/annotate", response=_GIVEN)
def annotate(request: Request, dossier_id: UUID, key: Key, data: Remarking) -> Status[Any]:
    """A remark for those who work on the dossier."""
    return give(request, dossier_id, key, data, asides.annotate, note=data.note)


@router.post("/dossiers/{dossier_id}/correct-error", response=_GIVEN)
def correct_error(request: Request, dossier_id: UUID, key: Key, data: CorrectingError) -> Status[Any]:
    """The agency puts its own error in the result right (Art. 21)."""
    document = opened(request, data.document, "/document") if data.document else None
    return give(request, dossier_id, key, data, asides.correct_error, reason=data.reason, document=document)


@router.post("/dossiers/{dossier_id}/relocate", response=_GIVEN)
def relocate(request: Request, dossier_id: UUID, key: Key, data: Relocating) -> Status[Any]:
    """Take over a dossier of an agency whose place the client's post has taken, by the order that says so."""
    former = _agency(request, data.from_agency, "/from_agency")
    return give(request, dossier_id, key, data, asides.relocate, from_agency=former, order=data.order)


def _agency(request: Request, code: str, pointer: str) -> int:
    try:
        return agencies.agency_by_code(request.auth.reader, code).id
    except agencies.NoSuchAgency:
        raise invalid([at(pointer, _("Không có cơ quan nào mang mã này."))]) from None
