"""Every answer of every address carries its guards: what may run, who may frame it, what is kept, what is told on."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from motcua.agencies.commands import set_password
from motcua.agencies.policies import Door
from motcua.agencies.roles import Role
from permissions.addresses import ADDRESSES, Address
from support.world import PASSWORD, World

DIRECTIVES = {
    "default-src 'self'", "style-src 'self'", "font-src 'self'", "connect-src 'self'", "object-src 'none'",
    "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
}  # fmt: skip


def _check(answer, address: str) -> None:
    headers = answer.headers
    policy = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    sandboxed = "sandbox" in policy and "default-src 'none'" in policy
    assert sandboxed or policy >= DIRECTIVES, address
    (scripts,) = [part for part in policy if part.startswith("script-src")] or ["script-src"]
    assert sandboxed or re.fullmatch(r"script-src( 'nonce-[\w+/=]{22,}')?", scripts), address
    assert "unsafe" not in headers["Content-Security-Policy"], address
    assert headers["X-Content-Type-Options"] == "nosniff", address
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, address
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin", address
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
    assert "geolocation=()" in headers["Permissions-Policy"], address
    # What proves the log is for everybody, wherever a checker's page comes from.
    assert address.startswith("/nhat-ky/") or "Access-Control-Allow-Origin" not in headers, address
    assert not {"Server", "X-Powered-By"} & set(headers), address
    if getattr(answer, "content", b""):
        kind = headers["Content-Type"]
        assert "charset=utf-8" in kind.lower() or not kind.startswith("text/"), address


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda each: each.route)
def test_an_answer_to_a_stranger_carries_every_guard(client: Client, db, address: Address) -> None:
    for method in ("get", "post"):
        _check(getattr(client, method)(address.url), address.route)


def test_answers_to_staff_carry_every_guard_and_are_kept_by_nobody(client: Client, world: World) -> None:
    dossier = world.receive().dossier_id
    leader = world.user(Role.LEADER)
    set_password(leader.username, PASSWORD)  # who has none is sent elsewhere by the page that changes it
    leader.refresh_from_db()
    client.force_login(leader)
    for address in ADDRESSES:
        if address.name == "account_logout":
            continue
        known = {"dossier_id": dossier} if "dossier_id" in address.parts else {}
        real = replace(address, parts=address.parts | known)
        answer = client.get(real.url)
        _check(answer, address.route)
        if address.policy and address.policy.door in {Door.STAFF, Door.ACCOUNT}:
            assert "no-store" in answer.headers["Cache-Control"], address.route


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/khong-co", "/static/ui/keys.js", "/static/khong-co.js", "/accounts/khong-co"])
def test_whatever_else_is_asked_carries_them_too(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
def test_each_answer_has_a_number_of_its_own_for_its_scripts(client: Client, world: World) -> None:
    client.force_login(world.user(Role.LEADER))
    seen = set()
    for _ in range(3):
        answer = client.get("/office/", follow=True)
        (number,) = re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        tags = re.findall(r"<script[^>]*>", answer.content.decode())
        assert tags
        assert all(f'nonce="{number}"' in tag for tag in tags)
        seen.add(number)
    assert len(seen) == 3


def test_who_signs_out_leaves_nothing_in_the_browser(client: Client, world: World) -> None:
    client.force_login(world.user(Role.LEADER))
    assert "Clear-Site-Data" not in client.get("/accounts/logout/").headers
    assert client.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.django_db
def test_forms_of_other_sites_are_refused_everywhere(world: World) -> None:
    """Every address that takes a form, for somebody who may use it: without the page's own token it does nothing."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.user(Role.DESK_OFFICER))
    answers = {each.route: strict.post(each.url).status_code for each in ADDRESSES if _takes_forms(each)}
    assert set(answers.values()) <= {403, 405}, answers


def _takes_forms(address: Address) -> bool:
    """Programs with an access token send no cookies that another site could use."""
    door = address.policy.door if address.policy else None
    return door is not Door.CLIENT and not address.route.startswith("/api")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PATCH", "PROPFIND"])
def test_methods_that_nobody_uses_are_refused(client: Client, method: str) -> None:
    for address in ("/", "/tra-cuu", "/thu-tuc"):
        assert client.generic(method, address).status_code == 405
