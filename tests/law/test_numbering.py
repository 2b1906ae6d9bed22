"""Dossier codes: what a pattern may be, and that no two dossiers ever share a code."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from motcua.law.numbering import DEFAULT_PATTERN, Pattern, PatternError

DAY = date(2024, 3, 15)


@pytest.mark.parametrize(
    ("text", "unit", "field", "serial", "code"),
    [
        (DEFAULT_PATTERN, "H55.242", "", 7, "H55.242-240315-0007"),
        ("000.00.{unit}-{yymmdd}-{serial:4}", "19.H15", "", 3, "000.00.19.H15-240315-0003"),
        ("{unit}-{yyyymmdd}-{serial:7}", "G09.20", "", 92637, "G09.20-20240315-0092637"),
        ("{unit}.{field}-{yymmdd}-{serial:4}", "000.01.H01", "M12", 1, "000.01.H01.M12-240315-0001"),
        ("{serial}/{yy}/{yyyy}/{yymmdd}/{unit}", "H55", "", 12, "12/24/2024/240315/H55"),
        ("{unit}-{yymmdd}-{serial}", "H55", "", 7, "H55-240315-7"),
        ("{unit}-{serial:4}-{yymmdd}", "H55", "", 7, "H55-0007-240315"),
        (DEFAULT_PATTERN, "H55", "", 9999, "H55-240315-9999"),
        (DEFAULT_PATTERN, "H55", "", 10000, "H55-240315-10000"),
        (DEFAULT_PATTERN, "H55", "", 1234567, "H55-240315-1234567"),
    ],
)
def test_a_code_follows_its_pattern_and_grows_when_the_serial_does(text, unit, field, serial, code):
    assert Pattern(text).code(unit, DAY, serial, field) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{unit}-{yymmdd}", "no_serial"),
        ("{unit}-{yymmdd}-{serial}-{serial}", "no_serial"),
        ("{unit}-{yymmdd}-{serial:12}", "no_serial"),
        ("", "no_serial"),
        ("{unit}-{serial:4}", "no_day"),
        ("{unit}-{yy}-{yyyy}-{serial:4}", "no_day"),
        ("{unit} {yymmdd}-{serial:4}", "bad_text"),
        ("{unit}-{yymmdd}-{serial:4}\n", "bad_text"),
        ("{unit}-{yymmdd}-{serial:4}{more}", "bad_text"),
        ("Đ{unit}-{yymmdd}-{serial:4}", "bad_text"),
        ("{unit}{yymmdd}{serial}", "ambiguous"),
        ("{unit}-{yymmdd}{serial:4}", "ambiguous"),
        ("{serial:4}{yymmdd}-{unit}", "ambiguous"),
        ("{yymmdd}-S{serial:4}", "ambiguous"),
        ("{unit}-{serial}-{field}-{yymmdd}", "ambiguous"),
    ],
)
def test_a_pattern_that_cannot_number_is_refused_with_its_reason(text, code):
    with pytest.raises(PatternError) as caught:
        Pattern(text)
    assert caught.value.code == code
    assert text in str(caught.value)


def test_without_the_rule_two_desks_could_print_one_code():
    """The dossier 10001 of H5 on 11/11/2021 and the first of H52 on 11/11/2011, had no separator stood between."""
    assert "H5" + "211111" + "10001" == "H52" + "111111" + "0001"
    separated = Pattern("{unit}-{yymmdd}-{serial:4}")
    assert separated.code("H5", date(2021, 11, 11), 10001) != separated.code("H52", date(2011, 11, 11), 1)


# Units as nasty as can be: digits, separators, even something that looks like a whole code.
units = st.text("H1-./_0", max_size=6) | st.sampled_from(["H55", "H55-240315", "H55-240315-0001", "1", ""])
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
serials = st.integers(1, 12) | st.integers(9_990, 10_010) | st.integers(1, 2_000_000)
FIXED = ["{yymmdd}", "{yyyymmdd}", "{yy}", "{yyyy}", "-", ".", "/", "H", "20", "0"]


@st.composite
def patterns(draw):
    """Any pattern that is taken, made from pieces: one side of the serial is free, the other of fixed length."""
    free = "".join(draw(st.lists(st.sampled_from(["{unit}", "{field}", *FIXED]), max_size=4)))
    fixed = "".join(draw(st.lists(st.sampled_from(FIXED), max_size=3)))
    separator, serial = draw(st.sampled_from("-./_")), draw(st.sampled_from(["{serial}", "{serial:4}", "{serial:0}"]))
    if draw(st.booleans()):
        return Pattern("{yymmdd}" + free + separator + serial + (separator + fixed if fixed else ""))
    return Pattern((fixed + separator if fixed else "") + serial + separator + free + "{yymmdd}")


dossiers = st.tuples(units, days, serials, units)


@example(Pattern(), ("H5", DAY, 10001, ""), ("H5-240315", DAY, 1, ""))
@given(patterns(), dossiers, dossiers)
def test_two_dossiers_of_different_scopes_never_share_a_code(pattern, one, other):
    assert_apart(pattern, one, other)


@given(patterns(), dossiers, st.data())
def test_nor_do_they_when_the_second_is_read_out_of_the_firsts_code(pattern, one, data):
    """The hard case: cut the first one's code anywhere and call the pieces unit, serial and field of a second one."""
    code = pattern.code(*one)
    cuts = [*data.draw(st.lists(st.integers(0, len(code)), min_size=4, max_size=4).map(sorted))]
    unit, field = code[: cuts[0]], code[cuts[2] : cuts[3]]
    numbers = re.findall(r"\d+", code[cuts[0] : cuts[2]]) or ["1"]
    assert_apart(pattern, one, (unit, data.draw(st.just(one[1]) | days), int(numbers[0]) or 1, field))


def assert_apart(pattern, one, other):
    """Equal codes only for the same serial of the same scope; within a scope the counter never repeats itself."""
    if pattern.code(*one) == pattern.code(*other):
        assert pattern.scope(one[0], one[1], one[3]) == pattern.scope(other[0], other[1], other[3])
        assert one[2] == other[2]
