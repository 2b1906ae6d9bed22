"""All that is held about one person, for that person: records, dossiers, notes, files, and who opened them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.agencies import queries as agencies
from motcua.agencies import walls
from motcua.agencies.access import Act, NotPermitted, Reader
from motcua.dossiers import queries, refs
from motcua.dossiers.models import Dossier
from motcua.dossiers.people import Involved, involving
from motcua.dossiers.queries import Happening, ToldDossier
from motcua.dossiers.slip import NOTES
from motcua.files import queries as files
from motcua.files.queries import OpenFile
from motcua.law.dossier.vocabulary import Status
from motcua.persons import queries as persons
from motcua.persons.commands import note_access
from motcua.persons.identity import mask_id, normal_id
from motcua.persons.queries import Applicant, Sight
from motcua.procedures import queries as procedures

EXPORT, OWN = "export", "own"  # the acts in the access log
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a dossier, with the note or reason that was written then."""

    at: datetime
    type: str
    agency: str
    staff: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeldDossier:
    """A dossier in which the person stands; what belongs to its owner is told to its owner only.

    `records` are the person's own data in it as they were written down, the earlier ones before those that replaced
    them. `request`, `story` and `files` are empty where the person is not the owner.
    """

    id: UUID
    code: str
    procedure: str
    receiving: str
    competent: str
    status: Status
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    owned: bool
    records: tuple[Applicant, ...] = field(repr=False)
    request: str = field(default="", repr=False)
    story: tuple[Told, ...] = field(default=(), repr=False)
    files: tuple[OpenFile, ...] = field(default=(), repr=False)
    erased_files: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """One opening of the person's data: when, who, at which agency, what was done, and for what."""

    at: datetime
    staff: str
    agency: str
    act: str
    purpose: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """Everything; `number` is masked. `agency` names whose dossiers were looked through, empty for all of them."""

    number: str
    made_at: datetime
    agency: str
    dossiers: tuple[HeldDossier, ...]
    accesses: tuple[Opened, ...]


def found(reader: Reader, number: str) -> tuple[HeldDossier, ...]:
    """The dossiers in which this person stands and which the reader may tell the person of, nothing opened yet.

    Raises NotPermitted for who may see no id number anywhere.
    """
    return tuple(
        _bare(row, row.due_at_current, names, owned=each.owned) for row, each, names in _involved(reader, number)
    )


@transaction.atomic
def about(reader: Reader, number: str, *, purpose: str) -> AboutPerson:
    """All that is held about the person with this id number, as far as the reader may open it.

    Each opening is noted in the access log with its purpose. For staff within their own agency's dossiers, for the
    system everywhere. Raises NotPermitted, and ValueError without a purpose.
    """
    if not purpose.strip():
        raise ValueError("Opening personal data needs a purpose.")
    involved = _involved(reader, number)
    accesses = _accesses(reader, [(row, each) for row, each, _ in involved])  # before this opening is noted
    dossiers = tuple(_full(reader, row, each, names, purpose) for row, each, names in involved)
    opened = {record.record_id for each in dossiers for record in each.records}
    note_access(reader, opened, act=EXPORT, purpose=purpose)
    own = agencies.agency_names(reader, [reader.agency_id]) if reader.agency_id else {}
    name = own.get(reader.agency_id or 0, "")
    return AboutPerson(mask_id(normal_id(number)), datetime.now(UTC), name, dossiers, accesses)


@transaction.atomic
def about_own(reader: Reader, *, purpose: str) -> AboutPerson:
    """The same for a citizen who has signed in: everything in the whole installation, noted in the access log.

    Officers are not named, as wherever a citizen reads; their agencies are. Raises NotPermitted for anybody else.
    """
    rows, stories = queries.told(reader), queries.told_stories(reader)
    happened = [happening for story in stories.values() for happening in story]
    own = {record for row in rows for record in row.record_ids}
    said = {record for each in happened for record, _ in refs.record_refs(each.data)}
    scans = {scan for each in happened for scan in refs.file_ids(each.data)}
    walls.tell(own | said | scans)
    people, notes = persons.told_applicants(reader, own), persons.told_notes(reader, said)
    opened = files.told(reader, scans)
    accesses = _opened(reader, people.keys() | scans)  # before this opening is noted
    note_access(reader, people.keys() | opened.keys(), act=OWN, purpose=purpose)
    ids = {agency for row in rows for agency in (row.receiving_agency_id, row.competent_agency_id)}
    names = (
        agencies.agency_names(reader, ids | {each.actor_agency for each in happened if each.actor_agency}),
        procedures.names(reader, {row.procedure_version_id for row in rows}),
    )
    dossiers = tuple(_own(row, names, people, stories.get(row.id, ()), notes, opened) for row in rows)
    number = next((record.id_number for record in people.values()), "")
    return AboutPerson(mask_id(number), datetime.now(UTC), "", dossiers, accesses)


_Names = tuple[Mapping[int, str], Mapping[int, str]]


def _involved(reader: Reader, number: str) -> list[tuple[Dossier, Involved, _Names]]:
    """The dossiers that the reader may open in full, the latest first, with names of agencies and procedures."""
    scope = reader.scope(Act.SEE_ID)
    if scope.nothing:
        raise NotPermitted(_("Bạn không có quyền tìm theo dữ liệu cá nhân."))
    records = persons.find_by_id_number(reader, number, limit=_MOST)
    parts = {each.dossier_id: each for each in involving(records)}
    within = Q(receiving_agency_id__in=scope.receiving) | Q(competent_agency_id__in=scope.competent)
    query = Dossier.objects.filter(pk__in=parts) if scope.everything else Dossier.objects.filter(within, pk__in=parts)
    rows = list(query.order_by("-opened_at", "-id"))
    ids = {agency for row in rows for agency in (row.receiving_agency_id, row.competent_agency_id)}
    names = (
        agencies.agency_names(reader, ids) if ids else {},
        procedures.names(reader, {row.procedure_version_id for row in rows}) if rows else {},
    )
    return [(row, parts[row.pk], names) for row in rows]


