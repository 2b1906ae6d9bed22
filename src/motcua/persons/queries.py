"""Readers of persons' data: masked according to the reader's acts, opened in full only with a purpose and a log row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from motcua.agencies.access import Act, NotPermitted, Reader, Role
from motcua.persons.commands import NoSuchRecord, Opened, note_accesses
from motcua.persons.identity import ApplicantData, ApplicantKind, IdKind, Sex, mask_id, mask_phone
from motcua.persons.keys import KeyTrouble, ring
from motcua.persons.models import Access, Record, RecordKind
from motcua.persons.sealing import commitment, id_token, open_record, read_applicant, read_note
from motcua.persons.sealing import name_tokens as tokens_of_name


@dataclass(frozen=True, slots=True)
class Sight:
    """A record and the two agencies of the dossier it is looked at through: what the permission follows from."""

    record_id: UUID
    receiving_agency_id: int
    competent_agency_id: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """An applicant as this reader may see it; what may not be seen, or is not known, is empty.

    `masked` says that numbers are masked and details left out; `erased_by` names the order by which all was erased.
    """

    record_id: UUID
    kind: ApplicantKind | None = None
    name: str | None = None
    id_number: str = ""
    id_kind: IdKind | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    address: str = ""
    phone: str = ""
    email: str = ""
    masked: bool = True
    erased_by: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an applicant is reached, empty where they gave nothing; `passport` when they are known by one."""

    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    passport: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a record still is what an event committed to; an erased one says by which order instead."""

    holds: bool
    erased_by: str = ""


@dataclass(frozen=True, slots=True)
class AccessView:
    """One row of the access log."""

    at: datetime
    staff_id: int | None
    act: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an inspector narrows the access log to; a span of moments goes from `start` to before `end`."""

    staff_id: int | None = None
    dossier: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """One row of the access log for an inspector: who, where, through which dossier, what for, and how many records."""

    id: int
    at: datetime
    staff_id: int | None
    agency_id: int | None
    dossier: str
    act: str
    purpose: str
    records: int


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """One opening as the person concerned is told of it: which agency (None: the system) and what for, no names."""

    at: datetime
    agency_id: int | None
    act: str
    purpose: str


def applicant(
    reader: Reader,
    record_id: UUID,
    *,
    receiving_agency_id: int,
    competent_agency_id: int,
    full: bool = False,
    purpose: str = "",
    dossier: str = "",
) -> Applicant:
    """One applicant; see `applicants`. Raises NoSuchRecord as well."""
    sight = Sight(record_id, receiving_agency_id, competent_agency_id)
    found = applicants(reader, [sight], full=full, purpose=purpose, dossier=dossier)
    if record_id not in found:
        raise NoSuchRecord(_("Không có dữ liệu này."))
    return found[record_id]


def applicants(
    reader: Reader,
    sights: Iterable[Sight],
    *,
    full: bool = False,
    purpose: str = "",
    dossier: str | Mapping[UUID, str] = "",
    known: Mapping[UUID, Record] | None = None,
) -> dict[UUID, Applicant]:
    """The applicants of these records, each as far as the reader may see it: one statement, none with `known`.

    With `see` alone nothing of it shows, and it is not even read; with `see_name` the name and masked numbers; with
    `see_id`, when `full` is asked for, everything, and one more statement notes the access with its purpose and the
    dossier's code; a mapping gives each record's own. Raises NotPermitted for a record that may not be seen at all.
    """
    looked = {sight.record_id: sight for sight in sights}
    for sight in looked.values():
        _require(reader, Act.SEE, sight)
    opened = {key for key, sight in looked.items() if full and _may(reader, Act.SEE_ID, sight)}
    named = {key for key, sight in looked.items() if _may(reader, Act.SEE_NAME, sight)}
    shown = {key: Applicant(key) for key in looked if key not in named}
    for row in _of_kind(RecordKind.APPLICANT, named, known):
        if row.sealed is None:
            shown[row.pk] = Applicant(row.pk, erased_by=row.erasure_order)
        else:
            data = read_applicant(_body(row))
            shown[row.pk] = _full(row.pk, data) if row.pk in opened else _masked(row.pk, data)
    noted = [pk for pk in opened if pk in shown and not shown[pk].erased_by]
    if noted:
        note_accesses(reader, _openings_of([looked[key] for key in noted], dossier), act=Act.SEE_ID, purpose=purpose)
    return shown


