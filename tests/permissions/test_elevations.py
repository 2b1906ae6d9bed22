"""Rights for some hours: given for a reason by somebody else, counted in the one statement, ended by themselves."""

import pytest
from django.utils import timezone

from motcua.agencies import elevations, walls
from motcua.agencies.access import NotPermitted, for_staff
from motcua.agencies.commands import AgencyError, keep_staff
from motcua.agencies.models import Elevation, User
from motcua.agencies.roles import Relation, Role
from motcua.dossiers import commands, queries
from motcua.dossiers.models import Dossier
from office.counting import MOST, statements
from support.world import APPLICANT, OTHER_WARD, POLICE, PROVINCE, RESIDENCE, WARD, World

PAGE = "/office/nang-quyen/"
WHY = "Trực thay ca cấp cứu"


def give(world: World, to: int, agency: str, *roles: Role, by: str = PROVINCE, hours: int = 1) -> int:
    reader = world.reader(Role.ADMINISTRATOR, by)
    return elevations.elevate(reader, to, world.agencies[agency], roles, hours=hours, reason=WHY)


@pytest.fixture
def helper(world: World) -> int:
    """An administrator of the province, who may see no dossier."""
    return keep_staff(username="helper", display_name="Ngô Giúp Thử", agency_code=PROVINCE, roles=["administrator"])


def reader_of(username: str):
    return for_staff(User.objects.get(username=username))


def test_rights_count_at_once_in_one_statement(world: World, helper):
    dossier = world.receive(RESIDENCE)
    assert queries.by_code(reader_of("helper"), dossier.code) is None
    give(world, helper, WARD, Role.DESK_OFFICER)
    user = User.objects.get(username="helper")
    assert statements(lambda: for_staff(user)) == 1  # type: ignore[arg-type, return-value]
    reader = for_staff(user)
    assert queries.by_code(reader, dossier.code) == dossier.dossier_id
    assert reader.relation(world.agencies[WARD], world.agencies[POLICE]) is Relation.OWN_DESK
    assert reader.roles == {Role.ADMINISTRATOR}
    assert Role.DESK_OFFICER in reader.all_roles
    with walls.guarding():
        for_staff(user)
        assert Dossier.objects.count() == 1


def test_rights_at_one_agency_are_no_rights_at_another(world: World, helper):
    here, there = world.receive(), world.receive(agency=OTHER_WARD)
    give(world, helper, WARD, Role.DESK_OFFICER)
    reader = reader_of("helper")
    assert queries.by_code(reader, here.code) is not None
    assert queries.by_code(reader, there.code) is None


def test_an_elevated_officer_acts_for_that_agency_and_the_log_says_who(world: World, helper):
    dossier = world.receive().dossier_id
    give(world, helper, WARD, Role.CASE_OFFICER)
    commands.hand_over(reader_of("helper"), dossier, "trinh-ky", command_id=commands.new_id())
    last = queries.story(world.reader(Role.LEADER), dossier)[-1]
    assert (last.actor_staff, last.actor_agency) == (helper, world.agencies[WARD])


@pytest.mark.parametrize(("agency", "rows"), [(WARD, 1), (PROVINCE, 1), (OTHER_WARD, 0)])
def test_what_an_elevated_officer_opens_is_read_by_the_inspector_of_that_agency(world: World, client, agency, rows):
    dossier = world.receive()
    give(world, world.posts[PROVINCE, Role.CASE_OFFICER], WARD, Role.DESK_OFFICER)
    client.force_login(world.user(Role.CASE_OFFICER, PROVINCE))
    client.post(f"/office/ho-so/{dossier.dossier_id}/xem-day-du/", {"purpose": "contact"})
    client.force_login(world.user(Role.INSPECTOR, agency))
    assert client.get("/office/nhat-ky-truy-cap/").content.decode().count(dossier.code) == rows


