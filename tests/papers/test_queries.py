"""The forms that are filled from a dossier say what its log says, and each opening of personal data is noted."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers import commands, queries
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import Pause, ReturnMethod
from motcua.papers import books
from motcua.papers import queries as papers
from motcua.papers.assembling import fee_words, lines
from motcua.papers.forms import Timeliness
from motcua.papers.queries import NoSuchPaper
from motcua.papers.render import render
from motcua.persons.commands import erase
from motcua.persons.queries import accesses
from papers.reading import squeeze, text_of
from support.world import APPLICANT, OTHER_WARD, POLICE, RESIDENCE, WARD, World


def url(token: str) -> str:
    return f"https://motcua.example.vn/t/{token}"


def desk(world: World):
    return world.reader(Role.DESK_OFFICER)


def test_the_receipt_says_what_was_taken_in(world):
    submitter = replace(APPLICANT, name="Lê Nộp Thay", id_number="079190000099", phone="0909999999")
    answer = world.receive(submitter=submitter, request="Để vay vốn", fee=15000, return_method=ReturnMethod.POST)
    form = papers.receipt(desk(world), answer.dossier_id, url)
    assert (form.dossier_code, form.owner_name, form.submitter_name) == (answer.code, APPLICANT.name, "Lê Nộp Thay")
    assert (form.id_number, form.phone, form.address) == ("079190000099", "0909999999", APPLICANT.address)
    assert form.request_content == "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân. Để vay vốn"
    assert [(item.name[:7], item.originals, item.copies) for item in form.components] == [
        ("Tờ khai", 1, 0),
        ("Giấy tờ", 0, 1),
    ]
    assert (form.legal_limit, form.fee) == ("3 ngày làm việc", "15.000 đ")
    assert form.return_method == f"Tại nhà, qua dịch vụ bưu chính công ích: {APPLICANT.address}"
    assert form.receiver_name == "Trần Thị Tiếp Thử"
    assert form.qr_url == url(answer.token)
    assert form.appointed_at == queries.detail(desk(world), answer.dossier_id, timezone.now()).row.due_at
    assert not form.demo


def test_a_demonstration_says_so_on_paper(world):
    answer = world.receive(at=local(timezone.now() - timedelta(days=2)))
    assert papers.receipt(desk(world), answer.dossier_id, url).demo


def test_a_receipt_notes_the_opening_of_the_persons_data(world):
    answer = world.receive()
    papers.receipt(desk(world), answer.dossier_id, url)
    owner = UUID(queries.detail(desk(world), answer.dossier_id, timezone.now()).state.intake.owner.id)
    assert [(row.staff_id, row.purpose) for row in accesses(for_system("test"), owner)] == [
        (world.posts[WARD, Role.DESK_OFFICER], f"In giấy tờ của hồ sơ {answer.code}")
    ]


def test_the_supplement_slip_lists_papers_and_reason_apart(world):
    dossier = world.receive().dossier_id
    reader = world.reader(Role.CASE_OFFICER)
    commands.pause(
        reader,
        dossier,
        Pause.SUPPLEMENT,
        "- Tờ khai có chữ ký\n- Ảnh 4x6\nTờ khai\nchưa ký.",
        command_id=commands.new_id(),
    )
    form = papers.supplement_request(reader, dossier, url)
    assert form.items_required == ("Tờ khai có chữ ký", "Ảnh 4x6")
    assert form.reason == "Tờ khai chưa ký."
    assert form.guide_name == "Lê Văn Thụ Thử"


def test_a_refusal_at_the_desk_and_one_after_appraisal_are_both_m03(world):
    new = commands.NewDossier("1.004873", APPLICANT)
    at_desk = commands.register(
        desk(world), new, command_id=commands.new_id(), refusal="Không thuộc thẩm quyền\nNộp nơi khác"
    )
    assert papers.refusal(desk(world), at_desk.dossier_id, url).reasons == ("Không thuộc thẩm quyền", "Nộp nơi khác")
    later = world.receive().dossier_id
    world.hand_over(later, Role.CASE_OFFICER, "khong-du-dieu-kien", note="Đang có vợ")
    assert papers.refusal(desk(world), later, url).reasons == ("Đang có vợ",)


def test_the_apology_names_both_times_and_who_signs(world):
    answer = world.receive(RESIDENCE)
    leader = world.reader(Role.LEADER, POLICE)
    first = queries.detail(leader, answer.dossier_id, timezone.now()).row.due_at
    day = first + timedelta(days=14)
    while local(day).weekday() != 2:
        day += timedelta(days=1)
    commands.appoint_again(leader, answer.dossier_id, day, "Chờ xác minh", command_id=commands.new_id())
    form = papers.apology(leader, answer.dossier_id, url)
    assert (form.appointed_at, form.new_appointed_at, form.reason) == (first, day, "Chờ xác minh")
    assert (form.head.agency, form.signer_name) == ("Công an phường Tân An", "Phạm Lãnh Thử")


def test_the_control_slip_has_a_block_for_each_hand_over(world):
    dossier = world.receive().dossier_id
    officer = world.reader(Role.CASE_OFFICER)
    commands.assign(world.reader(Role.LEADER), dossier, world.second_case_officer, command_id=commands.new_id())
    commands.assign(officer, dossier, officer.staff_id, command_id=commands.new_id())
    world.hand_over(dossier, Role.CASE_OFFICER, "trinh-ky", note="Đủ điều kiện")
    world.hand_over(dossier, Role.LEADER, "ky")
    first, second, third = papers.control_slip(officer, dossier, url).handovers
    centre = "Trung tâm Phục vụ hành chính công phường Tân An"
    ward = "Ủy ban nhân dân phường Tân An"
    assert (first.from_unit, first.to_unit) == (centre, f"{ward} (công chức thụ lý)")
    assert (first.giver, first.receiver, first.timeliness) == ("Trần Thị Tiếp Thử", "Lê Văn Thụ Thử", None)
    assert (second.giver, second.receiver, second.timeliness) == ("Lê Văn Thụ Thử", "Phạm Lãnh Thử", Timeliness.EARLY)
    assert second.note == "Trình lãnh đạo ký. Đủ điều kiện"
    assert (third.from_unit, third.to_unit, third.receiver) == (f"{ward} (lãnh đạo)", centre, None)


def test_a_slip_needs_no_number_so_nothing_is_opened(world):
    answer = world.receive(RESIDENCE)
    form = papers.control_slip(world.reader(Role.DESK_OFFICER, POLICE), answer.dossier_id, url)
    owner = UUID(queries.detail(desk(world), answer.dossier_id, timezone.now()).state.intake.owner.id)
    assert form.coordinating_units == ("Trung tâm Phục vụ hành chính công phường Tân An",)
    assert form.qr_url is None, "only who may act on a dossier has its token"
    assert accesses(for_system("test"), owner) == ()


def test_the_register_has_a_row_a_dossier_with_its_end(world):
    done, open_ = world.receive().dossier_id, world.receive(RESIDENCE).dossier_id
    world.finish(done)
    commands.return_result(desk(world), done, ReturnMethod.DESK, command_id=commands.new_id())
    commands.pause(
        world.reader(Role.CASE_OFFICER, POLICE), open_, Pause.PAYMENT, "Lệ phí", command_id=commands.new_id(), amount=1
    )
    catch_up()
    hour = timedelta(hours=1)
    form = books.span_form(desk(world), timezone.now() - hour, timezone.now() + hour)
    first, second = form.rows
    assert first.returned_at is not None
    assert (second.lead_agency, second.returned_at, second.note) == ("Công an phường Tân An", None, "Chờ nộp tiền")
    assert {row.address for row in form.rows} == {APPLICANT.address}


@pytest.mark.parametrize("make", [papers.supplement_request, papers.refusal, papers.apology])
def test_a_paper_that_nothing_has_come_to_does_not_exist(world, make):
    with pytest.raises(NoSuchPaper):
        make(desk(world), world.receive().dossier_id, url)


def test_a_dossier_that_was_not_accepted_has_no_receipt(world):
    new = commands.NewDossier("1.004873", APPLICANT)
    dossier = commands.register(desk(world), new, command_id=commands.new_id()).dossier_id
    for make in (papers.receipt, papers.control_slip):
        with pytest.raises(NoSuchPaper):
            make(desk(world), dossier, url)


@pytest.mark.parametrize(
    ("role", "agency", "refusal"),
    [(Role.CASE_OFFICER, WARD, NotPermitted), (Role.DESK_OFFICER, OTHER_WARD, NoSuchDossier)],
)
def test_a_receipt_is_for_those_who_may_see_numbers(world, role, agency, refusal):
    dossier = world.receive(RESIDENCE).dossier_id
    with pytest.raises(refusal):
        papers.receipt(world.reader(role, agency), dossier, url)


def test_an_erased_owner_is_named_by_the_order(world):
    answer = world.receive()
    erase(
        UUID(queries.detail(desk(world), answer.dossier_id, timezone.now()).state.intake.owner.id), "Quyết định 12/QĐ"
    )
    form = papers.receipt(desk(world), answer.dossier_id, url)
    assert form.owner_name == "(đã xóa theo Quyết định 12/QĐ)"
    assert form.address is None


def test_every_form_of_a_full_life_can_be_printed(world):
    dossier = world.receive().dossier_id
    officer, leader = world.reader(Role.CASE_OFFICER), world.reader(Role.LEADER)
    commands.pause(officer, dossier, Pause.SUPPLEMENT, "- Tờ khai", command_id=commands.new_id())
    commands.resume(desk(world), dossier, command_id=commands.new_id())
    world.hand_over(dossier, Role.CASE_OFFICER, "trinh-ky")
    code = queries.detail(leader, dossier, timezone.now()).row.code
    for make in (papers.receipt, papers.control_slip, papers.supplement_request):
        assert squeeze(code) in text_of(render(make(leader, dossier, url)))


def test_a_procedure_without_a_limit_promises_no_time(world):
    form = replace(
        papers.receipt(desk(world), world.receive().dossier_id, url), appointed_at=None, legal_limit="không quy định"
    )
    assert squeeze("không quy định thời hạn") in text_of(render(form))


@pytest.mark.parametrize(
    ("text", "items", "reason"),
    [
        ("- Một\n- Hai\nVì thiếu", ("Một", "Hai"), "Vì thiếu"),
        ("– Gạch dài\n", ("Gạch dài",), ""),
        ("Chỉ có lý do\nhai dòng", (), "Chỉ có lý do hai dòng"),
        ("", (), ""),
        ("-\n- ", (), ""),
    ],
)
def test_a_reason_parts_into_papers_and_words(text, items, reason):
    assert lines(text) == (items, reason)


@pytest.mark.parametrize(("amount", "words"), [(0, "Không thu"), (2000, "2.000 đ"), (1250000, "1.250.000 đ")])
def test_fees_are_written_as_papers_write_them(amount, words):
    assert fee_words(amount) == words
