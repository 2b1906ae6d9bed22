"""The search box: codes, receipts, numbers, names and procedures; numbers and names never stand in an address."""

import logging
import re
from dataclasses import replace

import pytest

from motcua.agencies.access import Role
from support.world import APPLICANT, CARD, OTHER_WARD, PROVINCE, RESIDENCE, World


@pytest.fixture
def desk(world: World, client):
    client.force_login(world.user(Role.DESK_OFFICER))
    return client


def found(client, words: str) -> str:
    response = client.post("/office/tim/", {"q": words})
    assert response.status_code == 200, response.headers.get("Location")
    return response.content.decode()


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda code: f"  {code} "])
def test_a_code_leads_to_its_dossier(world, desk, change):
    answer = world.receive()
    response = desk.post("/office/tim/", {"q": change(answer.code)})
    assert response.headers["Location"] == f"/office/ho-so/{answer.dossier_id}/"


def test_the_address_in_a_receipts_qr_leads_to_its_dossier(world, desk):
    answer = world.receive()
    response = desk.post("/office/tim/", {"q": f"https://motcua.example.vn/t/{answer.token}"})
    assert response.headers["Location"] == f"/office/ho-so/{answer.dossier_id}/"


@pytest.mark.parametrize("typed", ["079190000012", "079 190 000 012", CARD])
def test_a_number_or_a_card_finds_the_persons_dossiers(world, desk, typed):
    answer = world.receive()
    world.receive(owner=replace(APPLICANT, id_number="079190000099"))
    page = found(desk, typed)
    assert answer.code in page
    assert page.count("data-row-link") == 1
    assert "079190000012" not in page


def test_a_name_finds_the_persons_dossiers_without_diacritics(world, desk):
    answer = world.receive()
    assert answer.code in found(desk, "nguyen mau")


def test_words_find_procedures_to_take_in(desk):
    assert "/office/tiep-nhan/1.004873/" in found(desk, "hon nhan")


def test_a_visit_shows_how_to_search_and_a_number_in_the_address_is_ignored(world, desk):
    answer = world.receive()
    page = desk.get("/office/tim/?q=079190000012").content.decode()
    assert "Bạn tìm gì?" in page
    assert answer.code not in page


def test_every_page_sends_the_search_by_post(desk):
    form = re.search(r'<form class="search"[^>]*action="/office/tim/"[^>]*>', desk.get("/office/").content.decode())
    assert 'method="post"' in form[0]


def test_what_was_searched_for_is_in_no_log(world, desk, caplog):
    world.receive()
    with caplog.at_level(logging.DEBUG):
        found(desk, "079190000012")
        found(desk, "Nguyễn Thị Mẫu")
    written = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert "079190000012" not in written
    assert "Mẫu" not in written


def test_a_number_finds_nothing_of_other_agencies(world, desk):
    answer = world.receive(agency=OTHER_WARD)
    assert answer.code not in found(desk, "079190000012")
    assert "Không có hồ sơ mang mã này" in found(desk, answer.code)


@pytest.mark.parametrize(
    ("role", "agency", "number", "name"),
    [
        (Role.LEADER, PROVINCE, False, False),
        (Role.REFORM_OFFICER, "W1", False, False),
        (Role.CASE_OFFICER, "W1", False, False),
        (Role.LEADER, "W1", True, True),
    ],
)
def test_nobody_finds_by_what_they_may_not_see(world, client, role, agency, number, name):
    answer = world.receive(RESIDENCE)
    client.force_login(world.user(role, agency))
    assert (answer.code in found(client, "079190000012")) is number
    assert (answer.code in found(client, "nguyễn thị mẫu")) is name