def people_and_notes(
    reader: Reader, people: Iterable[Sight], said: Iterable[Sight], *, purpose: str = "", dossier: str = ""
) -> tuple[dict[UUID, Applicant], dict[UUID, str]]:
    """The applicants and the notes of a dossier's page, read together: one statement; in full with a purpose.

    See `applicants` and `notes`. Raises NotPermitted.
    """
    people, said = list(people), list(said)
    wanted = {sight.record_id for sight in (*people, *said) if _may(reader, Act.SEE_NAME, sight)}
    known = {row.pk: row for row in Record.objects.filter(pk__in=wanted)} if wanted else {}
    shown = applicants(reader, people, full=bool(purpose), purpose=purpose, dossier=dossier, known=known)
    return shown, notes(reader, said, known=known)


def _of_kind(kind: RecordKind, wanted: Collection[UUID], known: Mapping[UUID, Record] | None) -> Iterable[Record]:
    """The records of a kind among these, from what was read already or in one statement."""
    if known is not None:
        return [known[key] for key in wanted if key in known and known[key].kind == kind]
    return Record.objects.filter(pk__in=wanted, kind=kind) if wanted else ()


def _openings_of(sights: Iterable[Sight], dossier: str | Mapping[UUID, str]) -> list[Opened]:
    """What was opened, by the dossier that it was opened through."""
    by_dossier: dict[str, list[Sight]] = {}
    for sight in sights:
        code = dossier if isinstance(dossier, str) else dossier[sight.record_id]
        by_dossier.setdefault(code, []).append(sight)
    return [
        Opened({sight.record_id for sight in group}, code, {side for sight in group for side in _sides(sight)})
        for code, group in by_dossier.items()
    ]


def _sides(sight: Sight) -> tuple[int, int]:
    return sight.receiving_agency_id, sight.competent_agency_id


def names_for(reader: Reader, sights: Iterable[Sight]) -> dict[UUID, str]:
    """The names for a page of a list, as far as they may be seen: one statement; the others are left out."""
    wanted = [sight.record_id for sight in sights if _may(reader, Act.SEE_NAME, sight)]
    rows = Record.objects.filter(pk__in=wanted, kind=RecordKind.APPLICANT, sealed__isnull=False)
    return {row.pk: read_applicant(_body(row)).name for row in rows}


def note(reader: Reader, record_id: UUID, *, receiving_agency_id: int, competent_agency_id: int) -> str | None:
    """The text of a note; None when erased or not to be read. Notes speak of persons: they need `see_name`."""
    return notes(reader, [Sight(record_id, receiving_agency_id, competent_agency_id)]).get(record_id)


def notes(reader: Reader, sights: Iterable[Sight], *, known: Mapping[UUID, Record] | None = None) -> dict[UUID, str]:
    """The texts of notes as far as they may be read: one statement, none with `known`; the others are left out."""
    wanted = [sight.record_id for sight in sights if _may(reader, Act.SEE_NAME, sight)]
    rows = _of_kind(RecordKind.NOTE, wanted, known)
    return {row.pk: read_note(_body(row)) for row in rows if row.sealed is not None}


def told_applicants(reader: Reader, record_ids: Iterable[UUID]) -> dict[UUID, Applicant]:
    """Those of these records that are the own ones of the citizen who asks, in full, the earliest first: one statement.

    The caller notes the opening. Raises NotPermitted for anybody but a citizen who has signed in.
    """
    _require_person(reader)
    mine = Record.objects.filter(pk__in=set(record_ids), id_index__in=sorted(reader.id_tokens))
    return {row.pk: _full(row.pk, read_applicant(_body(row))) for row in mine.order_by("pk")}


