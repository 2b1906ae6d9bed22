"""The page of a dossier: its story, its clock, and every act with its refusals."""

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.dossiers import commands, queries
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import Pause, ReturnMethod, Status
from motcua.persons import queries as persons
from support.world import APPLICANT, PDF, POLICE, RESIDENCE, WARD, World

OPERATIONS = {
    "tiep-nhan", "chuyen-xu-ly", "nhan", "chuyen", "tiep-tuc", "tra", "giao", "bo-sung", "nop-tien", "hen-lai",
    "tinh-lai", "sua", "tu-choi", "rut", "dung",
}  # fmt: skip


def page(client, dossier: UUID) -> str:
    response = client.get(f"/office/ho-so/{dossier}/")
    assert response.status_code == 200
    return response.content.decode()


def acts(client, dossier: UUID) -> set[str]:
    """The acts that the page offers."""
    return set(re.findall(rf'action="/office/ho-so/{dossier}/([a-z-]+)/"', page(client, dossier))) & OPERATIONS


def state(world: World, dossier: UUID, agency: str = WARD):
    return queries.detail(world.reader(Role.LEADER, agency), dossier, timezone.now()).state


def text(markup: str) -> str:
    """What a reader sees of a page, blanks made single."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


# -- what can be done by whom ---------------------------------------------------------------------------------------

OFFERED = [
    ("processing", Role.CASE_OFFICER, {"nhan", "chuyen", "bo-sung", "nop-tien"}),
    ("processing", Role.LEADER, {"giao", "hen-lai", "dung"}),
    ("processing", Role.DESK_OFFICER, {"sua", "rut"}),
    ("taken", Role.CASE_OFFICER, {"chuyen", "bo-sung", "nop-tien"}),
    ("of_another", Role.CASE_OFFICER, {"nhan"}),
    ("to_sign", Role.LEADER, {"nhan", "chuyen", "giao", "bo-sung", "nop-tien", "hen-lai", "dung"}),
    ("to_sign", Role.CASE_OFFICER, set()),
    ("waiting", Role.DESK_OFFICER, {"tiep-tuc", "sua", "rut"}),
    ("waiting", Role.CASE_OFFICER, set()),
    ("waiting", Role.LEADER, {"dung"}),
    ("asked_before", Role.CASE_OFFICER, {"nhan", "chuyen", "nop-tien"}),
    ("ready", Role.DESK_OFFICER, {"tra", "sua"}),
    ("ready", Role.LEADER, set()),
    ("returned", Role.DESK_OFFICER, {"sua"}),
    ("registered", Role.DESK_OFFICER, {"tiep-nhan", "bo-sung", "nop-tien", "tu-choi", "rut", "sua"}),
    ("registered", Role.LEADER, set()),
    ("processing", Role.REFORM_OFFICER, set()),
]


def dossier_in(world: World, situation: str) -> UUID:
    """A dossier brought to a situation by commands."""
    desk, officer, leader = (world.reader(role) for role in (Role.DESK_OFFICER, Role.CASE_OFFICER, Role.LEADER))
    if situation == "registered":
        new = commands.NewDossier("1.004873", APPLICANT)
        return commands.register(desk, new, command_id=commands.new_id()).dossier_id
    dossier = world.receive().dossier_id
    if situation == "taken":
        commands.assign(officer, dossier, officer.staff_id, command_id=commands.new_id())
    elif situation == "of_another":
        commands.assign(leader, dossier, world.second_case_officer, command_id=commands.new_id())
    elif situation == "to_sign":
        world.hand_over(dossier, Role.CASE_OFFICER, "trinh-ky")
    elif situation in ("waiting", "asked_before"):
        commands.pause(officer, dossier, Pause.SUPPLEMENT, "- Tờ khai", command_id=commands.new_id())
        if situation == "asked_before":
            commands.resume(desk, dossier, command_id=commands.new_id())
    elif situation in ("ready", "returned"):
        world.finish(dossier)
        if situation == "returned":
            commands.return_result(desk, dossier, ReturnMethod.DESK, command_id=commands.new_id())
    return dossier


@pytest.mark.parametrize(("situation", "role", "wanted"), OFFERED)
def test_only_what_is_possible_now_is_offered(world, client, situation, role, wanted):
    dossier = dossier_in(world, situation)
    client.force_login(world.user(role))
    assert acts(client, dossier) == wanted


def test_one_button_leads(world, client):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    assert page(client, dossier).count("btn-primary") == 1


def test_what_cannot_be_asked_again_says_why(world, client):
    dossier = dossier_in(world, "asked_before")
    client.force_login(world.user(Role.CASE_OFFICER))
    assert "luật chỉ cho yêu cầu một lần" in page(client, dossier)


def test_who_has_it_is_said_to_everybody_else(world, client):
    dossier = dossier_in(world, "to_sign")
    client.force_login(world.user(Role.CASE_OFFICER))
    assert "Ủy ban nhân dân phường Tân An, lãnh đạo" in page(client, dossier)


# -- acts -----------------------------------------------------------------------------------------------------------


def give(client, dossier: UUID, act: str, data: dict) -> str:
    """Gives an act that must succeed; the page after it."""
    response = client.post(f"/office/ho-so/{dossier}/{act}/", data)
    assert response.status_code == 302, text(response.content.decode())
    return page(client, dossier)


def refused(client, dossier: UUID, act: str, data: dict) -> str:
    """Gives an act that must not succeed; the page that says why."""
    response = client.post(f"/office/ho-so/{dossier}/{act}/", data)
    assert response.status_code == 200
    return response.content.decode()


def test_a_dossier_goes_through_its_whole_life_over_the_pages(world, client, act_data):
    dossier = world.receive().dossier_id
    client.force_login(world.user(Role.CASE_OFFICER))
    assert "đã ghi vào hồ sơ" in give(client, dossier, "nhan", act_data(dossier))
    give(client, dossier, "chuyen", act_data(dossier, outcome="trinh-ky", note="Hồ sơ đủ điều kiện"))
    client.force_login(world.user(Role.LEADER))
    result = SimpleUploadedFile("ket-qua.pdf", PDF, "application/pdf")
    give(client, dossier, "chuyen", act_data(dossier, outcome="ky", document=result))
    client.force_login(world.user(Role.DESK_OFFICER))
    assert "ket-qua.pdf" in page(client, dossier)
    after = give(client, dossier, "tra", act_data(dossier, method="desk", fee_paid="15.000"))
    assert state(world, dossier).status is Status.RETURNED
    told = text(after)
    for words in ("Tiếp nhận hồ sơ", "Hồ sơ đủ điều kiện", "Trình lãnh đạo ký", "Đã có kết quả", "Đã thu 15.000 đ"):
        assert words in told
    assert acts(client, dossier) == {"sua"}


def test_a_step_can_be_given_to_a_person(world, client, act_data):
    dossier = dossier_in(world, "to_sign")
    client.force_login(world.user(Role.LEADER))
    give(
        client, dossier, "chuyen", act_data(dossier, outcome="lam-lai", to_staff=world.second_case_officer, note="Sửa")
    )
    assert state(world, dossier).holder_staff == world.second_case_officer


@pytest.mark.parametrize("outcome", ["lam-lai", "ky"])
def test_a_step_is_not_given_to_somebody_who_cannot_do_it(world, client, act_data, outcome):
    dossier = dossier_in(world, "to_sign")
    client.force_login(world.user(Role.LEADER))
    data = act_data(dossier, outcome=outcome, to_staff=world.posts[WARD, Role.DESK_OFFICER], note="Ghi chú giữ lại")
    shown = refused(client, dossier, "chuyen", data)
    assert "Người này không làm bước tiếp theo" in shown
    assert "Ghi chú giữ lại" in shown


def test_a_leader_assigns(world, client, act_data):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.LEADER))
    give(client, dossier, "giao", act_data(dossier, staff=world.second_case_officer))
    assert state(world, dossier).holder_staff == world.second_case_officer


def test_a_supplement_pauses_and_a_desk_officer_resumes(world, client, act_data):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    after = give(client, dossier, "bo-sung", act_data(dossier, items="Tờ khai\nẢnh 4x6", reason="Thiếu chữ ký"))
    assert "- Ảnh 4x6" in after
    client.force_login(world.user(Role.DESK_OFFICER))
    assert "dừng tính hạn" in page(client, dossier)
    assert "Thời hạn tính lại từ đầu" in give(client, dossier, "tiep-tuc", act_data(dossier))


def test_a_payment_is_asked_for_with_its_sum(world, client, act_data):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    assert "20.000 đ" in text(give(client, dossier, "nop-tien", act_data(dossier, amount="20.000", reason="Lệ phí")))


def office_moment(after: datetime, days: int) -> tuple[str, str]:
    """A Wednesday afternoon at least `days` later: within office hours unless it is a holiday."""
    day = local(after) + timedelta(days=days)
    while day.weekday() != 2:
        day += timedelta(days=1)
    return f"{day:%d/%m/%Y}", "16:00"


def test_an_apology_appoints_again_and_prints_its_letter(world, client, act_data):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.LEADER))
    day, clock = office_moment(state(world, dossier).due_at_current, 7)
    data = act_data(dossier, due_at_0=day, due_at_1=clock, reason="Phải xác minh thêm")
    after = text(give(client, dossier, "hen-lai", data))
    assert f"{clock} {day}" in after
    assert "Hẹn ban đầu" in after
    assert client.get(f"/office/ho-so/{dossier}/giay/xin-loi.pdf").content.startswith(b"%PDF")
    assert "hen-lai" not in acts(client, dossier)


def test_a_wrong_owner_is_corrected_and_the_old_one_stays_in_the_log(world, client, act_data):
    dossier = dossier_in(world, "processing")
    before = state(world, dossier).intake.owner
    client.force_login(world.user(Role.DESK_OFFICER))
    right = {"kind": "citizen", "name": "Nguyễn Thị Mẫu Đúng", "id_number": "079190000013"}
    assert "Nguyễn Thị Mẫu Đúng" in give(client, dossier, "sua", act_data(dossier, **right))
    story = queries.story(world.reader(Role.LEADER), dossier)
    assert story[0].data["intake"]["owner"]["id"] == before.id


@pytest.mark.parametrize(
    ("act", "role", "ends"), [("rut", Role.DESK_OFFICER, Status.WITHDRAWN), ("dung", Role.LEADER, Status.STOPPED)]
)
def test_a_dossier_can_end_before_its_result(world, client, act_data, act, role, ends):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(role))
    assert "Theo đơn của người nộp" in give(client, dossier, act, act_data(dossier, reason="Theo đơn của người nộp"))
    assert state(world, dossier).status is ends


def test_a_registered_dossier_is_refused_with_its_paper(world, client, act_data):
    dossier = dossier_in(world, "registered")
    client.force_login(world.user(Role.DESK_OFFICER))
    after = give(client, dossier, "tu-choi", act_data(dossier, reason="Không thuộc thẩm quyền"))
    assert f"/office/ho-so/{dossier}/giay/tu-choi.pdf" in after


# -- refusals -------------------------------------------------------------------------------------------------------

REFUSALS = [
    ("chuyen", Role.CASE_OFFICER, {"outcome": "khong-du-dieu-kien"}, "Từ chối giải quyết phải ghi rõ lý do."),
    ("chuyen", Role.CASE_OFFICER, {"outcome": "la", "note": "Giữ lại"}, "Bước này không có kết quả đã chọn."),
    ("bo-sung", Role.CASE_OFFICER, {"items": "", "reason": "Giữ lại"}, "Hãy ghi ít nhất một giấy tờ cần bổ sung."),
    ("nop-tien", Role.CASE_OFFICER, {"amount": "", "reason": "Giữ lại"}, "Hãy ghi số tiền phải nộp."),
    ("nop-tien", Role.CASE_OFFICER, {"amount": "x", "reason": "Giữ lại"}, "Hãy nhập số tiền bằng chữ số"),
    ("giao", Role.LEADER, {"staff": ""}, "Hãy chọn người."),
    ("hen-lai", Role.LEADER, {"due_at_0": "01/01/2024", "due_at_1": "16:00", "reason": "Giữ lại"}, "phải sau ngày hẹn"),
    ("hen-lai", Role.LEADER, {"due_at_0": "x", "due_at_1": "16:00", "reason": "Giữ lại"}, "Hãy nhập ngày có thật"),
    ("hen-lai", Role.LEADER, {"due_at_0": "", "due_at_1": "", "reason": "Giữ lại"}, "Hãy nhập ngày giờ hẹn mới."),
    ("dung", Role.LEADER, {"reason": " "}, "Hãy ghi rõ lý do."),
    ("sua", Role.DESK_OFFICER, {"kind": "citizen", "name": "Giữ 123"}, "Họ tên của cá nhân không có chữ số."),
    ("tra", Role.DESK_OFFICER, {"method": "desk", "note": "Giữ lại"}, "Hồ sơ đang ở trạng thái “Đang xử lý”"),
    ("chuyen", Role.DESK_OFFICER, {"outcome": "trinh-ky", "note": "Giữ lại"}, "Việc này thuộc về công chức thụ lý"),
]


@pytest.mark.parametrize(("act", "role", "values", "words"), REFUSALS)
def test_a_refusal_is_said_at_its_place_and_keeps_what_was_typed(world, client, act_data, act, role, values, words):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(role))
    shown = refused(client, dossier, act, act_data(dossier, **values))
    form = shown.partition(f'action="/office/ho-so/{dossier}/{act}/"')[2].partition("</form>")[0]
    assert words in text(form)
    assert ("Giữ" in form) == any("Giữ" in str(value) for value in values.values())
    assert queries.detail(world.reader(Role.LEADER), dossier, timezone.now()).seq == 2


def test_an_act_on_what_has_changed_since_is_refused(world, client, act_data):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    data = act_data(dossier, outcome="trinh-ky", note="Ý kiến giữ lại")
    commands.assign(
        world.reader(Role.LEADER), dossier, world.posts[WARD, Role.CASE_OFFICER], command_id=commands.new_id()
    )
    shown = refused(client, dossier, "chuyen", data)
    assert "Hồ sơ vừa có thay đổi khác" in shown
    assert "Ý kiến giữ lại" in shown


def test_a_second_press_does_nothing_twice(world, client, act_data):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    data = act_data(dossier, outcome="trinh-ky", note="Một lần")
    give(client, dossier, "chuyen", data)
    give(client, dossier, "chuyen", data)
    assert state(world, dossier).steps_done == 1


def test_a_result_that_was_sent_survives_a_refusal(world, client, act_data):
    dossier = dossier_in(world, "to_sign")
    client.force_login(world.user(Role.LEADER))
    file = SimpleUploadedFile("ket-qua.pdf", PDF, "application/pdf")
    stale = act_data(dossier, outcome="ky", document=file) | {"seen_seq": 1}
    shown = refused(client, dossier, "chuyen", stale)
    kept = re.search(r'name="kept" value="([^"]+)"', shown)[1]
    assert "ket-qua.pdf" in give(client, dossier, "chuyen", act_data(dossier, outcome="ky", kept=kept))


@pytest.mark.parametrize("address", ["khong-co", "giay"])
def test_an_unknown_act_is_not_found(world, client, address):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    assert client.post(f"/office/ho-so/{dossier}/{address}/").status_code == 404


def test_acts_come_by_post_only(world, client):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    assert client.get(f"/office/ho-so/{dossier}/nhan/").status_code == 405


# -- the story and the clock ----------------------------------------------------------------------------------------


def test_an_earlier_moment_shows_its_ground_and_when_it_was_recorded(world, client):
    dossier = world.receive(at=local(timezone.now() - timedelta(days=9)).replace(hour=8)).dossier_id
    client.force_login(world.user(Role.CASE_OFFICER))
    told = text(page(client, dossier))
    assert "thời điểm trên theo dữ liệu mẫu" in told


def test_the_clock_says_why(world, client):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    shown = page(client, dossier)
    assert "Vì sao ngày này?" in shown
    assert "Điều 147 Bộ luật Dân sự 2015" in shown


def test_steps_to_come_stand_at_the_end(world, client):
    dossier = dossier_in(world, "processing")
    client.force_login(world.user(Role.CASE_OFFICER))
    coming = re.findall(r'<li class="future">\s*<div class="timeline-head"><span>([^<]+)', page(client, dossier))
    assert coming == ["Ký duyệt kết quả", "Trả kết quả cho người nộp"]


# -- the applicant --------------------------------------------------------------------------------------------------


def test_numbers_are_masked_until_asked_for_and_the_opening_is_logged(world, client):
    answer = world.receive(RESIDENCE, owner=replace(APPLICANT, name="Lê Thị Kín"))
    client.force_login(world.user(Role.CASE_OFFICER, POLICE))
    masked = page(client, answer.dossier_id)
    assert "0791******12" in masked
    assert "079190000012" not in masked
    assert APPLICANT.address not in masked
    shown = client.post(f"/office/ho-so/{answer.dossier_id}/xem-day-du/", {"purpose": "contact"}).content.decode()
    assert "079190000012" in shown
    assert APPLICANT.address in shown
    owner = UUID(state(world, answer.dossier_id, POLICE).intake.owner.id)
    from motcua.agencies.access import for_system

    opened = persons.accesses(for_system("test"), owner)
    assert [(row.staff_id, row.purpose) for row in opened] == [
        (world.posts[POLICE, Role.CASE_OFFICER], "Liên hệ người nộp")
    ]
