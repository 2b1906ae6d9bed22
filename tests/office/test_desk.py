"""The counter: a procedure is found, a dossier taken in, and nothing that was typed is lost on the way."""

import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.agencies.access import Role
from motcua.agencies.commands import permit_procedures
from motcua.dossiers import queries
from motcua.law.dossier.reckoning import aware
from motcua.law.dossier.vocabulary import Channel, ReturnMethod, Status
from motcua.law.worktime import WorkCalendar
from motcua.persons import queries as persons
from support.world import CARD, CERTIFY, LONG_NAME, MARRIAGE, PDF, RESIDENCE, WARD, World

URL = f"/office/tiep-nhan/{MARRIAGE}/"


@pytest.fixture
def desk(world: World, client):
    client.force_login(world.user(Role.DESK_OFFICER))
    return client


def page_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def received(world: World, response) -> queries.Detail:
    """The dossier that a successful intake leads to."""
    assert response.status_code == 302, mistakes(response.content.decode())
    found = re.fullmatch(r"/office/tiep-nhan/xong/([0-9a-f-]{36})/", response.headers["Location"])
    return queries.detail(world.reader(Role.DESK_OFFICER), found[1], aware(datetime(2026, 11, 24, 8)))


def mistakes(page: str) -> list[str]:
    """What the error summary says."""
    summary = page.partition('id="error-summary"')[2].partition("</ul>")[0]
    return [re.sub(r"<[^>]+>", "", item).strip() for item in re.findall(r"<li>(.*?)</li>", summary, re.S)]


def owner_of(world: World, detail: queries.Detail):
    row = detail.row
    return persons.applicant(
        world.reader(Role.DESK_OFFICER),
        row.owner_id,
        receiving_agency_id=row.receiving_agency_id,
        competent_agency_id=row.competent_agency_id,
        full=True,
        purpose="thử",
    )


# -- finding a procedure --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["tình trạng hôn nhân", "tinh trang hon nhan", "HON NHAN", MARRIAGE, "1004873"])
def test_a_procedure_is_found_by_words_with_or_without_diacritics_or_by_code(desk, words):
    response = desk.get("/office/tiep-nhan/", {"q": words})
    assert response.headers["Location"] == URL


def test_several_finds_are_listed_and_the_first_has_the_cursor(desk):
    page = page_of(desk.get("/office/tiep-nhan/", {"q": "c"}))
    assert page.count('class="pick"') == 3
    assert page.count("autofocus") == 1
    assert "autofocus" in page.partition('class="pick"')[2].partition("</a>")[0]


def test_live_search_never_leads_away(desk):
    page = page_of(desk.get("/office/tiep-nhan/", {"q": "hon nhan"}, headers={"HX-Request": "true"}))
    assert URL in page


def test_a_search_without_a_find_says_what_to_do(desk):
    assert "Không có thủ tục nào khớp" in page_of(desk.get("/office/tiep-nhan/", {"q": "xyzxyz"}))


def test_only_procedures_of_the_post_are_offered(world, desk):
    permit_procedures(world.posts[WARD, Role.DESK_OFFICER], [CERTIFY])
    page = page_of(desk.get("/office/tiep-nhan/"))
    assert f"/office/tiep-nhan/{CERTIFY}/" in page
    assert URL not in page
    assert desk.get(URL).headers["Location"] == "/office/tiep-nhan/"


def test_what_the_desk_takes_in_most_stands_first(world, desk):
    from motcua.dossiers.worker import catch_up

    world.receive(RESIDENCE)
    world.receive(RESIDENCE)
    world.receive(CERTIFY)
    catch_up()
    page = page_of(desk.get("/office/tiep-nhan/"))
    places = [page.index(f"/office/tiep-nhan/{code}/") for code in (RESIDENCE, CERTIFY, MARRIAGE)]
    assert places == sorted(places)


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.LEADER, Role.REFORM_OFFICER, Role.ADMINISTRATOR])
def test_only_desk_officers_receive(world, client, role):
    client.force_login(world.user(role))
    assert client.get("/office/tiep-nhan/").status_code == 403
    assert client.get(URL).status_code == 403


# -- the form -------------------------------------------------------------------------------------------------------


