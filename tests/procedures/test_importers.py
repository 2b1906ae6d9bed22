"""Files of the national portal: full records and lists, with all the dirt that they can have."""

import ast
import gzip
import inspect
import json
from datetime import date

import pytest
import xlsxwriter

from motcua.agencies.access import for_system
from motcua.procedures import importers, portal
from motcua.procedures.importers import import_files
from motcua.procedures.models import ProcedureVersion
from motcua.procedures.queries import procedure_page
from motcua.procedures.wording import REASONS, reason

pytestmark = pytest.mark.django_db
READER = for_system("test")
HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
TITLES = ["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"]


def full(code="1.000001", **changes):
    return {
        "ma_thu_tuc": code,
        "ten_thu_tuc": "Đăng ký thử nghiệm",
        "linh_vuc": "Thử nghiệm",
        "cap_thuc_hien": "Cấp tỉnh, Cấp xã",
        "doi_tuong_thuc_hien": "Công dân Việt Nam, Tổ chức (trừ doanh nghiệp, HTX)",
        "bo_nganh": "bo-tu-phap",
        "so_quyet_dinh": "1/QĐ-BTP",
        "trinh_tu_thuc_hien": "Bước 1: Nộp.\nBước 2: Nhận.",
        "cach_thuc_thuc_hien": f"{HEAD}Trực tiếp5 Ngày làm việc50,000 VNĐTrực tuyến1Miễn phí",
        "thanh_phan_ho_so": "--Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghịMau 01.docx1 bản chính",
        "ket_qua_xu_ly": "Giấy xác nhậnMã: KQ.G15.000001Từ khóaKhông có thông tin",
        "can_cu_phap_ly": "Tên văn bản pháp lýMã văn bảnLuật Thử60/2014/QH13",
        "yeu_cau_dieu_kien": "Không có thông tin",
        "formality_id": "",
    } | changes


@pytest.fixture
def lines(tmp_path):
    def write(*items, name="full.jsonl", pack=False):
        rows = [item if isinstance(item, bytes) else json.dumps(item, ensure_ascii=False).encode() for item in items]
        path = tmp_path / name
        data = b"\n".join(rows) + b"\n"
        path.write_bytes(gzip.compress(data) if pack else data)
        return path

    return write