def _bare(row: Dossier | ToldDossier, due_at: datetime | None, names: _Names, *, owned: bool) -> HeldDossier:
    return HeldDossier(
        row.id,
        row.code,
        names[1].get(row.procedure_version_id, row.procedure_code),
        names[0].get(row.receiving_agency_id, ""),
        names[0].get(row.competent_agency_id, ""),
        Status(row.status),
        row.opened_at,
        due_at,
        row.closed_at,
        owned,
        (),
    )


def _own(
    row: ToldDossier, names: _Names, people: Mapping[UUID, Applicant], story: tuple[Happening, ...],
    notes: Mapping[UUID, str], opened: Mapping[UUID, OpenFile],
) -> HeldDossier:  # fmt: skip
    bare = _bare(row, row.due_at, names, owned=row.owned)
    bare = replace(bare, records=tuple(people[record] for record in row.record_ids if record in people))
    if not row.owned:
        return bare
    scans = {scan for happening in story for scan in refs.file_ids(happening.data)}
    living = tuple(opened[scan] for scan in sorted(scans & opened.keys()))
    return _with_story(bare, story, notes, {}, names[0], living, len(scans) - len(living))


def _full(reader: Reader, row: Dossier, each: Involved, names: _Names, purpose: str) -> HeldDossier:
    bare = _bare(row, row.due_at_current, names, owned=each.owned)
    pair = (row.receiving_agency_id, row.competent_agency_id)
    sights = [Sight(record, *pair) for record in sorted(each.records)]
    people = persons.applicants(reader, sights, full=True, purpose=purpose, dossier=row.code)
    records = tuple(people[sight.record_id] for sight in sights if sight.record_id in people)
    if not each.owned:
        return replace(bare, records=records)
    story = queries.story(reader, row.pk)
    noted = {record for happening in story for record, _ in refs.record_refs(happening.data)} - set(people)
    notes = persons.notes(reader, [Sight(record, *pair) for record in noted])
    staff = agencies.staff_names(reader, {h.actor_staff for h in story if h.actor_staff})
    places = agencies.agency_names(reader, {h.actor_agency for h in story if h.actor_agency})
    opened, erased = _files(reader, pair, refs.of_dossiers([row.pk])[row.pk][1], purpose, row.code)
    return _with_story(replace(bare, records=records), story, notes, staff, places, opened, erased)


def _with_story(
    bare: HeldDossier, story: tuple[Happening, ...], notes: Mapping[UUID, str], staff: Mapping[int, str],
    places: Mapping[int, str], opened: tuple[OpenFile, ...], erased: int,
) -> HeldDossier:  # fmt: skip
    """What belongs to the owner of a dossier."""
    first = next((h.data["intake"].get("request") for h in story if "intake" in h.data), None)
    return replace(
        bare,
        request=notes.get(UUID(first["id"]), "") if first else "",
        story=tuple(_told(happening, notes, staff, places) for happening in story),
        files=opened,
        erased_files=erased,
    )


def _told(happening: Happening, notes: Mapping[UUID, str], staff: Mapping[int, str], places: Mapping[int, str]) -> Told:
    said = [notes[record] for record in _noted(happening) if record in notes]
    return Told(
        happening.at,
        happening.type,
        places.get(happening.actor_agency or 0, ""),
        staff.get(happening.actor_staff or 0, ""),
        "\n".join(said),
    )


def _noted(happening: Happening) -> Iterable[UUID]:
    """The notes and reasons of an event; the request of an intake is told on its own."""
    return (UUID(ref["id"]) for name in NOTES if (ref := happening.data.get(name)))


def _files(
    reader: Reader, pair: tuple[int, int], file_ids: set[UUID], purpose: str, code: str
) -> tuple[tuple[OpenFile, ...], int]:
    """The files, open but unread, and how many were erased; none for a reader who may open no files."""
    at = {"receiving_agency_id": pair[0], "competent_agency_id": pair[1]}
    if not file_ids or not reader.may(Act.SEE_FILES, **at):
        return (), 0
    known = files.files(reader, file_ids, **at)
    living = [file for file in known.values() if not file.erased_by]
    opened = tuple(
        files.open_for(
            reader, file.id, receiving_agency_id=pair[0], competent_agency_id=pair[1], purpose=purpose, dossier=code
        )
        for file in living
    )
    return opened, len(known) - len(living)


def _accesses(reader: Reader, involved: Iterable[tuple[Dossier, Involved]]) -> tuple[Opened, ...]:
    """Who opened the person's own records, or the files of the person's own dossiers, the latest first."""
    listed = list(involved)
    owned = [each.dossier_id for _, each in listed if each.owned]
    scans = {file for _, found_files in refs.of_dossiers(owned).values() for file in found_files} if owned else set()
    return _opened(reader, {record for _, each in listed for record in each.records} | scans)


def _opened(reader: Reader, ids: set[UUID]) -> tuple[Opened, ...]:
    """Who opened these records and files, the latest first."""
    views = persons.openings(reader, ids)
    names = agencies.staff_names(reader, {view.staff_id for view in views if view.staff_id})
    places = agencies.staff_agencies(reader, {view.staff_id for view in views if view.staff_id})
    return tuple(
        Opened(view.at, names.get(view.staff_id or 0, ""), places.get(view.staff_id or 0, ""), view.act, view.purpose)
        for view in views
    )
