"""Every page needs at most twelve SQL statements, however many rows it shows."""

from dataclasses import replace

import pytest

from motcua.agencies.access import Role
from motcua.dossiers import commands
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.vocabulary import Pause
from office.counting import MOST, statements
from support.world import APPLICANT, CARD, MARRIAGE, POLICE, RESIDENCE, World

PAGES = [
    (Role.DESK_OFFICER, "/office/"),
    (Role.CASE_OFFICER, "/office/"),
    (Role.CASE_OFFICER, "/office/?muc=dang-xu-ly&cuatoi=1&han=qua-han&thutuc=hon+nhan"),
    (Role.DESK_OFFICER, "/office/?muc=cho-bo-sung"),
    (Role.DESK_OFFICER, "/office/tiep-nhan/"),
    (Role.DESK_OFFICER, "/office/tiep-nhan/?q=c"),
    (Role.DESK_OFFICER, "/office/tiep-nhan/1.004873/"),
    (Role.DESK_OFFICER, "/office/tiep-nhan/1.004222/"),
    (Role.DESK_OFFICER, "/office/tiep-nhan/1.004222/hen-tra/?channel=online"),
    (Role.DESK_OFFICER, "/office/tiep-nhan/xong/{id}/"),
    (Role.DESK_OFFICER, "/office/ho-so/{id}/"),
    (Role.CASE_OFFICER, "/office/ho-so/{id}/"),
    (Role.LEADER, "/office/ho-so/{id}/"),
    (Role.REFORM_OFFICER, "/office/ho-so/{id}/"),
    (Role.DESK_OFFICER, "/office/ho-so/{id}/giay/tiep-nhan.pdf"),
    (Role.CASE_OFFICER, "/office/ho-so/{id}/giay/kiem-soat.pdf"),
    (Role.LEADER, "/office/ho-so/{id}/giay/bo-sung.pdf"),
    (Role.DESK_OFFICER, "/office/so-theo-doi/"),
    (Role.DESK_OFFICER, "/office/so-theo-doi/in.pdf"),
    (Role.LEADER, "/office/tong-quan/"),
    (Role.DESK_OFFICER, "/office/tim/"),
    (Role.DESK_OFFICER, "/office/tai-khoan/cua-toi/"),
    (Role.ADMINISTRATOR, "/office/tai-khoan/"),
]


@pytest.mark.parametrize(("role", "url"), PAGES)
def test_a_page_needs_at_most_twelve_statements(world: World, client, role, url):
    dossier = _eventful(world)
    catch_up()
    address = url.format(id=dossier)
    client.force_login(world.user(role))
    assert client.get(address).status_code == 200  # what never changes is read once by each process
    few = statements(lambda: client.get(address))
    for _ in range(6):
        world.receive(RESIDENCE)
        world.finish(world.receive().dossier_id)
    world.receive()
    catch_up()
    many = statements(lambda: client.get(address))
    assert many <= MOST
    # A first row may add the statements that rows need; further rows add none.
    assert many <= few + 3


def _eventful(world: World):
    """A dossier with as much around it as one can have: submitter, notes, a supplement, hand-overs."""
    submitter = replace(APPLICANT, name="Lê Nộp Thay Thử")
    dossier = world.receive(request="Để vay vốn", submitter=submitter).dossier_id
    officer = world.reader(Role.CASE_OFFICER)
    commands.pause(officer, dossier, Pause.SUPPLEMENT, "- Tờ khai\nThiếu chữ ký", command_id=commands.new_id())
    commands.resume(world.reader(Role.DESK_OFFICER), dossier, command_id=commands.new_id())
    return dossier


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.DESK_OFFICER, "079190000012"), (Role.CASE_OFFICER, "nguyen mau"), (Role.DESK_OFFICER, "chung thuc")],
)
def test_a_search_needs_at_most_twelve_statements(world: World, client, role, words):
    for _ in range(5):
        world.receive()
    client.force_login(world.user(role))
    client.post("/office/tim/", {"q": words})
    assert statements(lambda: client.post("/office/tim/", {"q": words})) <= MOST


def test_intake_needs_at_most_twelve_statements_with_session_and_user(world: World, client, intake_data):
    client.force_login(world.user(Role.DESK_OFFICER))
    client.post(f"/office/tiep-nhan/{MARRIAGE}/", intake_data())
    data = intake_data()
    assert statements(lambda: client.post(f"/office/tiep-nhan/{MARRIAGE}/", data)) <= MOST


def test_a_card_is_read_in_at_most_twelve_statements(world: World, client, intake_data):
    client.force_login(world.user(Role.DESK_OFFICER))
    data = intake_data(card=CARD, do="fill-owner")
    client.post(f"/office/tiep-nhan/{MARRIAGE}/", data)
    assert statements(lambda: client.post(f"/office/tiep-nhan/{MARRIAGE}/", data)) <= MOST


@pytest.mark.parametrize(
    ("act", "role", "values"),
    [
        ("nhan", Role.CASE_OFFICER, {}),
        ("chuyen", Role.CASE_OFFICER, {"outcome": "trinh-ky", "note": "Đủ điều kiện"}),
        ("bo-sung", Role.CASE_OFFICER, {"items": "Tờ khai", "reason": "Thiếu"}),
        ("nop-tien", Role.CASE_OFFICER, {"amount": "20.000", "reason": "Lệ phí"}),
        ("giao", Role.LEADER, {"staff": "second"}),
        ("hen-lai", Role.LEADER, {"due_at_0": "10/12/2026", "due_at_1": "16:00", "reason": "Chờ xác minh"}),
        ("rut", Role.DESK_OFFICER, {"reason": "Theo đơn"}),
        ("dung", Role.LEADER, {"reason": "Theo quyết định"}),
    ],
)
def test_an_act_needs_at_most_twelve_statements(world: World, client, act_data, act, role, values):
    world.finish(world.receive().dossier_id)
    dossier = world.receive().dossier_id
    client.force_login(world.user(role))
    client.get(f"/office/ho-so/{dossier}/")
    if values.get("staff") == "second":
        values = {"staff": world.second_case_officer}
    data = act_data(dossier, **values)
    answers = []
    count = statements(lambda: answers.append(client.post(f"/office/ho-so/{dossier}/{act}/", data)))
    assert answers[0].status_code == 302, answers[0].content.decode()
    assert count <= MOST


def test_the_applicant_in_full_costs_one_statement_more_than_the_page_the_note_of_it(world: World, client):
    dossier = world.receive(RESIDENCE).dossier_id
    client.force_login(world.user(Role.CASE_OFFICER, POLICE))
    client.get(f"/office/ho-so/{dossier}/")
    masked = statements(lambda: client.get(f"/office/ho-so/{dossier}/"))
    assert (
        statements(lambda: client.post(f"/office/ho-so/{dossier}/xem-day-du/", {"purpose": "settle"}))
        == masked + 1
        <= MOST + 1
    )