def test_the_due_time_is_shown_with_its_reason_before_saving(desk):
    page = page_of(desk.get(URL))
    assert re.search(r'class="due mb-1">17:00.\d\d/\d\d/\d{4}', page)
    assert "Vì sao ngày này?" in page
    assert "Bộ luật Dân sự 2015" in page
    assert "Cơ quan mình giải quyết" in page


def test_a_dossier_for_another_agency_says_which_one_decides(desk):
    page = page_of(desk.get(f"/office/tiep-nhan/{RESIDENCE}/"))
    assert "Nhận thay cơ quan khác" in page
    assert "Công an phường Tân An" in page


def test_the_fee_follows_the_channel(desk):
    direct = page_of(desk.get(f"/office/tiep-nhan/{RESIDENCE}/hen-tra/?channel=direct"))
    online = page_of(desk.get(f"/office/tiep-nhan/{RESIDENCE}/hen-tra/?channel=online"))
    assert 'value="20.000"' in direct
    assert 'value="10.000"' in online


def test_a_due_time_that_touches_a_provisional_year_says_so(world, desk, monkeypatch):
    calendar = world_calendar(world)
    monkeypatch.setattr("motcua.agencies.queries._read_calendar", lambda database, version: calendar)
    assert "tạm tính" in page_of(desk.get(URL))


def world_calendar(world: World) -> WorkCalendar:
    from dataclasses import replace

    from motcua.agencies.queries import calendar_for

    return replace(calendar_for(world.agencies[WARD])[0], provisional_years=(2025, 2026, 2027))


# -- the card -------------------------------------------------------------------------------------------------------

CARD_FIELDS = {
    "owner-name": "Nguyễn Thị Mẫu",
    "owner-id_number": "079190000012",
    "owner-birth_date": "05/02/1990",
    "owner-address": "Số 12, đường Hoa Sen, khu phố 3, Tân An, Mẫu",
}


def empty_person(intake_data, **changes):
    blank = {name: "" for name in intake_data() if name.startswith("owner-") and name != "owner-kind"}
    return intake_data() | blank | changes


@pytest.mark.parametrize("do", ["fill-owner", "save"])
def test_a_card_fills_the_person_and_never_saves(world, desk, intake_data, do):
    data = empty_person(intake_data, card=CARD, do=do, request="Để vay vốn", **{"owner-phone": "0901234123"})
    page = page_of(desk.post(URL, data))
    for name, value in CARD_FIELDS.items():
        assert f'name="{name}" value="{value}"' in page
    assert 'name="owner-phone" value="0901234123"' in page
    assert "Để vay vốn</textarea>" in page
    assert '<option value="female" selected>' in page
    assert re.search(r'name="p1-have"[^>]*checked', page)
    assert 'id="error-summary"' not in page
    assert CARD not in page
    assert queries.counts(
        world.reader(Role.CASE_OFFICER), aware(datetime(2026, 1, 1)), aware(datetime(2027, 1, 1))
    ) == (queries.Counts(0, 0, 0, 0))


def test_a_card_can_fill_the_one_who_hands_it_in(desk, intake_data):
    page = page_of(desk.post(URL, intake_data(card=CARD, do="fill-by", **{"owner-name": "Lê Chủ Thử"})))
    assert 'name="by-name" value="Nguyễn Thị Mẫu"' in page
    assert 'name="owner-name" value="Lê Chủ Thử"' in page


def test_an_unreadable_card_says_what_is_wrong_and_stays(desk, intake_data):
    page = page_of(desk.post(URL, intake_data(card="079190000012|x", do="fill-owner")))
    assert "Mã QR phải có 7 phần" in page
    assert 'value="079190000012|x"' in page


# -- saving ---------------------------------------------------------------------------------------------------------


def test_one_press_takes_the_dossier_in(world, desk, intake_data):
    detail = received(world, desk.post(URL, intake_data()))
    owner = owner_of(world, detail)
    came = detail.state.intake
    assert (owner.name, owner.id_number, owner.phone) == ("Nguyễn Thị Mẫu", "079190000012", "0901234123")
    assert (came.channel, came.sets, came.fee, came.return_method) == (Channel.DIRECT, 1, 15000, ReturnMethod.DESK)
    assert [(item.number, item.originals) for item in came.components] == [(1, 1), (2, 0)]
    assert detail.row.status is Status.PROCESSING


