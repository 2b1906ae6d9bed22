"""Rights follow functions and dates: who moves, who stands in, and agencies that take the place of others."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.agencies import changes, queries, walls
from motcua.agencies.access import NotPermitted, for_staff, for_system
from motcua.agencies.commands import AgencyError, keep_agency, keep_staff
from motcua.agencies.models import Agency, Staff, StandIn, User
from motcua.agencies.roles import Relation, Role
from motcua.dossiers import commands, figures, recounting
from motcua.dossiers import queries as dossiers
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries import Filters
from motcua.dossiers.worker import catch_up
from permissions.test_trees import taken_back
from support.world import OTHER_WARD, POLICE, PROVINCE, WARD, World, make_world

DAY = timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    """The small province."""
    return make_world()


def today() -> date:
    """The day that the database means: Vietnam's."""
    return timezone.localdate()


def officer(world: World, role: Role = Role.CASE_OFFICER, agency: str = WARD) -> User:
    """Somebody with this post since ever."""
    return world.user(role, agency)


def move(user: User, to: str, on: date, *roles: Role) -> int:
    return changes.move_staff(
        username=user.username, agency_code=to, on=on, roles=[role.value for role in roles or (Role.CASE_OFFICER,)]
    )


# -- who moves --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "agency"), [(-1, OTHER_WARD), (0, OTHER_WARD), (1, WARD), (30, WARD)])
def test_an_officer_who_moves_has_one_post_on_each_day(world: World, days, agency):
    user = officer(world)
    move(user, OTHER_WARD, today() + days * DAY)
    reader = for_staff(user)
    assert reader.agency_id == world.agencies[agency]
    assert reader.name == "Lê Văn Thụ Thử"
    assert Staff.objects.filter(user=user).count() == 2


def test_who_moved_loses_the_old_dossiers_and_gains_the_new_ones(world: World):
    here, there = world.receive(), world.receive(agency=OTHER_WARD)
    user = officer(world)
    commands.hand_over(for_staff(user), here.dossier_id, "trinh-ky", command_id=commands.new_id())
    move(user, OTHER_WARD, today())
    reader = for_staff(user)
    assert dossiers.by_code(reader, here.code) is None
    assert dossiers.by_code(reader, there.code) == there.dossier_id
    with walls.guarding():
        for_staff(user)
        assert [row.code for row in Dossier.objects.all()] == [there.code]
    told = dossiers.story(world.reader(Role.LEADER), here.dossier_id)
    names = queries.staff_names(world.reader(Role.LEADER), {each.actor_staff for each in told if each.actor_staff})
    assert "Lê Văn Thụ Thử" in names.values()


def test_the_same_move_again_changes_nothing_and_may_correct_the_roles(world: World):
    user = officer(world)
    first = move(user, OTHER_WARD, today())
    assert move(user, OTHER_WARD, today(), Role.LEADER) == first
    assert for_staff(user).roles == {Role.LEADER}
    assert Staff.objects.filter(user=user).count() == 2


@pytest.mark.parametrize("days", [-10, -5])
def test_nobody_moves_before_the_present_post_began(world: World, days):
    user = officer(world)
    move(user, OTHER_WARD, today() - 5 * DAY)
    with pytest.raises(AgencyError) as refused:
        move(user, PROVINCE, today() + days * DAY)
    assert refused.value.field == "on"


def test_a_post_that_ended_opens_nothing_from_the_next_day(world: World):
    user = officer(world)
    changes.end_post(user.username, today())
    assert for_staff(user).agency_id == world.agencies[WARD]
    Staff.objects.filter(user=user).update(valid_to=today() - DAY)
    with pytest.raises(NotPermitted):
        for_staff(user)
    staff = queries.staff_of(for_system("test"), world.agencies[WARD])
    assert user.username not in {each.username for each in staff}


def test_bringing_an_account_to_its_values_means_the_post_of_today(world: World):
    user = officer(world)
    move(user, OTHER_WARD, today() + DAY)
    keep_staff(username=user.username, display_name="Lê Mới Thử", agency_code=WARD, roles=["leader"])
    assert for_staff(User.objects.get(pk=user.pk)).roles == {Role.LEADER}
    assert Staff.objects.filter(user=user).count() == 2


