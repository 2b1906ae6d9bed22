"""Readers of internal processes for those who look after them: what is in force, versions, drafts, who may edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader
from motcua.agencies.roles import Role
from motcua.procedures.models import InternalProcess, ProcessDraft, ProcessDraftTurn, ProcessVersion

EDITORS: Final = frozenset({Role.ADMINISTRATOR, Role.REFORM_OFFICER})
READERS: Final = EDITORS | {Role.LEADER}  # who approves a process wants to see it, and run it dry


class NoSuchProcess(LookupError):  # noqa: N818 - answers 404
    """There is no such process, version, draft or procedure, or the reader does not look after it."""


@dataclass(frozen=True)
class ProcessRow:
    """A process in the list; `version_id` is None while only a draft is there, `draft_id` while nobody edits it."""

    process_id: int | None
    draft_id: int | None
    name: str
    code: str
    procedure_code: str | None
    procedure_name: str
    agency_id: int | None
    number: int | None
    valid_from: date | None
    steps: int


@dataclass(frozen=True)
class Version:
    """A published version with its content."""

    id: int
    number: int
    name: str
    definition: Mapping[str, Any]
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    decision: str
    published_by_id: int | None

    @property
    def same_day(self) -> bool:
        """Whether another version took its place on the day on which it was published."""
        return self.valid_to is not None and self.valid_to < self.valid_from


@dataclass(frozen=True)
class Detail:
    """A process with all its versions, the newest first."""

    id: int
    code: str
    procedure_code: str | None
    procedure_name: str
    agency_id: int | None
    versions: tuple[Version, ...]
    draft_id: int | None

    @property
    def current(self) -> Version:
        """The version in force."""
        return self.versions[0]

    def version(self, number: int) -> Version:
        """The version of that number; raises NoSuchProcess."""
        for version in self.versions:
            if version.number == number:
                return version
        raise NoSuchProcess(number)


@dataclass(frozen=True)
class Draft:
    """A draft as it stands. `current_id` is the version in force, `current` its content; None for a new process."""

    id: int
    revision: int
    definition: Mapping[str, Any]
    procedure_id: int | None
    procedure_code: str | None
    procedure_name: str
    agency_id: int | None
    process_id: int | None
    based_on_id: int | None
    current_id: int | None
    current: Mapping[str, Any] | None
    current_number: int | None
    saved_by_id: int | None
    saved_at: datetime


@dataclass(frozen=True)
class Turn:
    """A draft as somebody left it before somebody else saved over it."""

    id: int
    revision: int
    definition: Mapping[str, Any]
    saved_by_id: int | None
    saved_at: datetime


def may_edit(reader: Reader, agency_id: int | None) -> bool:
    """Whether the reader edits and publishes processes of this agency, or with None those of all agencies.

    Administrators and reform officers do, of the own agency and those below; what holds for all agencies belongs to
    the provincial committee, whose chair approves processes (Circular 01/2018, Art. 8). The system may edit all.
    """
    if reader.kind == "system":
        return True
    if reader.roles.isdisjoint(EDITORS):
        return False
    if agency_id is None:
        return agencies.speaks_for_all(reader)
    return agency_id in reader.own_agency_ids | reader.descendant_agency_ids


def listed(reader: Reader) -> tuple[ProcessRow, ...]:
    """The processes that hold at the reader's agency or below, and those begun there: two statements."""
    rows = [_row(each, None) for each in _processes(reader).filter(current__isnull=False)]
    drafts = {(each.procedure_id, each.agency_id): each for each in _drafts(reader)}
    found = []
    for process, row in rows:
        draft = drafts.pop((process.procedure_id, process.agency_id), None)
        found.append(row if draft is None else _row(process, draft)[1])
    found += [_draft_row(each) for each in drafts.values()]
    return tuple(
        sorted(found, key=lambda row: (row.procedure_code is not None, row.procedure_code or "", row.agency_id or 0))
    )


def detail(reader: Reader, process_id: int) -> Detail:
    """A process that holds at the reader's agency or below: three statements. Raises NoSuchProcess."""
    row = _processes(reader).filter(pk=process_id, current__isnull=False).first()
    if row is None:
        raise NoSuchProcess(process_id)
    versions = ProcessVersion.objects.filter(process=row).order_by("-number")
    draft = _drafts(reader).filter(**_for_whom(row))
    return Detail(
        row.pk,
        row.code,
        row.procedure.code if row.procedure else None,
        row.procedure.name if row.procedure else "",
        row.agency_id,
        tuple(_version(each) for each in versions),
        draft.values_list("pk", flat=True).first(),
    )


