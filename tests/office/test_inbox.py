"""The inbox: what the reader has to do, due next first, and nothing of anybody else."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.agencies.commands import permit_procedures
from motcua.dossiers import commands
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import Channel, Pause
from support.world import APPLICANT, CERTIFY, MARRIAGE, OTHER_WARD, POLICE, RESIDENCE, WARD, World


def shown(client, address: str = "/office/") -> list[UUID]:
    """The dossiers of a list in their order."""
    page = client.get(address).content.decode()
    return [UUID(found) for found in re.findall(r'data-row-link href="/office/ho-so/([0-9a-f-]{36})/', page)]


def days_ago(days: int) -> datetime:
    return local(timezone.now() - timedelta(days=days)).replace(hour=8, minute=0)


@pytest.fixture
def officer(world: World, client):
    client.force_login(world.user(Role.CASE_OFFICER))
    return client


def test_the_one_due_next_stands_first(world, officer):
    late, soon, later = (world.receive(at=days_ago(days)).dossier_id for days in (30, 8, 1))
    assert shown(officer) == [late, soon, later]


def test_the_first_column_has_shape_words_and_colour(world, officer):
    world.receive(at=days_ago(40))
    page = officer.get("/office/").content.decode()
    first = page.partition("<tbody")[2].partition("</td>")[0]
    assert "is-late" in first
    assert "#s-late" in first
    assert re.search(r"quá hạn \d+ ngày", first)


def test_a_row_shows_procedure_name_step_and_code(world, officer):
    answer = world.receive()
    row = officer.get("/office/").content.decode().partition("<tbody")[2].partition("</tr>")[0]
    assert "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân" in row
    assert "Nguyễn Thị Mẫu" in row
    assert "1/2" in row
    assert answer.code in row


def test_the_tabs_part_work_waiting_and_ready(world, officer):
    working, waiting, done = (world.receive().dossier_id for _ in range(3))
    reader = world.reader(Role.CASE_OFFICER)
    commands.pause(reader, waiting, Pause.SUPPLEMENT, "- Tờ khai", command_id=commands.new_id())
    world.finish(done)
    assert shown(officer) == [working]
    assert shown(officer, "/office/?muc=cho-bo-sung") == [waiting]
    assert "chờ từ" in officer.get("/office/?muc=cho-bo-sung").content.decode()
    officer.force_login(world.user(Role.DESK_OFFICER))
    assert shown(officer, "/office/?muc=cho-tra") == [done]


def test_the_figures_above_count_what_the_tabs_hold(world, officer):
    world.receive(at=days_ago(40))
    world.receive(CERTIFY, at=days_ago(40))
    page = officer.get("/office/").content.decode()
    assert re.search(r"Quá hạn <b>2</b>", page)
    assert re.search(r"Chờ người nộp <b>0</b>", page)


def test_another_persons_work_is_not_mine(world, officer):
    mine, theirs, free = (world.receive().dossier_id for _ in range(3))
    leader = world.reader(Role.LEADER)
    commands.assign(leader, mine, world.posts[WARD, Role.CASE_OFFICER], command_id=commands.new_id())
    commands.assign(leader, theirs, world.second_case_officer, command_id=commands.new_id())
    assert set(shown(officer)) == {mine, free}
    assert shown(officer, "/office/?cuatoi=1") == [mine]


def test_a_procedure_is_filtered_by_words(world, officer):
    world.receive(MARRIAGE)
    copy = world.receive(CERTIFY).dossier_id
    assert shown(officer, "/office/?thutuc=chung+thuc") == [copy]
    assert shown(officer, f"/office/?thutuc={CERTIFY}") == [copy]
    assert shown(officer, "/office/?thutuc=khong+co+dau") == []


@pytest.mark.parametrize(("due", "wanted"), [("qua-han", "late"), ("hom-nay", "today")])
def test_due_filters_do_not_overlap(world, officer, due, wanted):
    found = {"late": world.receive(at=days_ago(40)).dossier_id, "later": world.receive(RESIDENCE).dossier_id}
    today = world.receive(at=days_ago(3)).dossier_id
    _due_at(today, timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=999_000))
    found["today"] = today
    assert shown(officer, f"/office/?han={due}") == [found[wanted]]


def _due_at(dossier: UUID, moment: datetime) -> None:
    """Sets the due time of the row directly: no calendar makes a case due tonight on every day of the year."""
    from motcua.dossiers.models import Dossier

    Dossier.objects.filter(pk=dossier).update(due_sort=moment, due_at_current=moment)


def test_pages_follow_each_other_without_gap_or_repetition(world, officer, monkeypatch):
    made = {world.receive().dossier_id for _ in range(7)}
    monkeypatch.setattr("motcua.dossiers.queries.inbox.__kwdefaults__", {"after": "", "limit": 3}, raising=False)
    seen: list[UUID] = []
    address = "/office/"
    for _ in range(3):
        page = officer.get(address).content.decode()
        seen += [UUID(found) for found in re.findall(r'data-row-link href="/office/ho-so/([0-9a-f-]{36})/', page)]
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/office/" + onward[1].replace("&amp;", "&") if onward else ""
    assert address == ""
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == made


def test_a_changed_mark_begins_anew(officer):
    assert officer.get("/office/?after=abc").headers["Location"] == "/office/"
    key = "019a0000-0000-7000-8000-000000000001"
    assert officer.get(f"/office/?after=2026-01-01T00:00:00%2B23:59~{key}").status_code == 200
    assert officer.get(f"/office/?after=2026-01-01T00:00:00~{key}").headers["Location"] == "/office/"


def test_only_permitted_procedures_show(world, officer):
    copy = world.receive(CERTIFY).dossier_id
    world.receive(MARRIAGE)
    permit_procedures(world.posts[WARD, Role.CASE_OFFICER], [CERTIFY])
    assert shown(officer) == [copy]


def test_the_competent_agency_holds_what_another_desk_received(world, client):
    dossier = world.receive(RESIDENCE).dossier_id
    client.force_login(world.user(Role.CASE_OFFICER, POLICE))
    assert shown(client) == [dossier]
    client.force_login(world.user(Role.CASE_OFFICER, OTHER_WARD))
    assert shown(client) == []


def test_an_empty_inbox_says_what_will_be_there(officer):
    page = officer.get("/office/").content.decode()
    assert "Không có hồ sơ nào" in page
    assert "hạn gần nhất đứng đầu" in page


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.REFORM_OFFICER, "tong-quan"), (Role.INSPECTOR, "nhat-ky-truy-cap"), (Role.ADMINISTRATOR, "tai-khoan")],
)
def test_who_has_no_dossiers_is_led_to_the_own_work(world, client, role, place):
    client.force_login(world.user(role))
    assert client.get("/office/").headers["Location"] == f"/office/{place}/"


def test_staff_sign_in_first(client):
    assert client.get("/office/").headers["Location"].startswith("/accounts/login/")


def test_pages_with_names_are_kept_by_no_cache(world, officer):
    world.receive(owner=replace(APPLICANT, name="Lê Thị Kín"))
    assert officer.get("/office/").headers["Cache-Control"] == "no-store"


def test_an_online_filing_shows_the_time_left_for_its_answer_and_comes_first(world, client):
    later = world.receive()
    desk = world.reader(Role.DESK_OFFICER)
    new = commands.NewDossier("1.004873", APPLICANT, channel=Channel.ONLINE)
    filed = commands.register(desk, new, command_id=commands.new_id())
    counter = commands.register(desk, replace(new, channel=Channel.POST), command_id=commands.new_id())
    client.force_login(world.user(Role.DESK_OFFICER))
    shown = client.get("/office/").content.decode()
    assert "trả lời: còn" in shown
    assert shown.index(filed.code) < shown.index(counter.code)
    assert later.code not in shown
