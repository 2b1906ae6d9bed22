"""What can be done around the road of a dossier, from its page: money, opinions, pauses by law, scans, corrections."""

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.dossiers import asides, commands, queries
from motcua.law.dossier.vocabulary import Pause, Status
from support.world import PDF, POLICE, RESIDENCE, WARD, World

CITED = "khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP"


@pytest.fixture
def sign_in():
    """A browser of its own for an officer."""

    def _sign_in(world: World, role: Role, agency: str = WARD) -> Client:
        browser = Client()
        browser.force_login(world.user(role, agency))
        return browser

    return _sign_in


def state(world: World, dossier: UUID):
    return queries.detail(world.reader(Role.DESK_OFFICER), dossier, timezone.now()).state


def page(client, dossier: UUID) -> str:
    answer = client.get(f"/office/ho-so/{dossier}/")
    assert answer.status_code == 200
    return answer.content.decode()


def moment(name: str, at) -> dict[str, str]:
    """A moment as its two fields are filled in."""
    here = timezone.localtime(at)
    return {f"{name}_0": f"{here:%d/%m/%Y}", f"{name}_1": f"{here:%H:%M}"}


def text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def offered(client, dossier: UUID) -> set[str]:
    return set(re.findall(rf'action="/office/ho-so/{dossier}/([a-z-]+)/"', page(client, dossier)))


def press(client, dossier: UUID, act: str, **values) -> str:
    """Presses an act's button; gives the text of the page that comes then."""
    seen = re.search(r'name="seen_seq" value="(\d+)"', page(client, dossier))
    sent = {"command_id": str(commands.new_id()), "seen_seq": seen[1] if seen else "1", **values}
    answer = client.post(f"/office/ho-so/{dossier}/{act}/", sent, follow=True)
    assert answer.status_code == 200
    return text(answer.content.decode())


def test_another_agencys_result_is_taken_in_at_the_desk_and_only_then_is_it_ready(world: World, sign_in):
    dossier = world.receive(RESIDENCE).dossier_id
    world.hand_over(dossier, Role.CASE_OFFICER, "trinh-ky", agency=POLICE)
    world.hand_over(dossier, Role.LEADER, "ky", agency=POLICE)
    assert state(world, dossier).timeliness is None
    leader = sign_in(world, Role.LEADER, POLICE)
    assert "nhan-ket-qua" not in offered(leader, dossier)
    desk = sign_in(world, Role.DESK_OFFICER)
    shown = text(page(desk, dossier))
    assert "Nhận kết quả từ cơ quan giải quyết" in shown
    assert {"nhan-ket-qua"} <= offered(desk, dossier)
    assert "tra" not in offered(desk, dossier)
    assert "đã ghi vào hồ sơ" in press(desk, dossier, "nhan-ket-qua")
    assert state(world, dossier).status == Status.RESOLVED
    assert "tra" in offered(desk, dossier)


def test_a_payment_in_two_parts_ends_the_wait_with_the_second(world: World, sign_in):
    dossier = world.receive().dossier_id
    case = world.reader(Role.CASE_OFFICER)
    commands.pause(case, dossier, Pause.PAYMENT, "Lệ phí", amount=50_000, command_id=commands.new_id())
    desk = sign_in(world, Role.DESK_OFFICER)
    assert 'value="50.000"' in page(desk, dossier) or 'value="50000"' in page(desk, dossier)
    wrong = press(desk, dossier, "da-nop-tien", amount="20.000", method="cash", receipt="bà Mẫu nộp")
    assert "Số biên lai hoặc vận đơn chỉ gồm chữ in hoa và chữ số" in wrong
    press(desk, dossier, "da-nop-tien", amount="20.000", method="cash", receipt="ab-0001")
    assert (state(world, dossier).status, state(world, dossier).payment_due) == (Status.PAYMENT_REQUESTED, 30_000)
    said = press(desk, dossier, "da-nop-tien", amount="30000", method="transfer")
    assert "Biên lai AB-0001" in said
    assert state(world, dossier).status == Status.PROCESSING


def test_an_opinion_is_asked_and_its_answer_kept(world: World, sign_in):
    dossier = world.receive().dossier_id
    case = sign_in(world, Role.CASE_OFFICER)
    due = state(world, dossier).due_at_current
    later = moment("answer_due_at", due)
    both = {"agency": str(world.agencies[POLICE]), "body": "Tòa án khu vực", "question": "Có tranh chấp không?"}
    said = press(case, dossier, "lay-y-kien", **later, **both)
    assert "không cả hai" in said
    assert "Có tranh chấp không?" in said  # nothing that was typed is lost
    assert "Không có cơ quan này" in press(
        case, dossier, "lay-y-kien", **later, agency="999999", question="Có tranh chấp không?"
    )
    said = press(case, dossier, "lay-y-kien", **later, body="Tòa án khu vực", question="Có tranh chấp không?")
    assert "Lấy ý kiến lần 1" in said
    assert "Tòa án khu vực" in said
    assert state(world, dossier).status == Status.PROCESSING
    said = press(case, dossier, "tra-loi", number="1", answer="Không có tranh chấp")
    assert "Trả lời ý kiến lần 1" in said
    assert state(world, dossier).consultations is None
    assert "tra-loi" not in offered(case, dossier)


