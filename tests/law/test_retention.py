"""How long dossiers are kept: which rule fits, until which day, and what a schedule may say."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.retention import Certainty, CountedFrom, Outcome, RetentionError, Rule, Schedule


def rule(years, procedure=None, outcome=None):
    return Rule(years, "Quy định thử nghiệm", Certainty.UNVERIFIED, procedure, outcome)


ALL, ONE, REFUSED, BOTH = rule(10), rule(20, "1.1"), rule(5, outcome=Outcome.REFUSED), rule(3, "1.1", Outcome.REFUSED)


@pytest.mark.parametrize(
    ("procedure", "outcome", "fits"),
    [
        ("2.2", Outcome.GRANTED, ALL),
        ("2.2", Outcome.REFUSED, REFUSED),
        ("1.1", Outcome.GRANTED, ONE),
        ("1.1", Outcome.REFUSED, BOTH),
        ("1.1", Outcome.WITHDRAWN, ONE),
    ],
)
def test_the_closest_rule_fits_whatever_their_order(procedure, outcome, fits):
    for rules in ((ALL, ONE, REFUSED, BOTH), (BOTH, REFUSED, ONE, ALL)):
        assert Schedule(date(2026, 1, 1), CountedFrom.CLOSING, rules).rule(procedure, outcome) is fits


def test_where_no_rule_fits_nothing_is_ever_due():
    schedule = Schedule(date(2026, 1, 1), CountedFrom.CLOSING, (ONE,))
    assert schedule.rule("2.2", Outcome.GRANTED) is None
    assert schedule.until(None, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("counted_from", "years", "closed_on", "until"),
    [
        ("closing", 5, "2026-11-22", "2031-11-22"),
        ("closing", 1, "2024-02-29", "2025-03-01"),
        ("closing", 4, "2024-02-29", "2028-02-29"),
        ("year_end", 5, "2026-11-22", "2032-01-01"),
        ("year_end", 1, "2026-01-01", "2028-01-01"),
        ("year_end", 1, "2026-12-31", "2028-01-01"),
        ("year_end", None, "2026-12-31", None),
    ],
)
def test_a_dossier_is_kept_until_its_day(counted_from, years, closed_on, until):
    schedule = Schedule(date(2026, 1, 1), CountedFrom(counted_from), ())
    found = schedule.until(rule(years), date.fromisoformat(closed_on))
    assert (found and found.isoformat()) == until


@given(
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    st.integers(1, 60),
    st.sampled_from(CountedFrom),
)
def test_what_ended_before_the_day_is_what_is_due(closed_on, today, years, counted_from):
    schedule = Schedule(date(1990, 1, 1), counted_from, ())
    if today.year - years < 1:
        return
    due = schedule.until(rule(years), closed_on) <= today
    assert (closed_on < schedule.ended_before(rule(years), today)) == due


@given(st.integers(0, 40 * 365), st.integers(1, 60))
def test_the_end_of_the_year_never_makes_a_time_shorter(offset, years):
    closed_on = date(2020, 1, 1) + timedelta(days=offset)
    ends = [Schedule(date(2020, 1, 1), each, ()).until(rule(years), closed_on) for each in CountedFrom]
    assert ends[0] <= ends[1] <= ends[0] + timedelta(days=366)


GOOD = {
    "valid_from": "2026-01-01",
    "counted_from": "year_end",
    "rules": [
        {"procedure": None, "outcome": None, "years": 10, "source": "Quy định", "certainty": "unverified"},
        {"procedure": "1.1", "outcome": "refused", "years": None, "source": "Quy định", "certainty": "published"},
    ],
}


def test_a_schedule_survives_its_written_form():
    assert Schedule.from_data(GOOD).to_data() == GOOD


def changed(**values):
    return GOOD | {"rules": [GOOD["rules"][0] | values]}


WRONG = {
    "an unknown word": (GOOD | {"until": 1}, "schedule.until"),
    "no day": (GOOD | {"valid_from": "soon"}, "valid_from"),
    "no way to count": (GOOD | {"counted_from": "birth"}, "counted_from"),
    "no list": (GOOD | {"rules": {}}, "rules"),
    "no object": (GOOD | {"rules": [1]}, "rules"),
    "years that are none": (changed(years=0), "rules[0].years"),
    "years in words": (changed(years="5"), "rules[0].years"),
    "years left out": (GOOD | {"rules": [{"source": "x", "certainty": "published"}]}, "rules[0].years"),
    "no source": (changed(source=" "), "rules[0].source"),
    "no certainty": (changed(certainty="sure"), "rules[0].certainty"),
    "an unknown outcome": (changed(outcome="lost"), "rules[0].outcome"),
    "a number for a code": (changed(procedure=1), "rules[0].procedure"),
    "a word too many": (changed(colour="red"), "rules[0].colour"),
    "the same twice": (GOOD | {"rules": [GOOD["rules"][0]] * 2}, "rules[1]"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_place_in_a_schedule_is_named(what):
    data, place = WRONG[what]
    with pytest.raises(RetentionError) as error:
        Schedule.from_data(data)
    assert str(error.value).startswith(place)
