"""Dry runs of a process: simulated dossiers go through it, wait for people, and are held against the legal limit.

The same assumptions and clock give the same figures on every machine: all chance comes from one seed. Time is
counted in working minutes of the calendar, so nobody works at night; what is simulated is laid upon real days only to
compare it with the due time. Each dossier draws its whole way and the work in it first, in the order of arrival, so
that more people or another limit change the queues and the verdicts and nothing else.
"""

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from random import Random

from motcua.law.process import End, Function, Place, Problem, Process, ProcessError, Step
from motcua.law.simulated import Kept, Load, Simulated, Spread, StepFigures
from motcua.law.timeliness import Timeliness, timeliness
from motcua.law.worktime import (
    FIFTEEN,
    CalendarEdgeError,
    Convention,
    TimeLimit,
    WorkCalendar,
    due_batch,
    from_minutes,
)
from motcua.law.worktime.facts import EPOCH_DAY
from motcua.law.worktime.limits import HOUR_UNITS

MOST_VISITS = 500  # a dossier that was in so many steps is given up as endless
MOST_DOSSIERS = 100_000
MOST_PER_DAY = 10_000
MOST_PEOPLE = 10_000

Pool = tuple[Place, Function]


class AssumptionError(ValueError):
    """An assumption that no run can be made with; `name` is the field, `value` what was given."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name}: {value}")
        self.name = name
        self.value = value


@dataclass(frozen=True)
class Assumptions:
    """What is supposed in a run; whoever shows its figures shows these too.

    `per_day` dossiers come on each working day, at any minute of it. Work on a step takes `share` percent of its
    allotted minutes, more or less by up to `spread` percent of that; a step without an allotment takes `unallotted`
    minutes. `people` is how many do a function at an agency, one where nothing is said. `weights` say how likely each
    outcome of a step is against its others: 1 where nothing is said. `rounds` is how often a dossier may come back to a
    step before it counts as looping. Raises AssumptionError.
    """

    dossiers: int = 10_000
    per_day: int = 5
    share: int = 10
    spread: int = 50
    unallotted: int = 0
    rounds: int = 2
    seed: int = 1
    people: Mapping[Pool, int] = field(default_factory=dict)
    weights: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bounds = {
            "dossiers": (1, MOST_DOSSIERS),
            "per_day": (1, MOST_PER_DAY),
            "share": (0, 1000),
            "spread": (0, 100),
            "unallotted": (0, 100_000),
            "rounds": (0, MOST_VISITS),
        }
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise AssumptionError(name, getattr(self, name))
        for (place, function), count in self.people.items():
            if not 1 <= count <= MOST_PEOPLE:
                raise AssumptionError("people", f"{place.value} {function.value} {count}")
        for (step, outcome), weight in self.weights.items():
            if not 0 <= weight <= 1_000_000:
                raise AssumptionError("weights", f"{step} {outcome} {weight}")


@dataclass(frozen=True)
class Clock:
    """The time in which a run happens: the calendar, the first day, and the legal limit that dossiers are held to.

    Beyond the last day that the calendar knows its weekly hours go on without days off.
    """

    calendar: WorkCalendar
    begin: date
    limit: TimeLimit | None = None
    convention: Convention | None = None
    cutoff: time = FIFTEEN


@dataclass(frozen=True, slots=True)
class _Way:
    """The steps that one dossier goes through with the minutes of work in each; `end` is None when it never ends."""

    steps: tuple[str, ...]
    work: tuple[int, ...]
    end: End | None
    stranded: str = ""


def simulate(process: Process, assumptions: Assumptions, clock: Clock) -> Simulated:
    """Push the dossiers through the process, which may have defects: a draft is run to see what they do.

    Raises ProcessError when its start is none of its steps, CalendarEdgeError when the run begins before the calendar.
    """
    if process.start not in process.by_code:
        raise ProcessError((Problem("unknown_start", value=process.start),))
    chance = Random(assumptions.seed)  # noqa: S311 - chance that can be repeated, no secret
    work_days = -(-assumptions.dossiers // assumptions.per_day)
    running = _with_days(clock, work_days)
    arrivals, span = _arrivals(running, assumptions, chance)
    ways = [_drawn(process, assumptions, chance) for _ in arrivals]
    queues = {_pool(step): _Queue(assumptions.people.get(_pool(step), 1)) for step in process.by_code.values()}
    figures = {code: _Tally() for code in process.by_code}
    ready = _run(process, arrivals, ways, queues, figures)
    kept, running = _kept(running, arrivals, ways, ready)
    rounds = [max(Counter(way.steps).values(), default=1) - 1 for way in ways]
    first_day, last_day = _days(running, work_days)
    return Simulated(
        dossiers=len(ways),
        granted=sum(way.end is End.GRANTED for way in ways),
        refused=sum(way.end is End.REFUSED for way in ways),
        stranded=sum(bool(way.stranded) for way in ways),
        endless=sum(way.end is None and not way.stranded for way in ways),
        looping=sum(each > assumptions.rounds for each in rounds),
        most_rounds=max(rounds),
        minutes=Spread.of([ready[n] - arrivals[n] for n, way in enumerate(ways) if way.end is not None]),
        kept=kept,
        loads=tuple(queue.load(pool, span) for pool, queue in queues.items()),
        steps=tuple(tally.figures(code) for code, tally in figures.items()),
        problems=process.problems(),
        first_day=first_day,
        last_day=last_day,
        beyond=running is not clock,
    )


def _days(clock: Clock, count: int) -> tuple[date, date]:
    """The first and the last of so many working days, counted from where the run begins."""
    days = clock.calendar.table.days
    first = bisect_right(days, clock.begin.toordinal() - EPOCH_DAY - 1)
    return date.fromordinal(days[first] + EPOCH_DAY), date.fromordinal(days[first + count - 1] + EPOCH_DAY)


def _pool(step: Step) -> Pool:
    return step.place, step.function


def _with_days(clock: Clock, days: int) -> Clock:
    """The clock on a calendar that has so many working days from the first day on."""
    first = clock.calendar.index_of(clock.begin.toordinal() - EPOCH_DAY)
    while clock.calendar.table.before[-1] - clock.calendar.table.before[first] < days:
        clock = _lengthened(clock)
    return clock


def _lengthened(clock: Clock) -> Clock:
    """The clock on a calendar that goes on for half as long again, at least a year, by its weekly hours."""
    calendar = clock.calendar
    more = timedelta(days=max(366, calendar.size // 2))
    if date.max - calendar.valid_to < more:
        raise calendar.beyond()
    return replace(clock, calendar=replace(calendar, valid_to=calendar.valid_to + more))


def _arrivals(clock: Clock, assumptions: Assumptions, chance: Random) -> tuple[list[int], int]:
    """The working minutes of the calendar in which dossiers come, in order, and the working minutes of these days."""
    table = clock.calendar.table
    row = clock.calendar.index_of(clock.begin.toordinal() - EPOCH_DAY)
    arrivals: list[int] = []
    span = 0
    while len(arrivals) < assumptions.dossiers:
        before, minutes = table.prefix[row], table.prefix[row + 1] - table.prefix[row]
        if minutes:
            come = min(assumptions.per_day, assumptions.dossiers - len(arrivals))
            arrivals += sorted(before + int(chance.random() * minutes) for _ in range(come))
            span += minutes
        row += 1
    return arrivals, span


def _drawn(process: Process, assumptions: Assumptions, chance: Random) -> _Way:
    """One dossier's way, drawn step by step."""
    steps: list[str] = []
    work: list[int] = []
    code = process.start
    while len(steps) < MOST_VISITS:
        if code not in process.shortest_way:
            return _Way(tuple(steps), tuple(work), None, code)
        step = process.by_code[code]
        steps.append(code)
        work.append(_work(step, assumptions, chance))
        weights = [assumptions.weights.get((code, outcome.code), 1) for outcome in step.outcomes]
        outcome = step.outcomes[_chosen(weights, chance)]
        if outcome.end is not None:
            return _Way(tuple(steps), tuple(work), outcome.end)
        if outcome.to not in process.by_code:
            return _Way(tuple(steps), tuple(work), None, code)
        code = outcome.to
    return _Way(tuple(steps), tuple(work), None)


