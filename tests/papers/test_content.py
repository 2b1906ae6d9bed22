"""What stands on the printed papers: every field of the form, and the marks that must not be overlooked."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from motcua.papers.bases import Basis
from motcua.papers.forms import Copy
from motcua.papers.render import render
from papers.reading import largest_type, pages, squeeze, text_of
from papers.samples import (
    APOLOGY,
    CODE,
    CONTROL_SLIP,
    LONG_RECEIPT,
    ORDINARY,
    RECEIPT,
    REFUSAL,
    REGISTER,
    STOP,
    SUPPLEMENT,
)

BOTH_COPIES = (Copy.KEPT, Copy.CUSTOMER)


EXPECTED = {
    "receipt": (
        RECEIPT,
        """
        GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ
        (Liên: Giao khách hàng)
        ỦY BAN NHÂN DÂN PHƯỜNG TÂN AN
        Số: 07/TTPVHCC
        Tân An, ngày 18 tháng 11 năm 2026
        Quyển số: 02
        Số thứ tự: 153
        Tiếp nhận hồ sơ của: Nguyễn Thị Mẫu
        079190000001
        0901234567
        mau.nguyen@example.vn
        Đăng ký khai sinh
        Giấy chứng sinh do cơ sở y tế cấp
        Bản chính
        Bản chứng thực
        Bản photo
        2. Số lượng hồ sơ: 1 (bộ)
        theo quy định là: 05 ngày làm việc
        4. Thời gian nhận hồ sơ: 08 giờ 05 phút, ngày 18 tháng 11 năm 2026
        5. Thời gian trả kết quả giải quyết hồ sơ:
        16 giờ 30 phút, ngày 25 tháng 11 năm 2026
        6. Đăng ký nhận kết quả tại: Bộ phận Một cửa phường Tân An
        Vào Sổ theo dõi hồ sơ, Quyển số: 02, Số thứ tự: 153
        NGƯỜI NỘP HỒ SƠ
        NGƯỜI TIẾP NHẬN HỒ SƠ
        Trần Văn Thử
        2 liên
        """,
    ),
    "supplement": (
        SUPPLEMENT,
        """
        PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ
        Hồ sơ của: Nguyễn Thị Mẫu
        1.Giấy chứng sinh
        2.Giấy chứng nhận
        Lý do: Hồ sơ chưa đủ
        02723 123 456
        https://motcua.tanan.example.vn
        NGƯỜI HƯỚNG DẪN
        """,
    ),
    "refusal": (
        REFUSAL,
        """
        PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ
        không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau
        1.Việc này không thuộc thẩm quyền
        2.Sổ hộ tịch gốc
        NGƯỜI NỘP HỒ SƠ
        NGƯỜI TIẾP NHẬN HỒ SƠ
        """,
    ),
    "apology": (
        APOLOGY,
        """
        PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ
        Số: 03/PXL-UBND
        Kính gửi: Bà Nguyễn Thị Mẫu
        Ngày 18 tháng 11 năm 2026, Ủy ban
        của Bà; mã hồ sơ: H55.24-261118-0007.
        16 giờ 30 phút, ngày 25 tháng 11 năm 2026
        Lý do: cần xác minh
        16 giờ 30 phút, ngày 02 tháng 12 năm 2026
        Nơi nhận:
        - Lưu: VT.
        TM. ỦY BAN NHÂN DÂN
        KT. CHỦ TỊCH
        PHÓ CHỦ TỊCH
        Lê Thị Ví Dụ
        """,
    ),
    "stop": (
        STOP,
        """
        THÔNG BÁO
        Về việc dừng giải quyết hồ sơ
        Số: 05/TB-UBND
        Kính gửi: Bà Nguyễn Thị Mẫu
        Ngày 18 tháng 11 năm 2026, Ủy ban
        H55.24-261118-0007
        kể từ 09 giờ 15 phút, ngày 23 tháng 11 năm 2026
        Lý do: việc khai sinh
        02723 123 456
        Nơi nhận:
        CHỦ TỊCH
        """,
    ),
    "control slip": (
        CONTROL_SLIP,
        """
        PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ
        Kèm theo hồ sơ của: Nguyễn Thị Mẫu
        Công an phường Tân An
        1. Giao: Bộ phận Một cửa
        2. Nhận: Phòng Văn hóa - Xã hội
        09 giờ 00 phút
        Đúng hạn
        Trước hạn
        Đã xác minh
        … giờ … phút
        """,
    ),
    "register": (
        REGISTER,
        """
        SỔ THEO DÕI HỒ SƠ
        Năm 2026
        Quyển số 02
        Tên TTHC
        Ký nhận
        (13)
        153
        18/11/2026
        (tạm tính)
        Sổ này khóa ngày 31 tháng 12 năm 2026, gồm 156 hồ sơ trong 2 quyển; người khóa sổ: Phạm Lãnh Thử.
        NGƯỜI ĐỨNG ĐẦU BỘ PHẬN MỘT CỬA
        """,
    ),
}


NATION = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


@pytest.mark.parametrize(("form", "wanted"), EXPECTED.values(), ids=EXPECTED)
def test_a_paper_says_everything_its_form_asks_for(form, wanted):
    text = text_of(render(form))
    lines = [line.strip() for line in wanted.strip().splitlines()]
    assert [line for line in lines + NATION if squeeze(line) not in text] == []


def test_the_receipt_of_2025_lists_kinds_and_fee_and_has_its_own_order():
    text = text_of(render(RECEIPT, basis=Basis.TT03_2025))
    order = """
        1. Thành phần hồ sơ
        Loại giấy tờ
        2. Số lượng hồ sơ
        3. Thời gian nhận
        4. Thời gian trả
        5. Đăng ký trả kết quả tại
        6. Phí, lệ phí: 8.000 đ
        Vào Sổ theo dõi
    """
    places = [text.index(squeeze(line)) for line in order.strip().splitlines()]
    assert all(before < after for before, after in pairwise(places))
    assert squeeze("Thời gian giải quyết hồ sơ theo quy định") not in text


WORDS_OF_2025 = [
    (APOLOGY, "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"),
    (APOLOGY, "đề nghị gia hạn thời gian giải quyết hồ sơ đến:"),
    (STOP, "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ"),
    (SUPPLEMENT, "PHIẾU YÊU CẦU BỔ SUNG"),
    (REFUSAL, "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ"),
    (CONTROL_SLIP, "PHIẾU KIỂM SOÁT"),
    (REGISTER, "SỔ THEO DÕI HỒ SƠ"),
]


@pytest.mark.parametrize(("form", "words"), WORDS_OF_2025)
def test_each_form_of_2025_has_its_own_name(form, words):
    assert squeeze(words) in text_of(render(form, basis=Basis.TT03_2025))


@pytest.mark.parametrize(
    ("form", "mark"),
    [(RECEIPT, "/TTPVHCC"), (SUPPLEMENT, "/HDHS"), (REFUSAL, "/TTPVHCC"), (APOLOGY, "/PXL"), (STOP, "/TB")],
)
def test_without_a_number_the_kind_of_paper_stands_behind_the_dots(form, mark):
    open_head = replace(form.head, document_number=None)
    assert f"Số:{mark}" in text_of(render(replace(form, head=open_head)))
    other = replace(open_head, desk_name="Bộ phận Tiếp nhận và Trả kết quả")
    assert f"Số:{mark.replace('TTPVHCC', 'BPTNTKQ')}" in text_of(render(replace(form, head=other)))


@pytest.mark.parametrize("form", ORDINARY, ids=lambda form: type(form).__name__)
def test_a_preview_says_so_on_every_page(form):
    assert all("BẢN XEM TRƯỚC" in page.extract_text() for page in pages(render(form, draft=True)))
    assert "XEM TRƯỚC" not in text_of(render(form))


@pytest.mark.parametrize("form", (RECEIPT, APOLOGY, CONTROL_SLIP), ids=lambda form: type(form).__name__)
def test_the_due_time_is_the_largest_type_on_the_page(form):
    due = "16giờ30phút,ngày02tháng12năm2026" if form is APOLOGY else "16giờ30phút,ngày25tháng11năm2026"
    assert largest_type(render(form)) == due


@pytest.mark.parametrize("form", (RECEIPT, APOLOGY, CONTROL_SLIP), ids=lambda form: type(form).__name__)
def test_a_due_time_from_a_provisional_calendar_says_so(form):
    assert "(tạmtính)" not in text_of(render(form))
    assert "(tạmtính)" in text_of(render(replace(form, provisional=True)))


@pytest.mark.parametrize("form", ORDINARY, ids=lambda form: type(form).__name__)
def test_papers_of_a_demonstration_are_marked_on_every_page(form):
    assert "DỮ LIỆU MẪU" not in pages(render(form))[0].extract_text()
    assert all("DỮ LIỆU MẪU" in page.extract_text() for page in pages(render(replace(form, demo=True))))


def test_two_copies_are_two_sets_of_pages_each_with_its_label_and_numbers():
    kept, given_away = pages(render(RECEIPT, copies=BOTH_COPIES))
    assert "(Liên: Lưu)" in kept.extract_text()
    assert "(Liên: Giao khách hàng)" in given_away.extract_text()
    feet = [re.search(r"Trang \d/\d", page.extract_text()) for page in pages(render(LONG_RECEIPT, copies=BOTH_COPIES))]
    assert [foot.group() for foot in feet] == ["Trang 1/3", "Trang 2/3", "Trang 3/3"] * 2


def test_no_copy_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one copy"):
        render(RECEIPT, copies=())


def test_an_open_field_is_a_dotted_line_not_the_word_none():
    text = text_of(render(replace(RECEIPT, phone=None, email=None, address=None, register_book=None)))
    assert "None" not in text
    assert "none" not in text


def test_the_code_beneath_the_qr_is_the_dossiers_and_the_address_is_not_in_the_text():
    text = text_of(render(RECEIPT))
    assert text.count(CODE) >= 2
    assert "Zk3v9QmXw2Lr7Tn5Yb8cDg" not in text
