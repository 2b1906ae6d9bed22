"""The only writers of the papers' tables: issue papers, keep the register, close its year, erase what was issued."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.agencies.access import NotPermitted, Reader, Role
from motcua.dossiers import pulse
from motcua.dossiers.followers import ahead_of
from motcua.law.dossier.reckoning import local
from motcua.papers import assembling, books, issued, keeping, proving, queries
from motcua.papers.assembling import Known
from motcua.papers.issued import Issued
from motcua.papers.kinds import COPIES, NUMBERED, Kind
from motcua.papers.models import Issue, Occasion, RegisterClosing, RegisterEntry, RegisterYear
from motcua.papers.queries import Made, NoSuchPaper, TrackingUrl
from motcua.papers.register import Place
from motcua.papers.render import Paper, UnprintableTextError, engine, prepare
from motcua.persons import commands as persons

REGISTER = "register_book"  # the follower that enters dossiers
_LOCK = 0x6D63_7267  # "mcrg": serials are given, and years closed, one after another
_LAST_OF_YEAR = (12, 31)
_LOOK_AGAIN = 0.1  # seconds


class NotClosable(ValueError):  # noqa: N818 - says what is the case
    """The register of this year cannot be closed now; `args[0]` says why, translated."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A dossier that a desk has accepted, for the register."""

    dossier_id: UUID
    at: datetime
    receiving_agency: int
    competent_agency: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An event that asks for a paper."""

    dossier_id: UUID
    seq: int
    kind: Kind
    at: datetime
    receiving_agency: int
    competent_agency: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of issuing many: the papers in the order asked for, and the codes of those that cannot be printed."""

    issued: tuple[Issued, ...]
    unprintable: tuple[str, ...] = ()


def issue(
    reader: Reader, kind: Kind, dossier_id: UUID, tracking_url: TrackingUrl, *, patience: timedelta = timedelta(0)
) -> Issued:
    """Issue a paper of a dossier, or give the one issued last when nothing on it has changed since.

    The follower that keeps the register may be a moment behind an intake: for so long it is waited for, while it
    works. Without it the number's line stays open for the pen. Raises NoSuchDossier, NotPermitted, NoSuchPaper,
    UnprintableTextError.
    """
    made = queries.make(reader, kind, [dossier_id], tracking_url, single=True)
    if dossier_id not in made:
        raise NoSuchPaper
    if kind in NUMBERED and made[dossier_id].known.place is None and _comes(reader, dossier_id, patience):
        made = queries.make(reader, kind, [dossier_id], tracking_url, single=True)
    site = proving.site_of(tracking_url("0"))
    return _issue(reader, kind, made, {dossier_id: _prepared(kind, made[dossier_id])}, site)[0]


def issue_many(reader: Reader, kind: Kind, dossier_ids: Sequence[UUID], tracking_url: TrackingUrl) -> Batch:
    """The same for many dossiers at once, in a number of statements that does not grow with them.

    Those that the reader may not have, and those that have not come to this paper, are passed over.
    """
    made = queries.make(reader, kind, dossier_ids, tracking_url)
    ready: dict[UUID, Paper] = {}
    unprintable: list[str] = []
    for dossier_id in dossier_ids:
        if dossier_id in made:
            try:
                ready[dossier_id] = _prepared(kind, made[dossier_id])
            except UnprintableTextError:
                unprintable.append(made[dossier_id].known.folder.row.code)
    return Batch(_issue(reader, kind, made, ready, proving.site_of(tracking_url("0"))), tuple(unprintable))


def _comes(reader: Reader, dossier_id: UUID, patience: timedelta) -> bool:
    """Whether the register's line is there before patience ends; nobody waits for a worker that is silent."""
    until = monotonic() + patience.total_seconds()
    while monotonic() < until and pulse.TURNS not in pulse.silent():
        sleep(_LOOK_AGAIN)
        if books.places(reader, [dossier_id]):
            return True
    return False


def _prepared(kind: Kind, made: Made) -> Paper:
    return prepare(made.form, copies=COPIES[kind], basis=made.known.basis, made_at=local(timezone.now()))


def _issue(
    reader: Reader, kind: Kind, made: Mapping[UUID, Made], ready: Mapping[UUID, Paper], site: str
) -> tuple[Issued, ...]:
    try:
        return _keep(reader, kind, made, ready, site)
    except IntegrityError:  # somebody else issued one of them in the same moment: theirs is found now
        return _keep(reader, kind, made, ready, site)


@transaction.atomic
def _keep(
    reader: Reader, kind: Kind, made: Mapping[UUID, Made], ready: Mapping[UUID, Paper], site: str
) -> tuple[Issued, ...]:
    """The latest issue of each where it says the same, else a new one."""
    last, often = issued.latest(reader, kind, list(ready))
    found = {
        dossier_id: last[dossier_id]
        for dossier_id, paper in ready.items()
        if dossier_id in last and keeping.same(last[dossier_id].paper, paper)
    }
    fresh = [dossier_id for dossier_id in ready if dossier_id not in found]
    prover, now = proving.prover() if fresh else None, timezone.now()
    papers: list[Paper] = []
    rows: list[Issue] = []
    for dossier_id in fresh:
        paper, digest, each = ready[dossier_id], None, made[dossier_id]
        ordinal = often.get(dossier_id, 0) + 1
        if prover and paper.data["qr"]:
            agency = assembling.issuer(each.known, each.form)
            paper, digest = prover.proved(paper, kind, ordinal, now, agency, site)
        papers.append(paper)
        rows.append(_row(reader, kind, each.known, ordinal=ordinal, digest=digest, issued_at=now))
    kept = persons.keep_many(map(keeping.to_text, papers), [made[each].known.folder.pair for each in fresh])
    for row, paper, record in zip(rows, papers, kept, strict=True):
        row.template, row.record_id, row.commitment = paper.template, record.record_id, record.commitment
        found[row.dossier_id] = issued.view(row, paper)
    Issue.objects.bulk_create(rows)
    return tuple(found[dossier_id] for dossier_id in ready)


