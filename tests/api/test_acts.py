"""Everything that an officer can do, through the interface: a whole life, refusals, repetitions, and who may not."""

from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.agencies.access import Role
from motcua.dossiers.models import Dossier, Event
from motcua.exchange.models import KeptAnswer
from motcua.exchange.scopes import Scope
from motcua.persons.models import Access
from papers.reading import text_of
from support.world import APPLICANT, MARRIAGE, OTHER_WARD, PDF, POLICE, RESIDENCE, World

pytestmark = pytest.mark.django_db
OWNER = {
    "kind": "citizen", "name": APPLICANT.name, "id_number": APPLICANT.id_number, "id_kind": "cccd",
    "address": APPLICANT.address, "phone": APPLICANT.phone,
}  # fmt: skip
CITED = "khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP"
EVERYBODY = ("desk_officer", "case_officer", "leader")


def _new(**values) -> dict:
    return {"procedure": MARRIAGE, "owner": OWNER, "components": [{"number": 1, "originals": 1}], **values}


def test_a_whole_life_by_programs_of_the_desk_and_of_the_officers(world: World, connect):
    desk, officer, leader = connect("desk_officer"), connect("case_officer"), connect("leader")
    received = desk.post("/dossiers", _new())
    assert received.status_code == 201, received.content
    dossier = received.json()["dossier"]
    assert len(received.json()["token"]) == 32
    shown = officer.get(f"/dossiers/{dossier}").json()
    assert (shown["status"], shown["step"]) == ("processing", "thu-ly")
    assert set(shown["acts"]) >= {"hand-over", "pause", "assign"}
    assert [each["code"] for each in shown["outcomes"]] == ["trinh-ky", "khong-du-dieu-kien"]
    assert officer.post(f"/dossiers/{dossier}/take").status_code == 200
    assert officer.post(f"/dossiers/{dossier}/request-papers", {"items": ["Tờ khai"]}).status_code == 200
    assert desk.post(f"/dossiers/{dossier}/resume").status_code == 200
    assert (
        officer.post(f"/dossiers/{dossier}/request-payment", {"amount": 20000, "reason": "Lệ phí"}).status_code == 200
    )
    assert desk.post(f"/dossiers/{dossier}/resume").status_code == 200
    assert officer.post(f"/dossiers/{dossier}/hand-over", {"outcome": "trinh-ky", "note": "Đủ"}).status_code == 200
    assert leader.post(f"/dossiers/{dossier}/hand-over", {"outcome": "ky"}).status_code == 200
    returned = desk.post(f"/dossiers/{dossier}/return", {"method": "desk"})
    assert returned.status_code == 200, returned.content
    assert desk.get(f"/dossiers/{dossier}").json()["status"] == "returned"


def test_the_log_names_the_programs_post(world: World, connect):
    desk = connect("desk_officer")
    dossier = desk.post("/dossiers", _new()).json()["dossier"]
    story = desk.get(f"/dossiers/{dossier}/story").json()
    assert [each["type"] for each in story] == ["received", "handed_over"]
    assert {each["actor"]["agency"] for each in story} == {"W1"}
    assert all(each["actor"]["name"].startswith("Phần mềm") for each in story)
    staff = Event.objects.filter(dossier_id=dossier).values_list("actor_staff", flat=True).distinct()
    assert [each is not None for each in staff] == [True]


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("accept", {}, "registered"),
        ("refuse", {"reason": "Không thuộc thẩm quyền"}, "registered"),
        ("request-papers", {"items": ["Giấy khai sinh"], "reason": "Thiếu"}, "registered"),
        ("withdraw", {}, "registered"),
        ("transfer", {"note": "Chuyển"}, "accepted"),
        ("stop", {"reason": "Theo quyết định"}, "processing"),
        ("correct-owner", {"owner": {**OWNER, "name": "Nguyễn Thị Đúng"}}, "processing"),
        ("refuse-result", {"reason": "Không đủ điều kiện"}, "processing"),
        ("suspend", {"reason": "Tòa án yêu cầu", "legal_ground": CITED}, "processing"),
        ("pay", {"amount": 8000, "method": "cash", "receipt": "0001"}, "processing"),
        ("annotate", {"note": "Đã hỏi địa chính"}, "processing"),
        ("approve", {}, "to_sign"),
        ("correct-error", {"reason": "Ghi sai năm sinh"}, "resolved"),
    ],
)
def test_each_act_has_its_address(world: World, connect, address, body, status):
    program = connect(*EVERYBODY)
    if status == "registered":
        dossier = program.post("/registrations", _new()).json()["dossier"]
    else:
        dossier = program.post("/dossiers", _new(transfer=status != "accepted")).json()["dossier"]
    if status in ("to_sign", "resolved"):
        program.post(f"/dossiers/{dossier}/hand-over", {"outcome": "trinh-ky"})
    if status == "resolved":
        program.post(f"/dossiers/{dossier}/approve", {})
    answer = program.post(f"/dossiers/{dossier}/{address}", body)
    assert answer.status_code == 200, answer.content
    assert answer.json()["seq"] == Dossier.objects.get(pk=dossier).seq


