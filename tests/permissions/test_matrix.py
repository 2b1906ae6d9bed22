"""On every surface, over HTTP, every role in every relation sees and does what the table of permissions says."""

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.agencies.access import Reader, Scope, for_staff
from motcua.agencies.policies import Door
from motcua.agencies.roles import Relation, Role
from motcua.dossiers import queries
from motcua.dossiers.worker import catch_up
from permissions.addresses import ADDRESSES, behind
from permissions.programs import ACTING, ELSEWHERE, READING
from permissions.surfaces import KINDS, NOT_YET, REQUEST, SCAN, SURFACES, WITHOUT_DOSSIERS, Surface, Visit
from permissions.table import TABLE, cells
from support.world import APPLICANT, OTHER_WARD, PDF, POLICE, PROVINCE, RESIDENCE, WARD, World

# The dossier is received by the ward and settled by the police; from where each relation to it is seen.
SEAT = {
    Relation.OWN_DESK: WARD,
    Relation.COMPETENT: POLICE,
    Relation.PARENT: PROVINCE,
    Relation.NONE: OTHER_WARD,
}
# Acts come last: after one the dossier is another.
ALL = (*READING, *SURFACES, ACTING)
POLICY = {each.name: each.policy for each in ADDRESSES}


@pytest.fixture
def case(world: World, client, intake_data) -> tuple[UUID, UUID, str]:
    """A dossier with a scan: its id, the scan's, its code."""
    client.force_login(world.user(Role.DESK_OFFICER))
    scan = SimpleUploadedFile(SCAN, PDF, "application/pdf")
    data = intake_data(request=REQUEST, **{"p1-scan": scan, "owner-address": APPLICANT.address})
    answer = client.post(f"/office/tiep-nhan/{RESIDENCE}/", data | {"p2-originals": "1"})
    found = UUID(re.search(r"[0-9a-f-]{36}", answer.headers["Location"])[0])
    first = queries.story(world.reader(Role.DESK_OFFICER), found)[0].data["intake"]
    return found, UUID(first["components"][0]["file"]["id"]), first["code"]


def may(surface: Surface, role: Role, relation: Relation) -> set[str]:
    """What the table lets this role see on this surface: nothing behind an address that is for other roles."""
    for name in surface.addresses:
        policy = POLICY[name]
        assert policy is not None
        if policy.roles and role not in policy.roles:
            return set()
    return set(TABLE[role, relation]) & set(surface.most) if surface.applies(role, relation) else set()


@pytest.mark.parametrize(("role", "relation"), [(role, relation) for role, relation, _letters in cells()])
def test_every_surface_shows_what_the_table_allows(world: World, client, case, act_data, role, relation):
    dossier, file, code = case
    if relation is Relation.COMPETENT:
        _one_more_that_is_settled(world)
    catch_up()
    user = world.user(role, SEAT[relation])
    client.force_login(user)
    visit = Visit(client, for_staff(user), role, relation, dossier, file, code, act_data(dossier, reason="Theo đơn"))
    for surface in ALL:
        assert surface.look(visit) == may(surface, role, relation), surface.name


@pytest.mark.parametrize(("role", "relation"), [(role, relation) for role, relation, _letters in cells()])
def test_with_every_condition_of_ours_removed_the_second_wall_still_holds(
    world: World, client, case, act_data, role, relation, monkeypatch
):
    """Names and numbers are sealed in one record, so PostgreSQL cannot tell them apart; nor acts from looking."""
    dossier, file, code = case
    catch_up()
    user = world.user(role, SEAT[relation])
    monkeypatch.setattr(Reader, "may", lambda _self, _act, **_pair: True)
    monkeypatch.setattr(Reader, "require", lambda _self, _act, **_pair: None)
    monkeypatch.setattr(Reader, "scope", lambda _self, _act: Scope(everything=True))
    client.force_login(user)
    client.raise_request_exception = False  # a paper that is not given the name breaks, and shows nothing
    form = act_data(dossier, reason="Theo đơn")
    visit = Visit(client, for_staff(user), role, relation, dossier, file, code, form, whole=False)
    letters = TABLE[role, relation]
    most = set(letters) | ({"i"} if "n" in letters else set()) | ({"a"} if "s" in letters else set())
    for surface in ALL:
        assert surface.look(visit) <= most, surface.name


def _one_more_that_is_settled(world: World) -> None:
    """The competent agency and its officers have figures only for what was settled."""
    other = world.receive(RESIDENCE).dossier_id
    world.finish(other, agency=POLICE)


@pytest.mark.parametrize("address", behind(Door.STAFF) + behind(Door.CLIENT), ids=lambda each: each.route)
def test_an_address_belongs_to_a_surface_or_shows_nothing_of_dossiers(address):
    covered = {name for surface in ALL for name in surface.addresses}
    assert address.name in covered | set(WITHOUT_DOSSIERS) | set(ELSEWHERE), (
        f"{address.name} is new. Add a Surface for it to tests/permissions/surfaces.py, or a line to WITHOUT_DOSSIERS."
    )
    assert not (address.name in covered and address.name in WITHOUT_DOSSIERS)


def test_every_kind_of_surface_is_tested_or_known_to_be_missing():
    assert {surface.kind for surface in ALL} == KINDS - NOT_YET


def test_a_file_opens_through_its_own_dossier_only(world: World, client, case):
    _dossier, file, _code = case
    other = world.receive().dossier_id
    client.force_login(world.user(Role.DESK_OFFICER))
    assert client.get(f"/office/ho-so/{other}/tep/{file}/").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_the_register_holds_the_own_desks_dossiers_only(world: World, client, case, role):
    client.force_login(world.user(role, OTHER_WARD))
    assert str(case[0]) not in client.get("/office/so-theo-doi/").content.decode()