def test_the_page_after_it_has_the_code_the_due_time_and_the_print(world, desk, intake_data):
    response = desk.post(URL, intake_data(), follow=True)
    page = page_of(response)
    detail = queries.by_code(world.reader(Role.DESK_OFFICER), re.search(r"H99\.01-\d{6}-\d{4}", page)[0])
    assert f"/office/ho-so/{detail}/giay/tiep-nhan/" in page
    assert 'data-key="n"' in page


def test_a_second_press_is_answered_with_the_first_dossier(desk, intake_data):
    data = intake_data()
    first, second = desk.post(URL, data), desk.post(URL, data)
    assert first.headers["Location"] == second.headers["Location"]


def test_somebody_else_may_hand_it_in(world, desk, intake_data):
    data = intake_data(**{"by-name": "Lê Nộp Thay", "by-id_number": "079190000099", "by-phone": "0909999999"})
    detail = received(world, desk.post(URL, data))
    assert detail.state.intake.submitter is not None
    assert "Lê Nộp Thay" in page_of(desk.get(f"/office/ho-so/{detail.row.id}/"))


@pytest.mark.parametrize(
    ("kind", "number", "wanted"),
    [
        ("citizen", "079190000012", "cccd"),
        ("citizen", "271234567", "cmnd"),
        ("citizen", "B1234567", "passport"),
        ("enterprise", "0101234567", "tax_code"),
        ("household_business", "079190000012", "tax_code"),
    ],
)
def test_the_kind_of_paper_is_seen_from_the_number(world, desk, intake_data, kind, number, wanted):
    detail = received(world, desk.post(URL, intake_data(**{"owner-kind": kind, "owner-id_number": number})))
    assert owner_of(world, detail).id_kind == wanted


