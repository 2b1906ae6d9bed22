"""Holds by law on a dossier or on a person's data: what is held is not erased, whatever a schedule says."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from motcua.agencies.access import Act, NotPermitted, Reader, Role
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.models import Dossier, HeldNumber, Hold
from motcua.dossiers.people import involving
from motcua.dossiers.wording import Refused
from motcua.law.dossier import is_order
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import Refusal
from motcua.persons import queries as persons
from motcua.persons.commands import NoSuchRecord, keep_note
from motcua.persons.queries import Sight


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold that stands: its order, its days, who placed it; `dossier_id` None when it is on a person's data.

    `reason` is empty for a reader who may not read it.
    """

    id: UUID
    order: str
    dossier_id: UUID | None
    code: str
    valid_from: date
    valid_to: date | None
    agency_id: int | None
    staff_id: int | None
    reason: str = ""


@transaction.atomic
def hold_dossier(
    reader: Reader, dossier_id: UUID, *, order: str, reason: str, until: date | None = None, starts: date | None = None
) -> UUID:
    """Holds a dossier: nothing of it is erased until the hold is lifted, or its last day is over.

    For a leader of an agency that received or settles it, and for the system. Raises NoSuchDossier, NotPermitted,
    Refused.
    """
    row = Dossier.objects.filter(pk=dossier_id).first()
    if row is None:
        raise NoSuchDossier(dossier_id)
    _require_leader(reader)
    pair = {"receiving_agency_id": row.receiving_agency_id, "competent_agency_id": row.competent_agency_id}
    reader.require(Act.ACT, **pair)
    return _place(reader, order, reason, starts, until, dossier_id=dossier_id)


@transaction.atomic
def hold_person(
    reader: Reader, number: str, *, order: str, reason: str, until: date | None = None, starts: date | None = None
) -> UUID:
    """Holds whatever is kept of the person with this id number, now and later, in every dossier of the installation.

    For a leader of an agency that has a dossier of this person, and for the system. Raises NoSuchRecord, NotPermitted,
    Refused.
    """
    _require_leader(reader)
    records = persons.find_by_id_number(reader, number)
    known = visible(reader, records)
    if not known:
        raise NoSuchRecord
    placed = _place(reader, order, reason, starts, until, record_id=known[0])
    tokens = persons.id_tokens(reader, number)
    HeldNumber.objects.bulk_create([HeldNumber(hold_id=placed, token=token) for token in tokens])
    return placed


@transaction.atomic
def lift(reader: Reader, hold_id: UUID, *, order: str, reason: str) -> None:
    """Lifts a hold by an order of its own: for a leader of the agency that placed it, and for the system.

    Raises LookupError for no such hold, Refused when it has been lifted, NotPermitted.
    """
    _require_leader(reader)
    placed = Hold.objects.filter(pk=hold_id, placing__isnull=True).first()
    if placed is None:
        raise LookupError(hold_id)
    if reader.kind != "system" and placed.agency_id not in reader.own_agency_ids:
        raise NotPermitted
    if Hold.objects.filter(placing=placed).exists():
        raise Refused(Refusal("hold_lifted"))
    _write(
        reader,
        order,
        reason,
        placing=placed,
        dossier_id=placed.dossier_id,
        record_id=placed.record_id,
        valid_from=_today(),
        valid_to=None,
    )


def standing(reader: Reader) -> tuple[HoldView, ...]:
    """The holds that stand, the latest first: those that the reader's agency placed; for the system all of them.

    Raises NotPermitted for who leads no agency.
    """
    _require_leader(reader)
    query = _standing()
    if reader.kind != "system":
        query = query.filter(agency_id__in=reader.own_agency_ids)
    rows = list(query.order_by("-at", "-pk"))
    codes = dict(Dossier.objects.filter(pk__in=[row.dossier_id for row in rows]).values_list("id", "code"))
    # A reason is read by who placed the hold: the agency stands on both sides of the permission.
    own = reader.agency_id or 0
    reasons = persons.notes(reader, [Sight(row.reason_id, own, own) for row in rows])
    return tuple(
        HoldView(
            row.pk, row.order, row.dossier_id, codes.get(row.dossier_id, "") if row.dossier_id else "", row.valid_from,
            row.valid_to, row.agency_id, row.staff_id, reasons.get(row.reason_id, ""),
        )
        for row in rows
    )  # fmt: skip


