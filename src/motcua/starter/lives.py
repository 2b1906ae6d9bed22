"""Plausible lives of demonstration dossiers: what is done next, by whom, and when. Pure; the law still decides.

The figures are invented to make a believable desk, and are shown as demo data wherever they appear.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from motcua.law import worktime
from motcua.law.dossier.reckoning import aware, local
from motcua.law.dossier.state import AT_DESK_AGAIN, State
from motcua.law.dossier.vocabulary import PAUSED, Status
from motcua.law.process import End, Function, Process, Step
from motcua.law.worktime import WorkCalendar

SUPPLEMENT_REASON = "Thiếu bản sao giấy tờ theo danh mục; đề nghị bổ sung đầy đủ một lần."
APOLOGY_REASON = "Cần thêm thời gian xác minh thông tin; cơ quan xin lỗi vì sự chậm trễ."
REFUSAL_REASON = "Không đủ điều kiện giải quyết theo quy định của thủ tục."
WITHDRAWAL_REASON = "Người nộp đề nghị rút hồ sơ."
NOTES = (SUPPLEMENT_REASON, APOLOGY_REASON, REFUSAL_REASON, WITHDRAWAL_REASON)


class Deed(StrEnum):
    """What can be done next in a demonstration."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    PAUSE = "pause"
    RESUME = "resume"
    APOLOGISE = "apologise"
    MAKE_READY = "make_ready"
    RETURN = "return"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Next:
    """One deed: its moment (aware), the agency and function of who does it, an outcome or a new due time."""

    deed: Deed
    at: datetime
    agency: int
    function: Function
    outcome: str = ""
    refuses: bool = False
    due_at: datetime | None = None


@dataclass(slots=True)
class Life:
    """The chances of one dossier, drawn once; `next` reads the state and says what follows.

    `haste` is how much of the time that is left the agency uses, in the middle; above 1 it tends to be late.
    """

    rng: random.Random
    calendar: WorkCalendar
    process: Process
    haste: float = 0.55
    apologised: bool = False
    supplemented: bool = False

    def next(self, state: State) -> Next | None:
        """What is done next, or None when the dossier has come to its end."""
        if state.is_terminal:
            return None
        if state.status in PAUSED:
            return self._at_desk(Deed.RESUME, state, self._later(state.last_at, self.rng.randint(200, 2400)))
        if state.status == Status.RESOLVED:
            return self._at_desk(Deed.RETURN, state, self._later(state.last_at, self.rng.randint(30, 1400)))
        if state.step == AT_DESK_AGAIN:
            return self._at_desk(Deed.MAKE_READY, state, self._later(state.last_at, self.rng.randint(20, 200)))
        step = self.process.by_code[state.step or self.process.start]
        if state.holder_staff is None and state.paused_at is None and self.rng.random() < 0.7:
            return self._by_holder(Deed.TAKE, state, step, self._later(state.last_at, self.rng.randint(5, 60)))
        return self._work(state, step)

    def _work(self, state: State, step: Step) -> Next:
        chance = self.rng.random()
        if chance < 0.01:
            return self._at_desk(Deed.WITHDRAW, state, self._later(state.last_at, self.rng.randint(60, 600)))
        if chance < 0.04 and not self.supplemented and step.function == Function.CASE_OFFICER:
            self.supplemented = True
            return self._by_holder(Deed.PAUSE, state, step, self._later(state.last_at, self.rng.randint(60, 400)))
        done = self._later(state.last_at, self._duration(state, step))
        apology = self._apology(state, done)
        return apology or self._hand_over(state, step, done)

    def _duration(self, state: State, step: Step) -> int:
        """Working minutes for a step: a share of what is left until the due time, more or less."""
        factor = self.rng.lognormvariate(0, 0.38) * self.haste
        if state.due_at_current is None:
            return max(5, int(step.allotted_minutes * factor))
        left = worktime.elapsed(self.calendar, local(state.last_at), local(state.due_at_current))
        ahead = self.process.way_to_grant.get(step.code, 1)
        return max(5, int(max(left, 60) / ahead * factor))

    def _apology(self, state: State, done: datetime) -> Next | None:
        """A leader who sees the delay coming apologises in time, more often than not."""
        due = state.due_at_current
        if due is None or done <= due or self.apologised or self.rng.random() > 0.6:
            return None
        self.apologised = True
        moment = max(state.last_at, due - timedelta(days=self.rng.randint(1, 4)))
        day = self.calendar.next_working_day(max(local(done), local(due)).date() + timedelta(days=1))
        closing = self.calendar.closing(day)
        if closing is None:
            return None
        agency = state.intake.competent_agency
        return Next(Deed.APOLOGISE, moment, agency, Function.LEADER, due_at=aware(closing))

    def _hand_over(self, state: State, step: Step, at: datetime) -> Next:
        """Mostly the first outcome; now and then another one."""
        first, *others = step.outcomes
        outcome = self.rng.choice(others) if others and self.rng.random() < 0.03 else first
        agency = state.holder_agency or state.intake.competent_agency
        return Next(Deed.HAND_OVER, at, agency, step.function, outcome.code, outcome.end == End.REFUSED)

    def _later(self, moment: datetime, minutes: int) -> datetime:
        """The moment after that many working minutes, with seconds, as real acts have."""
        at = worktime.add_minutes(self.calendar, local(moment), minutes)
        return max(moment, aware(at) + timedelta(seconds=self.rng.randrange(60)))

    def _at_desk(self, deed: Deed, state: State, at: datetime) -> Next:
        return Next(deed, at, state.intake.receiving_agency, Function.DESK_OFFICER)

    def _by_holder(self, deed: Deed, state: State, step: Step, at: datetime) -> Next:
        return Next(deed, at, state.holder_agency or state.intake.competent_agency, step.function)


def arrivals(rng: random.Random, calendar: WorkCalendar, start: datetime, end: datetime, count: int) -> list[datetime]:
    """`count` moments (local, naive) in office hours from `start` to `end`, in order."""
    span = worktime.elapsed(calendar, start, end)
    if span <= 0:
        raise ValueError("no office hours between the two moments")
    minutes = sorted(rng.randrange(span) for _ in range(count))
    return [worktime.add_minutes(calendar, start, minute) for minute in minutes]
