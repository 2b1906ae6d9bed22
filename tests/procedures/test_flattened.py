"""Tables that a crawl flattened into one string: rows, channels, limits, fees, papers, results, documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.procedures.content import Channel
from motcua.procedures.flattened import read_components, read_filings, read_legal_bases, read_results

HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
PAPERS = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"


def test_rows_are_told_apart_without_any_separator():
    text = (
        f"{HEAD}Trực tuyến17 Ngày làm việcMiễn phíDịch vụ bưu chính20 NgàyKhông có thông tin"
        "Trực tiếp1 Giờ50,000 Việt Nam Đồng(/giấy)Nộp tại trụ sở"
    )
    filings, unread = read_filings(text)
    assert [(f.channel, f.limit.text) for f in filings] == [
        (Channel.ONLINE, "17 ngày làm việc"),
        (Channel.POST, "20 ngày"),
        (Channel.DIRECT, "1 giờ"),
    ]
    assert filings[0].fees[0].free
    assert filings[1].fees == ()
    assert (filings[2].fees[0].amount, filings[2].fees[0].note, filings[2].note) == (50000, "/giấy", "Nộp tại trụ sở")
    assert unread == ""


def test_channels_named_in_a_description_are_no_rows():
    text = (
        f"{HEAD}Trực tuyến3 Ngày làm việcMiễn phí- Trực tuyến: nộp qua Cổng. - Trực tiếp: nộp tại xã."
        "Trực tiếp3 NgàyMiễn phí"
    )
    filings, _ = read_filings(text)
    assert [filing.channel for filing in filings] == ["online", "direct"]
    assert filings[0].note == "- Trực tuyến: nộp qua Cổng. - Trực tiếp: nộp tại xã."


def test_a_number_that_runs_into_the_fee_is_the_limit_without_unit():
    filings, _ = read_filings(f"{HEAD}Trực tuyến120 VNĐ(20.000 đồng/tờ khai)Trực tiếp1200,000 VNĐ")
    assert [(f.limit.raw, f.fees[0].amount) for f in filings] == [("1", 20000), ("1", 200000)]


def test_several_fees_of_one_row_keep_their_order_and_nested_brackets():
    filings, _ = read_filings(f"{HEAD}Trực tiếp5 Ngày10,000 VNĐ(một (1) bản)20,000 VNĐ(hai bản)Xem biểu phí")
    assert [(fee.amount, fee.note) for fee in filings[0].fees] == [(10000, "một (1) bản"), (20000, "hai bản")]
    assert filings[0].note == "Xem biểu phí"


def test_a_bracket_behind_no_information_belongs_to_the_description():
    filings, _ = read_filings(f"{HEAD}Trực tiếp5 NgàyKhông có thông tin(1) Trường hợp thường")
    assert (filings[0].fees, filings[0].note) == ((), "(1) Trường hợp thường")


def test_words_in_place_of_a_time_are_kept():
    filings, unread = read_filings(f"{HEAD}Trực tuyếnKhông phải trả kết quả cho người nộp thuếMiễn phíQua Cổng")
    assert [(f.limit.raw, f.limit.text, f.note) for f in filings] == [
        ("Không phải trả kết quả cho người nộp thuế", None, "Qua Cổng")
    ]
    assert unread == ""


def test_what_cannot_be_read_is_given_back():
    filings, unread = read_filings(f"{HEAD}Trực tiếpTùy trường hợp")
    assert (filings, unread) == ((), "Trực tiếpTùy trường hợp")


def test_components_have_names_forms_and_numbers():
    text = (
        f"--{PAPERS}Tờ khai theo mẫuMau so 01.docx1 bản chínhBản sao giấy phép;0 bản chính,2 bản sao"
        "Văn bản ủy quyền (nếu có)1 bản chính"
    )
    components, sets, whole = read_components(text)
    assert [(c.no, c.name, c.form, c.originals, c.copies, c.kind) for c in components] == [
        (1, "Tờ khai theo mẫu", "Mau so 01.docx", 1, 0, "submit"),
        (2, "Bản sao giấy phép;", "", 0, 2, "submit"),
        (3, "Văn bản ủy quyền (nếu có)", "", 1, 0, "submit_if"),
    ]
    assert (sets, whole) == (None, True)


def test_each_table_names_its_case_and_shown_papers_are_not_handed_in():
    text = f"a) Cấp mới:{PAPERS}Đơn đề nghị1 bản chính* Giấy tờ phải xuất trình:{PAPERS}Thẻ căn cước1 bản chính"
    components, _, whole = read_components(text)
    assert [(c.case, c.kind) for c in components] == [
        ("a) Cấp mới", "submit"),
        ("* Giấy tờ phải xuất trình", "present"),
    ]
    assert whole


def test_remarks_and_the_number_of_sets_are_no_papers():
    text = (
        f"--{PAPERS}Số lượng hồ sơ: 02 (hai) bộ.0 bản chínhĐối với người nước ngoài:0 bản chínhĐơn1 bản chính"
        f"* Lưu ý:{PAPERS}"
        "Người tiếp nhận phải kiểm tra0 bản chính"
    )
    components, sets, _ = read_components(text)
    assert [component.name for component in components] == ["Đơn"]
    assert sets == 2


def test_copies_named_in_running_text_end_no_row():
    text = f"--{PAPERS}Báo cáo (01 bản chính) ban hành ngày 01/01/20261 bản chính,1 bản saoĐơn1 bản chính"
    components, _, _ = read_components(text)
    assert [(c.originals, c.copies) for c in components] == [(1, 1), (1, 0)]
    assert "01 bản chính" in components[0].name


@pytest.mark.parametrize("text", ["Bước 2. Cơ quan giải quyết", f"--{PAPERS}Đơn bị cắt giữa chừng"])
def test_text_that_is_no_whole_table_is_said_to_be_so(text):
    assert read_components(text)[2] is False


def test_results_have_their_national_codes_and_no_page_controls():
    text = (
        "Giấy A (mẫu 1)Mã: KQ.G01.000020Giấy BMã: 000.00.00.G15-KQ1293"
        "Từ khóaKhông có thông tinMô tảKhông có thông tinChọn cơ quan thực hiện"
    )
    assert [(r.name, r.code) for r in read_results(text)] == [
        ("Giấy A (mẫu 1)", "KQ.G01.000020"),
        ("Giấy B", "000.00.00.G15-KQ1293"),
    ]
    assert [(r.name, r.code) for r in read_results("Văn bản trả lời")] == [("Văn bản trả lời", "")]
    assert read_results("") == ()


def test_documents_are_told_apart_by_their_numbers():
    text = (
        "Tên văn bản pháp lýMã văn bảnLuật 51/2019/QH1451/2019/QH14Quy định mẫu giấy tờ04/2015/TT-BCA"
        "Nghị định 101/2024/NĐ-CPNghị định 101/2024/NĐ-CP"
        "Luật số 43/2024/QH15 ngày 29/6/202443/2024/QH15Nghị quyết cắt giảm66.7/2025/NQ-CP"
    )
    assert [(b.name, b.number) for b in read_legal_bases(text)] == [
        ("Luật 51/2019/QH14", "51/2019/QH14"),
        ("Quy định mẫu giấy tờ", "04/2015/TT-BCA"),
        ("Nghị định 101/2024/NĐ-CP", "101/2024/NĐ-CP"),
        ("Luật số 43/2024/QH15 ngày 29/6/2024", "43/2024/QH15"),
        ("Nghị quyết cắt giảm", "66.7/2025/NQ-CP"),
    ]


_WORDS = st.sampled_from(
    [
        "Trực tuyến",
        "Trực tiếp",
        "5",
        " Ngày",
        "Miễn phí",
        "(",
        ")",
        "20,000 VNĐ",
        PAPERS,
        "1 bản chính",
        "Mã: ",
        "KQ.1",
        "51/2019/QH14",
        " x",
        "\n",
    ]
)


@given(st.lists(_WORDS, max_size=14).map("".join))
def test_no_mixture_of_cells_stops_a_reader_or_loses_a_row_of_filing(text):
    filings, unread = read_filings(text)
    assert filings or unread == text.strip()
    read_components(text)
    read_results(text)
    read_legal_bases(text)
