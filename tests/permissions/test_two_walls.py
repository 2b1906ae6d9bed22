"""Both walls say the same: in any history, with functions taken over and rights for hours, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.test_days import SIZE, histories, oracle
from motcua.agencies import changes, walls
from motcua.agencies.access import NotPermitted, Reader, for_client, for_staff
from motcua.agencies.commands import keep_agency, keep_staff
from motcua.agencies.models import Elevation, ElevationEnd, Staff, User
from motcua.agencies.roles import Act, Relation, Role
from permissions.table import LETTERS, TABLE
from permissions.test_trees import taken_back

ROLES = st.frozensets(st.sampled_from(Role), max_size=2)
# Hours from now of beginning and end, and whether somebody ended it before.
TIMES = {"now": (-1, 1, False), "past": (-3, -1, False), "later": (1, 2, False), "ended": (-1, 1, True)}


@dataclass(frozen=True)
class Drawn:
    """A province, the roles of a post there, those taken over today, rights elsewhere, and what a program may."""

    parents: list[int | None]
    followed: dict[int, tuple[int, int]]
    seat: int
    roles: frozenset[Role]
    taken: frozenset[Role]
    elevations: list[tuple[int, frozenset[Role], str]]
    within: frozenset[Act]

    def seats(self) -> list[tuple[set[int], set[int], frozenset[Role]]]:
        """What is taken for the own agency, what stands below, and the roles there; for each place that counts now."""
        held = [(self.seat, self.roles | self.taken)]
        held += [(agency, roles) for agency, roles, when in self.elevations if when == "now"]
        found = [(oracle(self.parents, self.followed, agency, []), roles) for agency, roles in held]
        return [(known[1], known[2], roles) for known, roles in found if known]

    def letters(self, desk: int, settler: int) -> set[str]:
        """What the table gives, cell by cell."""
        found: set[str] = set()
        for own, below, roles in self.seats():
            relations = {Relation.OWN_DESK} if desk in own else set()
            relations |= {Relation.COMPETENT} if settler in own else set()
            relations |= {Relation.PARENT} if {desk, settler} & below else set()
            found |= {letter for role in roles for relation in relations for letter in TABLE[role, relation]}
        return found


@st.composite
def situations(draw: st.DrawFn) -> Drawn:
    parents, followed, seat, _moves = draw(histories())
    standing = [at for at in range(SIZE) if not (at in followed and followed[at][1] <= 0)]
    places = st.tuples(
        st.sampled_from(standing),
        st.frozensets(st.sampled_from(Role), min_size=1, max_size=2),
        st.sampled_from(sorted(TIMES)),
    )
    return Drawn(
        parents, followed, seat, draw(ROLES), draw(ROLES), draw(st.lists(places, max_size=3)),
        draw(st.frozensets(st.sampled_from(Act))),
    )  # fmt: skip


def build(drawn: Drawn) -> tuple[list[int], int]:
    """The drawn province and post in the database: ids of agencies and of the post."""
    ids = [
        keep_agency(
            code=f"T{at}", name=f"Cơ quan {at}", kind="other", identifier=f"H98.{at}", desk_name="x",
            parent_code=None if parent is None else f"T{parent}",
        )
        for at, parent in enumerate(drawn.parents)
    ]  # fmt: skip
    staff = keep_staff(username="t", display_name="Trần Thử", agency_code=f"T{drawn.seat}", roles=drawn.roles)
    if drawn.taken:
        day = timezone.localdate()
        changes.stand_in(username="t", valid_from=day, valid_to=day, reason="Nghỉ phép", roles=drawn.taken)
    for at, (heir, days) in drawn.followed.items():
        changes.succeed(f"T{at}", f"T{heir}", timezone.localdate() + timedelta(days=days))
    for agency, roles, when in drawn.elevations:
        begin, last, ended = TIMES[when]
        row = Elevation.objects.create(
            staff_id=staff, agency_id=ids[agency], roles=sorted(roles), reason="Trực thay", granted_by_id=staff,
            starts_at=timezone.now() + timedelta(hours=begin), ends_at=timezone.now() + timedelta(hours=last),
        )  # fmt: skip
        if ended:
            ElevationEnd.objects.create(elevation=row, ended_by_id=staff)
    return ids, staff


def listed(name: str, side: str) -> set[int]:
    """A list as PostgreSQL's policies read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agencies_listed(%s)", [f"{name}_{side}"])
        return set(cursor.fetchone()[0] or ())


def agree(reader: Reader, drawn: Drawn, ids: list[int], within: frozenset[Act]) -> None:
    """The table, the reader and PostgreSQL say the same of every pair of agencies."""
    lists = {act: (listed(name, "receiving"), listed(name, "competent")) for name, act in walls.LISTS.items()}
    for desk, settler in product(range(SIZE), repeat=2):
        pair = {"receiving_agency_id": ids[desk], "competent_agency_id": ids[settler]}
        expected = drawn.letters(desk, settler)
        for letter, act in LETTERS.items():
            may = letter in expected and act in within
            assert reader.may(act, **pair) == may
            scope = reader.scope(act)
            assert (ids[desk] in scope.receiving or ids[settler] in scope.competent) == may
            if act in lists:
                assert (ids[desk] in lists[act][0] or ids[settler] in lists[act][1]) == may


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])  # see taken_back
@given(drawn=situations())
def test_table_reader_and_database_agree(drawn: Drawn):
    with taken_back():
        ids, staff = build(drawn)
        user = User.objects.get(username="t")
        with walls.guarding():
            if oracle(drawn.parents, drawn.followed, drawn.seat, []) is None:
                for ask in (lambda: for_staff(user), lambda: for_client(staff, client="x", within=drawn.within)):
                    with pytest.raises(NotPermitted):
                        ask()
                assert not any(listed(name, side) for name in walls.LISTS for side in ("receiving", "competent"))
                return
            agree(for_staff(user), drawn, ids, frozenset(Act))
            agree(for_client(staff, client="x", within=drawn.within), drawn, ids, drawn.within)
            assert Staff.objects.count() == 1