BAD = [
    ("owner-name", "", "Hãy nhập họ tên hoặc tên tổ chức."),
    ("owner-name", "Trần 李", "Không in được ký tự “李”"),
    ("owner-name", "Nguyễn 007", "không có chữ số"),
    ("owner-id_number", "07919", "Số căn cước phải có đúng 12 chữ số."),
    ("owner-phone", "12ab", "Số điện thoại phải bắt đầu bằng 0"),
    ("owner-email", "x@", "Địa chỉ thư điện tử không đúng"),
    ("owner-birth_date", "31/02/1990", "Hãy nhập ngày dạng ngày/tháng/năm"),
    ("owner-birth_date", "05021890", "từ năm 1900"),
    ("sets", "0", "Số bộ hồ sơ phải từ 1 trở lên."),
    ("sets", "", "Hãy nhập số bộ hồ sơ."),
    ("fee", "mười nghìn", "Hãy nhập số tiền bằng chữ số"),
    ("by-phone", "0909999999", "Hãy nhập họ tên hoặc tên tổ chức."),
    ("p1-originals", "-1", "Không được nhỏ hơn 0."),
    ("p1-have", "", "Còn thiếu: Tờ khai cấp Giấy xác nhận tình trạng hôn nhân theo mẫu."),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_a_bad_form_keeps_what_was_typed_and_says_what_is_wrong(desk, intake_data, name, value, words):
    typed = intake_data(request="Lời yêu cầu giữ lại", **{"owner-address": "Địa chỉ giữ lại"}) | {name: value}
    page = page_of(desk.post(URL, typed))
    assert any(words in said for said in mistakes(page)), mistakes(page)
    assert page.count(words) == 2, "in the summary and beside the field"
    assert "Lời yêu cầu giữ lại" in page
    assert "Địa chỉ giữ lại" in page
    assert f'value="{typed["command_id"]}"' in page
    if value:
        assert f'value="{value}"' in page


def test_every_mistake_is_named_at_once(desk, intake_data):
    page = page_of(desk.post(URL, intake_data(**{"owner-name": "", "owner-phone": "1", "sets": "0", "fee": "x"})))
    assert len(mistakes(page)) == 4


def test_papers_that_a_case_does_not_need_may_be_confirmed_away(world, desk, intake_data):
    data = intake_data(**{"p1-have": "", "complete": "on"})
    assert [item.number for item in received(world, desk.post(URL, data)).state.intake.components] == [2]


def test_a_name_of_sixty_letters_goes_all_the_way_to_the_receipt(world, desk, intake_data):
    detail = received(world, desk.post(URL, intake_data(**{"owner-name": LONG_NAME})))
    assert desk.get(f"/office/ho-so/{detail.row.id}/giay/tiep-nhan.pdf").content.startswith(b"%PDF")


# -- scans ----------------------------------------------------------------------------------------------------------


def scan(name: str = "to-khai.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_a_scan_is_kept_with_its_paper(world, desk, intake_data):
    detail = received(world, desk.post(URL, intake_data(**{"p1-scan": scan()})))
    file = detail.state.intake.components[0].file
    answer = desk.get(f"/office/ho-so/{detail.row.id}/tep/{file.id}/")
    assert b"".join(answer.streaming_content) == PDF


def test_a_scan_survives_a_mistake_elsewhere(world, desk, intake_data):
    page = page_of(desk.post(URL, intake_data(**{"p1-scan": scan(), "owner-name": ""})))
    kept = re.search(r'name="p1-kept" value="([^"]+)"', page)[1]
    assert "to-khai.pdf" in page
    detail = received(world, desk.post(URL, intake_data(**{"p1-kept": kept})))
    assert detail.state.intake.components[0].file is not None


def test_a_kept_scan_that_we_did_not_give_out_is_not_believed(world, desk, intake_data):
    detail = received(world, desk.post(URL, intake_data(**{"p1-kept": "WyJ4IiwieSIsInoiXQ:forged"})))
    assert detail.state.intake.components[0].file is None


def test_a_dangerous_scan_is_refused_at_its_place(desk, intake_data):
    bad = scan(content=b"MZ\x90\x00 program")
    page = page_of(desk.post(URL, intake_data(**{"p1-scan": bad})))
    assert any("Chỉ nhận tệp PDF" in said for said in mistakes(page))


# -- incomplete or refused ------------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_for_and_recorded(world, desk, intake_data):
    data = intake_data(do="supplement", asked="Giấy khai sinh", why="Tờ khai chưa ký", **{"p1-have": ""})
    detail = received(world, desk.post(URL, data))
    assert detail.row.status is Status.SUPPLEMENT_REQUESTED
    assert detail.row.due_at is None
    page = page_of(desk.get(f"/office/ho-so/{detail.row.id}/"))
    assert "- Tờ khai cấp Giấy xác nhận tình trạng hôn nhân theo mẫu" in page
    assert "- Giấy khai sinh" in page
    assert desk.get(f"/office/ho-so/{detail.row.id}/giay/bo-sung.pdf").content.startswith(b"%PDF")


def test_a_refusal_is_recorded_with_its_reason(world, desk, intake_data):
    detail = received(world, desk.post(URL, intake_data(do="refuse", why="Không thuộc thẩm quyền")))
    assert detail.row.status is Status.REFUSED_AT_INTAKE
    assert desk.get(f"/office/ho-so/{detail.row.id}/giay/tu-choi.pdf").content.startswith(b"%PDF")
    assert desk.get(f"/office/ho-so/{detail.row.id}/giay/tiep-nhan.pdf").status_code == 404


@pytest.mark.parametrize(
    ("do", "words"), [("supplement", "Hãy ghi giấy tờ cần bổ sung"), ("refuse", "Hãy ghi rõ lý do từ chối.")]
)
def test_neither_goes_without_what_the_paper_must_say(desk, intake_data, do, words):
    assert any(words in said for said in mistakes(page_of(desk.post(URL, intake_data(do=do)))))


def test_a_supplemented_dossier_is_accepted_and_its_clock_starts(world, desk, intake_data, act_data):
    data = intake_data(do="supplement", **{"p1-have": ""})
    dossier = received(world, desk.post(URL, data)).row.id
    for act in ("tiep-tuc", "tiep-nhan"):
        assert desk.post(f"/office/ho-so/{dossier}/{act}/", act_data(dossier)).status_code == 302
    detail = queries.detail(world.reader(Role.DESK_OFFICER), dossier, aware(datetime(2026, 11, 24, 8)))
    assert detail.row.status is Status.PROCESSING
    assert detail.row.due_at is not None
