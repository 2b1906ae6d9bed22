"""Dossiers as they go out: lines of lists, a dossier with its state, and the story of what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, Reader
from motcua.api.fields import Told
from motcua.dossiers.queries import Detail, Happening, Row
from motcua.law.dossier import commands as law
from motcua.papers import queries as papers
from motcua.persons import queries as persons
from motcua.persons.queries import Sight

# The word in the address for each command of the law that a client may give.
ACT_NAMES: Mapping[type, str] = {
    law.Accept: "accept",
    law.RefuseIntake: "refuse",
    law.Transfer: "transfer",
    law.Assign: "assign",
    law.HandOver: "hand-over",
    law.PauseFor: "pause",
    law.Resume: "resume",
    law.Approve: "approve",
    law.RefuseResult: "refuse-result",
    law.MakeReady: "make-ready",
    law.Suspend: "suspend",
    law.Pay: "pay",
    law.Consult: "consult",
    law.AnswerConsultation: "answer-consultation",
    law.Digitise: "digitise",
    law.Annotate: "annotate",
    law.CorrectError: "correct-error",
    law.Relocate: "relocate",
    law.AppointAgain: "apologise",
    law.Recount: "recount",
    law.Return: "return",
    law.Withdraw: "withdraw",
    law.Stop: "stop",
    law.Correct: "correct-owner",
}


class DossierLine(Told):
    """A dossier in a list; `applicant` is null without the scope or the right to the name."""

    id: UUID
    code: str
    status: str
    channel: str
    procedure: str
    receiving_agency: str
    competent_agency: str
    applicant: str | None
    received_at: datetime | None
    due_at: datetime | None
    due_at_original: datetime | None
    paused_at: datetime | None
    ready_at: datetime | None
    closed_at: datetime | None
    timeliness: str | None
    step: str | None
    steps_done: int
    steps_ahead: int
    holder_staff: int | None
    holder_function: str | None


class Count(Told):
    """How many there are, counted up to a thousand; `text` says so in words."""

    value: int
    capped: bool
    text: str


class DossierPage(Told):
    """A page of dossiers; `next` opens the next one."""

    items: list[DossierLine]
    next: str | None
    count: Count | None = None


class Outcome(Told):
    """One way to leave the present step."""

    code: str
    name: str
    to: str


class Paper(Told):
    """One paper handed in, by its number in the procedure's list."""

    number: int
    originals: int
    certified: int
    copies: int
    file: UUID | None


class Dossier(DossierLine):
    """A dossier with what can be done to it now."""

    seq: int
    sets: int
    fee: int
    return_method: str
    step_due_at: datetime | None
    waits_for: str | None
    result: str | None
    supplements: int
    appointed_again: bool
    appointment: Any
    components: list[Paper]
    documents: list[UUID]
    acts: list[str]
    outcomes: list[Outcome]
    papers: list[str]
    token: str | None


class Actor(Told):
    """Who did it: the post, its holder's name, and the agency."""

    staff: int | None
    name: str | None
    agency: str | None


class Happened(Told):
    """One event; `notes` holds the words it refers to, for who may read them."""

    seq: int
    position: int | None
    type: str
    at: datetime
    recorded_at: datetime
    ground: str | None
    actor: Actor
    data: dict[str, Any]
    notes: dict[str, str]


def lines(reader: Reader, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows with agencies' codes and, as far as they may be seen, names: two statements however many rows."""
    listed = list(rows)
    if not listed:
        return []
    named = {agency for row in listed for agency in (row.receiving_agency_id, row.competent_agency_id)}
    codes = agencies.agency_codes(reader, named)
    sights = [Sight(row.owner_id, row.receiving_agency_id, row.competent_agency_id) for row in listed]
    names = {} if reader.scope(Act.SEE_NAME).nothing else persons.names_for(reader, sights)
    return [line(row, codes, names.get(row.owner_id)) for row in listed]


def line(row: Row, codes: Mapping[int, str], name: str | None) -> dict[str, Any]:
    """One row as it goes out."""
    same = (
        "id", "code", "channel", "received_at", "due_at", "due_at_original", "paused_at", "ready_at", "closed_at",
        "timeliness", "step", "steps_done", "steps_ahead", "holder_staff", "holder_function",
    )  # fmt: skip
    return {
        **{each: getattr(row, each) for each in same},
        "status": row.status.name.lower(),
        "procedure": row.procedure_code,
        "receiving_agency": codes[row.receiving_agency_id],
        "competent_agency": codes[row.competent_agency_id],
        "applicant": name,
    }


def dossier(reader: Reader, detail: Detail, story: tuple[Happening, ...]) -> dict[str, Any]:
    """A dossier with its state and what the reader could do now."""
    state, row = detail.state, detail.row
    step = detail.process.step(state.step) if detail.process and state.step else None
    given = detail.possible and [name for kind, name in ACT_NAMES.items() if kind in detail.possible]
    appointment = state.appointment
    return {
        **lines(reader, [row])[0],
        "seq": detail.seq,
        "sets": row.sets,
        "fee": state.intake.fee,
        "return_method": row.return_method,
        "step_due_at": state.step_due_at,
        "waits_for": state.pause_kind,
        "result": state.result,
        "supplements": state.supplements,
        "appointed_again": state.letters > 0,
        "appointment": appointment
        and {
            name: getattr(appointment, name)
            for name in ("due_at", "limit", "convention", "calendar", "provisional", "trace")
        },
        "components": [paper(item) for item in state.intake.components],
        "documents": [UUID(each.data["document"]["id"]) for each in story if each.data.get("document")],
        "acts": given or [],
        "outcomes": [{"code": each.code, "name": each.name, "to": each.to} for each in (step.outcomes if step else ())],
        "papers": list(papers.which(detail.state, story)),
        "token": detail.token or None,
    }


def paper(item: Any) -> dict[str, Any]:
    """One paper handed in, as it goes out."""
    counts = {name: getattr(item, name) for name in ("number", "originals", "certified", "copies")}
    return {**counts, "file": UUID(item.file.id) if item.file else None}


def story(reader: Reader, detail: Detail, happened: tuple[Happening, ...]) -> list[dict[str, Any]]:
    """What happened, with names of officials and, as far as they may be read, the notes: at most three statements."""
    names = agencies.staff_names(reader, papers.staff_ids(happened))
    codes = agencies.agency_codes(reader, {each.actor_agency for each in happened if each.actor_agency is not None})
    row = detail.row
    sights = [
        Sight(note, row.receiving_agency_id, row.competent_agency_id)
        for note in papers.note_ids(detail.state, happened)
    ]
    notes = persons.notes(reader, sights) if sights else {}
    return [_happened(each, names, codes, notes) for each in happened]


def _happened(
    each: Happening, names: Mapping[int, str], codes: Mapping[int, str], notes: Mapping[UUID, str]
) -> dict[str, Any]:
    referred = {name: value["id"] for name, value in each.data.items() if _is_ref(value)}
    return {
        "seq": each.seq,
        "position": each.position,
        "type": each.type,
        "at": each.at,
        "recorded_at": each.recorded_at,
        "ground": each.ground,
        "actor": {
            "staff": each.actor_staff,
            "name": names.get(each.actor_staff or 0),
            "agency": codes.get(each.actor_agency or 0),
        },
        "data": dict(each.data),
        "notes": {name: notes[UUID(key)] for name, key in referred.items() if UUID(key) in notes},
    }


def _is_ref(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"id", "commitment"}
