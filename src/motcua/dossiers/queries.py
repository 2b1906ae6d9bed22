"""Readers of dossiers for pages: every one takes the reader, and shows no more than the reader may see."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, CharField, F, Func, OuterRef, Q, QuerySet, Subquery, Value

from motcua.agencies.access import Act, Reader
from motcua.dossiers import marks, projection
from motcua.dossiers.buckets import Bucket
from motcua.dossiers.circumstances import NoSuchDossier, context_for, process, processes
from motcua.dossiers.models import Dossier, Ticket
from motcua.law.dossier import possible
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Status
from motcua.law.process import Process
from motcua.law.worktime import WorkCalendar

PAGE = 50
_MANY = 1000  # counts stop here: a page says "999+" rather than wait


@dataclass(frozen=True, slots=True)
class Row:
    """A dossier as lists show it. `owner_id` names the record of the owner; the name itself comes from persons.

    `steps_ahead` counts the steps still to do on the shortest way to the result, the present one included.
    """

    id: UUID
    code: str
    status: Status
    bucket: int
    channel: str
    procedure_code: str
    procedure_version_id: int
    receiving_agency_id: int
    competent_agency_id: int
    owner_id: UUID
    received_at: datetime | None
    due_at: datetime | None
    due_at_original: datetime | None
    step: str | None
    process_version: int | None
    holder_staff: int | None
    holder_function: str | None
    ready_at: datetime | None
    timeliness: str | None
    steps_done: int
    paused_at: datetime | None
    in_hours: bool
    closed_at: datetime | None
    sets: int
    return_method: str
    steps_ahead: int
    answer_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One keyset page; `after` opens the next one, None on the last."""

    rows: tuple[Row, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What an inbox can be narrowed to."""

    bucket: int | None = Bucket.WORK
    mine_only: bool = False
    procedure: str = ""
    due_before: datetime | None = None
    due_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures above an inbox; each stops at 1,000."""

    due_today: int
    overdue: int
    waiting: int
    ready: int


@dataclass(frozen=True, slots=True)
class Detail:
    """A dossier with its state, its process, and the commands that the reader may give now.

    `token` (hex) opens the tracking page; only a reader who may act on the dossier has it.
    """

    row: Row
    state: State
    seq: int
    process: Process | None
    possible: frozenset[type]
    calendar: WorkCalendar
    agency_names: Mapping[int, str]
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as the story shows it."""

    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    ground: str | None
    actor_staff: int | None
    actor_agency: int | None
    data: Mapping[str, Any]
    position: int | None


@dataclass(frozen=True, slots=True)
class Tracking:
    """What a receipt's QR shows without sign-in: code and completion level, no more (Circular 01/2018, Art. 16)."""

    code: str
    step: int
    steps: int
    state: str


@dataclass(frozen=True, slots=True)
class ToldDossier:
    """A dossier in which a citizen who has signed in stands, with the ids of the citizen's own records in it."""

    id: UUID
    record_ids: tuple[UUID, ...]
    owned: bool
    code: str
    procedure_code: str
    procedure_version_id: int
    receiving_agency_id: int
    competent_agency_id: int
    status: int
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnDossier:
    """A dossier as its owner sees it after sign-in: how far it is and when it is due, nothing of what is in it."""

    code: str
    status: Status
    procedure_version_id: int
    receiving_agency_id: int
    competent_agency_id: int
    opened_at: datetime
    due_at: datetime | None
    due_at_original: datetime | None
    closed_at: datetime | None

    @property
    def state(self) -> str:
        """As `Tracking.state` names it."""
        return self.status.name.lower()


class _IsOneOf(Func):
    """`column = ANY(array)`: one parameter however many procedures a post was given, where `IN` would be hundreds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def inbox(reader: Reader, filters: Filters, *, after: str = "", limit: int = PAGE) -> Page:
    """What the reader's agency holds for the reader's functions, due next first; keyset pages.

    Uses index dossier_inbox.
    """
    query = _held(reader, filters).order_by("due_sort", "id")
    if after:
        due, last = marks.read(after)
        query = query.filter(Q(due_sort__gt=due) | Q(due_sort=due, id__gt=last))
    rows = _rows(query[: limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], marks.mark(_sorted_by(rows[limit - 1]), rows[limit - 1].id) if more else None)


def _sorted_by(row: Row) -> datetime:
    """What the inbox is ordered by, as the row keeps it."""
    return row.due_at or row.answer_due_at or projection.NO_DUE


def counts(reader: Reader, now: datetime, end_of_today: datetime) -> Counts:
    """The figures above the inbox, in one statement; each stops at 1,000."""
    try:
        held, params = _held(reader, Filters(bucket=None)).order_by().values("id").query.sql_with_params()
    except EmptyResultSet:  # a reader who may see nothing at all, such as an administrator
        return Counts(0, 0, 0, 0)
    asked: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("bucket = %s AND due_sort BETWEEN %s AND %s", (Bucket.WORK, now, end_of_today)),
        ("bucket = %s AND due_sort < %s", (Bucket.WORK, now)),
        ("bucket = %s", (Bucket.WAITING,)),
        ("bucket = %s", (Bucket.READY,)),
    )
    # The ORM makes the condition of who may see what once; building it four times took longer than counting.
    parts = [f"(SELECT count(*) FROM ({held} AND {which} LIMIT {_MANY}) part)" for which, _ in asked]  # noqa: S608
    values = [value for _, more in asked for value in (*params, *more)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        return Counts(*cursor.fetchone())


def detail(reader: Reader, dossier_id: UUID, now: datetime) -> Detail:
    """One dossier; raises NoSuchDossier if there is none or the reader may not see it: the two look the same."""
    agencies = ("receiving_agency", "competent_agency")
    ticket_of = Subquery(Ticket.objects.filter(dossier_id=OuterRef("pk")).values("token"))
    found = _visible(reader, Q(pk=dossier_id)).select_related(*agencies).annotate(token=ticket_of)
    dossier = found.first()
    if dossier is None:
        raise NoSuchDossier(dossier_id)
    state = projection.load(dossier.state)
    context = context_for(reader, state, max(now, dossier.last_recorded_at))
    may_act = reader.may(
        Act.ACT, receiving_agency_id=dossier.receiving_agency_id, competent_agency_id=dossier.competent_agency_id
    )
    offered = possible(state, context) if may_act else frozenset()
    names = {agency.pk: agency.name for agency in (dossier.receiving_agency, dossier.competent_agency)}
    token = bytes(dossier.token).hex() if may_act else ""
    return Detail(_rows([dossier])[0], state, dossier.seq, context.process, offered, context.calendar, names, token)


def by_code(reader: Reader, code: str) -> UUID | None:
    """The dossier of a code that the reader may see."""
    return _visible(reader, Q(code=code.strip().upper())).values_list("id", flat=True).first()


def codes_of(reader: Reader, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The codes of those of these dossiers that the reader may see; one statement, none for none."""
    wanted = list(ids)
    return dict(_visible(reader, Q(pk__in=wanted)).values_list("id", "code")) if wanted else {}


def owned_by(reader: Reader, records: Iterable[UUID], limit: int = PAGE) -> tuple[Row, ...]:
    """Dossiers whose owner is one of these records, newest first."""
    return _rows(_visible(reader, Q(owner__in=list(records))).order_by("-opened_at", "-id")[:limit])


def register(reader: Reader, start: datetime, end: datetime, *, after: str = "", limit: int = PAGE) -> Page:
    """The register of the reader's desk: dossiers opened from `start` to before `end`, oldest first; keyset pages."""
    query = _visible(reader, _own(reader, "receiving_agency_id") & Q(opened_at__gte=start, opened_at__lt=end))
    query = query.order_by("opened_at", "id")
    if after:
        opened, last = marks.read(after)
        query = query.filter(Q(opened_at__gt=opened) | Q(opened_at=opened, id__gt=last))
    found = list(query[: limit + 1])
    more = len(found) > limit
    mark = marks.mark(found[limit - 1].opened_at, found[limit - 1].id) if more else None
    return Page(_rows(found[:limit]), mark)


def story(reader: Reader, dossier_id: UUID) -> tuple[Happening, ...]:
    """Everything that happened to a dossier the reader may see, in order; one statement."""
    scope = reader.scope(Act.SEE)
    sql = """
        SELECT e.seq, e.type, coalesce(e.happened_at, e.recorded_at), e.recorded_at, e.ground, e.actor_staff,
               e.actor_agency, e.data, p.position
        FROM dossiers_event e
        JOIN dossiers_dossier d ON d.id = e.dossier_id
        LEFT JOIN dossiers_position p ON p.dossier_id = e.dossier_id AND p.seq = e.seq
        WHERE e.dossier_id = %s AND (%s OR d.receiving_agency_id = ANY(%s) OR d.competent_agency_id = ANY(%s))
        ORDER BY e.seq"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [dossier_id, scope.everything, list(scope.receiving), list(scope.competent)])
        found = tuple(_happening(*row) for row in cursor.fetchall())
    if not found:
        raise NoSuchDossier(dossier_id)
    return found


def _happening(*columns: Any) -> Happening:
    seq, kind, at, recorded_at, ground, staff, agency, data, position = columns
    return Happening(seq, kind, at, recorded_at, ground, staff, agency, json.loads(data), position)


def tracking(reader: Reader) -> Tracking | None:
    """The completion level behind a citizen's token; None for an unknown one."""
    try:
        token = bytes.fromhex(reader.token)
    except ValueError:
        return None
    return _behind("dossiers_behind_token", token)


def tracking_by_code(reader: Reader, code: str) -> Tracking | None:
    """The completion level of a dossier code, as anyone may ask for it (Circular 01/2018, Art. 16)."""
    return _behind("dossiers_behind_code", code.strip().upper())


def own(reader: Reader, limit: int = 200) -> tuple[OwnDossier, ...]:
    """The dossiers of the citizen who asks, the latest first: one statement; for anybody else nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dossiers_of_person(%s, %s)", [sorted(reader.id_tokens), limit])
        return tuple(OwnDossier(code, Status(status), *rest) for code, status, *rest in cursor.fetchall())


def told(reader: Reader) -> tuple[ToldDossier, ...]:
    """Every dossier in which the citizen who asks stands, the latest first: one statement; for anybody else nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dossiers_told(%s)", [sorted(reader.id_tokens)])
        return tuple(ToldDossier(row_id, tuple(records), *rest) for row_id, records, *rest in cursor.fetchall())


def told_stories(reader: Reader) -> dict[UUID, tuple[Happening, ...]]:
    """What happened to the dossiers that the citizen who asks owns, without the officers: one statement."""
    found: dict[UUID, list[Happening]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dossiers_told_story(%s)", [sorted(reader.id_tokens)])
        for dossier_id, seq, kind, at, recorded_at, ground, agency, data in cursor.fetchall():
            event = _happening(seq, kind, at, recorded_at, ground, None, agency, data, None)
            found.setdefault(dossier_id, []).append(event)
    return {dossier_id: tuple(story) for dossier_id, story in found.items()}


def ticket(reader: Reader, dossier_id: UUID) -> str:
    """The look-up token (hex) that the receipt's QR carries; only for a reader who may act on the dossier."""
    row = _visible(reader, Q(pk=dossier_id)).values_list("receiving_agency_id", "competent_agency_id").first()
    if row is None:
        raise NoSuchDossier(dossier_id)
    reader.require(Act.ACT, receiving_agency_id=row[0], competent_agency_id=row[1])
    return bytes(Ticket.objects.values_list("token", flat=True).get(dossier_id=dossier_id)).hex()


def _behind(door: str, key: bytes | str) -> Tracking | None:
    """A citizen has no rows to read: a door is a function of the database that gives one dossier for its exact key."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code, state FROM {door}(%s)", [key])  # noqa: S608 - a constant of this module
        found = cursor.fetchone()
    return _completion(found[0], projection.load(json.loads(found[1]))) if found else None


def _completion(code: str, state: State) -> Tracking:
    """Steps ahead are those of the shortest way to the granted result, which is how most dossiers go."""
    done = 1 + state.steps_done + (state.ready_at is not None) + (state.status == Status.RETURNED)
    ahead = 2 if state.ready_at is None else int(state.status == Status.RESOLVED)
    if state.ready_at is None and state.process_version:
        way = process(state.process_version)
        ahead = way.way_to_grant.get(state.step or way.start, 0) + 2
    if state.is_terminal and state.status != Status.RETURNED:
        ahead = 0
    return Tracking(code, min(done, done + ahead), done + ahead, state.status.name.lower())


def _held(reader: Reader, filters: Filters) -> QuerySet[Dossier]:
    """What the reader's agency holds for the reader: the shared work of the functions and what is given to them."""
    query = _visible(reader, _own(reader, "holder_agency_id") & Q(holder_function__in=sorted(reader.functions)))
    if filters.bucket is not None:
        query = query.filter(bucket=filters.bucket)
    own = Q(holder_staff=reader.staff_id)
    query = query.filter(own if filters.mine_only else own | Q(holder_staff__isnull=True))
    if filters.procedure:
        query = query.filter(procedure_code=filters.procedure)
    elif reader.procedures:
        query = query.filter(_IsOneOf(F("procedure_code"), Value(sorted(reader.procedures), ArrayField(CharField()))))
    if filters.due_before is not None:
        query = query.filter(due_sort__lt=filters.due_before)
    if filters.due_from is not None:
        query = query.filter(due_sort__gte=filters.due_from)
    return query


def _own(reader: Reader, column: str) -> Q:
    """The own agency's; that of agencies whose place it has taken is its own, too."""
    if reader.predecessor_agency_ids:
        return Q((f"{column}__in", sorted(reader.own_agency_ids)))
    return Q((column, reader.agency_id))


def _visible(reader: Reader, condition: Q) -> QuerySet[Dossier]:
    """The choke point: dossiers the reader may see."""
    scope = reader.scope(Act.SEE)
    if scope.everything:
        return Dossier.objects.filter(condition)
    within = Q(receiving_agency_id__in=scope.receiving) | Q(competent_agency_id__in=scope.competent)
    return Dossier.objects.filter(condition & within)


def _rows(found: Iterable[Dossier]) -> tuple[Row, ...]:
    listed = list(found)
    ways = processes(version for each in listed if (version := each.state.get("process_version")) is not None)
    return tuple(_row(each, ways) for each in listed)


def _row(d: Dossier, ways: Mapping[int, Process]) -> Row:
    state = d.state
    way = ways.get(state.get("process_version", 0))
    return Row(
        d.id,
        d.code,
        Status(d.status),
        d.bucket,
        d.channel,
        d.procedure_code,
        d.procedure_version_id,
        d.receiving_agency_id,
        d.competent_agency_id,
        d.owner_id,
        d.received_at,
        d.due_at_current,
        d.due_at_original,
        d.step,
        state.get("process_version"),
        d.holder_staff,
        d.holder_function,
        d.ready_at,
        d.timeliness,
        state.get("steps_done", 0),
        datetime.fromisoformat(state["paused_at"]) if "paused_at" in state else None,
        state.get("appointment", {}).get("in_hours", False),
        d.closed_at,
        state["intake"].get("sets", 1),
        state["intake"].get("return_method", "desk"),
        way.way_to_grant.get(d.step or way.start, 0) if way and d.ready_at is None and d.closed_at is None else 0,
        datetime.fromisoformat(state["answer_due_at"]) if "answer_due_at" in state else None,
    )