def held(dossiers: Iterable[tuple[UUID, Collection[UUID]]]) -> dict[UUID, str]:
    """Which of these dossiers, each with its records, are held now, and by which order: at most three statements.

    Who asks is not asked: a hold that another agency placed counts like one's own.
    """
    listed = {dossier: set(records) for dossier, records in dossiers}
    rows = list(_standing().values_list("pk", "order", "dossier_id", "record_id"))
    found = {dossier: order for _, order, dossier, _ in rows if dossier in listed}
    people = {hold: (order, record) for hold, order, _, record in rows if record is not None}
    if not people:
        return found
    holding = HeldNumber.objects.filter(hold__in=people).values_list("token", "hold")
    orders = {bytes(token): people[hold][0] for token, hold in holding}
    records = {record: order for order, record in people.values()}
    tokens = persons.number_tokens(record for own in listed.values() for record in own)
    for dossier, own in listed.items():
        marks = {mark for record in own for mark in tokens.get(record, ())}
        order = next((orders[mark] for mark in sorted(marks & orders.keys())), None)
        order = order or next((records[record] for record in sorted(own & records.keys())), None)
        if order is not None:
            found.setdefault(dossier, order)
    return found


def know_again() -> int:
    """Adds, under the current data key, the numbers of people whose holds stand; gives how many were added.

    A part of renewing the key: without it a hold would be forgotten with the older key. Only for the system.
    """
    standing = {hold: record for hold, record in _standing().values_list("pk", "record_id") if record is not None}
    tokens = persons.number_tokens(standing.values())
    known = {(hold, bytes(token)) for hold, token in HeldNumber.objects.values_list("hold", "token")}
    missing = [
        HeldNumber(hold_id=hold, token=token)
        for hold, record in standing.items()
        for token in tokens.get(record, ())
        if (hold, token) not in known
    ]
    HeldNumber.objects.bulk_create(missing)
    return len(missing)


def refuse_if_held(dossier_id: UUID, records: Collection[UUID]) -> None:
    """Raises Refused("held") with the order that holds this dossier, or somebody in it."""
    order = held([(dossier_id, records)]).get(dossier_id)
    if order is not None:
        raise Refused(Refusal("held", params=(("order", order),)))


def visible(reader: Reader, records: Iterable[UUID]) -> list[UUID]:
    """Those of the records that stand in a dossier on which the reader may act; for the system all of them."""
    listed = list(records)
    if reader.kind == "system":
        return listed
    dossiers = {each.dossier_id: each.records for each in involving(listed)}
    scope = reader.scope(Act.ACT)
    within = Q(receiving_agency_id__in=scope.receiving) | Q(competent_agency_id__in=scope.competent)
    rows = Dossier.objects.filter(within, pk__in=dossiers).values_list("pk", flat=True)
    seen = {record for row in rows for record in dossiers[row]}
    return [record for record in listed if record in seen]


def _standing() -> QuerySet[Hold]:
    today = _today()
    lifted = Hold.objects.filter(placing=OuterRef("pk"))
    ended = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return Hold.objects.filter(ended, ~Exists(lifted), placing__isnull=True, valid_from__lte=today)


def _place(
    reader: Reader,
    order: str,
    reason: str,
    starts: date | None,
    until: date | None,
    *,
    dossier_id: UUID | None = None,
    record_id: UUID | None = None,
) -> UUID:
    begins = starts or _today()
    if until is not None and until < begins:
        raise Refused(Refusal("hold_ends_before"))
    return _write(
        reader, order, reason, placing=None, dossier_id=dossier_id, record_id=record_id, valid_from=begins,
        valid_to=until,
    )  # fmt: skip


def _write(reader: Reader, order: str, reason: str, **values: object) -> UUID:
    if not is_order(order.strip()):
        raise Refused(Refusal("order_needs_number"))
    if not reason.strip():
        raise Refused(Refusal("reason_missing"))
    own = (reader.agency_id, reader.agency_id) if reader.agency_id else None  # see `standing`: who placed it reads it
    row = Hold(
        order=order.strip(),
        reason_id=keep_note(reason.strip(), own).record_id,
        staff_id=reader.staff_id,
        agency_id=reader.agency_id,
        **values,
    )
    row.save(force_insert=True)
    return row.pk


def _require_leader(reader: Reader) -> None:
    if reader.kind != "system" and Role.LEADER not in reader.roles:
        raise NotPermitted


def _today() -> date:
    return local(timezone.now()).date()
