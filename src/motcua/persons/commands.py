"""The only writers of persons' data: keep, erase, seal anew, and note who opened it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from motcua.agencies.access import Reader
from motcua.persons.identity import ApplicantData, FieldError, check_normalised, normalised
from motcua.persons.keys import DataKey, ring
from motcua.persons.models import Record
from motcua.persons.sealing import Sealed, reseal, seal_applicant, seal_note

_BATCH = 5_000
_COLUMNS = "id, kind, sealed, key_id, id_index, name_index, erasure_order, receiving_agency_id, competent_agency_id"
_ROW = "(%s, %s, %s, %s, %s, %s, '', %s, %s)"
_NOTE = "INSERT INTO persons_access (staff_id, agency_id, dossier, act, purpose, record_ids) VALUES "
# PostgreSQL copies into no table that has row-level security, so many rows go by way of a table of this transaction.
_DRAFT = "CREATE TEMPORARY TABLE persons_draft (LIKE persons_record INCLUDING DEFAULTS) ON COMMIT DROP"
_COPY = f"COPY persons_draft ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_KEEP_DRAFT = f"INSERT INTO persons_record ({_COLUMNS}) SELECT {_COLUMNS} FROM persons_draft"  # noqa: S608
_COPY_TYPES = ["uuid", "varchar", "bytea", "varchar", "bytea", "int8[]", "varchar", "int8", "int8"]
_FEW = 20

# The receiving and the competent agency of the dossier that a record belongs to.
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an event holds of a record: its id and the commitment to its content (64 hexadecimal digits)."""

    record_id: UUID
    commitment: str


class InvalidApplicant(ValueError):  # noqa: N818 - says what is the case
    """The applicant's data cannot be kept; `errors` says what is wrong in which field, never the value itself."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(", ".join(f"{error.field}: {error.code}" for error in errors))
        self.errors = errors


class NoSuchRecord(LookupError):  # noqa: N818 - says what is the case
    """No record has this id."""


def keep_applicant(data: ApplicantData, pair: Pair | None = None) -> Kept:
    """Checks and keeps an applicant's data, sealed: one statement. Raises InvalidApplicant.

    `pair` names the agencies of the dossier; without it nobody but the system will read the record.
    """
    return _insert([_seal(data, ring().current)], [pair])[0]


def keep_note(text: str, pair: Pair | None = None) -> Kept:
    """Keeps free text about a person (a reason, an opinion, a message), sealed: one statement; see `keep_applicant`."""
    return _insert([_seal(text, ring().current)], [pair])[0]


def keep_many(items: Iterable[ApplicantData | str], pairs: Iterable[Pair | None] = ()) -> list[Kept]:
    """Keeps many applicants and notes (text) at once, in their order: all of them or, on InvalidApplicant, none.

    `pairs` names the agencies of each; where they end the rest belongs to none. A few are one statement.
    """
    key = ring().current
    kept: list[Kept] = []
    rows = ((_seal(item, key), pair) for item, pair in zip(items, chain(pairs, repeat(None)), strict=False))
    with transaction.atomic():
        while batch := list(islice(rows, _BATCH)):
            sealed, of = [row for row, _pair in batch], [pair for _row, pair in batch]
            kept += (_insert if len(batch) <= _FEW else _copy)(sealed, of)
    return kept


def assign(pairs: Mapping[str, Pair]) -> None:
    """Gives records that belong to no dossier yet, by id, the agencies of theirs: one statement, none for none."""
    if not pairs:
        return
    sql = """
        UPDATE persons_record r SET receiving_agency_id = receiving, competent_agency_id = competent
        FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS asked (id, receiving, competent)
        WHERE r.id = asked.id AND r.receiving_agency_id IS NULL"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(pairs), *map(list, zip(*pairs.values(), strict=True))])


@transaction.atomic
def erase(record_id: UUID, order: str) -> None:
    """Erases one record by a named order; see `erase_many`. Raises NoSuchRecord as well."""
    if not erase_many([record_id], order) and not Record.objects.filter(pk=record_id).exists():
        raise NoSuchRecord(_("Không có dữ liệu này."))