# -- who stands in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "last", "holds"), [(0, 0, True), (-3, 0, True), (-3, -1, False), (1, 3, False)])
def test_functions_are_taken_over_from_the_first_day_to_the_last(world: World, first, last, holds):
    user = officer(world)
    changes.stand_in(
        username=user.username, valid_from=today() + first * DAY, valid_to=today() + last * DAY, reason="Nghỉ phép",
        roles=["leader"], functions=["ky-thay"],
    )  # fmt: skip
    reader = for_staff(user)
    assert (Role.LEADER in reader.roles) == holds
    assert ("ky-thay" in reader.functions) == holds
    leaders = queries.staff_of(for_system("test"), world.agencies[WARD], Role.LEADER.value)
    assert (user.username in {each.username for each in leaders}) == holds


def test_who_stands_in_for_the_leader_signs(world: World):
    dossier = world.receive().dossier_id
    user = officer(world)
    world.hand_over(dossier, Role.CASE_OFFICER, "trinh-ky")
    changes.stand_in(username=user.username, valid_from=today(), valid_to=today(), reason="Đi họp", roles=["leader"])
    commands.hand_over(for_staff(user), dossier, "ky", command_id=commands.new_id())
    assert dossiers.detail(for_staff(user), dossier, timezone.now()).state.ready_at is not None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"valid_to": date(2020, 1, 1)}, "valid_to"),
        ({"reason": " "}, "reason"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles"),
        ({"username": "nobody"}, "username"),
    ],
)
def test_a_stand_in_that_makes_no_sense_is_refused(world: World, values, field):
    user = officer(world)
    asked = {"username": user.username, "valid_from": today(), "valid_to": today(), "reason": "x", "roles": ["leader"]}
    with pytest.raises(AgencyError) as refused:
        changes.stand_in(**asked | values)
    assert refused.value.field == field
    assert not StandIn.objects.exists()


# -- agencies that take the place of others ---------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "merged"), [(-1, True), (0, True), (1, False)])
def test_a_successor_works_on_from_the_day_on(world: World, days, merged):
    dossier = world.receive()
    changes.succeed(WARD, OTHER_WARD, today() + days * DAY)
    user = world.user(Role.CASE_OFFICER, OTHER_WARD)
    reader = for_staff(user)
    assert (world.agencies[WARD] in reader.own_agency_ids) == merged
    assert len(dossiers.inbox(reader, Filters()).rows) == merged
    with walls.guarding():
        for_staff(user)
        assert Dossier.objects.count() == merged
    former = world.user(Role.DESK_OFFICER)
    if not merged:
        assert for_staff(former).agency_id == world.agencies[WARD]
        return
    with pytest.raises(NotPermitted):
        for_staff(former)
    commands.hand_over(reader, dossier.dossier_id, "trinh-ky", command_id=commands.new_id())
    told = dossiers.story(reader, dossier.dossier_id)
    assert told[-1].actor_agency == world.agencies[OTHER_WARD]
    leader = world.reader(Role.LEADER, OTHER_WARD)
    commands.hand_over(leader, dossier.dossier_id, "ky", command_id=commands.new_id())
    desk = world.reader(Role.DESK_OFFICER, OTHER_WARD)
    assert len(dossiers.register(desk, *_span()).rows) == 1
    assert dossiers.detail(desk, dossier.dossier_id, timezone.now()).row.code == dossier.code


def _span():
    now = timezone.now()
    return now - DAY, now + DAY


def test_figures_and_history_stay_under_the_former_agency(world: World):
    world.receive()
    catch_up()
    changes.succeed(WARD, OTHER_WARD, today())
    reader = world.reader(Role.LEADER, OTHER_WARD)
    (row,) = figures.tallies(reader, today(), today())
    assert row.agency_id == world.agencies[WARD]
    assert len(dossiers.register(reader, *_span()).rows) == 1
    assert recounting.waiting(reader) == 0
    assert world.agencies[WARD] in {each.id for each in queries.agencies_for(reader)}


def test_supervision_follows_the_successor(world: World):
    """A ward that joins one of another province leaves the eyes of the former committee."""
    other = keep_agency(code="P2", name="UBND tỉnh Khác", kind="province_committee", identifier="H97", desk_name="x")
    keep_agency(
        code="W3", name="UBND phường Ba", kind="commune_committee", identifier="H97.01", desk_name="x", parent_code="P2"
    )
    keep_staff(username="p2", display_name="Võ Thử", agency_code="P2", roles=["reform_officer"])
    new = for_staff(User.objects.get(username="p2"))
    pair = (world.agencies[WARD], world.agencies[WARD])
    assert new.relation(*pair) is Relation.NONE
    changes.succeed(WARD, "W3", today())
    new = for_staff(User.objects.get(username="p2"))
    assert new.agency_id == other
    assert new.relation(*pair) is Relation.PARENT
    assert world.reader(Role.REFORM_OFFICER, PROVINCE).relation(*pair) is Relation.NONE


