"""Early, on time, overdue: at the borders, to the minute."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.timeliness import Standing, Tally, Timeliness, minute, standing, tally, timeliness

DUE = datetime(2024, 3, 11, 17, 0)
EARLY, ON_TIME, OVERDUE = Timeliness.EARLY, Timeliness.ON_TIME, Timeliness.OVERDUE


@pytest.mark.parametrize(
    ("ready", "in_days", "in_hours"),
    [
        ("2024-03-01 08:00:00", EARLY, EARLY),
        ("2024-03-10 23:59:59", EARLY, EARLY),
        ("2024-03-11 00:00:00", ON_TIME, EARLY),
        ("2024-03-11 16:59:59", ON_TIME, EARLY),
        ("2024-03-11 17:00:00", ON_TIME, ON_TIME),
        ("2024-03-11 17:00:59", ON_TIME, ON_TIME),
        ("2024-03-11 17:01:00", OVERDUE, OVERDUE),
        ("2024-03-12 00:00:00", OVERDUE, OVERDUE),
    ],
)
def test_days_are_compared_by_date_then_minute_and_hours_by_the_minute(ready, in_days, in_hours):
    moment = datetime.fromisoformat(ready)
    assert timeliness(moment, DUE) == in_days
    assert timeliness(moment, DUE, in_hours=True) == in_hours


def test_seconds_of_the_due_time_count_for_nothing():
    assert timeliness(DUE.replace(second=59), DUE.replace(second=1)) == ON_TIME
    assert minute(DUE.replace(second=59, microsecond=7)) == DUE


@pytest.mark.parametrize(
    ("now", "due", "paused", "expected"),
    [
        ("2024-03-11 17:00:59", DUE, False, Standing.WITHIN_TIME),
        ("2024-03-11 17:01:00", DUE, False, Standing.OVERDUE),
        ("2024-03-10 09:00:00", DUE, False, Standing.WITHIN_TIME),
        ("2024-03-12 09:00:00", DUE, True, Standing.PAUSED),
        ("2024-03-10 09:00:00", DUE, True, Standing.PAUSED),
        ("2024-03-12 09:00:00", None, False, Standing.NO_LIMIT),
        ("2024-03-12 09:00:00", None, True, Standing.NO_LIMIT),
    ],
)
def test_an_open_dossier_stands_within_time_through_the_due_minute(now, due, paused, expected):
    assert standing(datetime.fromisoformat(now), due, paused=paused) == expected


moments = st.datetimes(datetime(2024, 3, 9), datetime(2024, 3, 13))


@given(moments, moments, st.booleans())
def test_what_is_ready_sooner_is_never_judged_worse(first, second, in_hours):
    order = [EARLY, ON_TIME, OVERDUE]
    sooner, later = sorted([first, second])
    verdicts = [order.index(timeliness(moment, DUE, in_hours=in_hours)) for moment in (sooner, later)]
    assert verdicts == sorted(verdicts)
    assert (standing(first, DUE) == Standing.OVERDUE) == (timeliness(first, DUE, in_hours=in_hours) == OVERDUE)


def test_a_tally_counts_each_kind_and_gives_an_exact_share():
    counted = tally([EARLY, EARLY, ON_TIME, OVERDUE])
    assert counted == Tally(2, 1, 1)
    assert (counted.total, counted.share_in_time) == (4, 0.75)
    assert Tally(1329 - 377, 0, 377).share_in_time == 952 / 1329  # not rounded: 0.7163… stays what it is


def test_the_share_of_nothing_is_unknown_and_not_zero():
    assert tally([]) == Tally()
    assert (Tally().total, Tally().share_in_time) == (0, None)
    assert Tally(overdue=1).share_in_time == 0.0
