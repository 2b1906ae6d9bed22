"""The only writers of the procedure catalogue: put procedures in, publish processes, say what a desk receives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import JSONField, OuterRef, Subquery, Value
from django.utils import timezone

from motcua.law.process import Process
from motcua.law.retention import RetentionError, Schedule
from motcua.law.vietnamese import sort_key, unaccent
from motcua.procedures.content import content_hash
from motcua.procedures.models import InternalProcess, Offering, Procedure, ProcedureVersion, ProcessVersion, Retention
from motcua.procedures.records import ProcedureRecord, Source, merged

_BATCH = 500
_LEADING_WORDS = re.compile(r"^(?:thu tuc )+")
_COLUMNS = (
    "name", "field", "field_key", "levels", "name_lower", "search_name", "search_more", "sort_key", "everyday",
    "current",
)  # fmt: skip


@dataclass(frozen=True)
class PutResult:
    """What became of one record: created, updated or unchanged."""

    code: str
    outcome: str
    procedure_id: int
    version_id: int


@dataclass(frozen=True)
class PublishResult:
    """What became of a definition: created (a new process), updated (a new version) or unchanged."""

    outcome: str
    process_id: int
    version_id: int


def put_procedure(record: ProcedureRecord, *, on: date | None = None) -> PutResult:
    """Put one record in; see `put_procedures`."""
    return put_procedures([record], on=on)[0]


def put_procedures(records: Sequence[ProcedureRecord], *, on: date | None = None) -> list[PutResult]:
    """Put records in set-wise, in one transaction, merging what they know into the current versions (`records.merged`).

    A changed content becomes a new version from the day `on` (today); the earlier one ends the day before. Each code
    may come once; a new procedure needs a name. Raises ValueError otherwise.
    """
    codes = [record.code for record in records]
    if len(set(codes)) != len(codes):
        raise ValueError("a code comes twice among the records")
    day = on or timezone.localdate()
    with transaction.atomic():
        known = _locked(codes)
        changed: list[_Change] = []
        for record in records:
            changed.append(_change(record, known.get(record.code)))
        _write(changed, day)
        return [
            PutResult(change.record.code, change.outcome, change.procedure.pk, change.procedure.current_id or 0)
            for change in changed
        ]


@dataclass
class _Change:
    record: ProcedureRecord
    procedure: Procedure
    outcome: str
    data: dict[str, Any]
    digest: str
    rank: int
    source: str


def _locked(codes: Sequence[str]) -> dict[str, Procedure]:
    """The stored procedures of these codes, locked in one order: two importers never wait for each other in a ring."""
    found: dict[str, Procedure] = {}
    for start in range(0, len(codes), _BATCH):
        rows = Procedure.objects.select_for_update(of=("self",)).select_related("current")
        for row in rows.filter(code__in=codes[start : start + _BATCH]).order_by("code"):
            found[row.code] = row
    return found


def _change(record: ProcedureRecord, procedure: Procedure | None) -> _Change:
    current = procedure.current if procedure is not None else None
    rank = max(record.source.rank, current.rank if current else 0)
    data = merged(current.content if current else {}, current.rank if current else 0, record)
    if not data.get("name"):
        raise ValueError(f"procedure {record.code}: a new procedure needs a name")
    digest = content_hash(data)
    if procedure is None:
        procedure = Procedure(code=record.code)
        outcome = "created"
    else:
        same = current is not None and current.content_hash == digest
        outcome = "unchanged" if same and (procedure.everyday or not record.everyday) else "updated"
    if outcome != "unchanged":
        _fill_columns(procedure, data, procedure.everyday or record.everyday)
    return _Change(record, procedure, outcome, data, digest, rank, list(Source)[rank].value)


def _fill_columns(procedure: Procedure, data: Mapping[str, Any], everyday: bool) -> None:
    name, field = data["name"], data.get("field", "")
    plain = searchable(name)
    procedure.everyday = everyday
    procedure.name = name
    procedure.field = field
    procedure.field_key = field_key(field)
    procedure.levels = list(data.get("levels", ()))
    procedure.name_lower = name.lower()
    procedure.search_name = f" {_LEADING_WORDS.sub('', plain)} "
    procedure.search_more = f" {searchable(' '.join((field, *data.get('agencies', ()))))} "
    procedure.sort_key = sort_key(name)


def searchable(text: str) -> str:
    """Unaccented words with one blank between them and no punctuation."""
    return " ".join(re.findall(r"[a-z0-9]+", unaccent(text)))


def field_key(field: str) -> str:
    """The field of procedures as it stands in an address: 'Hộ tịch' → 'ho-tich'."""
    return searchable(field).replace(" ", "-")[:200]


def _write(changes: Sequence[_Change], day: date) -> None:
    new = [change.procedure for change in changes if change.outcome == "created"]
    Procedure.objects.bulk_create(new, batch_size=_BATCH)
    altered = [change for change in changes if change.outcome != "unchanged"]
    versions, ended = [], []
    for change in altered:
        current = change.procedure.current
        if current is not None and current.content_hash == change.digest:
            continue
        if current is not None:
            current.valid_to = max(day - timedelta(days=1), current.valid_from - timedelta(days=1))
            ended.append(current)
        versions.append(
            ProcedureVersion(
                procedure=change.procedure,
                number=current.number + 1 if current else 1,
                valid_from=max(day, current.valid_from) if current else day,
                # As an expression: Django would else send the whole column as one array, and quoting that takes longer
                # than all the rest.
                content=Value(change.data, JSONField()),
                content_hash=change.digest,
                source=change.source,
                rank=change.rank,
            )
        )
    ProcedureVersion.objects.bulk_update(ended, ["valid_to"], batch_size=_BATCH)
    for version in ProcedureVersion.objects.bulk_create(versions, batch_size=_BATCH):
        version.procedure.current = version
    known = [change.procedure for change in altered if change.outcome == "updated"]
    Procedure.objects.bulk_update(known, _COLUMNS, batch_size=_BATCH)
    # The new rows differ in nothing but the version that they point to: one statement instead of a CASE of thousands.
    latest = ProcedureVersion.objects.filter(procedure=OuterRef("pk"), valid_to__isnull=True).values("pk")[:1]
    Procedure.objects.filter(pk__in=[procedure.pk for procedure in new]).update(current_id=Subquery(latest))


def publish_process(
    definition: Mapping[str, Any],
    *,
    procedure_code: str | None = None,
    agency_id: int | None = None,
    valid_from: date | None = None,
    decision: str = "",
    by_staff_id: int | None = None,
) -> PublishResult:
    """Publish a process for a procedure (None: for all) of an agency (None: of all); once more changes nothing.

    `decision` is the one by which it was approved (Circular 01/2018, Art. 8), `by_staff_id` who publishes.

    Raises `motcua.law.process.ProcessError` naming every defect of the definition, ValueError for an unknown procedure.
    """
    process = Process.from_data(definition)
    data = process.to_data()
    digest = content_hash(data)
    day = valid_from or timezone.localdate()
    with transaction.atomic():
        procedure = None
        if procedure_code is not None:
            procedure = Procedure.objects.select_for_update().filter(code=procedure_code).first()
            if procedure is None:
                raise ValueError(f"no procedure has the code {procedure_code}")
        for_whom: dict[str, Any] = {"procedure": procedure, "agency_id": agency_id}
        row, created = InternalProcess.objects.select_for_update().get_or_create(
            **for_whom, defaults={"code": process.code}
        )
        current = row.current
        if current is not None and current.definition_hash == digest:
            return PublishResult("unchanged", row.pk, current.pk)
        if current is not None:
            current.valid_to = max(day - timedelta(days=1), current.valid_from - timedelta(days=1))
            current.save(update_fields=["valid_to"])
        version = ProcessVersion.objects.create(
            process=row,
            number=current.number + 1 if current else 1,
            name=process.name,
            definition=data,
            definition_hash=digest,
            valid_from=max(day, current.valid_from) if current else day,
            decision=decision,
            published_by_id=by_staff_id,
        )
        row.code, row.current = process.code, version
        row.save(update_fields=["code", "current"])
        return PublishResult("created" if created else "updated", row.pk, version.pk)


def offer_procedures(agency_id: int, codes: Iterable[str], *, competent_agency_id: int | None = None) -> int:
    """Say that this agency's desk receives these procedures and which agency settles them (itself by default).

    Gives the number of procedures that the desk newly receives. Raises ValueError naming codes that no procedure has.
    """
    wanted = sorted(set(codes))
    ids = dict(Procedure.objects.filter(code__in=wanted).values_list("code", "pk"))
    missing = [code for code in wanted if code not in ids]
    if missing:
        raise ValueError(f"no procedure has the codes {', '.join(missing)}")
    with transaction.atomic():
        before = Offering.objects.filter(agency_id=agency_id).count()
        Offering.objects.bulk_create(
            [
                Offering(agency_id=agency_id, procedure_id=pk, competent_id=competent_agency_id or agency_id)
                for pk in ids.values()
            ],
            update_conflicts=True,
            unique_fields=["agency", "procedure"],
            update_fields=["competent"],
        )
        return Offering.objects.filter(agency_id=agency_id).count() - before


def withdraw_procedures(agency_id: int, codes: Iterable[str]) -> int:
    """Say that this agency's desk receives these procedures no longer; gives how many it did receive."""
    deleted, _ = Offering.objects.filter(agency_id=agency_id, procedure__code__in=list(codes)).delete()
    return deleted


@transaction.atomic
def publish_retention(data: Mapping[str, Any], reason: str, *, by_staff_id: int | None = None) -> int:
    """Publishes a schedule of retention and gives its number; earlier ones stay as they are.

    Data equal to the latest schedule publishes nothing and gives that one's number. Raises RetentionError when the
    data is no schedule or has no reason, or when it names a procedure that is not in the catalogue.
    """
    schedule = Schedule.from_data(data)
    if not reason.strip():
        raise RetentionError("reason: is missing")
    named = {rule.procedure for rule in schedule.rules if rule.procedure}
    unknown = sorted(named - set(Procedure.objects.filter(code__in=named).values_list("code", flat=True)))
    if unknown:
        raise RetentionError(f"rules: there is no procedure {unknown[0]}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('procedures_retention'))")  # publishers take turns
    latest = Retention.objects.order_by("-number").first()
    if latest is not None and latest.data == schedule.to_data():
        return latest.number
    number = latest.number + 1 if latest else 1
    Retention.objects.create(
        number=number,
        valid_from=schedule.valid_from,
        data=schedule.to_data(),
        reason=reason.strip(),
        published_by_id=by_staff_id,
    )
    return number