def test_rights_at_the_own_agency_join_those_of_the_post(world: World):
    world.receive()
    post = world.posts[WARD, Role.REFORM_OFFICER]
    give(world, post, WARD, Role.CASE_OFFICER)
    reader = world.reader(Role.REFORM_OFFICER)
    assert reader.roles == {Role.REFORM_OFFICER, Role.CASE_OFFICER}
    assert reader.elsewhere == ()
    assert len(queries.inbox(reader, queries.Filters()).rows) == 1


@pytest.mark.parametrize(("minutes", "counts"), [(59, True), (61, False)])
def test_rights_end_by_themselves(world: World, helper, minutes, counts):
    dossier = world.receive()
    now = timezone.now()
    Elevation.objects.create(
        staff_id=helper, agency_id=world.agencies[WARD], roles=["desk_officer"], reason=WHY, granted_by_id=helper,
        starts_at=now - timezone.timedelta(minutes=minutes), ends_at=now + timezone.timedelta(minutes=60 - minutes),
    )  # fmt: skip
    assert bool(queries.by_code(reader_of("helper"), dossier.code)) == counts
    assert (reader_of("helper").elevated_until is not None) == counts


def test_rights_of_later_do_not_count_yet(world: World, helper):
    dossier = world.receive()
    now = timezone.now()
    Elevation.objects.create(
        staff_id=helper, agency_id=world.agencies[WARD], roles=["desk_officer"], reason=WHY, granted_by_id=helper,
        starts_at=now + timezone.timedelta(minutes=5), ends_at=now + timezone.timedelta(minutes=60),
    )  # fmt: skip
    assert queries.by_code(reader_of("helper"), dossier.code) is None


@pytest.mark.parametrize("who", ["helper", Role.ADMINISTRATOR, Role.LEADER])
def test_rights_are_ended_before_their_time(world: World, helper, who):
    dossier = world.receive()
    given = give(world, helper, WARD, Role.DESK_OFFICER)
    reader = reader_of("helper") if who == "helper" else world.reader(who, PROVINCE)
    elevations.end(reader, given)
    elevations.end(reader, given)
    assert queries.by_code(reader_of("helper"), dossier.code) is None
    (row,) = elevations.elevations(world.reader(Role.LEADER, PROVINCE))
    assert (row.going_on, bool(row.ended_by)) == (False, True)


def test_nobody_else_ends_them(world: World, helper):
    given = give(world, helper, WARD, Role.DESK_OFFICER)
    for reader in (world.reader(Role.CASE_OFFICER), world.reader(Role.LEADER, OTHER_WARD)):
        with pytest.raises(NotPermitted):
            elevations.end(reader, given)
    with pytest.raises(LookupError):
        elevations.end(world.reader(Role.LEADER), 10**9)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_give_rights(world: World, helper, role):
    with pytest.raises(NotPermitted):
        elevations.elevate(
            world.reader(role, PROVINCE), helper, world.agencies[WARD], [Role.DESK_OFFICER], hours=1, reason=WHY
        )


def test_administrators_give_rights_within_their_tree_only(world: World, helper):
    with pytest.raises(NotPermitted):
        give(world, helper, POLICE, Role.DESK_OFFICER)
    with pytest.raises(NotPermitted):
        give(world, world.posts[POLICE, Role.LEADER], WARD, Role.DESK_OFFICER)


@pytest.mark.parametrize(
    ("roles", "hours", "reason", "field"),
    [
        ([Role.ADMINISTRATOR], 1, WHY, "roles"),
        ([Role.INSPECTOR], 1, WHY, "roles"),
        ([], 1, WHY, "roles"),
        ([Role.DESK_OFFICER], 5, WHY, "hours"),
        ([Role.DESK_OFFICER], 0, WHY, "hours"),
        ([Role.DESK_OFFICER], 1, "  ", "reason"),
    ],
)
def test_what_cannot_be_given_is_refused(world: World, helper, roles, hours, reason, field):
    reader = world.reader(Role.ADMINISTRATOR, PROVINCE)
    with pytest.raises(AgencyError) as refused:
        elevations.elevate(reader, helper, world.agencies[WARD], roles, hours=hours, reason=reason)
    assert refused.value.field == field
    assert not Elevation.objects.exists()