def draft(reader: Reader, draft_id: int) -> Draft:
    """A draft that the reader looks after, with what is in force: two statements. Raises NoSuchProcess."""
    row = _drafts(reader).filter(pk=draft_id).first()
    if row is None:
        raise NoSuchProcess(draft_id)
    process = InternalProcess.objects.select_related("current").filter(**_for_whom(row)).first()
    current = process.current if process else None
    return Draft(
        id=row.pk,
        revision=row.revision,
        definition=row.definition,
        procedure_id=row.procedure_id,
        procedure_code=row.procedure.code if row.procedure else None,
        procedure_name=row.procedure.name if row.procedure else "",
        agency_id=row.agency_id,
        process_id=process.pk if process else None,
        based_on_id=row.based_on_id,
        current_id=current.pk if current else None,
        current=current.definition if current else None,
        current_number=current.number if current else None,
        saved_by_id=row.saved_by_id,
        saved_at=row.saved_at,
    )


def turns(reader: Reader, draft_id: int) -> tuple[Turn, ...]:
    """What others left before it was saved over, the latest first."""
    rows = ProcessDraftTurn.objects.filter(draft__in=_drafts(reader).filter(pk=draft_id)).order_by("-revision")
    return tuple(Turn(row.pk, row.revision, row.definition, row.saved_by_id, row.saved_at) for row in rows)


def in_force(procedure_id: int | None, agency_id: int | None) -> tuple[int | None, Version | None]:
    """The id of the version published for just these, and the version that holds for them: it, or a more general one.

    The order is that of an intake (`queries.offering`): the agency's for the procedure, the procedure's, the agency's
    general one, the general one.
    """
    whom = Q(procedure_id=procedure_id) | Q(procedure__isnull=True)
    whose = Q(agency_id=agency_id) | Q(agency__isnull=True)
    rows = InternalProcess.objects.select_related("current").filter(whom, whose, current__isnull=False)
    ordered = sorted(rows, key=lambda row: (row.procedure_id is None, row.agency_id is None))
    if not ordered or ordered[0].current is None:
        return None, None
    first = ordered[0]
    exact = first.procedure_id == procedure_id and first.agency_id == agency_id
    return first.current_id if exact else None, _version(ordered[0].current)


def _for_whom(row: InternalProcess | ProcessDraft) -> dict[str, Any]:
    """The procedure and the agency that a process is for; None means all."""
    return {"procedure_id": row.procedure_id, "agency_id": row.agency_id}


def _reach(reader: Reader) -> Q:
    """Of all agencies, of the own one or of one below."""
    if reader.kind == "system":
        return Q()
    return Q(agency__isnull=True) | Q(agency_id__in=reader.own_agency_ids | reader.descendant_agency_ids)


def _processes(reader: Reader) -> QuerySet[InternalProcess]:
    return InternalProcess.objects.select_related("procedure", "current").filter(_reach(reader))


def _drafts(reader: Reader) -> QuerySet[ProcessDraft]:
    return ProcessDraft.objects.select_related("procedure").filter(_reach(reader))


def _row(process: InternalProcess, draft: ProcessDraft | None) -> tuple[InternalProcess, ProcessRow]:
    current = process.current
    return process, ProcessRow(
        process_id=process.pk,
        draft_id=draft.pk if draft else None,
        name=current.name if current else "",
        code=process.code,
        procedure_code=process.procedure.code if process.procedure else None,
        procedure_name=process.procedure.name if process.procedure else "",
        agency_id=process.agency_id,
        number=current.number if current else None,
        valid_from=current.valid_from if current else None,
        steps=len(current.definition["steps"]) if current else 0,
    )


def _draft_row(draft: ProcessDraft) -> ProcessRow:
    definition = draft.definition
    return ProcessRow(
        process_id=None,
        draft_id=draft.pk,
        name=definition["name"],
        code=definition["code"],
        procedure_code=draft.procedure.code if draft.procedure else None,
        procedure_name=draft.procedure.name if draft.procedure else "",
        agency_id=draft.agency_id,
        number=None,
        valid_from=None,
        steps=len(definition["steps"]),
    )


def _version(row: ProcessVersion) -> Version:
    return Version(
        row.pk, row.number, row.name, row.definition, row.valid_from, row.valid_to, row.recorded_at, row.decision,
        row.published_by_id,
    )  # fmt: skip
