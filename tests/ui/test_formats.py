"""Numbers, money, dates and time left read the way clerks write them, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from motcua.ui import formats

MOMENT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
HARD = "\u00a0"


@pytest.mark.parametrize(
    ("call", "vietnamese", "english"),
    [
        (lambda: formats.day(date(2026, 11, 5)), "05/11/2026", f"5{HARD}Nov{HARD}2026"),
        (lambda: formats.day(datetime(2026, 11, 24, 18, 0, tzinfo=UTC)), "25/11/2026", f"25{HARD}Nov{HARD}2026"),
        (lambda: formats.clock(MOMENT), "16:30", "16:30"),
        (lambda: formats.clock(datetime(2026, 11, 25, 7, 5)), "07:05", "07:05"),
        (lambda: formats.moment(MOMENT), f"16:30{HARD}25/11/2026", f"25{HARD}Nov{HARD}2026, 16:30"),
        (lambda: formats.money(1250000), f"1.250.000{HARD}đ", f"VND{HARD}1,250,000"),
        (lambda: formats.money(0), f"0{HARD}đ", f"VND{HARD}0"),
        (lambda: formats.percent(98.5), f"98,5{HARD}%", "98.5%"),
        (lambda: formats.percent(Decimal("147.45"), 2), f"147,45{HARD}%", "147.45%"),
        (lambda: formats.points(Decimal("87.46")), "87,46 điểm", "87.46 points"),
        (lambda: formats.number(-0.04, 2), "−0,04", "−0.04"),
        (lambda: formats.number(2.5), "3", "3"),
        (lambda: formats.duration(1440), "3 ngày", "3 days"),
        (lambda: formats.duration(480), "1 ngày", "1 day"),
        (lambda: formats.duration(479), "7 giờ", "7 hours"),
        (lambda: formats.duration(61), "1 giờ", "1 hour"),
        (lambda: formats.duration(59), "59 phút", "59 minutes"),
    ],
)
def test_values_are_written_in_the_form_of_the_language(call, vietnamese, english) -> None:
    with override("vi"):
        assert call() == vietnamese
    with override("en"):
        assert call() == english


@pytest.mark.parametrize("name", ["day", "clock", "moment", "number", "money", "percent", "points"])
def test_nothing_is_written_for_nothing(name) -> None:
    assert getattr(formats, name)(None) == ""


@pytest.mark.parametrize(
    ("minutes", "tone", "words", "english"),
    [
        (1440, "on-time", "còn 3 ngày", "3 days left"),
        (481, "on-time", "còn 1 ngày", "1 day left"),
        (480, "soon", "còn 1 ngày", "1 day left"),
        (120, "soon", "còn 2 giờ", "2 hours left"),
        (1, "soon", "còn 1 phút", "1 minute left"),
        (0, "soon", "đến hạn ngay", "due now"),
        (-1, "late", "quá hạn 1 phút", "1 minute late"),
        (-480, "late", "quá hạn 1 ngày", "1 day late"),
        (None, "none", "không tính giờ", "clock stopped"),
    ],
)
def test_time_left_has_a_tone_and_words(minutes, tone, words, english) -> None:
    with override("vi"):
        assert formats.time_left(minutes) == formats.TimeLeft(tone, words)
    with override("en"):
        assert formats.time_left(minutes).words == english


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_money_read_back_is_the_same_sum(amount) -> None:
    with override("vi"):
        written = formats.money(amount)
    assert int(written.removesuffix(f"{HARD}đ").replace(".", "").replace("−", "-")) == amount


@given(st.integers(min_value=0, max_value=10**6))
def test_a_duration_never_claims_more_than_there_is(minutes) -> None:
    with override("vi"):
        count, unit = formats.duration(minutes).split(" ")
    claimed = int(count.replace(".", "")) * {"ngày": 480, "giờ": 60, "phút": 1}[unit]
    assert claimed <= minutes < claimed + {"ngày": 480, "giờ": 60, "phút": 1}[unit]
