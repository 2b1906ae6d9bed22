"""A dry run loses no dossier, gives the same figures again, and on small cases those that one counts by hand."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.dossier_world import BOTH, CALENDAR, LINEAR, LOOP
from motcua.law.process import End, Function, Outcome, Place, Process, ProcessError, Step
from motcua.law.simulate import MOST_VISITS, AssumptionError, Assumptions, Clock, simulate
from motcua.law.simulated import Kept, Spread
from motcua.law.worktime import CalendarEdgeError, TimeLimit, WorkCalendar

CASE = (Place.COMPETENT, Function.CASE_OFFICER)
GRANTED, REFUSED = End.GRANTED.value, End.REFUSED.value
# Monday to Friday one working minute a day, the first after eight: a dossier a day comes exactly then.
MINUTE = WorkCalendar("phut", "1", date(2026, 1, 5), date(2026, 12, 31), hours=(((480, 481),),) * 5 + ((), ()))
EXACT = Assumptions(dossiers=4, per_day=1, share=100, spread=0)
BEGIN = date(2026, 1, 5)


def step(code, *targets, minutes=60, function=Function.CASE_OFFICER):
    outcomes = tuple(Outcome(f"o{number}", "xong", to) for number, to in enumerate(targets))
    return Step(code, code, function, Place.COMPETENT, minutes, outcomes)


def process(*steps):
    return Process("p", "p", "a", steps)


def run(known, assumptions=EXACT, calendar=MINUTE, limit=None, begin=BEGIN):
    return simulate(known, assumptions, Clock(calendar, begin, TimeLimit.parse(limit) if limit else None))


def test_a_case_counted_by_hand():
    # One dossier a day, two minutes of work each, one person: dossier n begins at 2n and is ready at 2n + 2.
    found = run(process(step("a", GRANTED, minutes=2)), limit="2 ngày làm việc")
    assert (found.granted, found.refused, found.stranded, found.endless) == (4, 0, 0, 0)
    assert found.minutes == Spread(median=3, ninetieth=5, longest=5)  # 2, 3, 4, 5
    (load,) = found.loads
    assert (load.people, load.visits, load.asked, load.available, load.share) == (1, 4, 8, 4, 2.0)
    assert load.waits == Spread(median=1, ninetieth=3, longest=3)  # 0, 1, 2, 3
    assert load.longest_queue == 2  # the last one comes at 3, when the third begins at 4 and itself at 6
    (figures,) = found.steps
    assert (figures.visits, figures.worked, figures.waited, figures.over_allotment) == (4, 8, 6, 3)
    # Ready on days 1, 3, 5 and 7 after the first; due on days 2, 3, 4 and 5.
    assert found.kept == Kept(early=1, on_time=1, overdue=2)
    assert (found.first_day, found.last_day, found.beyond) == (date(2026, 1, 5), date(2026, 1, 8), False)


def test_a_second_person_takes_the_queue_away():
    known = process(step("a", GRANTED, minutes=2))
    found = run(known, replace(EXACT, people={CASE: 2}), limit="2 ngày làm việc")
    assert found.minutes == Spread(2, 2, 2)
    assert found.loads[0].longest_queue == 0
    assert found.loads[0].share == 1.0
    assert found.kept == Kept(early=4)


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        ("1 ngày làm việc", Kept(on_time=1, overdue=3)),
        ("2 giờ làm việc", Kept(early=4)),  # 120 working minutes are 120 days here
        ("trong ngày", Kept(overdue=4)),
        ("1 tháng", Kept(early=4)),
    ],
)
def test_the_limit_is_held_by_the_laws_own_clock(limit, kept):
    assert run(process(step("a", GRANTED, minutes=2)), limit=limit).kept == kept


def test_a_limit_in_hours_is_compared_by_the_minute():
    hour = WorkCalendar("gio", "1", date(2026, 1, 5), date(2026, 12, 31), hours=(((480, 540),),) * 5 + ((), ()))
    known = process(step("a", GRANTED, minutes=120))
    one = replace(EXACT, dossiers=1)
    assert run(known, one, hour, "2 giờ làm việc").kept == Kept(on_time=1)
    assert run(known, one, hour, "3 giờ làm việc").kept == Kept(early=1)
    assert run(known, one, hour, "1 giờ làm việc").kept == Kept(overdue=1)


def test_weights_decide_between_outcomes():
    known = process(step("a", GRANTED, REFUSED))
    many = replace(EXACT, dossiers=400)
    assert run(known, replace(many, weights={("a", "o1"): 0})).granted == 400
    assert run(known, replace(many, weights={("a", "o0"): 0})).refused == 400
    mostly = run(known, replace(many, weights={("a", "o0"): 3}))
    assert 250 < mostly.granted < 350
    even = run(known, replace(many, weights={("a", "o0"): 0, ("a", "o1"): 0}))
    assert 150 < even.granted < 250


def test_dossiers_that_cannot_get_out_are_counted_where_they_stay():
    found = run(process(step("a", "b", GRANTED), step("b", "b"), step("c", "a")), replace(EXACT, dossiers=200))
    assert found.dead_ends == ("b",)
    assert found.unreachable == ("c",)
    assert found.stranded == {each.step: each.stranded for each in found.steps}["b"] > 0
    assert found.granted + found.stranded == 200


def test_an_outcome_that_leads_nowhere_strands_as_well():
    found = run(process(step("a", GRANTED, "gone")), replace(EXACT, dossiers=200), limit="1 ngày làm việc")
    assert found.stranded == found.steps[0].stranded > 0
    assert found.kept is not None
    assert found.kept.overdue >= found.stranded
    assert found.kept.total == 200


def test_a_loop_that_nothing_leaves_is_given_up():
    known = process(step("a", "a", GRANTED, minutes=0))
    found = run(known, replace(EXACT, dossiers=2, weights={("a", "o1"): 0}))
    assert (found.endless, found.looping, found.most_rounds) == (2, 2, MOST_VISITS - 1)
    assert found.minutes is None


def test_going_round_more_often_than_allowed_is_looping():
    known = process(step("a", "a", GRANTED, minutes=0))
    found = run(known, replace(EXACT, dossiers=1000, rounds=1))
    assert 200 < found.looping < 300  # a quarter comes back twice
    assert found.steps[0].returned == found.steps[0].visits - 1000


def test_a_step_without_an_allotment_takes_what_is_assumed():
    known = process(step("a", GRANTED, minutes=0))
    assert run(known).loads[0].asked == 0
    assert run(known, replace(EXACT, unallotted=7)).loads[0].asked == 28
    assert run(known, replace(EXACT, unallotted=7)).steps[0].over_allotment == 0


def test_beyond_the_calendar_the_weekly_hours_go_on_and_the_run_says_so():
    found = run(process(step("a", GRANTED, minutes=1)), replace(EXACT, dossiers=1000), limit="5 ngày làm việc")
    assert found.beyond
    assert found.last_day == date(2029, 11, 2)
    assert found.kept == Kept(early=1000)


def test_days_off_are_not_worked():
    found = run(LINEAR, replace(EXACT, dossiers=5), CALENDAR, begin=date(2024, 2, 6))
    assert (found.first_day, found.last_day) == (date(2024, 2, 6), date(2024, 2, 19))


def test_what_cannot_begin_is_refused():
    with pytest.raises(ProcessError):
        run(Process("p", "p", "nowhere", (step("a", GRANTED),)))
    with pytest.raises(CalendarEdgeError):
        run(LINEAR, begin=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dossiers", 0),
        ("dossiers", 100_001),
        ("per_day", 0),
        ("share", -1),
        ("spread", 101),
        ("unallotted", -1),
        ("rounds", -1),
        ("people", {CASE: 0}),
        ("weights", {("a", "o"): -1}),
    ],
)
def test_an_assumption_without_sense_is_named(name, value):
    with pytest.raises(AssumptionError) as caught:
        Assumptions(**{name: value})
    assert caught.value.name == name


@pytest.mark.parametrize(
    ("minutes", "spread"),
    [
        ([], None),
        ([7], Spread(7, 7, 7)),
        ([1, 2], Spread(1, 2, 2)),
        ([5, 1, 3], Spread(3, 5, 5)),
        (range(1, 11), Spread(5, 9, 10)),
        (range(1, 101), Spread(50, 90, 100)),
    ],
)
def test_median_and_ninetieth_are_nearest_ranks(minutes, spread):
    assert Spread.of(list(minutes)) == spread


@pytest.mark.parametrize("known", [LINEAR, LOOP, BOTH])
def test_the_same_seed_gives_the_same_figures_and_another_seed_others(known):
    assumed = Assumptions(dossiers=500)
    first = run(known, assumed, CALENDAR, "5 ngày làm việc", date(2024, 1, 2))
    assert run(known, assumed, CALENDAR, "5 ngày làm việc", date(2024, 1, 2)) == first
    assert run(known, replace(assumed, seed=2), CALENDAR, "5 ngày làm việc", date(2024, 1, 2)) != first
    assert json.loads(json.dumps(first.to_data()))["kept"]["early"] == first.kept.early


CODES = "abcd"
steps = st.builds(
    lambda targets, minutes, function: (targets, minutes, function),
    st.lists(st.sampled_from([*CODES, GRANTED, REFUSED, "nowhere"]), max_size=3),
    st.integers(0, 500),
    st.sampled_from(Function),
)
ALONE = {"a": ([GRANTED], 1, Function.LEADER)}
drafts = st.dictionaries(st.sampled_from(CODES), steps, min_size=1).map(
    lambda found: process(*(step(code, *to, minutes=m, function=f) for code, (to, m, f) in (ALONE | found).items()))
)
assumptions = st.builds(
    Assumptions,
    dossiers=st.integers(1, 60),
    per_day=st.integers(1, 20),
    share=st.integers(0, 150),
    spread=st.integers(0, 100),
    unallotted=st.integers(0, 100),
    rounds=st.integers(0, 3),
    seed=st.integers(0, 99),
    people=st.dictionaries(st.sampled_from([(Place.COMPETENT, each) for each in Function]), st.integers(1, 3)),
)


@settings(max_examples=60, deadline=None)
@given(drafts, assumptions, st.sampled_from([None, "1 ngày làm việc", "4 giờ làm việc", "1 tháng"]))
def test_whatever_is_drawn_no_dossier_and_no_minute_is_lost(known, assumed, limit):
    found = run(known, assumed, CALENDAR, limit, date(2024, 1, 2))
    assert found.granted + found.refused + found.stranded + found.endless == found.dossiers == assumed.dossiers
    assert sum(each.stranded for each in found.steps) == found.stranded
    assert sum(each.worked for each in found.steps) == sum(load.asked for load in found.loads)
    assert sum(each.visits for each in found.steps) == sum(load.visits for load in found.loads)
    assert {each.step for each in found.steps if each.visits} <= known.reachable
    assert (found.kept is None) == (limit is None)
    if found.kept is not None:
        assert found.kept.total == found.dossiers
        assert found.kept.early + found.kept.on_time <= found.granted + found.refused
    for load in found.loads:
        assert load.longest_queue < found.dossiers
    if found.minutes is not None:
        assert 0 <= found.minutes.median <= found.minutes.ninetieth <= found.minutes.longest


@settings(max_examples=40, deadline=None)
@given(drafts, assumptions)
def test_with_as_many_people_as_dossiers_nobody_waits(known, assumed):
    crowd = replace(assumed, people={(Place.COMPETENT, each): assumed.dossiers for each in Function})
    found = run(known, crowd, CALENDAR, begin=date(2024, 1, 2))
    assert [load.longest_queue for load in found.loads] == [0] * len(found.loads)
    assert sum(each.waited for each in found.steps) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3), st.integers(1, 5), st.integers(1, 9), st.integers(1, 40))
def test_one_queue_agrees_with_a_clock_that_ticks(people, per_day, minutes, dossiers):
    """The oracle walks minute by minute; dossiers of a day all come in its only minute."""
    assumed = replace(EXACT, dossiers=dossiers, per_day=per_day, people={CASE: people})
    found = run(process(step("a", GRANTED, minutes=minutes)), assumed)
    arrivals = [number // per_day for number in range(dossiers)]
    busy: list[int] = []
    waits, line, tick = [], [], 0
    while len(waits) < dossiers:
        busy = [until for until in busy if until > tick]
        line += [moment for moment in arrivals if moment == tick]
        while line and len(busy) < people:
            waits.append(tick - line.pop(0))
            busy.append(tick + minutes)
        tick += 1
    assert found.loads[0].waits == Spread.of(waits)
    assert found.steps[0].waited == sum(waits)
    assert found.granted == dossiers