@pytest.fixture
def sheet(tmp_path):
    def write(*rows, titles=TITLES, above=1, name="list.xlsx"):
        path = tmp_path / name
        book = xlsxwriter.Workbook(path)
        page = book.add_worksheet()
        for number, row in enumerate([*[["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]] * above, titles, *rows]):
            page.write_row(number, 0, row)
        book.close()
        return path

    return write


def counts(report):
    return (report.read, report.created, report.updated, report.unchanged, len(report.rejected))


def found(findings):
    return [(finding.row, finding.field, finding.reason) for finding in findings]


def test_a_full_record_comes_in_with_all_its_parts(lines):
    report = import_files([lines(full())], on=date(2026, 3, 2))
    assert counts(report) == (1, 1, 0, 0, 0)
    assert found(report.warnings) == [(1, "limit.online", "limit_not_understood")]
    page = procedure_page(READER, "1.000001")
    content = page.content
    assert (page.source, page.valid_from, content.issuer) == ("portal-full", date(2026, 3, 2), "Bộ Tư pháp")
    assert content.levels == ("Cấp tỉnh", "Cấp xã")
    assert content.objects == ("Công dân Việt Nam", "Tổ chức (trừ doanh nghiệp, HTX)")
    assert [(f.channel, f.limit.text, f.limit.raw) for f in content.filings] == [
        ("direct", "5 ngày làm việc", "5 Ngày làm việc"),
        ("online", None, "1"),
    ]
    assert content.filings[0].fees[0].amount == 50000
    assert [(c.name, c.form) for c in content.components] == [("Đơn đề nghị", "Mau 01.docx")]
    assert [(r.name, r.code) for r in content.results] == [("Giấy xác nhận", "KQ.G15.000001")]
    assert [(b.name, b.number) for b in content.legal_bases] == [("Luật Thử", "60/2014/QH13")]
    assert (content.conditions, content.forms) == ("", ("Mau 01.docx",))
    assert content.filing_text.startswith("Hình thức nộp")


@pytest.mark.parametrize("pack", [False, True])
def test_running_again_changes_nothing_whatever_the_name_of_the_file(lines, pack):
    path = lines(full(), full("1.000002"), name="anything.bin", pack=pack)
    assert counts(import_files([path])) == (2, 2, 0, 0, 0)
    assert counts(import_files([path])) == (2, 0, 0, 2, 0)
    assert ProcedureVersion.objects.count() == 2


def test_a_list_and_full_records_meet_in_any_order_and_stay(lines, sheet):
    rows = sheet(["1.000001", "Tên khác ", "Bộ Tư pháp", "UBND cấp xã\nSở Tư pháp", "Lĩnh vực khác"])
    files = [rows, lines(full())]
    assert counts(import_files(files)) == (2, 1, 1, 0, 0)
    assert counts(import_files(files)) == (2, 0, 0, 2, 0)
    assert counts(import_files(files[::-1])) == (2, 0, 0, 2, 0)
    content = procedure_page(READER, "1.000001").content
    assert (content.name, content.field) == ("Đăng ký thử nghiệm", "Thử nghiệm")
    assert content.agencies == ("UBND cấp xã", "Sở Tư pháp")


def test_bad_lines_are_rejected_by_row_and_the_others_go_on(lines):
    report = import_files(
        [
            lines(
                full(),
                b"{broken",
                b'{"ma_thu_tuc": "\xff"}',
                [1, 2],
                full(code="không"),
                full(code=""),
                full(code="1.000003", ten_thu_tuc="Không có thông tin"),
                b"",
                full("1.000004"),
                full(),
            )
        ]
    )
    assert counts(report) == (9, 2, 0, 0, 7)
    assert found(report.rejected) == [
        (2, "line", "not_json"),
        (3, "line", "not_utf8"),
        (4, "line", "not_an_object"),
        (5, "ma_thu_tuc", "bad_code"),
        (6, "ma_thu_tuc", "missing_code"),
        (7, "ten_thu_tuc", "missing_name"),
        (10, "code", "code_already_on_row"),
    ]
    assert report.rejected[-1].value == "full.jsonl:1"


def test_deeply_nested_json_is_a_bad_line_not_a_crash(lines):
    report = import_files([lines(b"[" * 200_000, full())])
    assert (counts(report), report.rejected[0].reason) == ((2, 1, 0, 0, 1), "not_json")


def test_a_broken_archive_gives_what_was_packed_before_the_break(lines, tmp_path):
    items = [full(f"1.{number:06d}", trinh_tu_thuc_hien=f"Bước {number} " * number) for number in range(1, 400)]
    whole = lines(*items, name="whole.gz", pack=True).read_bytes()
    broken = tmp_path / "broken.gz"
    broken.write_bytes(whole[: len(whole) * 2 // 3])
    report = import_files([broken, lines(full("2.000001"))])
    assert report.created == report.read > 1
    assert [(finding.file, finding.reason) for finding in report.rejected] == [("broken.gz", "broken_archive")]
    assert report.rejected[0].row > 1
    assert procedure_page(READER, "2.000001") is not None


def test_dirty_values_are_kept_and_named(lines):
    report = import_files(
        [
            lines(
                full(
                    code="Mã: 1.000001",
                    linh_vuc="Th\ufffdử",
                    bo_nganh="bo-moi",
                    thanh_phan_ho_so="Bị cắt mất đầu",
                    cach_thuc_thuc_hien="Hình thức nộpThời gianPhí, lệ phíMô tảTùy",
                    can_cu_phap_ly="Theo luật",
                    trinh_tu_thuc_hien=["Bước 1\x00", "Bước 2"],
                    yeu_cau_dieu_kien=7,
                    mau_sac="đỏ",
                    so_quyet_dinh=None,
                )
            )
        ]
    )
    assert counts(report) == (1, 1, 0, 0, 0)
    assert {(finding.field, finding.reason) for finding in report.warnings} == {
        ("ma_thu_tuc", "code_taken_from_longer_text"),
        ("mau_sac", "unknown_key"),
        ("yeu_cau_dieu_kien", "not_a_text"),
        ("bo_nganh", "unknown_ministry"),
        ("cach_thuc_thuc_hien", "rows_not_understood"),
        ("thanh_phan_ho_so", "table_not_understood"),
        ("can_cu_phap_ly", "documents_not_understood"),
        ("field", "damaged_characters"),
    }
    content = procedure_page(READER, "1.000001").content
    assert (content.steps, content.conditions, content.issuer) == ("Bước 1\nBước 2", "7", "bo-moi")
    assert (content.components_text, content.legal_text) == ("Bị cắt mất đầu", "Theo luật")
    assert content.unclear == ("filings", "components", "legal_bases")


def test_a_list_is_found_below_its_title_rows_with_columns_in_any_order(sheet):
    titles = ["Lĩnh vực ", "STT", "Tên", "MÃ SỐ"]
    report = import_files(
        [sheet(["Thuế", 1, " Khai  thuế ", "1.000001"], ["", 2, "Hai", "1.000002"], titles=titles, above=9)]
    )
    assert counts(report) == (2, 2, 0, 0, 0)
    assert found(report.warnings) == [(12, "field", "empty")]
    assert procedure_page(READER, "1.000001").content.name == "Khai thuế"
    assert procedure_page(READER, "1.000001").source == "portal-list"


def test_rows_of_a_list_without_code_or_name_are_rejected_and_a_number_is_a_code(sheet):
    report = import_files(
        [sheet(["", "Không mã"], ["1.000001", ""], [1.00119, "Mã là số"], ["1.000001x", "Mã và chữ"])]
    )
    assert counts(report) == (4, 2, 0, 0, 2)
    assert found(report.rejected) == [(3, "code", "missing_code"), (4, "name", "missing_name")]
    assert procedure_page(READER, "1.001190").content.name == "Mã là số"
    assert found(report.warnings)[0] == (5, "code", "code_was_a_number")


def test_files_that_are_no_list_say_so(sheet, tmp_path):
    other = sheet(["1", "2"], titles=["A", "B"])
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 and nothing more")
    report = import_files([other, broken])
    assert report.read == 0
    assert [(finding.file, finding.reason) for finding in report.rejected] == [
        ("list.xlsx", "no_column_titles"),
        ("broken.xlsx", "broken_spreadsheet"),
    ]


def test_an_empty_file_is_no_error_and_a_missing_one_is(tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert counts(import_files([empty])) == (0, 0, 0, 0, 0)
    with pytest.raises(FileNotFoundError):
        import_files([tmp_path / "none.jsonl"])


def test_every_reason_has_words_and_no_word_is_idle():
    place = {"UnreadableError": 1, "Doubt": 1, "Finding": 3}
    used = set()
    for module in (importers, portal):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in place:
                argument = node.args[place[node.func.id]]
                used |= {
                    leaf.value
                    for leaf in ast.walk(argument)
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                }
    assert used == set(REASONS)
    assert reason("not_json") != "not_json"


def test_everything_that_the_portal_published_comes_in(shared):
    folder = shared / "data/procedures"
    files = [
        folder / "national-portal-2026.jsonl.gz",
        folder / "portal-list-justice.xlsx",
        folder / "portal-list-police.xlsx",
    ]
    first = import_files(files)
    again = import_files(files)
    assert counts(first) == (2727, 2117, 101, 509, 0)
    assert counts(again) == (2727, 0, 0, 2727, 0)
    assert first.warnings == again.warnings
    by_reason = {}
    for finding in first.warnings:
        by_reason[finding.reason] = by_reason.get(finding.reason, 0) + 1
    assert by_reason["rows_not_understood"] == 1
    assert by_reason["table_not_understood"] < 50
    page = procedure_page(READER, "1.013978")
    assert [(f.channel, f.limit.text) for f in page.content.filings] == [
        ("online", "17 ngày làm việc"),
        ("post", "20 ngày làm việc"),
        ("direct", "27 ngày làm việc"),
    ]
    assert procedure_page(READER, "2.000635").content.filings[0].fees[0].amount == 8000
