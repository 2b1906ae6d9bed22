"""Legal layers: which hold on a day, what they say together, and that a composition is what its id says."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law import bases
from motcua.law.bases import Forms, Kind, Layer, Rules, SupplementClock
from motcua.law.dossier.citing import cited, is_citation, is_number
from motcua.law.worktime import Convention, TimeLimit

ND61, TT01, ND45, ND107 = "nd61-2018", "tt01-2018", "nd45-2020", "nd107-2021"
ND118, TT03, ND367, ND224 = "nd118-2025", "tt03-2025", "nd367-2025", "nd224-2026"


@pytest.mark.parametrize(
    ("day", "layers"),
    [
        ("2018-06-20", ()),
        ("2018-06-21", (ND61,)),
        ("2019-01-05", (ND61,)),
        ("2019-01-06", (ND61, TT01)),
        ("2020-05-22", (ND61, TT01, ND45)),
        ("2021-12-05", (ND61, TT01, ND45)),
        ("2021-12-06", (ND61, TT01, ND45, ND107)),
        ("2025-06-30", (ND61, TT01, ND45, ND107)),
        ("2025-07-01", (TT01, ND45, ND118)),  # the new decree with the old circular's forms
        ("2025-09-14", (TT01, ND45, ND118)),
        ("2025-09-15", (ND45, ND118, TT03)),
        ("2025-12-31", (ND45, ND118, TT03, ND367)),
        ("2026-07-01", (ND45, ND118, TT03, ND367, ND224)),
    ],
)
def test_the_layers_that_hold_on_a_day(day, layers):
    on = date.fromisoformat(day)
    assert tuple(layer.code for layer in bases.in_force(on)) == layers
    assert bases.compose(on).layers == layers


def test_forms_come_from_the_circular_and_not_from_the_decree():
    assert bases.compose(date(2025, 7, 1)).forms == Forms.TT01_2018
    assert bases.compose(date(2025, 9, 15)).forms == Forms.TT03_2025
    assert bases.sources(date(2025, 9, 15))["forms"] == TT03


def test_an_amendment_adds_to_its_decree():
    assert not bases.compose(date(2021, 12, 5)).digitise
    assert bases.compose(date(2021, 12, 6)).digitise
    assert bases.compose(date(2021, 12, 6)).max_supplements == 1


def test_an_operator_sets_the_day_that_could_not_be_read():
    later = {TT03: date(2025, 11, 1)}
    assert bases.compose(date(2025, 10, 31), dates=later).forms == Forms.TT01_2018
    assert bases.compose(date(2025, 11, 1), dates=later).forms == Forms.TT03_2025
    assert ND367 not in bases.compose(date(2026, 1, 1), dates={ND367: None}).layers
    uncertain = {layer.code for layer in bases.SHIPPED if not layer.certain}
    assert uncertain == {TT03, ND367}


def test_the_units_own_rules_lie_on_top_and_are_named():
    own = {"supplement_clock": SupplementClock.SHIFT, "cutoff": time(16, 0)}
    rules = bases.compose(date(2026, 8, 3), own)
    assert rules.layers[-1] == bases.UNIT
    assert (rules.supplement_clock, rules.cutoff, rules.max_supplements) == (SupplementClock.SHIFT, time(16, 0), 1)
    assert bases.sources(date(2026, 8, 3), own)["cutoff"] == bases.UNIT


def test_a_layer_of_ones_own_is_composed_like_any_other():
    province = Layer("qd12-2026", Kind.DECREE, "12/2026/QĐ-UBND", date(2026, 1, 1), {"apology_days": 2})
    assert bases.compose(date(2026, 8, 3), layers=(*bases.SHIPPED, province)).apology_days == 2


RULES = st.builds(
    Rules,
    layers=st.lists(st.sampled_from([layer.code for layer in bases.SHIPPED]), unique=True).map(tuple),
    forms=st.sampled_from(Forms),
    convention=st.sampled_from(Convention),
    saturday=st.booleans(),
    cutoff=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    supplement_clock=st.sampled_from(SupplementClock),
    max_supplements=st.integers(0, 9),
    apology_days=st.integers(0, 9),
    digitise=st.booleans(),
)


@given(RULES, RULES)
def test_a_composition_survives_its_written_form_and_its_id_stands_for_what_it_says(one, other):
    assert Rules.from_data(one.to_data()) == one
    assert (one.id == other.id) == (one == other)
    assert one.id.startswith("+".join(one.layers) + "@")


@pytest.mark.parametrize(
    ("text", "saturday", "convention"),
    [
        ("5 ngày làm việc", False, Convention.DAY_EXCLUSIVE_AFTER15),
        ("5 ngày", False, Convention.CALENDAR_ROLL),
        ("0,5 ngày làm việc", False, Convention.HOUR_CARRY),
        ("0,5 ngày làm việc", True, Convention.HOUR_CARRY_SAT_AM),
        ("8 giờ làm việc", True, Convention.HOUR_CARRY_SAT_AM),
        ("trong ngày", True, Convention.SAME_DAY),
    ],
)
def test_the_rules_say_how_a_limit_is_counted(text, saturday, convention):
    rules = Rules(convention=Convention.DAY_EXCLUSIVE_AFTER15, saturday=saturday)
    assert rules.convention_for(TimeLimit.parse(text)) == convention


@pytest.mark.parametrize(
    ("article", "under_61", "under_118"),
    [
        ("NĐ 61/2018, Điều 18", "NĐ 61/2018, Điều 18", "NĐ 118/2025, Điều 18"),
        ("NĐ 61/2018, Điều 20", "NĐ 61/2018, Điều 20", "NĐ 118/2025, Điều 22"),
        ("NĐ 61/2018, Điều 16, 17", "NĐ 61/2018, Điều 16, 17", "NĐ 118/2025, Điều 15, 17"),
        ("NĐ 61/2018, Điều 19.9", "NĐ 61/2018, Điều 19.9", "NĐ 118/2025, như NĐ 61/2018, Điều 19.9"),
        ("NĐ 61/2018, Điều 17.1, 19.4", "NĐ 61/2018, Điều 17.1, 19.4", "NĐ 118/2025, như NĐ 61/2018, Điều 17.1, 19.4"),
        ("TT 01/2018, Mẫu 01", "TT 01/2018, Mẫu 01", "TT 03/2025, như TT 01/2018, Mẫu 01"),
        ("BLDS 2015, Điều 148", "BLDS 2015, Điều 148", "BLDS 2015, Điều 148"),
        ("", "", ""),
    ],
)
def test_a_refusal_cites_the_law_that_the_dossier_was_received_under(article, under_61, under_118):
    assert cited(article, (ND61, TT01)) == under_61
    assert cited(article, (ND118, TT03)) == under_118


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP", True),
        ("điểm c khoản 2 Điều 11 Nghị định số 118/2025/NĐ-CP", True),
        ("Điều 31, khoản 2 của Luật 31/2024/QH15", True),
        ("Phụ lục II Thông tư 03/2025/TT-VPCP", True),
        ("theo yêu cầu của bà Nguyễn Thị Mẫu", False),
        ("khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP và bà Mẫu", False),
        ("Luật Đất đai", False),
        ("", False),
    ],
)
def test_a_ground_is_a_place_in_an_instrument_and_no_more(text, is_one):
    assert is_citation(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("EV123456789VN", True), ("0001234", True), ("AA/20E-0012", True), ("VNPOST", False), ("bà 1", False)],
)
def test_a_number_is_capitals_and_digits(text, is_one):
    assert is_number(text) is is_one