def test_what_stood_below_stands_below_the_successor(world: World):
    keep_agency(
        code="V", name="Trạm Y tế", kind="other", identifier="H99.01.1", desk_name="x", parent_code=WARD
    )  # fmt: skip
    below = Agency.objects.get(code="V").pk
    changes.succeed(WARD, OTHER_WARD, today())
    assert below in world.reader(Role.LEADER, OTHER_WARD).descendant_agency_ids


def test_successors_of_successors_have_everything(world: World):
    dossier = world.receive()
    keep_agency(code="W9", name="UBND phường Chín", kind="commune_committee", identifier="H99.09", desk_name="x")
    changes.succeed(WARD, OTHER_WARD, today() - DAY)
    changes.succeed(OTHER_WARD, "W9", today())
    keep_staff(username="w9", display_name="Võ Thử", agency_code="W9", roles=["leader"])
    assert dossiers.by_code(for_staff(User.objects.get(username="w9")), dossier.code) == dossier.dossier_id


@pytest.mark.parametrize(("code", "successor", "field"), [
    (WARD, WARD, "successor_code"), (OTHER_WARD, WARD, "successor_code"), (WARD, "none", "successor_code"),
    ("none", WARD, "code"), (WARD, POLICE, "successor_code"),
])  # fmt: skip
def test_a_succession_that_makes_no_sense_is_refused(world: World, code, successor, field):
    changes.succeed(WARD, OTHER_WARD, today())
    changes.succeed(WARD, OTHER_WARD, today())
    with pytest.raises(AgencyError) as refused:
        changes.succeed(code, successor, today())
    assert refused.value.field == field


# -- all of it against a slow oracle ----------------------------------------------------------------------------------

SIZE = 5
OFFSETS = st.integers(-2, 2)


@st.composite
def histories(draw: st.DrawFn):
    """Parents, successions to later numbers (so never a circle), and posts of one account one after another."""
    parents = [draw(st.none() | st.integers(0, at - 1)) if at else None for at in range(SIZE)]
    followed = {
        at: (draw(st.integers(at + 1, SIZE - 1)), draw(OFFSETS)) for at in range(SIZE - 1) if draw(st.booleans())
    }
    moves = sorted({draw(OFFSETS): draw(st.integers(0, SIZE - 1)) for _ in range(draw(st.integers(0, 2)))}.items())
    return parents, followed, draw(st.integers(0, SIZE - 1)), moves


def oracle(parents, followed, first: int, moves) -> tuple[int, set[int], set[int]] | None:
    """The agency of today, those whose place it has taken, and all that stand below: by walking from each agency."""
    seat = first
    for days, agency in moves:
        if days <= 0:
            seat = agency
    stands = {at: (None if at in followed and followed[at][1] <= 0 else parents[at]) for at in range(SIZE)}
    heir = {at: followed[at][0] for at in followed if followed[at][1] <= 0}

    def today_is(at: int) -> int:
        while at in heir:
            at = heir[at]
        return at

    if today_is(seat) != seat:
        return None
    own = {at for at in range(SIZE) if today_is(at) == seat}

    def above(at: int) -> set[int]:
        found: set[int] = set()
        here: int | None = today_is(at)
        while here is not None:
            up = stands[here]
            here = None if up is None else today_is(up)
            if here in found:
                break
            if here is not None:
                found.add(here)
        return found

    return seat, own, {at for at in range(SIZE) if seat in above(at)} - own


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_every_history_gives_what_the_oracle_gives(history):
    parents, followed, first, moves = history
    with taken_back():
        ids = [
            keep_agency(
                code=f"T{at}", name=f"Cơ quan {at}", kind="other", identifier=f"H98.{at}", desk_name="x",
                parent_code=None if parent is None else f"T{parent}",
            )
            for at, parent in enumerate(parents)
        ]  # fmt: skip
        keep_staff(username="t", display_name="Trần Thử", agency_code=f"T{first}", roles=["leader"])
        for days, agency in moves:
            move(User.objects.get(username="t"), f"T{agency}", today() + days * DAY, Role.LEADER)
        for at, (heir, days) in followed.items():
            changes.succeed(f"T{at}", f"T{heir}", today() + days * DAY)
        expected = oracle(parents, followed, first, moves)
        user = User.objects.get(username="t")
        if expected is None:
            with pytest.raises(NotPermitted):
                for_staff(user)
            return
        seat, own, below = expected
        reader = for_staff(user)
        assert reader.agency_id == ids[seat]
        assert reader.own_agency_ids == {ids[at] for at in own}
        assert reader.descendant_agency_ids == {ids[at] for at in below}