def test_a_leader_suspends_with_a_provision_and_lets_the_work_go_on(world: World, sign_in):
    dossier = world.receive().dossier_id
    leader = sign_in(world, Role.LEADER)
    said = press(leader, dossier, "tam-dung", reason="Tòa án yêu cầu", legal_ground="theo công văn")
    assert "Hãy nêu đúng điều khoản cho phép" in said
    said = press(leader, dossier, "tam-dung", reason="Tòa án yêu cầu", legal_ground=CITED)
    assert f"Căn cứ: {CITED}" in said
    assert state(world, dossier).status == Status.SUSPENDED
    assert "giai-quyet-tiep" in offered(leader, dossier)
    assert {"tiep-tuc", "giai-quyet-tiep"}.isdisjoint(offered(sign_in(world, Role.DESK_OFFICER), dossier))
    press(leader, dossier, "giai-quyet-tiep")
    assert state(world, dossier).status == Status.PROCESSING


def test_papers_are_asked_for_a_second_time_only_with_a_provision(world: World, sign_in):
    dossier = world.receive().dossier_id
    case = sign_in(world, Role.CASE_OFFICER)
    press(case, dossier, "bo-sung", items="Tờ khai")
    commands.resume(world.reader(Role.DESK_OFFICER), dossier, command_id=commands.new_id())
    assert "bo-sung" not in offered(case, dossier)
    assert "Hãy nêu điều khoản" in press(case, dossier, "bo-sung-lan-nua", items="Ảnh")
    assert CITED in press(case, dossier, "bo-sung-lan-nua", items="Ảnh", legal_ground=CITED)
    commands.resume(world.reader(Role.DESK_OFFICER), dossier, command_id=commands.new_id())
    assert {"bo-sung", "bo-sung-lan-nua"}.isdisjoint(offered(case, dossier))


def test_a_scan_comes_later_to_a_paper_and_to_the_result(world: World, sign_in):
    dossier = world.receive().dossier_id
    desk = sign_in(world, Role.DESK_OFFICER)
    assert "Hãy chọn tệp đã quét" in press(desk, dossier, "so-hoa", number="1")
    scan = SimpleUploadedFile("to-khai.pdf", PDF, content_type="application/pdf")
    assert "to-khai.pdf" in press(desk, dossier, "so-hoa", number="1", document=scan)
    (first, second) = state(world, dossier).intake.components
    assert (first.file is not None, second.file) == (True, None)
    result = SimpleUploadedFile("ket-qua.pdf", PDF, content_type="application/pdf")
    assert "Số hóa kết quả" in press(desk, dossier, "so-hoa", number="0", document=result)
    assert "Hồ sơ không có giấy tờ số 7" in press(
        desk, dossier, "so-hoa", number="7", document=SimpleUploadedFile("x.pdf", PDF)
    )


def test_a_remark_and_the_agencys_own_error_stand_in_the_story(world: World, sign_in):
    dossier = world.receive().dossier_id
    case, leader = sign_in(world, Role.CASE_OFFICER), sign_in(world, Role.LEADER)
    assert "Đã hỏi địa chính" in press(case, dossier, "ghi-chu", note="Đã hỏi địa chính")
    assert "Hãy ghi nội dung" in press(case, dossier, "ghi-chu", note="")
    world.finish(dossier)
    said = press(leader, dossier, "sua-sai-sot", reason="Ghi sai năm sinh")
    assert "Cơ quan sửa sai sót của kết quả" in said
    assert "cơ quan phải xin lỗi" in said
    assert state(world, dossier).errors == 1


def test_a_second_apology_is_refused_and_the_try_stands_in_the_story(world: World, sign_in):
    dossier = world.receive().dossier_id
    leader = world.reader(Role.LEADER)
    later = state(world, dossier).due_at_current + timedelta(days=7)
    commands.appoint_again(leader, dossier, later, "Chậm", command_id=commands.new_id())
    client = sign_in(world, Role.LEADER)
    again = moment("due_at", later + timedelta(days=7))
    said = press(client, dossier, "hen-lai", **again, reason="Chậm nữa")
    assert "Chỉ được hẹn lại một lần" in said
    assert "Thử hẹn lại lần nữa, bị từ chối" in text(page(client, dossier))


@pytest.mark.django_db
def test_the_page_with_every_act_stays_within_its_statements(world: World, sign_in, django_assert_max_num_queries):
    dossier = world.receive().dossier_id
    asides.consult(
        world.reader(Role.CASE_OFFICER), dossier, "?", state(world, dossier).due_at_current, body="Tòa",
        command_id=commands.new_id(),
    )  # fmt: skip
    client = sign_in(world, Role.CASE_OFFICER)
    client.get(f"/office/ho-so/{dossier}/")
    with django_assert_max_num_queries(12):
        client.get(f"/office/ho-so/{dossier}/")