def _row(reader: Reader, kind: Kind, known: Known, **values: Any) -> Issue:
    receiving, competent = known.folder.pair
    return Issue(
        dossier_id=known.folder.row.id, kind=kind, engine=engine(), people=known.person_ids, staff_id=reader.staff_id,
        receiving_agency_id=receiving, competent_agency_id=competent, **values,
    )  # fmt: skip


def erase(dossier_id: UUID, order: str) -> int:
    """Erase what was issued for a dossier, once something about its people was erased; returns how many papers."""
    records = list(Issue.objects.filter(dossier_id=dossier_id).values_list("record_id", flat=True))
    return persons.erase_many(records, order)


def ask(asked: Iterable[Asked]) -> None:
    """List events that ask for papers; those listed before stay as they are."""
    rows = [
        Occasion(
            dossier_id=each.dossier_id, seq=each.seq, kind=each.kind, at=each.at,
            receiving_agency_id=each.receiving_agency, competent_agency_id=each.competent_agency,
        )
        for each in asked
    ]  # fmt: skip
    Occasion.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def enter(accepted: Sequence[Accepted]) -> int:
    """Give these dossiers the next serials of their desks' registers, in this order; returns how many.

    A dossier has one line for good. It stands in the year in which it was accepted, or where that is closed in the next
    open one: a closed book takes nothing more in.
    """
    _lock()
    ids = [each.dossier_id for each in accepted]
    known = set(RegisterEntry.objects.filter(dossier_id__in=ids).values_list("dossier_id", flat=True))
    new = [each for each in accepted if each.dossier_id not in known]
    agencies = {each.receiving_agency for each in new}
    closed = set(RegisterClosing.objects.filter(agency_id__in=agencies).values_list("agency_id", "year"))
    shelves: dict[tuple[int, int], list[Accepted]] = {}
    for each in new:
        year = local(each.at).year
        while (each.receiving_agency, year) in closed:
            year += 1
        shelves.setdefault((each.receiving_agency, year), []).append(each)
    for (agency_id, year), lines in sorted(shelves.items()):
        _append(agency_id, year, lines)
    return len(new)


def _append(agency_id: int, year: int, lines: Sequence[Accepted]) -> None:
    shelf, _made = RegisterYear.objects.get_or_create(
        agency_id=agency_id, year=year, defaults={"book_rows": settings.MOTCUA_REGISTER_BOOK_ROWS}
    )
    rows = []
    for serial, each in enumerate(lines, start=shelf.last_serial + 1):
        place = Place.at(agency_id, year, serial, shelf.book_rows)
        rows.append(
            RegisterEntry(
                agency_id=agency_id, year=year, serial=serial, book=place.book, page=place.page,
                dossier_id=each.dossier_id, accepted_at=each.at, competent_agency_id=each.competent_agency,
            )
        )  # fmt: skip
    RegisterEntry.objects.bulk_create(rows)
    RegisterYear.objects.filter(agency_id=agency_id, year=year).update(last_serial=shelf.last_serial + len(rows))


@transaction.atomic
def close_year(reader: Reader, year: int) -> books.Shelf:
    """Close the register of the reader's desk for a year that is over: every line stays as it stands now.

    Raises NotPermitted for who does not lead the agency, NotClosable for a year that goes on, is closed, was never
    begun, or still has events of the log before it.
    """
    if Role.LEADER not in reader.roles or reader.agency_id is None or reader.staff_id is None:
        raise NotPermitted(_("Chỉ lãnh đạo cơ quan khóa được sổ theo dõi."))
    if timezone.localdate() <= timezone.localdate().replace(year, *_LAST_OF_YEAR):
        raise NotClosable(_("Năm này chưa hết, chưa khóa sổ được."))
    _lock()
    shelf = books.shelf(reader, year)
    if shelf is None:
        raise NotClosable(_("Không có sổ của năm này."))
    if shelf.closed_at is not None:
        raise NotClosable(_("Sổ của năm này đã khóa."))
    if ahead_of(REGISTER):
        raise NotClosable(_("Sổ đang được ghi nốt; hãy thử lại sau giây lát."))
    lines = [line.to_data() for line in books.lines(reader, shelf, 1, shelf.entries)]
    text = json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode()
    RegisterClosing.objects.create(
        agency_id=shelf.agency_id, year=year, closed_at=timezone.now(), staff_id=reader.staff_id,
        entries=shelf.entries, books=shelf.books, lines=zlib.compress(text, 9),
        digest=sha256(text).digest(),
    )  # fmt: skip
    closed = books.shelf(reader, year)
    if closed is None:
        raise LookupError(f"register of {year}")
    return closed


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
