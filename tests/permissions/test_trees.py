"""In any tree of agencies, with any posts and dossiers, every query gives what a slow, obvious oracle gives."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.agencies import commands as agencies
from motcua.agencies import walls
from motcua.agencies.access import NotPermitted, Reader, for_staff
from motcua.agencies.models import User
from motcua.agencies.roles import Relation, Role
from motcua.dossiers import commands, figures, queries
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.models import Dossier, Event
from motcua.dossiers.queries import Filters
from motcua.dossiers.worker import catch_up
from motcua.files import queries as files
from motcua.files.commands import store_upload
from motcua.files.models import File
from motcua.law.dossier.vocabulary import Component, Ref
from motcua.persons import queries as persons
from motcua.persons.models import Record
from motcua.persons.queries import Sight
from motcua.procedures import commands as procedures
from permissions.table import TABLE
from support.world import APPLICANT, PDF, RESIDENCE, World

MOST = 5
NUMBERS = st.integers(0, MOST - 1)


@dataclass(frozen=True)
class Province:
    """A drawn tree: each agency's parent is an earlier one or none; who reads, and pairs of desk and settler."""

    parents: tuple[int | None, ...]
    seat: int
    roles: frozenset[Role]
    pairs: tuple[tuple[int, int], ...]

    def above(self, agency: int) -> list[int]:
        """Every agency above one, by walking up."""
        found, parent = [], self.parents[agency]
        while parent is not None:
            found.append(parent)
            parent = self.parents[parent]
        return found

    def letters(self, pair: tuple[int, int]) -> set[str]:
        """What the reader may do to a dossier of this pair, cell by cell of the written table."""
        desk, settler = pair
        holding = {Relation.OWN_DESK} if desk == self.seat else set()
        holding |= {Relation.COMPETENT} if settler == self.seat else set()
        above = [up for agency in pair if agency >= 0 for up in self.above(agency)]
        holding |= {Relation.PARENT} if self.seat in above else set()
        return {letter for role in self.roles for relation in holding for letter in TABLE[role, relation]}


@st.composite
def provinces(draw: st.DrawFn) -> Province:
    parents = tuple(draw(st.none() | st.integers(0, at - 1)) if at else None for at in range(MOST))
    roles = draw(st.frozensets(st.sampled_from(Role), max_size=3))
    pairs = draw(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4))
    return Province(parents, draw(NUMBERS), roles, tuple(pairs))


@dataclass(frozen=True)
class Known:
    """One dossier as it was made, and what its reader may do to it."""

    id: UUID
    pair: tuple[int, int]
    code: str
    owner: UUID
    request: UUID
    file: UUID
    may: set[str]

    @property
    def sight(self) -> Sight:
        """The owner's record as it is asked for."""
        return Sight(self.owner, *self.pair)


