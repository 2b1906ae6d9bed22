"""A form with a hole in it cannot be made."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime

import pytest

from motcua.papers import wording
from motcua.papers.checks import FormError
from motcua.papers.forms import Component, FormHead
from papers.samples import APOLOGY, HEAD, RECEIPT, SUPPLEMENT


@pytest.mark.parametrize(
    ("form", "field", "value", "problem"),
    [
        (RECEIPT, "owner_name", "", "missing"),
        (RECEIPT, "owner_name", " \u00a0 ", "missing"),
        (RECEIPT, "owner_name", None, "missing"),
        (RECEIPT, "received_at", None, "missing"),
        (RECEIPT, "appointed_at", date(2026, 11, 25), "must be datetime"),
        (RECEIPT, "appointed_at", "2026-11-25", "must be datetime"),
        (RECEIPT, "set_count", True, "must be int"),
        (RECEIPT, "set_count", -1, "negative"),
        (RECEIPT, "phone", "", "missing"),
        (RECEIPT, "components", [], "must be tuple"),
        (RECEIPT, "components", ("Tờ khai",), "entry 1 must be Component"),
        (RECEIPT, "qr_url", None, "missing"),
        (RECEIPT, "head", None, "missing"),
        (SUPPLEMENT, "items_required", (), "at least 1"),
        (SUPPLEMENT, "items_required", ("Tờ khai", ""), "entry 2 is missing"),
        (APOLOGY, "received_on", datetime(2026, 11, 18, 8, 0), "must be date"),
        (APOLOGY, "signature_lines", (), "at least 1"),
        (HEAD, "place", "", "missing"),
    ],
)
def test_a_wrong_field_is_named_when_the_form_is_made(form, field, value, problem):
    with pytest.raises(FormError, match=problem) as caught:
        replace(form, **{field: value})
    assert (caught.value.form, caught.value.field) == (type(form).__name__, field)


def test_the_error_about_a_field_does_not_repeat_its_value():
    with pytest.raises(FormError) as caught:
        replace(RECEIPT, set_count="Nguyễn Thị Mẫu")
    assert "Nguyễn" not in str(caught.value)


def test_a_required_field_left_out_is_refused_by_name():
    with pytest.raises(TypeError, match="place"):
        FormHead(parent_agency="A", desk_name="B", agency="C", date=date(2026, 1, 1), document_number=None)


def test_optional_fields_may_be_none():
    bare = replace(RECEIPT, submitter_name=None, id_number=None, address=None, phone=None, email=None, fee=None)
    assert bare.phone is None


def test_a_form_cannot_be_changed_after_it_was_checked():
    with pytest.raises(FrozenInstanceError):
        RECEIPT.owner_name = "Người khác"
    with pytest.raises(FrozenInstanceError):
        Component(name="Tờ khai").originals = 3


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_dates_are_spelt_as_decree_30_asks(day, words):
    assert wording.day_long(day) == words


def test_an_aware_moment_is_printed_in_vietnamese_time():
    moment = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)
    assert wording.clock_long(moment) == "01 giờ 05 phút"
    assert wording.day_long(wording.local(moment)) == "ngày 25 tháng 11 năm 2026"
    assert wording.clock_short(moment) == "01:05"


def test_a_naive_moment_is_vietnamese_time_already():
    assert wording.clock_long(datetime(2026, 11, 24, 16, 30)) == "16 giờ 30 phút"
