"""Papers of dossiers for a reader: what the rooms above know, put into forms.

A paper names the applicant in full, so making one needs the acts that its content needs, and the opening of personal
data is noted in the access log. Making one issues nothing: that is `commands.issue`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies import queries as agencies
from motcua.agencies.access import Act, Reader, for_system
from motcua.dossiers import folders
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.folders import Folder
from motcua.dossiers.queries import Happening
from motcua.dossiers.rules import rules_of
from motcua.dossiers.slip import NOTES, ref_id
from motcua.law.dossier import events as e
from motcua.law.dossier.state import State
from motcua.papers import assembling, books, forms, qr
from motcua.papers.assembling import Known
from motcua.papers.bases import Basis
from motcua.papers.kinds import NEEDS, NUMBERED, Kind, asked
from motcua.papers.models import Occasion, RegisterEntry
from motcua.persons import queries as persons
from motcua.persons.queries import Applicant, Sight
from motcua.procedures import queries as procedures
from motcua.procedures.content import Content
from motcua.proofs import queries as proofs

TrackingUrl = Callable[[str], str]
AT_ONCE = 1000  # papers in one print; more are asked for in parts
_Form = TypeVar("_Form", bound=forms.AnyForm)


class NoSuchPaper(LookupError):  # noqa: N818 - says what is the case
    """The dossier has not come to what this paper is for."""

    message = _("Hồ sơ này chưa có giấy đó.")


class TooManyPapers(ValueError):  # noqa: N818 - says what is the case
    """The span asked for holds more papers than one print may."""

    message = _("Khoảng thời gian này có quá nhiều giấy để in một lần. Hãy chọn khoảng ngắn hơn.")


@dataclass(frozen=True, slots=True)
class Made:
    """A form with what it was made from."""

    form: forms.AnyForm
    known: Known


def receipt(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.Receipt:
    """M01 with the QR of the tracking page. Raises NoSuchDossier, NotPermitted, NoSuchPaper before acceptance."""
    return _one(reader, Kind.RECEIPT, dossier_id, tracking_url, forms.Receipt)


def supplement_request(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.SupplementRequest:
    """M02 of the latest request for papers. Raises as `receipt` does."""
    return _one(reader, Kind.SUPPLEMENT, dossier_id, tracking_url, forms.SupplementRequest)


def refusal(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.Refusal:
    """M03 of a refusal at the desk or after appraisal. Raises as `receipt` does."""
    return _one(reader, Kind.REFUSAL, dossier_id, tracking_url, forms.Refusal)


def apology(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.Apology:
    """M04 of the new appointment. Raises as `receipt` does."""
    return _one(reader, Kind.APOLOGY, dossier_id, tracking_url, forms.Apology)


def stop_notice(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.StopNotice:
    """The notice that the dossier was stopped (form 05 of TT 03/2025). Raises as `receipt` does."""
    return _one(reader, Kind.STOP, dossier_id, tracking_url, forms.StopNotice)


def control_slip(reader: Reader, dossier_id: UUID, tracking_url: TrackingUrl) -> forms.ControlSlip:
    """M05. It names the owner, no numbers, so `see_name` is enough. Raises as `receipt` does."""
    return _one(reader, Kind.SLIP, dossier_id, tracking_url, forms.ControlSlip)


def _one(reader: Reader, kind: Kind, dossier_id: UUID, tracking_url: TrackingUrl, wanted: type[_Form]) -> _Form:
    form = draft(reader, kind, dossier_id, tracking_url).form
    if not isinstance(form, wanted):
        raise TypeError(f"{kind} made {type(form).__name__}")
    return form


def draft(reader: Reader, kind: Kind, dossier_id: UUID, tracking_url: TrackingUrl) -> Made:
    """A paper as it would be issued now. Raises NoSuchDossier, NotPermitted, NoSuchPaper."""
    made = make(reader, kind, [dossier_id], tracking_url, single=True)
    if dossier_id not in made:
        raise NoSuchPaper
    return made[dossier_id]


def make(
    reader: Reader, kind: Kind, dossier_ids: Collection[UUID], tracking_url: TrackingUrl, *, single: bool = False
) -> dict[UUID, Made]:
    """The forms of these dossiers, in at most nine statements however many; the openings of data are noted.

    Dossiers that have not come to this paper are left out, and those that the reader may not have it of; `single` says
    so instead. Raises then NoSuchDossier, NotPermitted.
    """
    found = folders.folders(reader, dossier_ids)
    if single:
        _require(reader, kind, dossier_ids, found)
    wanted = {each.row.id: each for each in found.values() if _is_due(each, kind) and _may(reader, kind, each)}
    known = _known(reader, kind, wanted, tracking_url) if wanted else {}
    made = {dossier_id: assembling.form_of(each, kind) for dossier_id, each in known.items()}
    return {dossier_id: Made(form, known[dossier_id]) for dossier_id, form in made.items() if form is not None}


def _require(reader: Reader, kind: Kind, dossier_ids: Collection[UUID], found: Mapping[UUID, Folder]) -> None:
    for dossier_id in dossier_ids:
        if dossier_id not in found:
            raise NoSuchDossier(dossier_id)
        receiving, competent = found[dossier_id].pair
        reader.require(NEEDS[kind], receiving_agency_id=receiving, competent_agency_id=competent)


def _may(reader: Reader, kind: Kind, folder: Folder) -> bool:
    receiving, competent = folder.pair
    return reader.may(NEEDS[kind], receiving_agency_id=receiving, competent_agency_id=competent)


def apologies_ahead(
    reader: Reader, wanted: Mapping[UUID, datetime], reason: str, now: datetime, tracking_url: TrackingUrl
) -> dict[UUID, forms.Apology]:
    """The apologies of these dossiers as they would be with new times and a reason, before anybody has decided it.

    In at most nine statements; dossiers are left out as `make` leaves them out. They are to be printed as drafts only.
    """
    found = folders.folders(reader, wanted.keys())
    mine = {each.row.id: each for each in found.values() if _may(reader, Kind.APOLOGY, each)}
    known = _known(reader, Kind.APOLOGY, mine, tracking_url) if mine else {}
    made = {}
    for dossier_id, each in known.items():
        data = {"due_at": wanted[dossier_id].isoformat()}
        ahead = Happening(0, e.AppointedAgain.TYPE, now, now, None, reader.staff_id, reader.agency_id, data, None)
        made[dossier_id] = replace(assembling.apology(each, ahead), reason=reason, signer_name=reader.name or None)
    return made


def _is_due(folder: Folder, kind: Kind) -> bool:
    return kind.value in which(folder.state, folder.story)


def which(state: State, story: Iterable[Happening]) -> tuple[str, ...]:
    """The papers that a dossier has come to, by the names of their kinds."""
    there = {asked(each.type, each.data) for each in story}
    return tuple(kind.value for kind in Kind if kind in there or (kind in NUMBERED and state.received_at is not None))


def listed(reader: Reader, kind: Kind, start: datetime, end: datetime) -> tuple[UUID, ...]:
    """The dossiers of the reader's agency that came to a paper from `start` to before `end`, the earliest first.

    Receipts and slips are those of the own desk; the others are listed at the desk and where the dossier is settled.
    One statement. Raises TooManyPapers.
    """
    own = sorted(reader.own_agency_ids)
    if kind in NUMBERED:
        entries = RegisterEntry.objects.filter(agency_id__in=own, accepted_at__gte=start, accepted_at__lt=end)
        found = [row.dossier_id for row in entries.order_by("accepted_at", "serial")[: AT_ONCE + 1]]
    else:
        mine = Q(receiving_agency_id__in=own) | Q(competent_agency_id__in=own)
        occasions = Occasion.objects.filter(mine, kind=kind, at__gte=start, at__lt=end)
        found = [row.dossier_id for row in occasions.order_by("at", "dossier_id")[: AT_ONCE + 1]]
    ids = tuple(dict.fromkeys(found))
    if len(ids) > AT_ONCE:
        raise TooManyPapers
    return ids


def _known(reader: Reader, kind: Kind, wanted: Mapping[UUID, Folder], tracking_url: TrackingUrl) -> dict[UUID, Known]:
    """All about these dossiers, set by set."""
    people = _people(reader, kind, wanted)
    sights = [Sight(note, *each.pair) for each in wanted.values() for note in note_ids(each.state, each.story)]
    notes = persons.notes(reader, sights)
    staff = agencies.staff_names(reader, {who for each in wanted.values() for who in staff_ids(each.story)})
    heads = agencies.form_heads({agency for each in wanted.values() for agency in each.pair})
    stands = books.places(reader, wanted) if kind in NUMBERED else {}
    signed = proofs.remembered()
    said = assembling.log_statement(signed) if signed else None
    root = signed.short_root if signed else None
    return {
        dossier_id: Known(
            each,
            content_of(each.row.procedure_version_id),
            heads[each.pair[0]],
            heads[each.pair[1]],
            people,
            notes,
            staff,
            qr.with_head(tracking_url(each.token), root) if each.token else None,
            said,
            stands.get(dossier_id),
            _basis(each.state),
        )
        for dossier_id, each in wanted.items()
    }


def _basis(state: State) -> Basis | None:
    """The circular that a dossier was received under; None for one from before that was kept."""
    if state.rules is None:
        return None
    return Basis(rules_of(state.rules, state.received_at or state.opened_at).forms.value)


def _people(reader: Reader, kind: Kind, wanted: Mapping[UUID, Folder]) -> dict[UUID, Applicant]:
    """Owners and submitters, each opened through its own dossier."""
    sights, codes = [], {}
    for each in wanted.values():
        for ref in (each.state.intake.owner, each.state.intake.submitter):
            if ref:
                sights.append(Sight(UUID(ref.id), *each.pair))
                codes[UUID(ref.id)] = each.row.code
    purpose = "In giấy tờ hàng loạt" if len(wanted) > 1 else f"In giấy tờ của hồ sơ {next(iter(codes.values()))}"
    full = NEEDS[kind] == Act.SEE_ID
    return persons.applicants(reader, sights, full=full, purpose=purpose, dossier=codes)


def note_ids(state: State, story: Iterable[Happening]) -> set[UUID]:
    """The notes that a dossier's events refer to: reasons, opinions, the request."""
    found = {ref_id(each.data, name) for each in story for name in NOTES}
    request = state.intake.request
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