@contextmanager
def taken_back() -> Iterator[None]:
    """One example: what it wrote is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build(drawn: Province) -> tuple[Reader, list[Known], list[int]]:
    """The drawn tree in the database."""
    ids = [_agency(at, parent) for at, parent in enumerate(drawn.parents)]
    for at in range(MOST):
        _account(f"desk{at}", at, [Role.DESK_OFFICER])
    reader = _account("reader", drawn.seat, drawn.roles)
    return reader, [_dossier(drawn, ids, pair, serial) for serial, pair in enumerate(drawn.pairs)], ids


def _agency(at: int, parent: int | None) -> int:
    return agencies.keep_agency(
        code=f"T{at}", name=f"Cơ quan {at}", kind="other", identifier=f"H98.{at}", desk_name="Bộ phận Một cửa",
        parent_code=None if parent is None else f"T{parent}", calendar_code="vn",
    )  # fmt: skip


def _account(username: str, at: int, roles: frozenset[Role] | list[Role]) -> Reader:
    agencies.keep_staff(username=username, display_name="Trần Thử", agency_code=f"T{at}", roles=roles)
    return for_staff(User.objects.get(username=username))


def _dossier(drawn: Province, ids: list[int], pair: tuple[int, int], serial: int) -> Known:
    desk, settler = ids[pair[0]], ids[pair[1]]
    procedures.offer_procedures(desk, [RESIDENCE], competent_agency_id=settler)
    file = store_upload(io.BytesIO(PDF), "a.pdf")
    owner = replace(APPLICANT, id_number=f"0791900{serial:05}")
    new = commands.NewDossier(
        RESIDENCE, owner, request=f"Đề nghị {serial}",
        components=(Component(1, originals=1, file=Ref(str(file.id), file.commitment)),),
    )  # fmt: skip
    desk_reader = for_staff(User.objects.get(username=f"desk{pair[0]}"))
    answer = commands.receive(desk_reader, new, command_id=commands.new_id())
    came = queries.detail(desk_reader, answer.dossier_id, timezone.now()).state.intake
    assert came.request is not None
    return Known(
        answer.dossier_id, (desk, settler), answer.code, UUID(came.owner.id), UUID(came.request.id), file.id,
        drawn.letters(pair),
    )  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])  # see taken_back
@given(drawn=provinces())
def test_every_query_gives_what_the_oracle_gives(world: World, drawn: Province):
    with taken_back():
        reader, dossiers, ids = build(drawn)
        catch_up()
        for each in dossiers:
            _one(reader, each)
        _lists(reader, drawn, dossiers, ids)
        _without_conditions(dossiers)


def _one(reader: Reader, each: Known) -> None:
    """One dossier, its people, its papers."""
    seen = "s" in each.may
    pair = {"receiving_agency_id": each.pair[0], "competent_agency_id": each.pair[1]}
    assert queries.by_code(reader, each.code) == (each.id if seen else None)
    assert _allowed(lambda: queries.detail(reader, each.id, timezone.now())) == seen
    assert _allowed(lambda: queries.story(reader, each.id)) == seen
    assert _allowed(lambda: queries.ticket(reader, each.id)) == ("a" in each.may)
    assert bool(queries.owned_by(reader, [each.owner])) == seen
    assert _allowed(lambda: persons.applicants(reader, [each.sight])) == seen
    assert bool(persons.names_for(reader, [each.sight])) == ("n" in each.may)
    assert bool(persons.notes(reader, [Sight(each.request, *each.pair)])) == ("n" in each.may)
    assert _allowed(lambda: files.files(reader, [each.file], **pair)) == ("f" in each.may)
    assert _allowed(lambda: files.open_for(reader, each.file, purpose="thử", **pair)) == ("f" in each.may)
    if seen:
        shown = persons.applicant(reader, each.owner, full=True, purpose="thử", **pair)
        assert (shown.name is not None, shown.masked) == ("n" in each.may, "i" not in each.may)


def _allowed(ask: object) -> bool:
    try:
        ask()  # type: ignore[operator]
    except (NotPermitted, NoSuchDossier):
        return False
    return True


def _lists(reader: Reader, drawn: Province, dossiers: list[Known], ids: list[int]) -> None:
    """Lists, counts and figures."""
    own = ids[drawn.seat]
    seen = {each.id for each in dossiers if "s" in each.may}
    now = timezone.now()
    listed = queries.register(reader, now - timedelta(days=1), now + timedelta(days=1)).rows
    assert {row.id for row in listed} == {each.id for each in dossiers if each.id in seen and each.pair[0] == own}
    held = {
        each.id for each in dossiers if each.pair[1] == own and each.id in seen and Role.CASE_OFFICER in drawn.roles
    }
    assert {row.id for row in queries.inbox(reader, Filters()).rows} == held
    counts = queries.counts(reader, now, now + timedelta(days=999))
    assert counts.due_today + counts.overdue == len(held)
    assert {row.agency_id: row.received for row in figures.tallies(reader, *_days())} == _received(drawn, dossiers, ids)


def _days() -> tuple[date, date]:
    today = timezone.localdate()
    return today - timedelta(days=1), today + timedelta(days=1)


def _received(drawn: Province, dossiers: list[Known], ids: list[int]) -> dict[int, int]:
    """What each agency received, for those agencies of which the reader may see some dossier."""
    found: dict[int, int] = {}
    for at, agency in enumerate(ids):
        may = drawn.letters((at, -1)) | drawn.letters((-1, at)) if at == drawn.seat else drawn.letters((at, at))
        count = sum(each.pair[0] == agency for each in dossiers)
        if "s" in may and count:
            found[agency] = count
    return found


def _without_conditions(dossiers: list[Known]) -> None:
    """What PostgreSQL itself gives the reader when a query forgot to ask for anything."""
    with walls.guarding():
        for_staff(User.objects.get(username="reader"))
        found = {model: set(model.objects.values_list("pk", flat=True)) for model in (Dossier, Record, File)}
        events = set(Event.objects.values_list("dossier_id", flat=True))
    assert found[Dossier] == events == {each.id for each in dossiers if "s" in each.may}
    assert found[Record] == {key for each in dossiers if "n" in each.may for key in (each.owner, each.request)}
    assert found[File] == {each.file for each in dossiers if "f" in each.may}
