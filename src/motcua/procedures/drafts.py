"""The only writers of drafts of processes: begin, save, give up, publish. Who saves second is told, nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.agencies.access import NotPermitted, Reader
from motcua.law.process import ProcessError
from motcua.procedures import processes
from motcua.procedures.checking import BLANK, check_storable, problems_of
from motcua.procedures.commands import PublishResult, publish_process
from motcua.procedures.models import Procedure, ProcessDraft, ProcessDraftTurn
from motcua.procedures.processes import Draft, NoSuchProcess


class Conflict(Exception):  # noqa: N818 - says what is the case
    """Somebody else saved meanwhile; `draft` is how it stands now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"draft {draft.id} is at revision {draft.revision}")
        self.draft = draft


class Outdated(Exception):  # noqa: N818 - says what is the case
    """Another version was published than the one that the draft was held against; `draft` names it."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"draft {draft.id}: version {draft.current_id} is in force")
        self.draft = draft


@transaction.atomic
def begin(
    reader: Reader,
    *,
    procedure_code: str | None = None,
    agency_id: int | None = None,
    definition: Mapping[str, Any] | None = None,
) -> int:
    """Begin a draft for a procedure (None: for all) of an agency (None: of all); gives the id of the one there is.

    It begins with the definition given, else with what holds today, else with an empty step. Raises NotPermitted, and
    NoSuchProcess for a procedure that the catalogue does not have; for a definition what `save` raises.
    """
    _require(reader, agency_id)
    procedure_id = None
    if procedure_code is not None:
        procedure_id = Procedure.objects.filter(code=procedure_code).values_list("pk", flat=True).first()
        if procedure_id is None:
            raise NoSuchProcess(procedure_code)
    own, holding = processes.in_force(procedure_id, agency_id)
    content = definition or (holding.definition if holding else BLANK)
    check_storable(content)
    for_whom: dict[str, Any] = {"procedure_id": procedure_id, "agency_id": agency_id}
    row, _created = ProcessDraft.objects.get_or_create(
        **for_whom,
        defaults={
            "based_on_id": own,
            "definition": dict(content),
            "saved_by_id": reader.staff_id,
            "saved_at": timezone.now(),
        },
    )
    return row.pk


@transaction.atomic
def save(reader: Reader, draft_id: int, definition: Mapping[str, Any], *, revision: int) -> int:
    """Save what was edited from this revision on; gives the new revision, the same one when nothing was changed.

    What another person saved before is kept as a turn of theirs. Raises Conflict when the draft has gone on meanwhile,
    TooLarge, NoSuchProcess, NotPermitted, and ProcessError for something that is no definition.
    """
    row = _locked(reader, draft_id, revision)
    check_storable(definition)
    if row.definition == definition:
        return row.revision
    if row.saved_by_id != reader.staff_id:
        ProcessDraftTurn.objects.create(
            draft=row,
            revision=row.revision,
            definition=row.definition,
            saved_by_id=row.saved_by_id,
            saved_at=row.saved_at,
        )
    row.revision += 1
    row.definition = dict(definition)
    row.saved_by_id, row.saved_at = reader.staff_id, timezone.now()
    row.save(update_fields=["revision", "definition", "saved_by_id", "saved_at"])
    return row.revision


@transaction.atomic
def discard(reader: Reader, draft_id: int, *, revision: int) -> None:
    """Give a draft up; what is published stays. Raises Conflict, NoSuchProcess, NotPermitted."""
    _locked(reader, draft_id, revision).delete()


@transaction.atomic
def publish(reader: Reader, draft_id: int, *, revision: int, over: int | None, decision: str) -> PublishResult:
    """Publish the draft as the next version, approved by this decision, and end it; dossiers under way stay on theirs.

    `over` is the version in force that the person has seen. A draft that says what is in force makes no version.
    Raises Conflict, Outdated, ProcessError naming every defect, NoSuchProcess, NotPermitted.
    """
    row = _locked(reader, draft_id, revision)
    draft = processes.draft(reader, draft_id)
    if draft.current_id != over:
        raise Outdated(draft)
    if problems := problems_of(row.definition):
        raise ProcessError(problems)
    done = publish_process(
        row.definition,
        procedure_code=draft.procedure_code,
        agency_id=row.agency_id,
        decision=decision,
        by_staff_id=reader.staff_id,
    )
    row.delete()
    return done


def _require(reader: Reader, agency_id: int | None) -> None:
    if not processes.may_edit(reader, agency_id):
        raise NotPermitted(_("Bạn không soạn quy trình của cơ quan này."))


def _locked(reader: Reader, draft_id: int, revision: int) -> ProcessDraft:
    """The draft, locked, as it stood at this revision."""
    row = ProcessDraft.objects.select_for_update().filter(pk=draft_id).first()
    if row is None:
        raise NoSuchProcess(draft_id)
    _require(reader, row.agency_id)
    if row.revision != revision:
        raise Conflict(processes.draft(reader, draft_id))
    return row
