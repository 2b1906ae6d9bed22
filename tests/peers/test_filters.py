"""Peers' fault: the filter that guards a list was skipped in a search, an expansion or by a parameter.

Somebody of another ward asks every address that there is, with every parameter that anything reads, naming what is
not theirs: no answer holds a word of it. What each role may see of its own is told by tests/permissions.
"""

import json

import pytest

from motcua.agencies.access import Role
from motcua.agencies.policies import Door
from peers.parameters import ALL_SCOPES, is_page, of_pages, of_the_api, spread
from permissions.addresses import ADDRESSES
from support.world import APPLICANT, MARRIAGE, OTHER_WARD, WARD

NOTE = "Ghi chú chỉ phường này được đọc"
SECRETS = (APPLICANT.name, APPLICANT.id_number, APPLICANT.phone, APPLICANT.address, NOTE)


@pytest.fixture
def foreign(world):
    """A dossier of one ward with a note, and what names it, for people of another ward."""
    dossier = world.receive(MARRIAGE).dossier_id
    world.hand_over(dossier, Role.CASE_OFFICER, "trinh-ky", note=NOTE)
    return {
        "dossier": str(dossier),
        "agency": str(world.agencies[WARD]),
        "staff": str(world.posts[WARD, Role.DESK_OFFICER]),
        "everything": "*",
        "yes": "1",
        "all": "all",
    }


def _shown(answer) -> list[str]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode("utf-8", errors="replace")
    text += json.dumps(json.loads(text), ensure_ascii=False) if "json" in answer.headers.get("Content-Type", "") else ""
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("role", list(Role))
def test_no_parameter_of_a_page_shows_another_wards_dossier(role, world, foreign, client) -> None:
    client.force_login(world.user(role, OTHER_WARD))
    asked = 0
    for address in ADDRESSES:
        if not is_page(address):
            continue
        for turn in range(2):
            named = spread(of_pages(), list(foreign.values()), turn, 2)
            answer = client.get(address.url, named)
            assert _shown(answer) == [], (address.route, named)
            assert answer.status_code < 500, (address.route, named)
            asked += 1
    assert asked > 100


@pytest.mark.parametrize("role", list(Role))
def test_no_address_opens_another_wards_dossier(role, world, foreign, client) -> None:
    """The ids themselves are known: they stand in an address that somebody has seen over a shoulder."""
    client.force_login(world.user(role, OTHER_WARD))
    known = {"dossier_id": foreign["dossier"], "code": MARRIAGE}
    for address in ADDRESSES:
        if "dossier_id" not in address.parts or address.route.startswith("/api"):
            continue
        parts = address.parts | {name: known[name] for name in known if name in address.parts}
        for method in ("get", "post"):
            answer = getattr(client, method)(type(address)(**{**vars(address), "parts": parts}).url)
            assert _shown(answer) == [], address.route
            assert answer.status_code in {403, 404, 405}, (address.route, method, answer.status_code)


@pytest.mark.parametrize(
    "words", [APPLICANT.name, APPLICANT.id_number, APPLICANT.phone, "%", "_", "Nguyễn", "*", "' OR 1=1"]
)
def test_no_search_finds_another_wards_people(words, world, foreign, client) -> None:
    client.force_login(world.user(Role.CASE_OFFICER, OTHER_WARD))
    page = client.post("/office/tim/", {"q": words}).content.decode()
    assert foreign["dossier"] not in page
    assert APPLICANT.address not in page
    assert "0790" not in page.replace(words, "")


@pytest.fixture
def foreign_caller(world):
    """A connected system of the other ward, allowed everything that a system can be."""
    from django.test import Client

    from motcua.exchange import commands

    made = commands.open_client(
        name="Phần mềm", agency_code=OTHER_WARD, scopes=ALL_SCOPES, roles=("case_officer", "desk_officer")
    )
    token = commands.issue_token(made.client_id, ALL_SCOPES).token
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_no_parameter_of_the_api_shows_another_wards_dossier(world, foreign, foreign_caller) -> None:
    asked = 0
    for address in ADDRESSES:
        if address.policy is None or address.policy.door is not Door.CLIENT:
            continue
        for turn in range(3):
            named = spread(of_the_api(), list(foreign.values()), turn, 3)
            for url in {address.url, *_with(address, foreign["dossier"])}:
                answer = foreign_caller.get(url, named)
                assert _shown(answer) == [], (url, named)
                assert answer.status_code < 500, (url, named)
                asked += 1
    assert asked > 50


def _with(address, dossier: str) -> list[str]:
    """The address with the foreign dossier in every part that could hold it."""
    ids = {name: dossier for name in address.parts if name.endswith("_id")}
    return [type(address)(**{**vars(address), "parts": address.parts | ids}).url] if ids else []
