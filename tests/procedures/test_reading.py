"""Single published values: limits, fees, codes, names, lists."""

import pytest

from motcua.law.worktime import TimeLimit
from motcua.procedures.content import Confidence
from motcua.procedures.reading import read_code, read_fee, read_limit, read_name, split_list


@pytest.mark.parametrize(
    ("raw", "field", "text", "confidence"),
    [
        ("5 Ngày làm việc", "Thuế", "5 ngày làm việc", "published"),
        ("30 Ngày", "Thuế", "30 ngày", "published"),
        ("1 Giờ", "Cư trú", "1 giờ", "published"),
        ("4 Tháng", "Y tế", "4 tháng", "published"),
        ("1", "Hộ tịch", "trong ngày", "resolved"),
        ("3", "hộ tịch", "3 ngày làm việc", "resolved"),
        ("1", "Hải quan", None, "raw"),
        ("0", "Hộ tịch", None, "raw"),
        ("Không quy định", "Thuế", None, "raw"),
        ("", "Hộ tịch", None, "raw"),
        ("Không có thông tin", "Hộ tịch", None, "raw"),
    ],
)
def test_a_limit_is_read_or_kept_raw(raw, field, text, confidence):
    limit = read_limit(raw, field)
    assert (limit.text, limit.confidence) == (text, confidence)
    assert bool(limit.note) == (limit.confidence == Confidence.RESOLVED)
    if text is not None:
        assert str(TimeLimit.parse(text)) == text


@pytest.mark.parametrize(
    ("raw", "note", "expected"),
    [
        ("8,000 VNĐ", "", {"amount": 8000}),
        ("1,025,000 Việt Nam Đồng", "(/lần)", {"amount": 1025000, "note": "/lần"}),
        ("50,000 VNĐ", "((do Hội đồng nhân dân tỉnh quyết định))", {"amount": 50000, "set_by_council": True}),
        ("20 VNĐ", "(20.000 đồng/tờ khai)", {"amount": 20000}),
        ("25 VNĐ", "(25.000.000đ/giấy)", {"amount": None, "understood": False}),
        ("20 VNĐ", "", {"amount": None, "understood": False}),
        ("0 VNĐ", "(0 đồng)", {"amount": None, "understood": False}),
        ("10 USD", "(/bản)", {"amount": None, "understood": False}),
        ("Miễn phí", "", {"free": True, "set_by_council": False}),
        ("Miễn phí", "(Không có)", {"free": True}),
        ("Miễn phí", "(Miễn lệ phí theo quy định)", {"free": True}),
        ("Miễn phí", "(Mức cụ thể do Hội đồng nhân dân tỉnh quyết định)", {"free": False, "set_by_council": True}),
        ("Miễn phí", "(20.000.000 đồng/lần)", {"free": False, "understood": False}),
        ("Miễn phí", "(8.000.000/lần)", {"free": False, "understood": False}),
        ("Miễn phí", "(Theo quy định của pháp luật về phí)", {"free": False, "understood": False}),
    ],
)
def test_a_fee_is_read_and_free_with_a_charging_note_is_not_free(raw, note, expected):
    fee = read_fee(raw, note)
    assert {name: getattr(fee, name) for name in expected} == expected
    assert fee.raw == raw


def test_no_information_is_no_fee():
    assert read_fee("Không có thông tin", "") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.001193", "1.001193"),
        ("  Mã: 2.000815 ", "2.000815"),
        ("1.001193, 1.001193", "1.001193"),
        ("1.001193 1.000894", None),
        ("1.0011", None),
        ("11.001193", None),
        ("1.0011934", None),
        ("", None),
    ],
)
def test_a_code_is_taken_when_there_is_exactly_one(text, code):
    assert read_code(text) == code


def test_a_name_loses_blanks_and_its_own_code():
    assert read_name(" Cấp\u00a0phép\n ( 1.010727 )", "1.010727") == "Cấp phép"
    assert read_name("Cấp phép (1.000001)", "1.010727") == "Cấp phép (1.000001)"


def test_commas_inside_brackets_do_not_separate():
    assert split_list("Công dân, Tổ chức (trừ doanh nghiệp, HTX)\nHợp tác xã") == (
        "Công dân",
        "Tổ chức (trừ doanh nghiệp, HTX)",
        "Hợp tác xã",
    )
    assert split_list("Không có thông tin") == ()
