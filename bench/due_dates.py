"""One claim: the legal clock answers with its reasons at 100,000 due times a second and 3 times pandas' speed; without
them at 10 times; in batches at a million a second.

All answer the same questions on one core of one process: 40 working hours (5 working days) from a moment in office
hours, on the starter calendar without its swapped Saturdays, which pandas' CustomBusinessHour cannot hold. Their
answers are compared first. A day convention, for which pandas has no counterpart, is timed beside it.
"""

import gc
import os
import platform
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import pandas as pd

from motcua.law.worktime import (
    Convention,
    TimeLimit,
    Unit,
    WorkCalendar,
    add_minutes,
    due,
    due_at,
    due_batch,
    from_minutes,
    to_minutes,
)
from motcua.starter.calendar import starter_calendar

QUESTIONS, PANDAS_QUESTIONS, ROUNDS = 50_000, 2_000, 5
LIMIT = TimeLimit(5, Unit.WORKING_DAY)
GOALS = {"with": (100_000, 3), "without": (0, 10), "batch": (1_000_000, 0)}


def questions(calendar: WorkCalendar) -> list[datetime]:
    """Random minutes within office hours, the same every time.

    None is a closing time: 40 hours from 17:00 end at 17:00 in the law's eyes and at the next opening in pandas'.
    """
    dice = random.Random(2)
    first, last = to_minutes(datetime(2021, 1, 4)), to_minutes(datetime(2026, 11, 30))
    asked: list[datetime] = []
    while len(asked) < QUESTIONS:
        moment = add_minutes(calendar, from_minutes(dice.randrange(first, last)), 1)
        if (moment.hour, moment.minute) not in {(11, 30), (17, 0)}:
            asked.append(moment)
    return asked


def peer(calendar: WorkCalendar) -> "pd.offsets.CustomBusinessHour":
    """The same 40 hours as an offset of pandas, on the same office hours and days off."""
    days_off = [row.day for row in calendar.days_off]
    return pd.offsets.CustomBusinessHour(n=40, start=["07:00", "13:30"], end=["11:30", "17:00"], holidays=days_off)


def rate(work: Callable[[], int]) -> float:
    """Answers a second: the best of several rounds, with garbage collected before each and left on."""
    best = 0.0
    for _ in range(ROUNDS):
        gc.collect()
        begun = time.perf_counter()
        answers = work()
        best = max(best, answers / (time.perf_counter() - begun))
    return best


def compare(calendar: WorkCalendar, asked: list[datetime]) -> int:
    """How many questions both answer alike; ends the program at the first that they do not."""
    offset = peer(calendar)
    for moment in asked[:PANDAS_QUESTIONS]:
        ours = due(calendar, moment, LIMIT, Convention.HOUR_CARRY).at
        theirs = (pd.Timestamp(moment) + offset).to_pydatetime()
        if ours != theirs:
            sys.exit(f"40 hours from {moment}: ours {ours}, pandas {theirs}")
    return PANDAS_QUESTIONS


def with_trace(calendar: WorkCalendar, asked: list[datetime], convention: Convention) -> int:
    steps = 0
    for moment in asked:
        steps += len(due(calendar, moment, LIMIT, convention).trace)
    return len(asked) if steps else 0


def without_trace(calendar: WorkCalendar, asked: list[datetime], convention: Convention) -> int:
    for moment in asked:
        due_at(calendar, moment, LIMIT, convention)
    return len(asked)


def batch(calendar: WorkCalendar, minutes: list[int], convention: Convention) -> int:
    return len(due_batch(calendar, minutes, LIMIT, convention))


def by_pandas(stamps: list["pd.Timestamp"], offset: "pd.offsets.CustomBusinessHour") -> int:
    for stamp in stamps:
        stamp + offset
    return len(stamps)


def main() -> None:
    """Prints the table; exit code 1 when a goal is missed."""
    calendar = replace(starter_calendar(), working_days=())
    asked = questions(calendar)
    minutes = [to_minutes(moment) for moment in asked] * 4
    print(
        f"{os.cpu_count()} CPUs, {platform.processor() or platform.machine()}, Python {platform.python_version()}, ",
        end="",
    )
    print(f"pandas {pd.__version__}; best of {ROUNDS} rounds, one core")
    print(f"{compare(calendar, asked):,} answers compared with pandas: equal")
    stamps = [pd.Timestamp(moment) for moment in asked[:PANDAS_QUESTIONS]]
    offset = peer(calendar)
    pandas = rate(partial(by_pandas, stamps, offset))
    print(f"{'':44}{'a second':>12}{'x pandas':>10}")
    print(f"{'pandas CustomBusinessHour':44}{pandas:>12,.0f}{1:>10.1f}")
    missed = []
    for convention in (Convention.HOUR_CARRY, Convention.DAY_EXCLUSIVE_AFTER15):
        rates = {
            "with": rate(partial(with_trace, calendar, asked, convention)),
            "without": rate(partial(without_trace, calendar, asked, convention)),
            "batch": rate(partial(batch, calendar, minutes, convention)),
        }
        for kind, reached in rates.items():
            name = {"with": "with trace", "without": "without trace", "batch": "batch of minutes"}[kind]
            print(f"{f'{convention}, {name}':44}{reached:>12,.0f}{reached / pandas:>10.1f}")
            a_second, ratio = GOALS[kind]
            if reached < a_second or reached < ratio * pandas:
                missed.append(f"{convention}, {name}")
    if missed:
        sys.exit(f"missed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
