"""Guessing is slowed down, an attacked officer still gets in, and nothing tells who has an account."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from motcua.agencies import commands, lockout
from motcua.agencies.access import Role
from motcua.agencies.models import Allowance
from support.world import PASSWORD, make_world

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"
WAIT = "quá nhiều lần"


@pytest.fixture
def officer():
    user = make_world().user(Role.DESK_OFFICER)
    commands.set_password(user.username, PASSWORD)
    return user.username


def attempt(client, name, password="doan mo mat khau", address=HERE):
    return client.post("/accounts/login/", {"login": name, "password": password}, REMOTE_ADDR=address)


def gets_in(client, name, address=HERE):
    return attempt(client, name, PASSWORD, address).status_code == 302


def attack(name, tries, networks=1):
    """Wrong passwords from so many networks; what the last attempts met."""
    answers = [attempt(Client(), name, address=f"198.51.{number % networks}.9") for number in range(tries)]
    return [WAIT in answer.content.decode() for answer in answers]


def test_a_single_attacker_must_wait_after_five_tries(officer):
    assert attack(officer, 6) == [False] * 5 + [True]


def test_an_attacked_officer_gets_in_from_an_own_network(officer):
    attack(officer, 20)
    assert gets_in(Client(), officer)


def test_a_distributed_attack_is_slowed_to_one_try_a_minute(officer):
    met = attack(officer, lockout.NAME_EVERYWHERE.limit + 5, networks=250)
    assert met == [False] * lockout.NAME_EVERYWHERE.limit + [True] * 5
    assert lockout.NAME_EVERYWHERE.per_seconds / lockout.NAME_EVERYWHERE.limit == 60


def test_under_a_distributed_attack_the_officers_own_browser_still_gets_in(officer):
    known = Client()
    assert gets_in(known, officer)
    known.cookies.pop("sessionid")
    attack(officer, lockout.NAME_EVERYWHERE.limit, networks=250)
    assert not gets_in(Client(), officer)
    assert gets_in(known, officer)
    known.cookies.pop("sessionid")
    assert gets_in(known, officer, "192.0.2.200")  # the laptop at home as well


def test_after_the_attack_an_unknown_browser_gets_in_as_the_allowance_fills_up(officer):
    from datetime import timedelta

    from django.db.models import F

    attack(officer, lockout.NAME_EVERYWHERE.limit, networks=250)
    told = attempt(Client(), officer, PASSWORD).content.decode()
    assert "Hãy đợi 1 phút" in told and "Khóa truy cập vẫn dùng được ngay" in told
    Allowance.objects.update(full_at=F("full_at") - timedelta(seconds=61))
    assert gets_in(Client(), officer)


def test_a_known_browser_has_an_allowance_too(officer):
    known = Client()
    assert gets_in(known, officer)
    known.cookies.pop("sessionid")
    met = [WAIT in attempt(known, officer).content.decode() for _ in range(lockout.KNOWN_DEVICE.limit + 1)]
    assert met == [False] * lockout.KNOWN_DEVICE.limit + [True]


@pytest.mark.parametrize("forge", [lambda value: value[:-3] + "abc", lambda value: "", lambda value: "x" * 3000])
def test_a_forged_device_is_an_unknown_one(officer, forge):
    known = Client()
    assert gets_in(known, officer)
    forged = Client()
    forged.cookies["device"] = forge(known.cookies["device"].value)
    attack(officer, lockout.NAME_EVERYWHERE.limit, networks=250)
    assert not gets_in(forged, officer)


def test_a_browser_known_for_one_account_is_unknown_for_another(officer):
    known = Client()
    assert gets_in(known, officer)
    known.cookies.pop("sessionid")
    other = make_other()
    attack(other, lockout.NAME_EVERYWHERE.limit, networks=250)
    assert not gets_in(known, other)


def make_other():
    values = {"agency_code": "W1", "roles": ["case_officer"], "password": PASSWORD}
    commands.keep_staff(username="nguoikhac", display_name="Người Khác Thử", **values)
    return "nguoikhac"


def test_the_device_cookie_names_nobody_and_goes_only_where_it_is_needed(officer):
    known = Client()
    assert gets_in(known, officer)
    cookie = known.cookies["device"]
    assert officer not in cookie.value
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/accounts/"


def test_the_spelling_of_the_name_makes_no_new_allowance(officer):
    for number in range(5):
        attempt(Client(), officer.upper() if number % 2 else f" {officer} ")
    assert WAIT in attempt(Client(), officer).content.decode()


def page_without_what_was_typed(answer, name):
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    text = re.sub(r'nonce="[^"]+"', "", text)  # the number of this one answer
    return answer.status_code, text.replace(name, "")


@pytest.mark.parametrize("tries", [1, 6, 9])
def test_known_and_unknown_names_meet_the_same(officer, tries):
    seen = []
    for name, address in ((officer, "198.51.100.1"), ("khong.co.ai", "198.51.101.1")):
        client = Client()
        answers = [attempt(client, name, address=address) for _ in range(tries)]
        seen.append(page_without_what_was_typed(answers[-1], name))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("who", ["officer", "nobody", "without password"])
def test_every_try_costs_one_hash_whoever_is_named(officer, monkeypatch, who):
    from motcua.agencies.models import User

    name = {"officer": officer, "nobody": "khong.co.ai", "without password": "khong.mat.khau"}[who]
    if who == "without password":
        make_other()
        User.objects.filter(username="nguoikhac").update(username=name, password="!unusable")
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    attempt(Client(), name)
    assert len(hashed) == 1


@pytest.mark.parametrize(
    ("address", "net"),
    [("203.0.113.7", "203.0.113.0/24"), ("2001:db8:0:1ff::9", "2001:db8:0:100::/56"), ("::1", "::/56")],
)
def test_a_network_is_what_one_person_can_have(address, net):
    assert lockout.network(address) == net


def test_passwords_are_hashed_as_owasp_asks():
    """OWASP's password storage cheat sheet: Argon2id with at least 19 MiB, 2 passes, or an equal in its table."""
    from argon2 import Type, extract_parameters
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hasher = Argon2PasswordHasher()
    parameters = extract_parameters(hasher.encode("mot cua lien thong 61", hasher.salt()).removeprefix("argon2"))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024 and parameters.time_cost >= 2
    from motcua.config.settings import PASSWORD_HASHERS

    assert PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
