"""Time limits as decisions and the national portal write them."""

import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.worktime import Convention, LimitError, TimeLimit, Unit, default_convention


@pytest.mark.parametrize(
    ("text", "amount", "unit", "written"),
    [
        ("5 ngày làm việc", 5, Unit.WORKING_DAY, "5 ngày làm việc"),
        ("05 ngày làm việc", 5, Unit.WORKING_DAY, "5 ngày làm việc"),
        ("05 (năm) ngày làm việc", 5, Unit.WORKING_DAY, "5 ngày làm việc"),
        ("Không quá 03 ngày làm việc", 3, Unit.WORKING_DAY, "3 ngày làm việc"),
        ("Trong thời hạn 10 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ.", 10, Unit.WORKING_DAY, "10 ngày làm việc"),
        ("7 ngay lam viec", 7, Unit.WORKING_DAY, "7 ngày làm việc"),
        ("15 ngày", 15, Unit.DAY, "15 ngày"),
        ("8 giờ làm việc", 8, Unit.WORKING_HOUR, "8 giờ làm việc"),
        ("1 giờ", 1, Unit.HOUR, "1 giờ"),
        ("2 tháng", 2, Unit.MONTH, "2 tháng"),
        ("0,5 ngày làm việc", Fraction(1, 2), Unit.WORKING_DAY, "0,5 ngày làm việc"),
        ("0.5 ngày", Fraction(1, 2), Unit.DAY, "0,5 ngày"),
        ("1/2 ngày", Fraction(1, 2), Unit.DAY, "0,5 ngày"),
        ("1/3 ngày", Fraction(1, 3), Unit.DAY, "1/3 ngày"),
        ("nửa ngày làm việc", Fraction(1, 2), Unit.WORKING_DAY, "0,5 ngày làm việc"),
        ("trong ngày", 1, Unit.SAME_DAY, "trong ngày"),
        ("Ngay trong ngày làm việc", 1, Unit.SAME_DAY, "trong ngày"),
        ("trong 2 ngày làm việc", 2, Unit.WORKING_DAY, "2 ngày làm việc"),
        ("  5   NGÀY  LÀM VIỆC ", 5, Unit.WORKING_DAY, "5 ngày làm việc"),
        ("5ngày", 5, Unit.DAY, "5 ngày"),
    ],
)
def test_a_written_limit_is_understood(text, amount, unit, written):
    limit = TimeLimit.parse(text)
    assert (limit.amount, limit.unit) == (amount, unit)
    assert str(limit) == written


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "no_number", "''"),
        ("ngay", "no_number", "'ngay'"),
        ("năm ngày", "no_number", "'năm ngày'"),
        ("5", "unknown_unit", "a missing unit"),
        ("5 tuần", "unknown_unit", "'tuan'"),
        ("5 ngày 4 giờ", "unknown_unit", "'ngay 4 gio'"),
        ("1.000 ngày", "ambiguous_number", "'1.000'"),
        ("1/0 ngày", "no_number", "'1/0'"),
        ("0 ngày", "not_positive", "0"),
        ("1,5 tháng", "fraction_of_month", "months"),
        ("-3 ngày", "no_number", "'-3 ngày'"),
    ],
)
def test_a_limit_that_is_not_understood_says_what_was_not(text, code, said):
    with pytest.raises(LimitError) as refused:
        TimeLimit.parse(text)
    assert refused.value.code == code
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("limit", "convention"),
    [
        (TimeLimit(5, Unit.WORKING_DAY), Convention.DAY_EXCLUSIVE),
        (TimeLimit(Fraction(1, 2), Unit.WORKING_DAY), Convention.HOUR_CARRY),
        (TimeLimit(5, Unit.DAY), Convention.CALENDAR_ROLL),
        (TimeLimit(8, Unit.WORKING_HOUR), Convention.HOUR_CARRY),
        (TimeLimit(1, Unit.HOUR), Convention.HOUR_CARRY),
        (TimeLimit(2, Unit.MONTH), Convention.MONTHS),
        (TimeLimit(1, Unit.SAME_DAY), Convention.SAME_DAY),
    ],
)
def test_every_unit_has_its_default_convention(limit, convention):
    assert limit.convention is convention
    if limit.amount.denominator == 1:
        assert default_convention(limit.unit) is convention


def test_in_the_day_is_one_day_and_months_have_no_minutes():
    with pytest.raises(LimitError) as refused:
        TimeLimit(2, Unit.SAME_DAY)
    assert refused.value.code == "not_one_day"
    with pytest.raises(LimitError) as refused:
        _ = TimeLimit(2, Unit.MONTH).minutes
    assert refused.value.code == "months_have_no_hours"


@pytest.mark.parametrize(
    "data", [{}, {"amount": "x", "unit": "day"}, {"amount": "1/0", "unit": "day"}, {"amount": "1", "unit": "week"}]
)
def test_stored_data_that_is_no_limit_is_refused(data):
    with pytest.raises(LimitError) as refused:
        TimeLimit.from_data(data)
    assert refused.value.code == "bad_data"


@given(st.fractions(min_value="1/100", max_value=500, max_denominator=200), st.sampled_from(list(Unit)))
def test_a_limit_comes_back_from_its_words_and_its_data(amount, unit):
    if unit is Unit.MONTH:
        amount = Fraction(max(1, int(amount)))
    if unit is Unit.SAME_DAY:
        amount = Fraction(1)
    limit = TimeLimit(amount, unit)
    for again in (TimeLimit.parse(str(limit)), TimeLimit.from_data(limit.to_data()), pickle.loads(pickle.dumps(limit))):
        assert again == limit
        assert hash(again) == hash(limit)
