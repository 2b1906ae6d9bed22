"""Papers of a dossier for a reader: what the rooms above know, put into the forms of TT 01/2018.

A paper names the applicant in full, so making one needs the acts that its content needs, and the opening of personal
data is noted in the access log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, Reader, for_system
from motcua.dossiers import figures
from motcua.dossiers import queries as dossiers
from motcua.dossiers.queries import Detail, Happening, Row
from motcua.dossiers.slip import NOTES, ref_id
from motcua.law.dossier import events as e
from motcua.law.dossier.reckoning import aware, local
from motcua.law.dossier.vocabulary import Status
from motcua.papers import assembling, forms, qr
from motcua.papers.assembling import Known
from motcua.persons import queries as persons
from motcua.persons.queries import Applicant, Sight
from motcua.procedures import queries as procedures
from motcua.procedures.content import Content
from motcua.proofs import queries as proofs

TrackingUrl = Callable[[str], str]
REGISTER_ROWS = 2000  # a print of more is asked for in parts


class NoSuchPaper(LookupError):  # noqa: N818 - says what is the case
    """The dossier has not come to what this paper is for."""

    message = _("Hồ sơ này chưa có giấy đó.")


class TooManyRows(ValueError):  # noqa: N818 - says what is the case
    """The span asked for holds more dossiers than one print may."""

    message = _("Khoảng thời gian này có quá nhiều hồ sơ để in một lần. Hãy chọn khoảng ngắn hơn.")


def receipt(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.Receipt:
    """M01 with the QR of the tracking page. Raises NoSuchDossier, NotPermitted, NoSuchPaper before acceptance."""
    known = _known(reader, dossier_id, tracking_url, Act.SEE_ID)
    if known.detail.state.received_at is None or known.tracking_url is None:
        raise NoSuchPaper
    return assembling.receipt(known, known.tracking_url)


def supplement_request(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.SupplementRequest:
    """M02 of the latest request for papers. Raises as `receipt` does."""
    known = _known(reader, dossier_id, tracking_url, Act.SEE_ID)
    asked = [each for each in known.story if each.type == e.Paused.TYPE and each.data["kind"] == "supplement"]
    if not asked:
        raise NoSuchPaper
    return assembling.supplement_request(known, asked[-1])


def refusal(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.Refusal:
    """M03 of a refusal at the desk or after appraisal. Raises as `receipt` does."""
    known = _known(reader, dossier_id, tracking_url, Act.SEE_ID)
    refused = known.last(e.RefusedAtIntake.TYPE, e.Finished.TYPE)
    if refused is None or refused.data.get("result") == "granted":
        raise NoSuchPaper
    # The reason of a refusal by another agency stands where that agency sent its answer back.
    return assembling.refusal(known, known.last(e.SentBack.TYPE) or refused)


def apology(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.Apology:
    """M04 of the new appointment. Raises as `receipt` does."""
    known = _known(reader, dossier_id, tracking_url, Act.SEE_ID)
    again = known.last(e.AppointedAgain.TYPE)
    if again is None:
        raise NoSuchPaper
    return assembling.apology(known, again)


def control_slip(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.ControlSlip:
    """M05. It names the owner, no numbers, so `see_name` is enough. Raises as `receipt` does."""
    known = _known(reader, dossier_id, tracking_url, Act.SEE_NAME)
    if known.detail.state.received_at is None:
        raise NoSuchPaper
    return assembling.control_slip(known)


def which(detail: Detail, story: Iterable[Happening]) -> tuple[str, ...]:
    """The papers that a dossier has come to: receipt, slip, supplement, refusal, apology."""
    happened = list(story)
    types = {each.type for each in happened}
    paused = any(each.type == e.Paused.TYPE and each.data["kind"] == "supplement" for each in happened)
    refused = e.RefusedAtIntake.TYPE in types or any(
        each.type == e.Finished.TYPE and each.data["result"] == "refused" for each in happened
    )
    accepted = detail.state.received_at is not None
    found = {
        "receipt": accepted,
        "slip": accepted,
        "supplement": paused,
        "refusal": refused,
        "apology": e.AppointedAgain.TYPE in types,
    }
    return tuple(name for name, there in found.items() if there)


def dossier_register(reader: Reader, start: datetime, end: datetime) -> forms.DossierRegister:
    """M06 of the reader's desk from `start` to before `end`; numbers run on from the beginning of the year.

    Names, addresses and telephones show as far as the reader may see them. Raises TooManyRows.
    """
    page = dossiers.register(reader, start, end, limit=REGISTER_ROWS)
    if page.after is not None:
        raise TooManyRows
    year = local(start).year
    first = figures.opened_between(reader, aware(datetime(year, 1, 1)), start) + 1  # noqa: DTZ001 - local
    people = _people(reader, page.rows)
    names = procedures.names(reader, {row.procedure_version_id for row in page.rows})
    agency_names = agencies.agency_names(reader, {row.competent_agency_id for row in page.rows})
    own = agencies.form_head(reader.agency_id or 0)
    rows = tuple(
        _register_row(first + place, row, people, names[row.procedure_version_id], agency_names)
        for place, row in enumerate(page.rows)
    )
    return forms.DossierRegister(
        head=assembling.head(own, local(timezone.now()).date()), year=year, book="01", rows=rows, demo=own.demo
    )


def _register_row(
    number: int, row: Row, people: dict[UUID, Applicant], procedure: str, agency_names: dict[int, str]
) -> forms.RegisterRow:
    person = people[row.owner_id]
    returned = row.closed_at if row.status == Status.RETURNED else None
    return forms.RegisterRow(
        no=number,
        dossier_code=row.code,
        procedure_name=procedure,
        set_count=row.sets,
        owner_name=assembling.name(person),
        address=person.address or None,
        phone=person.phone or None,
        lead_agency=agency_names[row.competent_agency_id],
        received_at=row.received_at,
        appointed_at=row.due_at,
        returned_at=returned,
        return_method={"desk": "Tại quầy", "post": "Bưu chính", "online": "Trực tuyến"}[row.return_method],
        note=_NOTES.get(row.status),
    )


_NOTES = {
    Status.REGISTERED: "Chờ kiểm tra",
    Status.REFUSED_AT_INTAKE: "Từ chối",
    Status.SUPPLEMENT_REQUESTED: "Chờ bổ sung",
    Status.PAYMENT_REQUESTED: "Chờ nộp tiền",
    Status.SUSPENDED: "Tạm dừng",
    Status.WITHDRAWN: "Rút hồ sơ",
    Status.STOPPED: "Dừng",
}


def _people(reader: Reader, rows: Iterable[Row]) -> dict[UUID, Applicant]:
    sights = [Sight(row.owner_id, row.receiving_agency_id, row.competent_agency_id) for row in rows]
    return persons.applicants(reader, sights, full=True, purpose="In sổ theo dõi hồ sơ")


def _known(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl, needed: Act) -> Known:
    """Everything about the dossier, in at most eight statements; refuses a reader without the needed act."""
    detail = dossiers.detail(reader, dossier_id, datetime.now(UTC))
    row, came = detail.row, detail.state.intake
    pair = (row.receiving_agency_id, row.competent_agency_id)
    reader.require(needed, receiving_agency_id=pair[0], competent_agency_id=pair[1])
    story = dossiers.story(reader, dossier_id)
    sights = [Sight(UUID(ref.id), *pair) for ref in (came.owner, came.submitter) if ref]
    purpose = f"In giấy tờ của hồ sơ {row.code}"
    heads = agencies.form_heads(pair)
    signed = proofs.remembered()
    return Known(
        detail,
        story,
        content_of(row.procedure_version_id),
        heads[pair[0]],
        heads[pair[1]],
        persons.applicants(reader, sights, full=needed == Act.SEE_ID, purpose=purpose, dossier=row.code),
        persons.notes(reader, [Sight(note, *pair) for note in note_ids(detail, story)]),
        agencies.staff_names(reader, staff_ids(story)),
        qr.with_head(tracking_url(detail.token), signed.short_root if signed else None) if detail.token else None,
        assembling.log_statement(signed) if signed else None,
    )


def note_ids(detail: Detail, story: Iterable[Happening]) -> set[UUID]:
    """The notes that a dossier's events refer to: reasons, opinions, the request."""
    found = {ref_id(each.data, name) for each in story for name in NOTES}
    request = detail.state.intake.request
    return {note for note in found if note} | ({UUID(request.id)} if request else set())


def staff_ids(story: Iterable[Happening]) -> set[int]:
    """Everybody who acted on a dossier or was given it."""
    found: set[int | None] = set()
    for each in story:
        found |= {each.actor_staff, each.data.get("staff"), each.data.get("to_staff")}
    return {staff for staff in found if staff is not None}


def content_of(version_id: int) -> Content:
    """What a version of a procedure says; a version never changes, so this program reads it once."""
    return _content(str(connection.settings_dict["NAME"]), version_id)


@lru_cache(maxsize=1024)
def _content(database: str, version_id: int) -> Content:
    # The database is part of the key: the same number names another version in a restored or cloned one.
    page = procedures.version(for_system("what a procedure says"), version_id)
    if page is None:
        raise LookupError(f"procedure version {version_id}")
    return page.content