def told_notes(reader: Reader, record_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The texts of those of these records that are notes: one statement.

    They must stand in dossiers that the citizen who asks owns. Raises NotPermitted for anybody but such a citizen.
    """
    _require_person(reader)
    rows = Record.objects.filter(pk__in=set(record_ids), kind=RecordKind.NOTE, sealed__isnull=False)
    return {row.pk: read_note(_body(row)) for row in rows}


def contacts(reader: Reader, record_ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """How these applicants can be told of their own dossiers, those that were erased left out: one statement.

    Nobody sees it, so no opening is noted. Raises NotPermitted for anybody but the system.
    """
    _require_system(reader)
    rows = Record.objects.filter(pk__in=set(record_ids), kind=RecordKind.APPLICANT, sealed__isnull=False)
    found = {row.pk: read_applicant(_body(row)) for row in rows}
    return {number: Contact(data.phone, data.email, data.id_kind is IdKind.PASSPORT) for number, data in found.items()}


def find_by_id_number(reader: Reader, number: str, limit: int = 200) -> list[UUID]:
    """Records with this id number, the latest first; the caller keeps those whose dossier is in the reader's scope.

    Raises NotPermitted for a reader who may see no id number anywhere.
    """
    rows = Record.objects.filter(id_index__in=id_tokens(reader, number)).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def find_by_name_words(reader: Reader, text: str, limit: int = 200) -> list[UUID]:
    """Records whose name has all these words, with or without diacritics, the latest first; see `find_by_id_number`.

    Raises NotPermitted for a reader who may see no name anywhere.
    """
    found: set[UUID] = set()
    with connection.cursor() as cursor:
        for words in name_tokens(reader, text):
            cursor.execute("SELECT persons_named(%s, %s)", [words, limit])
            found.update(row[0] for row in cursor.fetchall())
    return sorted(found, reverse=True)[:limit]


def sealed_by(reader: Reader) -> dict[str, int]:
    """How many records each data key has sealed, by its name. Raises NotPermitted for any reader but the system."""
    _require_system(reader)
    rows = Record.objects.filter(sealed__isnull=False).values_list("key_id").annotate(Count("pk"))
    return dict(rows.order_by("key_id"))


def number_tokens(record_ids: Iterable[UUID]) -> dict[UUID, set[bytes]]:
    """What the index holds, or held under another data key, for the id numbers of these records: one statement.

    Nothing is shown of anybody; records without a number, erased ones and those that may not be read are left out.
    """
    keys = ring()
    found: dict[UUID, set[bytes]] = {}
    for row in Record.objects.filter(pk__in=set(record_ids), kind=RecordKind.APPLICANT, sealed__isnull=False):
        number = read_applicant(_body(row)).id_number
        if number:
            found[row.pk] = {id_token(number, key) for key in keys.all}
    return found


def id_tokens(reader: Reader, number: str) -> list[bytes]:
    """What `id_index` may hold for this number, one for each data key: for a join from a room below."""
    _require_somewhere(reader, Act.SEE_ID)
    return [id_token(number, key) for key in ring().all]


def name_tokens(reader: Reader, text: str) -> list[list[int]]:
    """What `name_index` must contain for these words, one list for each data key; none without a word."""
    _require_somewhere(reader, Act.SEE_NAME)
    return [words for key in ring().all if (words := tokens_of_name(text, key))]


def person_tokens(number: str) -> frozenset[bytes]:
    """What a confirmed citizen's session keeps instead of the id number: its index tokens, see `access.for_person`."""
    return frozenset(id_token(number, key) for key in ring().all)


def own_accesses(reader: Reader, dossiers: Iterable[str] = (), limit: int = 200) -> tuple[OwnAccess, ...]:
    """Who opened the data of the citizen who asks, the latest first: one statement; for anybody else nothing.

    `dossiers` are the codes of the citizen's own: what was opened through them counts, too, such as files.
    """
    if not reader.id_tokens:
        return ()
    asked: list[Any] = [sorted(reader.id_tokens), sorted(set(dossiers)), limit]
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, agency_id, act, purpose FROM persons_accesses_of(%s, %s, %s)", asked)
        return tuple(OwnAccess(*row) for row in cursor.fetchall())


def check_commitments(reader: Reader, commitments: Mapping[UUID, str]) -> dict[UUID, Verdict]:
    """Whether each record still matches the commitment in its event: one statement; nothing is shown of the content.

    A record that is not there does not hold. Raises NotPermitted for any reader but the system.
    """
    _require_system(reader)
    verdicts = dict.fromkeys(commitments, Verdict(holds=False))
    keys = ring()
    for row in Record.objects.filter(pk__in=commitments):
        if row.sealed is None:
            verdicts[row.pk] = Verdict(holds=False, erased_by=row.erasure_order)
        else:
            key = keys.key(row.key_id)
            try:
                own_key, body = open_record(row.pk, row.kind, bytes(row.sealed), key)
            except KeyTrouble:
                continue  # changed or taken from another row: it does not hold
            verdicts[row.pk] = Verdict(compare_digest(commitment(own_key, body), commitments[row.pk]))
    return verdicts


def accesses(reader: Reader, record_id: UUID) -> tuple[AccessView, ...]:
    """Who opened this record, the latest first. Raises NotPermitted for any reader but the system."""
    _require_system(reader)
    return _openings([record_id])


def openings(reader: Reader, ids: Iterable[UUID]) -> tuple[AccessView, ...]:
    """Who opened any of these records or files, the latest first: what the person concerned may know.

    Each opening once, however many of them it concerned. A citizen who has signed in asks for
    the own ones. Raises NotPermitted for who may see no id number anywhere.
    """
    if not reader.id_tokens:
        _require_somewhere(reader, Act.SEE_ID)
    return _openings(ids)


def _openings(ids: Iterable[UUID]) -> tuple[AccessView, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, staff_id, act, purpose FROM persons_openings(%s)", [sorted(set(ids))])
        return tuple(AccessView(*row) for row in cursor.fetchall())


def access_log(reader: Reader, asked: Asked, *, before: int | None = None, limit: int = 50) -> tuple[Opening, ...]:
    """The access log of the reader's agency and those below, the latest first, older than `before`: one statement.

    Nothing of anybody's data stands in it. Raises NotPermitted for any reader but an inspector. Uses index
    access_agency.
    """
    if Role.INSPECTOR not in reader.roles:
        raise NotPermitted(_("Chỉ thanh tra đọc được nhật ký truy cập."))
    agencies = sorted(reader.own_agency_ids | reader.descendant_agency_ids)
    rows = Access.objects.filter(Q(agency_id__in=agencies) | Q(agency_id=None, staff__agency_id__in=agencies))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if asked.staff_id is not None:
        rows = rows.filter(staff_id=asked.staff_id)
    if asked.dossier:
        rows = rows.filter(dossier=asked.dossier)
    if asked.start is not None:
        rows = rows.filter(at__gte=asked.start)
    if asked.end is not None:
        rows = rows.filter(at__lt=asked.end)
    where = Coalesce("agency_id", "staff__agency_id", output_field=BigIntegerField())
    found = rows.annotate(where=where).order_by("-pk")[:limit]
    return tuple(
        Opening(row.pk, row.at, row.staff_id, row.where, row.dossier, row.act, row.purpose, len(row.record_ids))
        for row in found
    )


def _body(row: Record) -> bytes:
    return open_record(row.pk, row.kind, bytes(row.sealed or b""), ring().key(row.key_id))[1]


def _full(record_id: UUID, data: ApplicantData) -> Applicant:
    return Applicant(
        record_id,
        data.kind,
        data.name,
        data.id_number,
        data.id_kind,
        data.birth_date,
        data.sex,
        data.address,
        data.phone,
        data.email,
        masked=False,
    )


def _masked(record_id: UUID, data: ApplicantData) -> Applicant:
    return Applicant(
        record_id,
        data.kind,
        data.name,
        id_number=mask_id(data.id_number),
        id_kind=data.id_kind,
        phone=mask_phone(data.phone),
    )


def _may(reader: Reader, act: Act, sight: Sight) -> bool:
    return reader.may(act, receiving_agency_id=sight.receiving_agency_id, competent_agency_id=sight.competent_agency_id)


def _require(reader: Reader, act: Act, sight: Sight) -> None:
    reader.require(act, receiving_agency_id=sight.receiving_agency_id, competent_agency_id=sight.competent_agency_id)


def _require_somewhere(reader: Reader, act: Act) -> None:
    if reader.scope(act).nothing:
        raise NotPermitted(_("Bạn không có quyền tìm theo dữ liệu cá nhân."))


def _require_person(reader: Reader) -> None:
    if not reader.id_tokens:
        raise NotPermitted(_("Hãy đăng nhập bằng tài khoản định danh điện tử."))


def _require_system(reader: Reader) -> None:
    if reader.kind != "system":
        raise NotPermitted(_("Chỉ hệ thống làm được việc này."))
