"""Agencies, divisions and posts: kept by code, refused with the field that is wrong, listed in Vietnamese order."""

from datetime import date

import pytest

from motcua.agencies import commands, queries
from motcua.agencies.access import NotPermitted, Role, for_citizen, for_system
from motcua.agencies.commands import AgencyError
from motcua.agencies.models import User
from motcua.places.models import Unit
from support.readers import PASSWORD, make_tree, reader_at, staff_reader

pytestmark = pytest.mark.django_db

SYSTEM = for_system("tests of agencies")
WARD = {
    "code": "W",
    "name": "UBND phường Một",
    "kind": "commune_committee",
    "identifier": "H99.1",
    "desk_name": "Một cửa",
}


@pytest.fixture
def tree():
    return make_tree()


def test_keeping_the_same_code_again_changes_the_agency_and_keeps_its_id():
    first = commands.keep_agency(**WARD)
    again = commands.keep_agency(**WARD | {"name": "UBND phường Hai", "phone": "02838000000"})
    view = queries.agency(SYSTEM, first)
    assert (again, view.name, view.phone, view.short_name) == (
        first,
        "UBND phường Hai",
        "02838000000",
        "UBND phường Hai",
    )
    assert queries.agency_by_code(SYSTEM, "W") == view


def test_an_agency_stands_in_the_unit_of_today():
    Unit.objects.create(
        code="26740", level="commune", kind="ward", name="Phường Cũ", short_name="Cũ",
        valid_from=date(2000, 1, 1), valid_to=date(2020, 6, 30), sort_key="cu", search="cu",
    )  # fmt: skip
    now = Unit.objects.create(
        code="26740", level="commune", kind="ward", name="Phường Mới", short_name="Mới",
        valid_from=date(2020, 7, 1), sort_key="moi", search="moi",
    )  # fmt: skip
    agency_id = commands.keep_agency(**WARD, unit_code="26740")
    assert queries.agency(SYSTEM, agency_id).unit_id == now.pk


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", {"kind": "ministry_of_magic"}),
        ("parent_code", {"parent_code": "nowhere"}),
        ("unit_code", {"unit_code": "99999"}),
        ("calendar_code", {"calendar_code": "nowhere"}),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(field, wrong):
    with pytest.raises(AgencyError) as refusal:
        commands.keep_agency(**WARD | wrong)
    assert refusal.value.field == field
    assert queries.agencies(SYSTEM) == ()


@pytest.mark.parametrize("parent", ["P", "W"])
def test_an_agency_cannot_stand_below_itself(tree, parent):
    with pytest.raises(AgencyError) as refusal:
        commands.keep_agency(
            code="P", name="Tỉnh", kind="province_committee", identifier="H99", desk_name="-", parent_code=parent
        )
    assert refusal.value.field == "parent_code"


def test_agencies_are_listed_in_vietnamese_order():
    names = ["Sở Y tế", "Sở Ấn", "Sở An", "Sở Đất", "Sở Dân", "Sở Ăn"]
    for number, name in enumerate(names):
        commands.keep_agency(code=str(number), name=name, kind="department", identifier="H99", desk_name="-")
    listed = [view.name for view in queries.agencies(for_citizen("t"))]
    assert listed == ["Sở An", "Sở Ăn", "Sở Ấn", "Sở Dân", "Sở Đất", "Sở Y tế"]


def test_a_closed_agency_is_listed_only_when_asked_for(tree):
    commands.keep_agency(code="E", name="UBND phường Lạ", kind="other", identifier="H9", desk_name="-", active=False)
    assert tree.elsewhere not in {view.id for view in queries.agencies(SYSTEM)}
    assert tree.elsewhere in {view.id for view in queries.agencies(SYSTEM, active_only=False)}


def test_a_readers_agencies_are_its_own_and_those_below(tree):
    leader, officer = staff_reader(Role.LEADER, "P"), staff_reader(Role.DESK_OFFICER, "W")
    assert {view.id for view in queries.agencies_for(leader)} == {tree.province, tree.ward, tree.department}
    assert {view.id for view in queries.agencies_for(officer)} == {tree.ward}
    assert len(queries.agencies_for(SYSTEM)) == 4
    assert queries.agencies_for(for_citizen("t")) == ()


def test_an_unknown_agency_is_said_to_be_unknown():
    for ask in (lambda: queries.agency(SYSTEM, 0), lambda: queries.form_head(0)):
        with pytest.raises(queries.NoSuchAgency):
            ask()


def test_the_head_of_forms_names_parent_agency_desk_and_place():
    agency_id = commands.keep_agency(**WARD, parent_name="UBND TỈNH THỬ", place_name="Phường Một", address="1 Lê Lợi")
    head = queries.form_head(agency_id)
    assert (head.parent_name, head.agency_name, head.desk_name) == ("UBND TỈNH THỬ", "UBND phường Một", "Một cửa")
    assert (head.place_name, head.address, head.phone) == ("Phường Một", "1 Lê Lợi", "")


def keep(username, **values):
    defaults = {"display_name": username.title(), "agency_code": "W", "roles": ["case_officer"]}
    return commands.keep_staff(username=username, **defaults | values)