def test_an_opinion_is_asked_of_an_agency_by_its_code_and_answered(world: World, connect):
    officer = connect("case_officer")
    dossier = world.receive().dossier_id
    due = officer.get(f"/dossiers/{dossier}").json()["due_at"]
    asked = {"agency": "CA", "question": "Có tranh chấp không?", "answer_due_at": due}
    assert (
        officer.post(f"/dossiers/{dossier}/consult", {**asked, "agency": "XX"}).json()["errors"][0]["pointer"]
        == "/agency"
    )
    assert officer.post(f"/dossiers/{dossier}/consult", {**asked, "body": "Tòa"}).json()["reason"] == "ask_one_body"
    assert officer.post(f"/dossiers/{dossier}/consult", asked).status_code == 200
    answer = officer.post(f"/dossiers/{dossier}/answer-consultation", {"number": 1, "answer": "Không"})
    assert answer.status_code == 200, answer.content
    types = [each["type"] for each in officer.get(f"/dossiers/{dossier}/story").json()]
    assert types[-2:] == ["consulted", "consultation_answered"]


def test_another_agencys_result_becomes_ready_at_the_desk(world: World, connect):
    dossier = world.receive(RESIDENCE).dossier_id
    world.hand_over(dossier, Role.CASE_OFFICER, "trinh-ky", agency=POLICE)
    world.hand_over(dossier, Role.LEADER, "ky", agency=POLICE)
    desk = connect("desk_officer")
    assert desk.post(f"/dossiers/{dossier}/return", {"method": "desk"}).json()["reason"] == "not_in_this_status"
    assert "make-ready" in desk.get(f"/dossiers/{dossier}").json()["acts"]
    assert desk.post(f"/dossiers/{dossier}/make-ready", {"note": "Đủ"}).status_code == 200
    sent = desk.post(f"/dossiers/{dossier}/return", {"method": "post", "consignment": "EV123456789VN"})
    assert sent.status_code == 200, sent.content


def test_scans_come_later_and_a_dossier_follows_a_merger_only_to_its_successor(world: World, connect):
    desk, leader = connect("desk_officer"), connect("leader")
    dossier = world.receive().dossier_id
    kept = _upload(desk).json()
    scanned = desk.post(f"/dossiers/{dossier}/digitise", {"components": [{"number": 1, "file": kept["file"]}]})
    assert scanned.status_code == 200, scanned.content
    assert desk.get(f"/dossiers/{dossier}").json()["components"][0]["file"] is not None
    refused = leader.post(f"/dossiers/{dossier}/relocate", {"from_agency": "CA", "order": "1/QĐ-UBND"})
    assert (refused.status_code, refused.json()["reason"]) == (409, "not_the_successor")