def test_four_eyes_where_there_is_another_administrator(world: World, helper):
    own = reader_of("helper")
    another = world.posts[PROVINCE, Role.ADMINISTRATOR]
    with pytest.raises(AgencyError) as refused:
        elevations.elevate(own, helper, world.agencies[WARD], [Role.DESK_OFFICER], hours=1, reason=WHY)
    assert refused.value.field == "staff"
    keep_staff(
        username=f"{PROVINCE}.administrator".lower(), display_name="x", agency_code=PROVINCE, roles=[], active=False
    )
    assert another
    elevations.elevate(own, helper, world.agencies[WARD], [Role.DESK_OFFICER], hours=1, reason=WHY)
    (row,) = elevations.elevations(world.reader(Role.LEADER, PROVINCE))
    assert row.granted_by_themselves


@pytest.mark.parametrize(("role", "agency", "rows"), [
    (Role.LEADER, WARD, 1), (Role.INSPECTOR, WARD, 1), (Role.INSPECTOR, PROVINCE, 1), (Role.LEADER, OTHER_WARD, 0),
])  # fmt: skip
def test_leaders_and_inspectors_read_the_list(world: World, client, helper, role, agency, rows):
    give(world, helper, WARD, Role.DESK_OFFICER)
    client.force_login(world.user(role, agency))
    answer = client.get(PAGE)
    assert len(answer.context["lines"]) == rows
    assert answer.context["form"] is None
    assert statements(lambda: client.get(PAGE)) <= MOST


def test_an_administrator_gives_rights_on_the_page(world: World, client, helper):
    client.force_login(world.user(Role.ADMINISTRATOR, PROVINCE))
    data = {"staff": helper, "agency": world.agencies[WARD], "roles": ["desk_officer"], "hours": 2, "reason": WHY}
    assert "Thời gian từ 1 đến" in client.post(PAGE, data | {"hours": 9}).content.decode()
    assert client.post(PAGE, data).status_code == 302
    assert WHY in client.get(PAGE).content.decode()
    assert statements(lambda: client.get(PAGE)) <= MOST


def test_a_banner_says_so_as_long_as_it_lasts(world: World, client, helper):
    user = world.user(Role.CASE_OFFICER, PROVINCE)
    given = give(world, world.posts[PROVINCE, Role.CASE_OFFICER], WARD, Role.DESK_OFFICER)
    client.force_login(user)
    shown = client.get("/office/").content.decode()
    assert "Bạn đang có thêm quyền Cán bộ một cửa tại Ủy ban nhân dân phường Tân An" in shown
    assert client.post(f"{PAGE}{given}/ket-thuc/").status_code == 302
    assert "Bạn đang có thêm quyền" not in client.get("/office/").content.decode()


def test_being_a_super_user_gives_nothing(world: World, client):
    dossier = world.receive()
    post = world.posts[OTHER_WARD, Role.DESK_OFFICER]
    user = User.objects.get(staff=post)
    user.is_superuser = user.is_staff = True
    user.save()
    reader = for_staff(user)
    assert queries.by_code(reader, dossier.code) is None
    with walls.guarding():
        for_staff(user)
        assert not Dossier.objects.exists()
    client.force_login(user)
    assert client.get(f"/office/ho-so/{dossier.dossier_id}/").status_code == 404
    for address in ("/office/tai-khoan/", PAGE, "/office/nhat-ky-truy-cap/", "/office/tong-quan/"):
        assert client.get(address).status_code == 403
    assert APPLICANT.name not in client.get("/office/").content.decode()
