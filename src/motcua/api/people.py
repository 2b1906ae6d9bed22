"""Applicants and colleagues: masked as the table of permissions has it, opened in full only for a purpose."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

from django.utils import timezone
from ninja import Router, Status
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, Reader
from motcua.api import shapes
from motcua.api.applicants import Shown, shown
from motcua.api.fields import LINE, Purpose, Reference, Sent, Told, Words, answers
from motcua.api.fields import Key as Code
from motcua.api.gate import Bearer, Request
from motcua.api.repeats import Key, once, unseen_is_absent
from motcua.dossiers import queries as dossiers
from motcua.dossiers.erasing import erase_dossier
from motcua.dossiers.queries import Detail
from motcua.exchange.scopes import Scope
from motcua.persons import purposes
from motcua.persons import queries as persons
from motcua.persons.commands import note_access
from motcua.persons.queries import Sight

router = Router(auth=Bearer(Scope.DOSSIERS_READ, Scope.PERSONS_READ), tags=["people"])
colleagues = Router(auth=Bearer(Scope.DOSSIERS_WRITE), tags=["people"])


class Applicants(Told):
    """Whose dossier it is, and who handed it in for them."""

    owner: Shown | None
    submitter: Shown | None
    request: str | None


class Opening(Sent):
    """Why personal data are opened, and the number of the document that asks for it, such as 12/GM-UBND.

    Both stand in the access log, which the person concerned may read.
    """

    purpose: Purpose
    reference: Reference = ""

    @model_validator(mode="after")
    def documented(self) -> Self:
        """A document's number, never a person's; `request` needs one."""
        if self.reference and not purposes.is_reference(self.reference):
            raise PydanticCustomError("reference", "not the number of a document")
        if self.purpose in purposes.DOCUMENTED and not self.reference:
            raise PydanticCustomError("documented", "needs the number of a document")
        return self

    @property
    def said(self) -> str:
        """The purpose as the log keeps it."""
        return purposes.said(self.purpose, self.reference)


class Search(Opening):
    """An id number or words of a name, one of the two."""

    id_number: Annotated[str, Field(min_length=9, max_length=20, pattern=r"^[0-9A-Za-z .-]+$")] | None = None
    name: Annotated[str, Field(min_length=2, max_length=200, pattern=LINE)] | None = None

    @model_validator(mode="after")
    def one_of_the_two(self) -> Search:
        """Exactly one."""
        if (self.id_number is None) == (self.name is None):
            raise PydanticCustomError("one_of", "one of the two")
        return self


class Erasing(Sent):
    """The number of the order, such as 12/QĐ-UBND; `early` before the time of keeping is over, which the log says."""

    order: Annotated[str, Field(min_length=3, max_length=120, pattern=LINE)]
    early: bool = False


class Erased(Told):
    """How many records and files are gone."""

    records: int
    files: int
    repeated: bool = False


class Colleague(Told):
    """A post of the client's own agency."""

    id: int
    name: str
    title: str
    division: str
    functions: list[str]


@router.get("/dossiers/{dossier_id}/applicant", response=answers(Applicants, 404))
def get_applicant(request: Request, dossier_id: UUID) -> dict[str, Any]:
    """The applicant with masked numbers and without address, as a dossier's page shows it."""
    return _people(request.auth.reader, dossier_id)


@router.post("/dossiers/{dossier_id}/applicant/open", response=answers(Applicants, 404))
def open_applicant(request: Request, dossier_id: UUID, data: Opening) -> dict[str, Any]:
    """The applicant in full, if the post may see that; the opening is noted with its purpose."""
    return _people(request.auth.reader, dossier_id, purpose=data.said)


@router.post("/dossiers/{dossier_id}/erase", response=answers(Erased, 404, 409), auth=Bearer(Scope.PERSONS_ERASE))
def erase(request: Request, dossier_id: UUID, key: Key, data: Erasing) -> Status[Any]:
    """Erase what is held about people in a dossier that has ended, by order; for the leader of who settled it."""
    reader = request.auth.reader

    def work(id_: UUID) -> dict[str, Any]:
        gone = erase_dossier(reader, dossier_id, data.order, command_id=id_, early=data.early)
        return {"records": gone.records, "files": gone.files}

    with unseen_is_absent(reader, dossier_id):
        return once(request, key, work)


@router.post("/searches", response=answers(list[shapes.DossierLine]))
def search(request: Request, data: Search) -> list[dict[str, Any]]:
    """Dossiers of a person, the newest first, at most fifty. The search is noted with its purpose."""
    reader = request.auth.reader
    act = Act.SEE_ID if data.id_number else Act.SEE_NAME
    records = (
        persons.find_by_id_number(reader, data.id_number)
        if data.id_number
        else persons.find_by_name_words(reader, data.name or "")
    )
    rows = [
        row
        for row in dossiers.owned_by(reader, records)
        if reader.may(act, receiving_agency_id=row.receiving_agency_id, competent_agency_id=row.competent_agency_id)
    ]
    note_access(reader, [row.owner_id for row in rows], act=act, purpose=data.said)
    return shapes.lines(reader, rows)


@colleagues.get("/staff", response=answers(list[Colleague]))
def list_staff(request: Request, function: Words | None = None, procedure: Code | None = None) -> list[dict[str, Any]]:
    """The posts of the client's own agency, to give steps to."""
    reader = request.auth.reader
    found = agencies.staff_of(reader, reader.agency_id or 0, function, procedure=procedure)
    return [
        {
            "id": each.id,
            "name": each.name,
            "title": each.title,
            "division": each.division_name,
            "functions": sorted(each.functions),
        }
        for each in found
    ]


def _people(reader: Reader, dossier_id: UUID, *, purpose: str = "") -> dict[str, Any]:
    detail = dossiers.detail(reader, dossier_id, timezone.now())
    came = detail.state.intake
    found = persons.applicants(
        reader,
        [_sight(detail, ref.id) for ref in (came.owner, came.submitter) if ref],
        full=bool(purpose),
        purpose=purpose,
        dossier=detail.row.code,
    )
    people = {
        name: shown(found[UUID(ref.id)]) if ref and UUID(ref.id) in found else None
        for name, ref in (("owner", came.owner), ("submitter", came.submitter))
    }
    request = came.request and persons.notes(reader, [_sight(detail, came.request.id)]).get(UUID(came.request.id))
    return {**people, "request": request}


def _sight(detail: Detail, record: str) -> Sight:
    return Sight(UUID(record), detail.row.receiving_agency_id, detail.row.competent_agency_id)