def test_a_leaders_program_gives_steps_and_apologises(world: World, connect):
    leader = connect("leader")
    dossier = world.receive().dossier_id
    colleague = next(each for each in leader.get("/staff", function="case_officer").json())
    assert leader.post(f"/dossiers/{dossier}/assign", {"staff": colleague["id"]}).status_code == 200
    wrong = leader.post(f"/dossiers/{dossier}/assign", {"staff": 999_999})
    assert wrong.json()["errors"][0]["pointer"] == "/staff"
    due = leader.get(f"/dossiers/{dossier}").json()["due_at"]
    late = leader.post(f"/dossiers/{dossier}/apologise", {"due_at": due, "reason": "Chờ xác minh"})
    assert (late.status_code, late.json()["reason"]) == (409, "new_time_must_be_later")
    assert leader.post(f"/dossiers/{dossier}/recount").json()["reason"] == "nothing_changes"
    assert leader.post("/recounts").json() == {"moved": 0, "unchanged": 0, "refused": 0, "repeated": False}


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("vi", "Hồ sơ đang ở trạng thái “Đang xử lý” nên không làm được việc này."),
        ("en-GB,en;q=0.8", "The dossier is in the state “Being processed”, so this cannot be done."),
        ("fr", "Hồ sơ đang ở trạng thái “Đang xử lý” nên không làm được việc này."),
    ],
)
def test_a_refusal_names_the_article_in_the_callers_language(world: World, connect, language, detail):
    program = connect(*EVERYBODY)
    dossier = world.receive().dossier_id
    answer = program.post(f"/dossiers/{dossier}/return", {"method": "desk"}, language=language)
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Content-Language"] == language[:2].replace("fr", "vi")
    problem = answer.json()
    assert (problem["reason"], problem["article"]) == ("not_in_this_status", "NĐ 118/2025, Điều 22")
    assert problem["detail"] == detail
    assert problem["type"].endswith("refused")


def test_what_is_wrong_is_named_by_its_place_and_never_said_back(world: World, connect):
    program = connect("desk_officer")
    secret = "079x90000012"
    bad = _new(owner={**OWNER, "id_number": secret}, submitter={**OWNER, "phone": "12"}, sets=0, unknown=1)
    answer = program.post("/dossiers", bad)
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/sets", "/unknown"}
    answer = program.post("/dossiers", {key: value for key, value in bad.items() if key not in ("sets", "unknown")})
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/owner/id_number"]
    assert secret not in answer.content.decode()
    answer = program.post("/dossiers", _new(submitter={**OWNER, "phone": "12"}))
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/submitter/phone"]


