"""The page of a dossier: its story, its clock, its people and papers, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, Reader, Role, staff_required
from motcua.dossiers import queries as dossiers
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.queries import Detail, Happening
from motcua.dossiers.slip import ref_id
from motcua.dossiers.wording import FUNCTIONS, STATUS
from motcua.files import queries as files
from motcua.law.dossier import events as e
from motcua.law.dossier.vocabulary import Status
from motcua.notices import queries as notices
from motcua.office import acting, clock, printing, words
from motcua.office.act_forms import ActForm
from motcua.office.opening import PurposeForm
from motcua.office.shell import StaffRequest
from motcua.office.shell import page as answer
from motcua.office.story import Teller
from motcua.papers import queries as papers
from motcua.papers.assembling import component_name
from motcua.persons import queries as persons
from motcua.persons.queries import Applicant, Sight
from motcua.procedures.content import Content

_APPOINTS = (e.Received.TYPE, e.Accepted.TYPE, e.Resumed.TYPE, e.Recounted.TYPE)
# What a file in the story is, where it is not the result or its draft.
_DOCUMENTS: dict[str, Promise | str] = {
    e.ConsultationAnswered.TYPE: _l("Ý kiến trả lời"),
    e.Signed.TYPE: _l("Bản đã ký"),
    e.ErrorCorrected.TYPE: _l("Kết quả đã sửa"),
}


@dataclass(frozen=True, slots=True)
class Handed:
    """One paper that was handed in, and its scan if the reader may open it."""

    name: str
    counts: str
    file_id: UUID | None
    file_name: str
    erased_by: str = ""


@staff_required
@require_safe
def page(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """A dossier that the reader may see; 404 for any other, so that nobody learns which exist."""
    return show(request, dossier_id)


@staff_required
@require_POST
def reveal(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """The same page with the applicant in full, for a purpose; the opening is noted in the access log with it."""
    return show(request, dossier_id, purpose=PurposeForm(request.POST))


def show(
    request: StaffRequest,
    dossier_id: UUID,
    *,
    purpose: PurposeForm | None = None,
    failed: tuple[str, ActForm] | None = None,
) -> HttpResponse:
    """The page itself, in at most nine statements besides those of the sign-in.

    With a valid `purpose` the applicant shows in full, with one that is not the form says what is missing.
    """
    reader, now = request.reader, timezone.now()
    try:
        detail = dossiers.detail(reader, dossier_id, now)
        story = dossiers.story(reader, dossier_id)
    except NoSuchDossier as error:
        raise Http404(dossier_id) from error
    may = {act.value: _may(reader, detail, act) for act in Act}
    full = purpose is not None and purpose.is_valid()
    content = papers.content_of(detail.row.procedure_version_id)
    staff = agencies.staff_names(reader, papers.staff_ids(story) | ({detail.row.holder_staff or 0} - {0}))
    people, notes = _records(reader, detail, story, purpose.said if purpose and full and may["see_id"] else "")
    leading, folded = acting.offered(reader, detail, story, failed)
    told, unseen = notices.beside(reader, dossier_id)
    context: dict[str, Any] = {
        "detail": detail,
        "row": detail.row,
        "content": content,
        "may": may,
        "leads": Role.LEADER in reader.roles,
        "full": full,
        "purpose_form": purpose or PurposeForm(),
        "entries": Teller(detail, story, now, notes, staff).entries(),
        "leading": leading,
        "folded": folded,
        **people,
        **_time(detail, story, now),
        **_files(reader, detail, story, content, may=may["see_files"]),
        "told": told,
        "papers": printing.offered(reader, detail, story, staff, may),
        "request_text": _request(detail, notes),
        "holder": _holder(detail, staff),
        "competent": detail.agency_names[detail.row.competent_agency_id],
        "receiving": detail.agency_names[detail.row.receiving_agency_id],
        "channel": words.CHANNELS[detail.state.intake.channel],
        "wanted_return": words.RETURNS[detail.state.intake.return_method],
    }
    return answer(request, "office/dossier.html", context, place="office:home", unseen=unseen)


def _pair(detail: Detail) -> dict[str, int]:
    row = detail.row
    return {"receiving_agency_id": row.receiving_agency_id, "competent_agency_id": row.competent_agency_id}


def _may(reader: Reader, detail: Detail, act: Act) -> bool:
    return reader.may(act, **_pair(detail))


def _sight(detail: Detail, record_id: UUID) -> Sight:
    return Sight(record_id, **_pair(detail))


def _records(
    reader: Reader, detail: Detail, story: Sequence[Happening], purpose: str
) -> tuple[dict[str, Applicant | None], dict[UUID, str]]:
    """Owner and submitter, and the texts that the story refers to: one statement."""
    came = detail.state.intake
    ids = [UUID(ref.id) for ref in (came.owner, came.submitter) if ref]
    sights = [_sight(detail, each) for each in ids]
    said = [_sight(detail, each) for each in papers.note_ids(detail.state, story)]
    found, notes = persons.people_and_notes(reader, sights, said, purpose=purpose, dossier=detail.row.code)
    return {"owner": found.get(ids[0]), "submitter": found.get(ids[1]) if len(ids) > 1 else None}, notes


def _request(detail: Detail, notes: dict[UUID, str]) -> str:
    ref = detail.state.intake.request
    return notes.get(UUID(ref.id), "") if ref else ""


def _time(detail: Detail, story: Sequence[Happening], now: datetime) -> dict[str, Any]:
    row, state = detail.row, detail.state
    counted = next((each for each in reversed(story) if each.type in _APPOINTS), None)
    trace = (counted.data.get("appointment") or {}).get("trace") if counted else None
    return {
        "left": clock.row_left(
            detail.calendar,
            now,
            status=row.status,
            due=row.due_at,
            paused_at=row.paused_at,
            ready_at=row.ready_at,
            timeliness=row.timeliness,
            answer_due=row.answer_due_at,
        ),
        "status_words": STATUS[row.status],
        "status_tone": words.STATUS_TONES[row.status],
        "moved": row.due_at != row.due_at_original,
        "appointed_again": state.letters > 0,
        "limit": clock.limit_words(state.appointment.limit if state.appointment else None),
        "provisional": bool(state.appointment and state.appointment.provisional),
        "reasons": clock.reasons(trace),
        "asked_once": state.supplements > 0 and row.status is Status.PROCESSING,
    }


def _files(
    reader: Reader, detail: Detail, story: Sequence[Happening], content: Content, *, may: bool
) -> dict[str, Any]:
    """The papers handed in and the result's document; their files only for a reader who may open them."""
    came = detail.state.intake.components
    documents = {found: each.type for each in story if (found := ref_id(each.data, "document"))}
    scans = [UUID(item.file.id) for item in came if item.file]
    wanted = [*documents, *scans] if may else []
    known = files.files(reader, wanted, **_pair(detail)) if wanted else {}
    handed = []
    for item in came:
        file = known.get(UUID(item.file.id)) if item.file else None
        counts = _counts(item.originals, item.certified, item.copies)
        name = component_name(content, item.number)
        handed.append(
            Handed(name, counts, file.id, file.name, file.erased_by) if file else Handed(name, counts, None, "")
        )
    results = [(_DOCUMENTS.get(kind, _("Kết quả")), known[each]) for each, kind in documents.items() if each in known]
    return {"handed": handed, "results": results, "hidden_files": bool(documents or scans) and not may}


def _counts(originals: int, certified: int, copies: int) -> str:
    said = []
    if originals:
        said.append(_("%(count)s bản chính") % {"count": originals})
    if certified:
        said.append(_("%(count)s bản chứng thực") % {"count": certified})
    if copies:
        said.append(_("%(count)s bản sao") % {"count": copies})
    return ", ".join(said) or _("xuất trình")


def _holder(detail: Detail, staff: dict[int, str]) -> str:
    """Who has it now: the agency, and the person or the function."""
    state = detail.state
    if state.holder_agency is None:
        return ""
    agency = detail.agency_names.get(state.holder_agency, "")
    person = staff.get(state.holder_staff or 0)
    if person:
        return f"{agency}, {person}"
    function = FUNCTIONS.get(state.holder_function.value if state.holder_function else "", "")
    return f"{agency}, {function}"