def erase_many(record_ids: Iterable[UUID], order: str) -> int:
    """Erases records by a named order: content, key and indexes go, the rows stay and say by which order.

    One statement; gives how many went. Ids that are none of a record, and records erased before, which keep their
    first order, are passed over. Whether a hold forbids it is for the caller to ask. Raises ValueError without an
    order.
    """
    if not order.strip():
        raise ValueError("An erasure needs the order that asks for it.")
    gone: dict[str, Any] = {
        "sealed": None,
        "id_index": None,
        "name_index": [],
        "erased_at": Now(),
        "erasure_order": order.strip(),
    }
    return Record.objects.filter(pk__in=set(record_ids), erased_at__isnull=True).update(**gone)


def seal_anew(limit: int = 1_000) -> int:
    """Seals up to `limit` records under the current data key that an older one sealed; gives how many it did.

    Run until it gives 0, then the older key may go. Commitments stay as they are.
    """
    keys = ring()
    with transaction.atomic():
        rows = list(
            Record.objects.select_for_update(skip_locked=True)
            .filter(sealed__isnull=False)
            .exclude(key_id=keys.current.id)
            .order_by("pk")[:limit]
        )
        for row in rows:
            new = reseal(row.pk, row.kind, bytes(row.sealed or b""), keys.key(row.key_id), keys)
            row.sealed, row.key_id, row.id_index, row.name_index = new.sealed, new.key_id, new.id_index, new.name_index
        Record.objects.bulk_update(rows, ["sealed", "key_id", "id_index", "name_index"])
    return len(rows)


@dataclass(frozen=True, slots=True)
class Opened:
    """Records (or files) opened together through one dossier: its code, and by `pair` its agencies, if there is one."""

    record_ids: Collection[UUID]
    dossier: str = ""
    pair: Collection[int] = ()


def note_access(
    reader: Reader, record_ids: Iterable[UUID], *, act: str, purpose: str, dossier: str = "", pair: Collection[int] = ()
) -> None:
    """Adds one row to the access log: this reader opened these records (or files) for this purpose; `note_accesses`."""
    note_accesses(reader, [Opened(set(record_ids), dossier, pair)], act=act, purpose=purpose)


def note_accesses(reader: Reader, opened: Iterable[Opened], *, act: str, purpose: str) -> None:
    """Adds a row to the access log for each of these: one statement, none where nothing was opened.

    The code of the dossier is what inspectors look for. By its agencies an opening with rights for some hours counts
    for the agency where they were given. Raises ValueError without a purpose; the system's purpose is its reason.
    """
    why = purpose.strip() or reader.reason
    if not why:
        raise ValueError("Opening personal data needs a purpose.")
    values: list[Any] = []
    for each in opened:
        if each.record_ids:
            seat = reader.seat_elsewhere(each.pair)
            agency_id = seat.agency_id if seat else reader.agency_id
            values += [reader.staff_id, agency_id, each.dossier, act, why[:200], sorted(each.record_ids)]
    if values:
        rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * (len(values) // 6))
        with connection.cursor() as cursor:  # not the ORM's: it asks for the row back, which its writer may not read
            cursor.execute(_NOTE + rows, values)


def _seal(item: ApplicantData | str, key: DataKey) -> Sealed:
    if isinstance(item, str):
        return seal_note(item, key)
    data = normalised(item)
    if errors := check_normalised(data):
        raise InvalidApplicant(errors)
    return seal_applicant(data, key)


def _insert(rows: Sequence[Sealed], pairs: Sequence[Pair | None]) -> list[Kept]:
    values = [value for row, pair in zip(rows, pairs, strict=True) for value in _values(row, pair)]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO persons_record ({_COLUMNS}) VALUES {', '.join([_ROW] * len(rows))}", values)  # noqa: S608
    return [Kept(row.id, row.commitment) for row in rows]


def _copy(rows: Sequence[Sealed], pairs: Sequence[Pair | None]) -> list[Kept]:
    with connection.cursor() as cursor:
        cursor.execute(_DRAFT)
        with cursor.copy(_COPY) as copy:
            copy.set_types(_COPY_TYPES)
            for row, pair in zip(rows, pairs, strict=True):
                *values, receiving, competent = _values(row, pair)
                copy.write_row([*values, "", receiving, competent])
        cursor.execute(_KEEP_DRAFT)
        cursor.execute("DROP TABLE persons_draft")
    return [Kept(row.id, row.commitment) for row in rows]


def _values(row: Sealed, pair: Pair | None) -> tuple[Any, ...]:
    return row.id, row.kind, row.sealed, row.key_id, row.id_index, row.name_index, *(pair or (None, None))