def test_a_post_is_kept_with_its_division_roles_and_procedures(tree):
    division = commands.keep_division(agency_code="W", code="TP", name="Tư pháp - Hộ tịch")
    staff_id = keep(
        "an", display_name="Lê Thị An", division_code="TP", title="Chuyên viên", roles=["leader", "case_officer"],
        functions=["archive"], procedures=["1.001193"], password=PASSWORD,
    )  # fmt: skip
    (view,) = queries.staff_of(SYSTEM, tree.ward)
    assert (view.id, view.name, view.title, view.division_id) == (staff_id, "Lê Thị An", "Chuyên viên", division)
    assert (view.division_name, view.signature_name) == ("Tư pháp - Hộ tịch", "Lê Thị An")
    assert view.functions == {"leader", "case_officer", "archive"}
    assert User.objects.get(username="an").check_password(PASSWORD)
    assert [item.name for item in queries.divisions_of(SYSTEM, tree.ward)] == ["Tư pháp - Hộ tịch"]


def test_keeping_a_post_again_keeps_its_password_and_replaces_its_procedures(tree):
    first = keep("an", procedures=["1.001193", "1.000656"], password=PASSWORD)
    assert keep("an", procedures=["1.000656", "2.000635"]) == first
    assert User.objects.get(username="an").check_password(PASSWORD)
    reader = staff_reader_of("an")
    assert reader.procedures == {"1.000656", "2.000635"}


def staff_reader_of(username):
    from motcua.agencies.access import for_staff

    return for_staff(User.objects.get(username=username))


def test_a_new_account_without_a_password_cannot_sign_in(tree):
    keep("an")
    assert not User.objects.get(username="an").has_usable_password()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("agency_code", {"agency_code": "nowhere"}),
        ("division_code", {"division_code": "nowhere"}),
        ("roles", {"roles": ["emperor"]}),
        ("password", {"password": "1234"}),
    ],
)
def test_a_wrong_post_is_refused_and_leaves_no_account(tree, field, wrong):
    with pytest.raises(AgencyError) as refusal:
        keep("an", **wrong)
    assert refusal.value.field == field
    assert not User.objects.exists()


def test_roles_change_with_the_next_request(tree):
    staff_id = keep("an")
    commands.assign_roles(staff_id, ["leader"])
    assert staff_reader_of("an").roles == {Role.LEADER}
    with pytest.raises(AgencyError):
        commands.assign_roles(staff_id + 1, ["leader"])


def test_a_password_is_set_by_name(tree):
    keep("an")
    commands.set_password("an", PASSWORD)
    assert User.objects.get(username="an").check_password(PASSWORD)
    with pytest.raises(AgencyError):
        commands.set_password("nobody", PASSWORD)


def test_staff_are_found_by_function_and_permitted_procedure_in_order_of_given_names(tree):
    keep("a", display_name="Võ Văn Ước", procedures=["1.001193"])
    keep("b", display_name="Lê Thị Ánh", procedures=["2.000635"])
    keep("c", display_name="Bùi Anh")
    keep("d", display_name="Cao Đạt", roles=["leader"], functions=["archive"])
    keep("e", display_name="Đỗ Nghỉ", active=False)

    def names(**conditions):
        return [view.name for view in queries.staff_of(SYSTEM, tree.ward, **conditions)]

    assert names() == ["Bùi Anh", "Lê Thị Ánh", "Cao Đạt", "Võ Văn Ước"]
    assert names(function="case_officer", procedure="1.001193") == ["Bùi Anh", "Võ Văn Ước"]
    assert names(function="archive") == ["Cao Đạt"]


def test_staff_of_another_tree_are_not_listed(tree):
    keep("an")
    assert queries.staff_of(reader_at(tree.ward, Role.DESK_OFFICER), tree.ward)
    assert queries.staff_of(reader_at(tree.province, Role.LEADER, below=frozenset({tree.ward})), tree.ward)
    for stranger in (reader_at(tree.elsewhere, Role.LEADER), for_citizen("t")):
        with pytest.raises(NotPermitted):
            queries.staff_of(stranger, tree.ward)


def test_names_of_staff_for_a_slip_take_one_statement_and_include_those_who_left(tree, django_assert_num_queries):
    first, second = keep("an", display_name="Lê An"), keep("ba", display_name="Đỗ Ba", active=False)
    with django_assert_num_queries(1):
        assert queries.staff_names(SYSTEM, [first, second, 0]) == {first: "Lê An", second: "Đỗ Ba"}
    assert queries.staff_names(for_citizen("t"), [first]) == {}


def test_an_agency_of_a_demonstration_is_known_as_one():
    make_tree()
    commands.keep_agency(
        code="M", name="UBND phường Mẫu", kind="commune_committee", identifier="H99", desk_name="Một cửa", demo=True
    )
    known = {each.code: each.demo for each in queries.agencies(for_system("test"))}
    assert known == {"P": False, "W": False, "D": False, "E": False, "M": True}
    assert staff_reader("leader", "M").demo
    assert not staff_reader("leader", "W").demo
