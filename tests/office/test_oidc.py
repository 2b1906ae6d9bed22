"""Officers sign in through a real provider over HTTP, which is told to misbehave in every way that matters."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator

from motcua.agencies import accounts, commands, oidc
from motcua.agencies.access import Role, for_system
from motcua.agencies.models import Session, User
from support.identity_provider import CLIENT, SECRET
from support.server import free_port
from support.world import WARD, World

BEGIN, DONE = "/office/dang-nhap/", "/office/dang-nhap/xong/"


@pytest.fixture
def provider(identity_provider, settings):
    """The provider, set for staff."""
    values = {"issuer": identity_provider.issuer, "client_id": CLIENT, "secret": SECRET, "name": "SSO tỉnh Mẫu"}
    settings.MOTCUA_OIDC = {"staff": {**values, "scopes": ("openid",)}, "citizen": None}
    return identity_provider


@pytest.fixture
def officer(world: World, provider) -> User:
    """A desk officer to whom the identity `can.bo` was given."""
    user = world.user(Role.DESK_OFFICER)
    post = world.posts[WARD, Role.DESK_OFFICER]
    accounts.give_identity(for_system("test"), post, provider.issuer, "can.bo", "Theo danh sách")
    return user


def go(client, provider, who="can.bo", *, cancel=False, next_=""):
    """The whole way to the provider and back; the answer to the way back."""
    begun = client.get(BEGIN, {"next": next_} if next_ else {})
    back = provider.consent(begun.headers["Location"], who, cancel=cancel)
    return client.get(DONE, back)


def signed_in(client):
    return "_auth_user_id" in client.session


def words(client):
    return client.get("/accounts/login/").content.decode()


def test_an_officer_gets_in_with_an_identity_that_was_entered(client, provider, officer):
    answer = go(client, provider)
    assert answer.headers["Location"] == "/office/"
    assert client.get("/office/").status_code == 200
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_the_page_that_the_officer_was_on_the_way_to_opens(client, provider, officer):
    assert go(client, provider, next_="/office/tiep-nhan/").headers["Location"] == "/office/tiep-nhan/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_after_signing_in(client, provider, officer, elsewhere):
    assert go(client, provider, next_=elsewhere).headers["Location"] == "/office/"


def test_the_question_carries_state_nonce_and_a_pkce_challenge(client, provider, officer):
    asked = parse_qs(urlsplit(client.get(BEGIN).headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) >= 20 and len(asked["nonce"][0]) >= 20
    assert asked["response_type"] == ["code"] and asked["scope"] == ["openid"]
    again = parse_qs(urlsplit(client.get(BEGIN).headers["Location"]).query)
    assert not {"state", "nonce", "code_challenge"} & {key for key in asked if asked[key] == again[key]}


def test_a_code_without_the_right_pkce_verifier_is_refused(client, provider, officer):
    begun = client.get(BEGIN)
    back = provider.consent(begun.headers["Location"], "can.bo")
    session = client.session
    key = f"_state_motcua_staff_{back['state']}"
    session[key] = {**session[key], "data": {**session[key]["data"], "code_verifier": "x" * 48}}
    session.save()
    client.get(DONE, back)
    assert not signed_in(client)


@pytest.mark.parametrize("how", ["expired", "nonce", "no_nonce", "audience", "issuer", "tampered", "other_key"])
def test_a_token_that_is_not_right_signs_nobody_in(client, provider, officer, world, how):
    boss = world.posts[WARD, Role.CASE_OFFICER]
    accounts.give_identity(for_system("test"), boss, provider.issuer, "boss", "Theo danh sách")
    provider.misbehave(how)
    answer = go(client, provider)
    assert answer.headers["Location"] == "/accounts/login/"
    assert not signed_in(client)
    assert "Không xác nhận được lần đăng nhập này" in words(client)


@pytest.mark.parametrize("state", ["another", "", None])
def test_an_answer_to_no_question_of_this_browser_is_refused(client, provider, officer, state):
    back = provider.consent(client.get(BEGIN).headers["Location"], "can.bo")
    back = {"code": back["code"], **({} if state is None else {"state": state})}
    client.get(DONE, back)
    assert not signed_in(client)


def test_an_answer_stolen_from_another_browser_is_refused(client, provider, officer):
    from django.test import Client

    back = provider.consent(client.get(BEGIN).headers["Location"], "can.bo")
    thief = Client()
    thief.get(BEGIN)
    thief.get(DONE, back)
    assert not signed_in(thief)


def test_an_answer_counts_once(client, provider, officer):
    back = provider.consent(client.get(BEGIN).headers["Location"], "can.bo")
    client.get(DONE, back)
    client.logout()
    client.get(DONE, back)
    assert not signed_in(client)


def test_who_cancels_is_told_that_nothing_happened(client, provider, officer):
    go(client, provider, cancel=True)
    assert not signed_in(client)
    assert "Bạn đã dừng đăng nhập" in words(client)


def test_a_provider_that_is_down_is_said_to_be_down(client, officer, settings):
    settings.MOTCUA_OIDC["staff"]["issuer"] = f"http://127.0.0.1:{free_port()}"
    assert client.get(BEGIN).headers["Location"] == "/accounts/login/"
    assert "không liên lạc được" in words(client)


def test_a_provider_that_calls_itself_otherwise_is_not_believed(client, provider, officer):
    provider.misbehave("renamed")
    assert client.get(BEGIN).headers["Location"] == "/accounts/login/"
    assert "Không xác nhận được lần đăng nhập này" in words(client)


def test_an_identity_that_nobody_entered_makes_no_account(client, provider, officer):
    before = User.objects.count()
    go(client, provider, "nguoi.la")
    assert not signed_in(client) and User.objects.count() == before
    assert "chưa gắn với tài khoản nào" in words(client)


def test_a_name_that_the_provider_vouches_for_counts_only_when_it_is_set(client, provider, world, settings):
    officer = world.user(Role.CASE_OFFICER)
    go(client, provider, officer.username)
    assert not signed_in(client)
    settings.MOTCUA_STAFF_OIDC_USERNAME_CLAIM = "preferred_username"
    go(client, provider, officer.username)
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_a_closed_post_stays_closed(client, provider, officer):
    values = {"username": officer.username, "display_name": "X", "agency_code": WARD, "roles": ["desk_officer"]}
    commands.keep_staff(**values, active=False)
    go(client, provider)
    assert not signed_in(client)
    assert "không còn được sử dụng" in words(client)


def test_a_second_factor_here_is_still_asked_for(client, provider, world):
    leader = world.user(Role.LEADER)
    assert Authenticator.objects.filter(user=leader).exists()
    post = world.posts[WARD, Role.LEADER]
    accounts.give_identity(for_system("test"), post, provider.issuer, "lanh.dao", "Theo danh sách")
    assert go(client, provider, "lanh.dao").headers["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(client)


def test_nothing_that_the_provider_told_is_kept(client, provider, officer):
    go(client, provider)
    kept = dict(client.session)
    assert not any("can.bo" in f"{name}{value}" for name, value in kept.items())
    assert Session.objects.filter(user=officer).count() == 1


def test_the_button_stands_there_only_when_a_provider_is_set(client, world, settings):
    assert "Đăng nhập qua" not in words(client)
    values = {"issuer": "https://sso.example.vn", "client_id": "x", "secret": "y", "name": "SSO tỉnh Mẫu"}
    settings.MOTCUA_OIDC = {"staff": {**values, "scopes": ("openid",)}, "citizen": None}
    assert "Đăng nhập qua SSO tỉnh Mẫu" in words(client)
    assert oidc.provider(oidc.Audience.CITIZEN) is None