def test_who_saw_less_than_has_happened_is_refused(world: World, connect):
    program = connect(*EVERYBODY)
    dossier = world.receive().dossier_id
    assert program.post(f"/dossiers/{dossier}/take", {"seen_seq": 1}).json()["reason"] == "changed_since"
    assert program.post(f"/dossiers/{dossier}/take", {"seen_seq": 2}).status_code == 200


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(world: World, connect):
    program, key = connect("desk_officer"), uuid4()
    first, again = (program.post("/dossiers", _new(), key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == {**first.json(), "repeated": True}
    assert Dossier.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(world: World, connect):
    program, key = connect("desk_officer"), uuid4()
    program.post("/dossiers", _new(), key=key)
    answer = program.post("/dossiers", _new(sets=2), key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_two_programs_with_the_same_key_do_not_meet(world: World, connect):
    key = uuid4()
    answers = [connect("desk_officer").post("/dossiers", _new(), key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["dossier"] for answer in answers}) == 2
    assert len({answer.json()["token"] for answer in answers}) == 2


def test_a_refused_request_may_be_sent_again_with_its_key(world: World, connect):
    program, key = connect(*EVERYBODY), uuid4()
    dossier = world.receive().dossier_id
    assert program.post(f"/dossiers/{dossier}/return", {"method": "desk"}, key=key).status_code == 409
    assert not KeptAnswer.objects.exists()
    world.finish(dossier)
    assert program.post(f"/dossiers/{dossier}/return", {"method": "desk"}, key=key).status_code == 200


def test_kept_answers_show_nothing_to_who_steals_the_table(world: World, connect):
    token = connect("desk_officer").post("/dossiers", _new()).json()["token"]
    row = KeptAnswer.objects.get()
    assert token.encode() not in bytes(row.sealed) + bytes(row.fingerprint)


def test_a_key_is_needed(world: World, connect):
    program = connect("desk_officer")
    answer = program.client.post("/api/v1/dossiers", _new(), content_type="application/json", headers=program.headers())
    assert answer.status_code == 422
    assert {"in": "header", "name": "Idempotency-Key"}.items() <= answer.json()["errors"][0].items()


@pytest.mark.parametrize("role", [Role.REFORM_OFFICER, Role.ADMINISTRATOR])
def test_a_post_that_may_not_act_gets_nowhere(world: World, connect, role):
    program = connect(role.value)
    dossier = world.receive().dossier_id
    expected = 403 if role is Role.REFORM_OFFICER else 404
    assert program.post(f"/dossiers/{dossier}/withdraw").status_code == expected
    assert program.post("/dossiers", _new()).status_code == 403


def test_a_strangers_dossier_looks_like_none(world: World, connect):
    stranger = connect(*EVERYBODY, agency=OTHER_WARD)
    dossier = world.receive().dossier_id
    for known in (dossier, uuid4()):
        answers = [
            stranger.get(f"/dossiers/{known}"),
            stranger.get(f"/dossiers/{known}/story"),
            stranger.get(f"/dossiers/{known}/applicant"),
            stranger.get(f"/dossiers/{known}/files"),
            stranger.get(f"/dossiers/{known}/papers/receipt"),
            stranger.post(f"/dossiers/{known}/withdraw"),
            stranger.post(f"/dossiers/{known}/assign", {"staff": 1}),
            stranger.post(f"/dossiers/{known}/applicant/open", {"purpose": "contact"}),
        ]
        assert [answer.status_code for answer in answers] == [404] * len(answers)
        assert len({answer.content for answer in answers}) == 1
    assert not Access.objects.exists()


def test_scopes_close_what_the_post_may(world: World, connect):
    program = connect("leader", scopes=("dossiers:read",))
    dossier = world.receive().dossier_id
    shown = program.get(f"/dossiers/{dossier}").json()
    assert (shown["applicant"], shown["acts"], shown["token"]) == (None, [], None)
    assert program.get("/dossiers").json()["items"][0]["applicant"] is None
    assert program.post(f"/dossiers/{dossier}/withdraw").json()["code"] == "insufficient_scope"
    assert program.get(f"/dossiers/{dossier}/applicant").json()["code"] == "insufficient_scope"
    assert program.get(f"/dossiers/{dossier}/files").json()["code"] == "insufficient_scope"


def test_personal_data_are_opened_for_a_purpose_that_is_noted(world: World, connect):
    program = connect("desk_officer")
    answer = world.receive(request="Để vay vốn")
    dossier = answer.dossier_id
    masked = program.get(f"/dossiers/{dossier}/applicant").json()
    assert (masked["owner"]["id_number"], masked["owner"]["address"]) == ("0791******12", "")
    assert masked["request"] == "Để vay vốn"
    assert not Access.objects.exists()
    assert program.post(f"/dossiers/{dossier}/applicant/open", {"purpose": " "}).status_code == 422
    for reference in ("", "hỏi hộ", APPLICANT.id_number):
        asked = {"purpose": "request", "reference": reference}
        assert program.post(f"/dossiers/{dossier}/applicant/open", asked).status_code == 422
    full = program.post(f"/dossiers/{dossier}/applicant/open", {"purpose": "contact"}).json()
    assert full["owner"]["id_number"] == APPLICANT.id_number
    noted = Access.objects.get()
    assert noted.purpose == "Liên hệ người nộp"
    assert noted.staff_id is not None
    assert [str(each) for each in noted.record_ids] == [full["owner"]["record"]]


@pytest.mark.parametrize("words", [{"id_number": APPLICANT.id_number}, {"name": "nguyen mau"}])
def test_dossiers_are_found_by_person_for_a_purpose(world: World, connect, words):
    program = connect("desk_officer")
    dossier = world.receive().dossier_id
    found = program.post("/searches", {**words, "purpose": "contact"}).json()
    assert [each["id"] for each in found] == [str(dossier)]
    assert Access.objects.get().purpose == "Liên hệ người nộp"
    assert program.post("/searches", {"purpose": "contact"}).status_code == 422


def test_a_file_goes_up_into_a_dossier_and_down_for_a_purpose(world: World, connect):
    program = connect("desk_officer")
    kept = _upload(program)
    assert kept.status_code == 201, kept.content
    paper = {"number": 1, "originals": 1, "file": kept.json()["file"]}
    dossier = program.post("/dossiers", _new(components=[paper])).json()["dossier"]
    (listed,) = program.get(f"/dossiers/{dossier}/files").json()
    assert (listed["name"], listed["kind"], listed["size"]) == ("to-khai.pdf", "pdf", len(PDF))
    opened = program.post(f"/dossiers/{dossier}/files/{listed['id']}/open", {"purpose": "contact"})
    assert b"".join(opened.streaming_content) == PDF
    assert opened["Content-Type"] == "application/pdf"
    assert Access.objects.get().purpose == "Liên hệ người nộp"
    other = world.receive().dossier_id
    assert program.post(f"/dossiers/{other}/files/{listed['id']}/open", {"purpose": "contact"}).status_code == 404


def test_a_file_of_another_program_is_not_taken(world: World, connect):
    paper = {"number": 1, "file": _upload(connect("desk_officer")).json()["file"]}
    answer = connect("desk_officer").post("/dossiers", _new(components=[paper]))
    assert answer.json()["errors"][0]["pointer"] == "/components/0/file"


def test_the_same_upload_again_is_kept_once(world: World, connect):
    program, key = connect("desk_officer"), uuid4()
    first, again = _upload(program, key), _upload(program, key)
    assert again.json() == {**first.json(), "repeated": True}
    other = SimpleUploadedFile("to-khai.pdf", PDF + b"\n", "application/pdf")
    assert _upload(program, key, other).json()["code"] == "key_reused"


def test_what_is_no_document_is_not_kept(world: World, connect):
    answer = _upload(connect("desk_officer"), file=SimpleUploadedFile("a.pdf", b"MZ program", "application/pdf"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")


@pytest.mark.parametrize("paper", ["receipt", "slip"])
def test_papers_come_as_pdf(world: World, connect, paper):
    program = connect("desk_officer")
    dossier = world.receive().dossier_id
    assert paper in program.get(f"/dossiers/{dossier}").json()["papers"]
    answer = program.get(f"/dossiers/{dossier}/papers/{paper}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "XEMTRƯỚC" in text_of(answer.content)
    assert program.get(f"/dossiers/{dossier}/papers/apology").status_code == 404


def test_an_issued_paper_comes_again_as_it_was(world: World, connect):
    program = connect("desk_officer", scopes=(Scope.DOSSIERS_WRITE, Scope.PERSONS_READ, Scope.DOSSIERS_READ))
    address = f"/dossiers/{world.receive().dossier_id}/papers/receipt"
    assert program.get(f"{address}/1").status_code == 404
    first, again = program.post(address, {}).json(), program.post(address, {}).json()
    assert (first["ordinal"], again["ordinal"], first["issued_at"]) == (1, 1, again["issued_at"])
    printed = [program.get(f"{address}/1").content for _ in range(2)]
    assert printed[0] == printed[1]
    assert "XEMTRƯỚC" not in text_of(printed[0])
    reader = connect("desk_officer", scopes=(Scope.PERSONS_READ, Scope.DOSSIERS_READ))
    assert reader.post(address, {}).status_code == 403


def test_a_leaders_program_erases_by_order_what_has_ended(world: World, connect, settings, tmp_path):
    settings.HOME = tmp_path
    world_leader = connect("leader", scopes=("dossiers:read", "persons:erase"))
    dossier = world.receive().dossier_id
    assert world_leader.post(f"/dossiers/{dossier}/erase", {"order": "theo yêu cầu"}).status_code == 409
    running = world_leader.post(f"/dossiers/{dossier}/erase", {"order": "12/QĐ-UBND", "early": True})
    assert running.status_code == 409
    desk = connect("desk_officer")
    desk.post(f"/dossiers/{dossier}/withdraw", {"reason": "Đổi ý"})
    gone = world_leader.post(f"/dossiers/{dossier}/erase", {"order": "12/QĐ-UBND", "early": True})
    assert gone.status_code == 200, gone.content
    assert gone.json()["records"] >= 1
    assert desk.get(f"/dossiers/{dossier}/applicant").json()["owner"]["erased_by"] == "12/QĐ-UBND"
    stranger = connect("leader", scopes=("persons:erase",), agency=OTHER_WARD)
    assert stranger.post(f"/dossiers/{dossier}/erase", {"order": "12/QĐ-UBND"}).status_code == 404


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x", "text/plain"])
def test_an_act_without_a_body_is_no_fault_whatever_it_is_called(connect, kind):
    program, key = connect("leader"), str(uuid4())
    answers = [
        program.client.generic(
            "POST", "/api/v1/recounts", b"", kind, headers=program.headers(**{"Idempotency-Key": key})
        )
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [200, 200], answers[0].content
    assert answers[1].json()["repeated"]


def _upload(program, key: UUID | None = None, file: SimpleUploadedFile | None = None):
    file = file or SimpleUploadedFile("to-khai.pdf", PDF, "application/pdf")
    headers = program.headers(**{"Idempotency-Key": str(key or uuid4())})
    return program.client.post("/api/v1/files", {"file": file}, headers=headers)
