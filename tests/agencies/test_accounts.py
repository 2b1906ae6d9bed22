"""Help for who cannot sign in: by an administrator of the agency or above, with a reason, in a log that only grows."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.db.utils import DatabaseError

from motcua.agencies import accounts, commands
from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.agencies.commands import AgencyError
from motcua.agencies.models import AccountAct, Session, StaffIdentity
from support.signing_in import session_of
from support.world import PASSWORD, POLICE, PROVINCE, WARD, make_world

pytestmark = pytest.mark.django_db
ISSUER = "https://sso.example.vn"


@pytest.fixture
def world():
    return make_world()


def post(world, role=Role.LEADER, agency=WARD):
    return world.posts[agency, role]


ACTS = {
    "password": accounts.give_password,
    "second factor": accounts.remove_second_factor,
    "sessions": accounts.end_sessions,
    "identity": lambda reader, staff, reason: accounts.give_identity(reader, staff, ISSUER, "abc", reason),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("seat", [WARD, PROVINCE])
def test_each_act_ends_all_sessions_and_leaves_its_reason(world, act, seat):
    leader = world.user(Role.LEADER)
    session_of(leader)
    administrator = world.reader(Role.ADMINISTRATOR, seat)
    act(administrator, post(world), "Mất điện thoại, đã gặp trực tiếp")
    assert not Session.objects.filter(user=leader).exists()
    (row,) = accounts.acts_of(administrator, post(world))
    assert (row.by, row.reason) == ("Hồ Quản Trị Thử", "Mất điện thoại, đã gặp trực tiếp")


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_without_a_reason_nothing_is_done(world, act):
    leader = world.user(Role.LEADER)
    before = leader.password
    session_of(leader)
    with pytest.raises(AgencyError):
        act(world.reader(Role.ADMINISTRATOR), post(world), "  ")
    leader.refresh_from_db()
    assert leader.password == before and Session.objects.filter(user=leader).exists()
    assert Authenticator.objects.filter(user=leader).exists() and not StaffIdentity.objects.exists()


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_help(world, act, role):
    with pytest.raises(NotPermitted):
        act(world.reader(role, PROVINCE), post(world), "Lý do")


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("agency", [POLICE, PROVINCE])
def test_an_administrator_helps_in_the_own_agency_and_below_only(world, act, agency):
    with pytest.raises(accounts.NoSuchAccount):
        act(world.reader(Role.ADMINISTRATOR), post(world, agency=agency), "Lý do")


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_nobody_resets_their_own_account(world, act):
    with pytest.raises(AgencyError, match="chính mình"):
        act(world.reader(Role.ADMINISTRATOR), post(world, Role.ADMINISTRATOR), "Lý do")


def test_the_log_is_only_added_to(world):
    accounts.end_sessions(for_system("test"), post(world), "Lý do")
    for statement in ("UPDATE agencies_accountact SET reason = ''", "DELETE FROM agencies_accountact"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AccountAct.objects.count() == 1


def test_a_given_password_opens_nothing_but_its_own_change(client, world):
    officer = world.user(Role.DESK_OFFICER)
    given = accounts.give_password(world.reader(Role.ADMINISTRATOR), post(world, Role.DESK_OFFICER), "Quên")
    client.post("/accounts/login/", {"login": officer.username, "password": given})
    for address in ("/office/", "/office/tiep-nhan/", "/office/tim/"):
        assert client.get(address).headers["Location"] == "/accounts/password/change/"
    form = {"oldpassword": given, "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/password/change/", form)
    assert client.get("/office/").status_code == 200
    given_again = {accounts.give_password(for_system("test"), post(world, Role.DESK_OFFICER), "x") for _ in range(3)}
    assert len(given_again) == 3


def test_the_pages_help_and_show_the_password_once(client, world):
    officer = world.user(Role.DESK_OFFICER)
    page = f"/office/tai-khoan/{post(world, Role.DESK_OFFICER)}/"
    client.force_login(world.user(Role.ADMINISTRATOR))
    assert page in client.get("/office/tai-khoan/").content.decode()
    shown = client.post(page, {"act": "password", "reason": "Quên, đã gặp"}).content.decode()
    given = shown.split('given-password">')[1].split("<")[0]
    officer.refresh_from_db()
    assert officer.check_password(given)
    again = client.get(page).content.decode()
    assert given not in again and "Quên, đã gặp" in again and "đặt lại mật khẩu" in again
    assert client.post(page, {"act": "second_factor", "reason": "Mất máy"}).status_code == 302
    assert "Hãy điền vào ô này." in client.post(page, {"act": "sessions", "reason": ""}).content.decode()
    assert client.post(page, {"act": "identity", "reason": "x", "subject": "s"}).status_code == 200  # no provider set
    assert client.post(page, {"act": "nothing", "reason": "x"}).status_code == 200
    assert client.get(f"/office/tai-khoan/{post(world, agency=POLICE)}/").status_code == 404


def test_an_identity_belongs_to_one_account(world):
    administrator = world.reader(Role.ADMINISTRATOR)
    accounts.give_identity(administrator, post(world), ISSUER, " abc ", "Theo công văn")
    world.user(Role.DESK_OFFICER)
    with pytest.raises(AgencyError, match="một tài khoản khác"):
        accounts.give_identity(administrator, post(world, Role.DESK_OFFICER), ISSUER, "abc", "Theo công văn")
    assert accounts.user_of_identity(ISSUER, "abc") == world.user(Role.LEADER)
    assert accounts.user_of_identity("https://other.example", "abc") is None
    accounts.give_identity(administrator, post(world), ISSUER, "", "Chuyển công tác")
    assert accounts.user_of_identity(ISSUER, "abc") is None
    kinds = list(AccountAct.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["identity", "identity_removed"]


def test_a_vouched_name_never_enters_an_account_that_has_an_identity_of_its_own(world):
    leader = world.user(Role.LEADER)
    assert accounts.user_of_identity(ISSUER, "new", leader.username) == leader
    accounts.give_identity(world.reader(Role.ADMINISTRATOR), post(world), ISSUER, "abc", "Theo công văn")
    assert accounts.user_of_identity(ISSUER, "new", leader.username) is None


def test_a_list_of_accounts_is_one_statement_however_long(world, django_assert_num_queries):
    reader = world.reader(Role.ADMINISTRATOR, PROVINCE)
    for role in Role:
        world.user(role)
    with django_assert_num_queries(1):
        assert len(accounts.accounts(reader)) >= 6


def test_a_new_password_on_the_command_line_is_the_holders_own(world):
    leader = world.user(Role.LEADER)
    accounts.give_password(for_system("test"), post(world), "x")
    commands.set_password(leader.username, PASSWORD)
    assert not world.reader(Role.LEADER).password_is_given