def _work(step: Step, assumptions: Assumptions, chance: Random) -> int:
    """Minutes that somebody works on one visit; where anything is to be done at least one."""
    draw = 2 * chance.random() - 1
    base = step.allotted_minutes * assumptions.share / 100 if step.allotted_minutes > 0 else assumptions.unallotted
    return max(1, int(base * (1 + draw * assumptions.spread / 100) + 0.5)) if base else 0


def _chosen(weights: Sequence[int], chance: Random) -> int:
    """The index of an outcome drawn by weight; where all weigh nothing, each is as likely as the others."""
    total = sum(weights)
    if not total:
        return int(chance.random() * len(weights))
    left = chance.random() * total
    for index, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return index
    return max(index for index, weight in enumerate(weights) if weight)  # rounding ate the last crumb


class _Queue:
    """Who does one function at one agency: dossiers come in the order of their moments, the longest idle takes each."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.free = [0] * people  # the moments from which each is free, as a heap
        self.waits: list[int] = []
        self.begun: list[int] = []
        self.asked = 0
        self.longest = 0

    def take(self, moment: int, work: int) -> int:
        """The moment at which work on a dossier that comes now begins."""
        begin = max(moment, self.free[0])
        heapq.heapreplace(self.free, begin + work)
        self.asked += work
        self.waits.append(begin - moment)
        self.begun.append(begin)
        # First come, first served: beginnings are in order, and those after this moment are still waiting.
        self.longest = max(self.longest, len(self.begun) - bisect_right(self.begun, moment))
        return begin

    def load(self, pool: Pool, span: int) -> Load:
        """What it came to when dossiers came for so many working minutes."""
        place, function = pool
        return Load(
            place, function, self.people, len(self.waits), self.asked, self.people * span,
            Spread.of(self.waits), self.longest,
        )  # fmt: skip


class _Tally:
    """What happened in one step."""

    def __init__(self) -> None:
        self.visits = self.returned = self.waited = self.worked = self.over = self.stranded = 0

    def add(self, allotted: int, waited: int, worked: int) -> None:
        """One visit."""
        self.visits += 1
        self.waited += waited
        self.worked += worked
        self.over += 0 < allotted < waited + worked

    def figures(self, code: str) -> StepFigures:
        """All visits."""
        return StepFigures(code, self.visits, self.returned, self.waited, self.worked, self.over, self.stranded)


def _run(
    process: Process,
    arrivals: Sequence[int],
    ways: Sequence[_Way],
    queues: Mapping[Pool, _Queue],
    figures: Mapping[str, _Tally],
) -> list[int]:
    """Lets all dossiers through the queues in the order of time; gives the moment at which each left its last step."""
    plan = {code: (queues[_pool(step)], figures[code], step.allotted_minutes) for code, step in process.by_code.items()}
    moments = list(arrivals)
    done = [0] * len(ways)
    waiting = [(moment, number) for number, moment in enumerate(arrivals) if ways[number].steps]
    heapq.heapify(waiting)
    while waiting:
        moment, number = heapq.heappop(waiting)
        way, index = ways[number], done[number]
        queue, tally, allotted = plan[way.steps[index]]
        work = way.work[index]
        begin = queue.take(moment, work)
        tally.add(allotted, begin - moment, work)
        moments[number] = begin + work
        done[number] = index + 1
        if index + 1 < len(way.steps):
            heapq.heappush(waiting, (begin + work, number))
    for way in ways:
        for code, visits in Counter(way.steps).items():
            figures[code].returned += visits - 1
        if way.stranded:
            figures[way.stranded].stranded += 1
    return moments


def _kept(
    clock: Clock, arrivals: Sequence[int], ways: Sequence[_Way], ready: Sequence[int]
) -> tuple[Kept | None, Clock]:
    """How the dossiers kept the limit, and the clock whose calendar reaches the last due time."""
    limit = clock.limit
    if limit is None:
        return None, clock
    received = [clock.calendar.table.ends[moment + 1] - 1 for moment in arrivals]
    while True:
        try:
            due = due_batch(clock.calendar, received, limit, clock.convention, cutoff=clock.cutoff)
            break
        except CalendarEdgeError:
            clock = _lengthened(clock)
    ends, in_hours = clock.calendar.table.ends, limit.unit in HOUR_UNITS
    verdicts: Counter[Timeliness] = Counter()
    for number, way in enumerate(ways):
        verdict = Timeliness.OVERDUE
        if way.end is not None and ready[number] < len(ends):  # what is ready later is later than every due time
            at = ends[ready[number]] if ready[number] > arrivals[number] else received[number]
            verdict = timeliness(from_minutes(at), from_minutes(due[number]), in_hours=in_hours)
        verdicts[verdict] += 1
    return Kept.of(verdicts), clock
