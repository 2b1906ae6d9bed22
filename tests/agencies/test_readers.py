"""The reader for a member of staff: made from the post, in one statement, and only while the post is active."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from motcua.agencies import commands
from motcua.agencies.access import NotPermitted, Role, for_staff, staff_required
from motcua.agencies.models import User
from support.readers import make_tree, staff_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


def test_a_reader_costs_one_statement_whatever_it_holds(tree, django_assert_num_queries):
    codes = [f"1.{number:06}" for number in range(500)]
    commands.keep_staff(
        username="an",
        display_name="Lê Thị An",
        agency_code="P",
        roles=["leader", "case_officer"],
        functions=["archive"],
        procedures=codes,
    )
    user = User.objects.get(username="an")
    with django_assert_num_queries(1):
        reader = for_staff(user)
    assert reader.name == "Lê Thị An"
    assert reader.roles == {Role.LEADER, Role.CASE_OFFICER}
    assert reader.functions == {"leader", "case_officer", "archive"}
    assert reader.procedures == frozenset(codes)
    assert reader.permits_procedure("1.000499")
    assert not reader.permits_procedure("2.000001")


def test_the_tree_below_reaches_over_several_levels(tree):
    commands.keep_agency(
        code="DD", name="Chi nhánh", kind="land_office", parent_code="D", identifier="H99", desk_name="Một cửa"
    )
    reader = staff_reader(Role.LEADER, "P")
    below = commands.keep_agency(
        code="DD", name="Chi nhánh Đất đai", kind="land_office", parent_code="D", identifier="H99", desk_name="Một cửa"
    )
    assert reader.descendant_agency_ids == {tree.ward, tree.department, below}
    assert staff_reader(Role.LEADER, "W").descendant_agency_ids == frozenset()


def test_a_post_without_a_list_of_procedures_works_on_all(tree):
    assert staff_reader(Role.CASE_OFFICER, "W").permits_procedure("1.001193")


def end_account(username):
    User.objects.filter(username=username).update(is_active=False)


def end_post(username):
    User.objects.get(username=username).staff.update(active=False)


def end_agency(username):
    commands.keep_agency(
        code="W", name="UBND phường Một", kind="commune_committee", identifier="H99", desk_name="Một cửa", active=False
    )


@pytest.mark.parametrize("end", [end_account, end_post, end_agency])
def test_nobody_reads_through_an_ended_account_post_or_agency(tree, end):
    staff_reader(Role.LEADER, "W")
    end("leader.w")
    with pytest.raises(NotPermitted):
        for_staff(User.objects.get(username="leader.w"))


def test_a_super_user_without_a_post_reads_nothing(tree):
    with pytest.raises(NotPermitted):
        for_staff(User.objects.create_superuser("root", password="x"))


def test_somebody_not_signed_in_is_no_staff():
    with pytest.raises(NotPermitted):
        for_staff(AnonymousUser())


@staff_required
def whoami(request):
    return HttpResponse(request.reader.name)


@staff_required(roles={Role.LEADER})
def leaders_only(request):
    return HttpResponse("ok")


def ask(rf, view, user):
    request = rf.get("/office/x/?a=1")
    request.user = user
    return view(request)


def test_a_guarded_view_sends_a_stranger_to_sign_in_and_back(rf):
    response = ask(rf, whoami, AnonymousUser())
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/office/x/%3Fa%3D1")


def test_a_guarded_view_has_the_reader(rf, tree):
    staff_reader(Role.CASE_OFFICER, "W")
    assert ask(rf, whoami, User.objects.get(username="case_officer.w")).content.decode() == "Trần Văn Thử"


def test_a_view_for_leaders_refuses_other_roles(rf, tree, settings):
    settings.MOTCUA_SECOND_FACTOR_ROLES = ()
    staff_reader(Role.CASE_OFFICER, "W")
    staff_reader(Role.LEADER, "W")
    assert ask(rf, leaders_only, User.objects.get(username="leader.w")).status_code == 200
    with pytest.raises(PermissionDenied):
        ask(rf, leaders_only, User.objects.get(username="case_officer.w"))


def test_a_guarded_view_refuses_an_account_without_a_post(rf):
    with pytest.raises(PermissionDenied):
        ask(rf, whoami, User.objects.create_user("khach", password="x"))
