"""Sessions: kept sealed, ended in time and with what opened them, and listed for their holder."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.agencies import commands, sessions
from motcua.agencies.access import Role
from motcua.agencies.models import Session
from motcua.agencies.session_store import BEGAN, SessionStore, row_key
from support.signing_in import session_of
from support.world import PASSWORD, WARD, make_world

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
EDGE = CHROME + " Edg/130.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
def officer():
    user = make_world().user(Role.DESK_OFFICER)
    commands.set_password(user.username, PASSWORD)
    user.refresh_from_db()
    return user


def sign_in(client, officer, agent=CHROME):
    client.post("/accounts/login/", {"login": officer.username, "password": PASSWORD}, HTTP_USER_AGENT=agent)
    return client.cookies["sessionid"].value


@pytest.mark.parametrize(
    ("agent", "words"),
    [(CHROME, "Chrome · Windows"), (EDGE, "Edge · Windows"), (PHONE, "Safari · iPhone"), ("curl/8", ""), ("", "")],
)
def test_a_device_is_named_in_two_words(agent, words):
    assert sessions.device_words(agent) == words


def test_a_row_holds_neither_the_cookie_nor_anything_readable(client, officer):
    cookie = sign_in(client, officer)
    row = Session.objects.get(user=officer)
    kept = f"{row.session_key} {row.session_data}"
    assert row.session_key == row_key(cookie)
    assert cookie not in kept and "Chrome" not in kept and "auth_user" not in kept
    assert SessionStore(cookie)["_auth_user_id"] == str(officer.pk)


def test_a_key_read_from_the_database_opens_no_session(client, officer):
    sign_in(client, officer)
    client.cookies["sessionid"] = Session.objects.get(user=officer).session_key
    assert client.get("/office/").status_code == 302


def test_signing_in_gives_a_new_key_so_that_a_planted_one_opens_nothing(client, officer):
    planted = SessionStore()
    planted["anything"] = 1
    planted.create()
    client.cookies["sessionid"] = planted.session_key
    assert sign_in(client, officer) != planted.session_key
    assert not Session.objects.filter(pk=row_key(planted.session_key)).exists()


def test_the_cookie_is_for_the_server_only(client, officer, settings):
    settings.SESSION_COOKIE_SECURE = True
    sign_in(client, officer)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Lax" and not cookie["max-age"]


@pytest.mark.parametrize(
    ("since_use", "since_sign_in", "open_"),
    [
        (timedelta(minutes=59), timedelta(hours=2), True),
        (timedelta(minutes=61), timedelta(hours=2), False),
        (timedelta(minutes=1), timedelta(hours=11, minutes=59), True),
        (timedelta(minutes=1), timedelta(hours=12, minutes=1), False),
    ],
)
def test_a_session_ends_when_idle_and_when_old(client, officer, since_use, since_sign_in, open_):
    now = timezone.now()
    store = SessionStore(session_of(officer))
    store[BEGAN] = (now - since_sign_in).timestamp()
    store.save()
    last = now - since_use
    store = SessionStore(store.session_key)
    ends = min(last + timedelta(minutes=60), now - since_sign_in + timedelta(hours=12))
    Session.objects.update(last_seen_at=last, expire_date=ends)
    client.cookies["sessionid"] = store.session_key
    assert (client.get("/office/").status_code == 200) is open_


def test_use_moves_the_idle_end_on_but_never_beyond_the_hours(client, officer, settings):
    settings.MOTCUA_SESSION_HOURS = 1
    client.cookies["sessionid"] = session_of(officer)
    began = Session.objects.get().expire_date
    Session.objects.update(last_seen_at=timezone.now() - timedelta(minutes=30))
    assert client.get("/office/").status_code == 200
    row = Session.objects.get()
    assert timezone.now() - row.last_seen_at < timedelta(minutes=1)
    assert row.expire_date <= began + timedelta(seconds=1)


def test_a_page_costs_no_statement_to_note_that_it_was_used_a_moment_ago(
    client, officer, django_assert_max_num_queries
):
    client.cookies["sessionid"] = session_of(officer)
    client.get("/office/")
    with django_assert_max_num_queries(12) as asked:
        client.get("/office/")
    assert not any("UPDATE" in query["sql"] for query in asked.captured_queries)


def test_own_sessions_are_listed_with_device_and_times_and_ended_one_by_one(client, officer):
    other = session_of(officer)
    sign_in(client, officer, PHONE)
    page = client.get("/office/tai-khoan/cua-toi/").content.decode()
    assert "Safari · iPhone" in page and "Thiết bị không rõ" in page and "Máy này" in page
    client.post("/office/tai-khoan/cua-toi/", {"end": row_key(other)})
    assert not SessionStore().exists(other)
    assert client.get("/office/").status_code == 200


def test_all_other_sessions_end_at_once_and_nobody_elses(client, officer):
    others = [session_of(officer) for _ in range(3)]
    stranger = session_of(make_stranger())
    sign_in(client, officer)
    client.post("/office/tai-khoan/cua-toi/")
    assert not any(SessionStore().exists(key) for key in others)
    assert SessionStore().exists(stranger)
    assert client.get("/office/").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(client, officer):
    stranger = session_of(make_stranger())
    sign_in(client, officer)
    client.post("/office/tai-khoan/cua-toi/", {"end": row_key(stranger)})
    assert SessionStore().exists(stranger)


def make_stranger():
    from motcua.agencies.models import User

    commands.keep_staff(username="nguoikhac", display_name="Người Khác Thử", agency_code=WARD, roles=["case_officer"])
    return User.objects.get(username="nguoikhac")


@pytest.mark.parametrize("end", ["post", "account", "agency", "password"])
def test_sessions_end_with_what_opened_them(client, officer, end):
    client.cookies["sessionid"] = session_of(officer)
    assert client.get("/office/").status_code == 200
    values = {"username": officer.username, "display_name": "X", "agency_code": WARD, "roles": ["desk_officer"]}
    if end == "password":
        commands.set_password(officer.username, PASSWORD + "x")
    elif end == "agency":
        common = {"identifier": "H99.01", "desk_name": "Một cửa"}
        commands.keep_agency(code=WARD, name="Phường", kind="commune_committee", active=False, **common)
    else:
        commands.keep_staff(**values, active=False)
    assert not Session.objects.filter(user=officer).exists()
    assert client.get("/office/").status_code == 302


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(client, officer):
    other = session_of(officer)
    sign_in(client, officer)
    new = "hai cua lien thong 62"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert not SessionStore().exists(other)
    assert client.get("/office/").status_code == 200


def test_an_ended_session_is_not_revived_by_a_request_under_way(officer):
    store = SessionStore(session_of(officer))
    assert store["_auth_user_id"]
    sessions.end_sessions(officer)
    store["late"] = True
    from django.contrib.sessions.backends.base import UpdateError

    with pytest.raises(UpdateError):
        store.save()


def test_a_changed_signing_key_ends_every_session_quietly(client, officer, settings):
    client.cookies["sessionid"] = session_of(officer)
    settings.SECRET_KEY = "another"
    assert client.get("/office/").status_code == 302


def test_ended_sessions_are_swept_away(officer):
    session_of(officer)
    kept = session_of(officer)
    Session.objects.exclude(pk=row_key(kept)).update(expire_date=timezone.now())
    assert sessions.sweep() == 1
    assert SessionStore().exists(kept)
