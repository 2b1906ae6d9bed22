"""What the national portal does for applicants: files for them, brings what was asked for, and follows the dossier."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Status
from pydantic import Field

from motcua.agencies import queries as agencies
from motcua.api.acts import Act, Done, Filed, Resuming, Withdrawing, papers, told
from motcua.api.fields import LINE, PageSize, Told, answers
from motcua.api.fields import Key as Code
from motcua.api.gate import Bearer, Request
from motcua.api.repeats import Key, once
from motcua.dossiers import commands, listing
from motcua.exchange import filing
from motcua.exchange.scopes import Scope
from motcua.law.dossier.vocabulary import Channel, Pause

router = Router(auth=Bearer(Scope.DOSSIERS_FILE), tags=["filings"])
_GIVEN = answers(Done, 404, 409)


class Filing(Filed):
    """What an applicant filed: at which desk, and the number that the filing system knows it by."""

    desk: Code
    reference: Annotated[str, Field(max_length=80, pattern=LINE)] = ""


class Progress(Told):
    """How far a dossier is that the client filed."""

    dossier: UUID
    code: str
    reference: str
    status: str
    step: int
    steps: int
    opened_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    ready_at: datetime | None
    closed_at: datetime | None
    waits_for: Pause | None
    seq: int


class ProgressPage(Told):
    """A page of filings; `next` opens the next one."""

    items: list[Progress]
    next: UUID | None


class Asked(Told):
    """What the agency asks of the applicant: papers in words or a payment in đồng; null when it waits for neither."""

    text: str | None
    amount: int | None


@router.post("/filings", response=answers(Done, 404, 409, success=201))
def file(request: Request, key: Key, data: Filing) -> Status[Any]:
    """Hand in what an applicant filed online: it waits at the desk to be checked, and no clock runs yet."""
    reader = request.auth.reader
    desk = agencies.agency_by_code(reader, data.desk).id
    new = data.new_dossier(request, Channel.ONLINE)

    def work(id_: UUID) -> dict[str, Any]:
        client = request.auth.client_id
        return told(filing.file(client, reader, desk, new, reference=data.reference, command_id=id_))

    return once(request, key, work, status=201)


@router.get("/filings", response=answers(ProgressPage))
def list_filings(request: Request, after: UUID | None = None, limit: PageSize = 50) -> dict[str, Any]:
    """What the client filed, the newest first, each with how far it is."""
    page = filing.filings(request.auth.client_id, request.auth.reader, after=after, limit=limit)
    return {"items": [_progress(each) for each in page.items], "next": page.after}


@router.get("/filings/{dossier_id}", response=answers(Progress, 404))
def get_filing(request: Request, dossier_id: UUID) -> dict[str, Any]:
    """How far a dossier is that the client filed."""
    return _progress(filing.filing(request.auth.client_id, request.auth.reader, dossier_id))


@router.get("/filings/{dossier_id}/asked", response=answers(Asked, 404))
def get_asked(request: Request, dossier_id: UUID) -> Any:
    """What the agency waits for; reading its words is noted in the access log."""
    return filing.asked(request.auth.reader, dossier_id) or {"text": None, "amount": None}


@router.post("/filings/{dossier_id}/papers", response=_GIVEN)
def bring_papers(request: Request, dossier_id: UUID, key: Key, data: Resuming) -> Status[Any]:
    """Bring the papers that were asked for; `components` is the whole list as it now stands."""
    return _bring(request, dossier_id, key, data, Pause.SUPPLEMENT)


@router.post("/filings/{dossier_id}/payment", response=_GIVEN)
def confirm_payment(request: Request, dossier_id: UUID, key: Key, data: Act) -> Status[Any]:
    """Say that the applicant has paid what was asked for."""
    return _bring(request, dossier_id, key, data, Pause.PAYMENT)


@router.post("/filings/{dossier_id}/withdraw", response=_GIVEN)
def take_back(request: Request, dossier_id: UUID, key: Key, data: Withdrawing) -> Status[Any]:
    """The applicant takes the dossier back."""
    reader = request.auth.reader

    def work(id_: UUID) -> dict[str, Any]:
        listing.progress(reader, dossier_id)
        return told(commands.withdraw(reader, dossier_id, data.reason, command_id=id_, seen_seq=data.seen_seq))

    return once(request, key, work)


def _bring(request: Request, dossier_id: UUID, key: UUID, data: Act, kind: Pause) -> Status[Any]:
    reader = request.auth.reader
    brought = papers(request, data.components) if isinstance(data, Resuming) else ()

    def work(id_: UUID) -> dict[str, Any]:
        return told(filing.bring(reader, dossier_id, kind, brought, command_id=id_, seen_seq=data.seen_seq))

    return once(request, key, work)


def _progress(each: filing.Filed) -> dict[str, Any]:
    found = each.progress
    same = (
        "code", "step", "steps", "opened_at", "received_at", "due_at", "ready_at", "closed_at", "waits_for", "seq",
    )  # fmt: skip
    return {
        "dossier": found.id,
        "reference": each.reference,
        "status": found.status.name.lower(),
        **{name: getattr(found, name) for name in same},
    }
