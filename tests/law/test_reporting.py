"""The rows of form II.06a, the periods they are asked for, and how a dossier stands."""

import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from law.dossier_lives import Life
from law.dossier_world import RETURN, SUPPLEMENT, finish, received, ref
from motcua.law.dossier import commands as c
from motcua.law.dossier import decide, evolve
from motcua.law.dossier.events import Accepted, Received, Withdrawn
from motcua.law.dossier.reckoning import VIETNAM
from motcua.law.dossier.vocabulary import Refusal
from motcua.law.reporting import (
    IDENTITIES,
    Column,
    Ending,
    IdentityBroken,
    Period,
    Row,
    begin,
    follow,
    months,
    total,
)
from motcua.law.timeliness import Timeliness

GOOD = (10, 3, 5, 2, 7, 4, 2, 1, 3, 1, 2)


def test_a_row_that_fits_is_read_by_the_forms_own_numbers():
    row = Row("Hộ tịch", GOOD)
    assert [row[column] for column in Column] == list(GOOD)
    assert [column.value for column in Column] == list(range(3, 14))


BROKEN = [
    (Column.ONLINE, "(3) 10 ≠ (4) 4 + (5) 5 + (6) 2"),
    (Column.EARLY, "(7) 7 ≠ (8) 5 + (9) 2 + (10) 1"),
    (Column.WITHIN, "(11) 3 ≠ (12) 2 + (13) 2"),
]


@pytest.mark.parametrize(("column", "said"), BROKEN)
def test_a_row_that_breaks_an_identity_says_its_numbers(column, said):
    figures = [number + (place == column) for place, number in enumerate(GOOD, start=3)]
    with pytest.raises(IdentityBroken) as broken:
        Row("Đất đai", tuple(figures))
    assert str(broken.value) == f"Đất đai: {said}"


def test_what_came_in_and_what_became_of_it_are_held_against_each_other():
    figures = (10, 3, 5, 2, 6, 4, 2, 0, 3, 1, 2)
    with pytest.raises(IdentityBroken, match=r"\(3\) 10 ≠ \(7\) 6 \+ \(11\) 3"):
        Row("Đất đai", figures)


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 5), max_size=5))
def test_the_total_is_the_sum_of_its_rows(drawn):
    rows = tuple(Row(str(place), fitting(*parts)) for place, parts in enumerate(drawn))
    whole = total(rows, "Tổng")
    assert [whole[column] for column in Column] == [sum(row[column] for row in rows) for column in Column]
    for column, parts in IDENTITIES:
        assert whole[column] == sum(whole[part] for part in parts)


def fitting(online, direct, early, overdue, late) -> tuple[int, ...]:
    """Figures that keep the identities."""
    settled, opened = early + overdue, late
    carried = max(0, settled + opened - online - direct)
    within = online + direct + carried - settled - opened
    received_all = online + direct + carried
    return (received_all, online, direct, carried, settled, early, 0, overdue, within + late, within, late)


def test_a_row_has_eleven_figures():
    with pytest.raises(ValueError, match="11 figures"):
        Row("", (0,))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ((2024, 2, 1), date(2024, 2, 1), date(2024, 2, 29)),
        ((2026, 10, 3), date(2026, 10, 1), date(2026, 12, 31)),
        ((2026, 7, 6), date(2026, 7, 1), date(2026, 12, 31)),
        ((2026, 1, 12), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_whole_months(asked, start, end):
    assert months(*asked) == Period(start, end)


def test_a_period_holds_its_last_day_and_runs_by_the_clocks_of_vietnam():
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    assert period.begins == datetime(2026, 1, 1, tzinfo=VIETNAM)
    assert period.ends == datetime(2026, 2, 1, tzinfo=VIETNAM)
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def followed(log):
    """The standing after a story, event by event."""
    standing = None
    for event, moment in log:
        if isinstance(event, Received | Accepted):
            intake = log[0][0].intake
            pair = (intake.receiving_agency, intake.competent_agency)
            standing = begin(
                event.appointment, moment, pair=pair, version=intake.procedure_version, channel=intake.channel
            )
        elif standing is not None:
            standing = follow(standing, event, moment)
    return standing


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate))  # a seed does not become simpler by shrinking it
@given(st.integers(0, 2**32))
def test_a_standing_says_the_same_as_the_dossiers_whole_state(seed):
    life = Life(random.Random(seed).randbytes(900))
    for _ in range(40):
        command, context = life.next_question()
        decision = decide(life.state, command, context)
        if isinstance(decision, Refusal):
            continue
        for event in decision:
            life.state = evolve(life.state, event, context.at)
            life.log.append((event, context.at))
        standing, state = followed(life.log), life.state
        assert (standing is None) == (state.received_at is None)
        if standing is not None and standing.ended_at is None:
            assert standing.due_original == state.due_at_original
            assert standing.due_current == state.due_at_current
            assert standing.paused_at == state.paused_at
            assert standing.competent_agency == state.intake.competent_agency
            assert standing.received_at == state.received_at
        if standing is not None and standing.ending is Ending.FINISHED:
            assert (standing.ended_at, standing.timeliness) == (state.ready_at, state.timeliness)
        if standing is not None and standing.ending in (Ending.WITHDRAWN, Ending.STOPPED):
            assert standing.ended_at == state.closed_at


@pytest.mark.parametrize(
    ("story", "when", "expected"),
    [
        ("withdrawn before the due day", "2024-03-08 09:00", Timeliness.EARLY),
        ("on the due day", "2024-03-11 09:00", Timeliness.ON_TIME),
        ("after it", "2024-03-12 09:00", Timeliness.OVERDUE),
    ],
)
def test_what_is_withdrawn_is_judged_when_it_goes(story, when, expected):
    told = received().do(c.Withdraw(), when=when)
    assert followed(told.log).timeliness is expected, story


def test_what_is_stopped_while_the_clock_stands_is_judged_when_the_clock_was_halted():
    told = received().do(SUPPLEMENT, when="2024-03-06 10:00").do(c.Stop(ref("why")), when="2024-05-02 10:00")
    found = followed(told.log)
    assert (found.timeliness, found.requests) == (Timeliness.EARLY, 1)


def test_nothing_changes_what_has_ended():
    told = finish(received())
    done = followed(told.log)
    assert done.ending is Ending.FINISHED
    assert followed(told.do(RETURN).log) == done
    assert follow(done, Withdrawn(), done.ended_at + timedelta(days=30)) is done
