"""Whatever anybody asks of a dossier, in whatever order: the law's own promises hold."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from law.dossier_lives import LIMITS, Life
from law.dossier_world import CALENDAR, CITED, Story, intake, limit, ref
from motcua.law import codec, worktime
from motcua.law.bases import SupplementClock
from motcua.law.dossier import attempt, broken_invariants, decide, evolve, fold, possible, read, write
from motcua.law.dossier import commands as c
from motcua.law.dossier import events as e
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import FINISHED, TERMINAL, Pause, Refusal
from motcua.law.timeliness import Timeliness, timeliness
from motcua.law.worktime import Convention

AFTER_THE_END = frozenset({c.Correct, c.CorrectError, c.Annotate, c.Digitise, c.Pay, c.Sign, c.Relocate, c.Erase})


class Witness(Life):
    """A life that checks every promise at every command."""

    def __init__(self, entropy):
        super().__init__(entropy)
        self.stored: list[tuple[tuple[str, int, str], datetime]] = []

    def step(self):
        command, context = self.next_question()
        before, frozen = self.state, written(self.state)
        decision = decide(before, command, context)
        assert decide(before, command, context) == decision
        assert written(before) == frozen
        if isinstance(decision, Refusal) and decision.recorded:
            self.accepted(before, command, context, (attempt(command, decision),))
        elif isinstance(decision, Refusal):
            assert decision.code
        else:
            self.accepted(before, command, context, decision)

    def accepted(self, before, command, context, events):
        assert events
        for event in events:
            self.state = evolve(self.state, event, context.at)
            self.log.append((event, context.at))
            type_, version, body = write(event)
            self.stored.append(((type_, version, json.dumps(body)), context.at))
            assert broken_invariants(self.state) == []
        check_state(self.state)
        if before is not None:
            may = possible(before, context)
            assert type(command) in may
            assert before.status not in TERMINAL or may <= AFTER_THE_END
            check_step(before, self.state, events, context)

    def check_store(self):
        """What was written down folds to the same state, and the state survives its own written form."""
        story = [(read(type_, version, json.loads(body)), moment) for (type_, version, body), moment in self.stored]
        assert [event for event, _ in story] == [event for event, _ in self.log]
        assert fold(story) == self.state
        assert codec.from_data(State, json.loads(written(self.state))) == self.state


def written(state):
    return json.dumps(codec.to_data(state)) if state else None


def check_state(state):
    if state.due_at_original:
        assert state.due_at_current >= state.due_at_original
    assert state.letters <= 1
    if state.status not in FINISHED:
        assert state.timeliness is state.timeliness_current is state.ready_at is None
    if state.timeliness_current == Timeliness.OVERDUE:
        assert state.timeliness == Timeliness.OVERDUE


def check_step(before, after, events, context):
    assert after.last_at == context.at >= before.last_at
    assert after.supplements >= before.supplements
    event = events[-1]
    if isinstance(event, e.Resumed) and before.due_at_original:
        check_resumed(before, after, event, context)
    elif isinstance(event, e.AttemptRefused | e.Annotated | e.Signed):
        assert replace(after, last_at=before.last_at) == before
    elif isinstance(event, e.Finished) and before.due_at_original:
        verdict = timeliness(local(context.at), local(before.due_at_original), in_hours=before.appointment.in_hours)
        assert after.timeliness == verdict
    elif isinstance(event, e.Recounted):
        assert after.due_at_original >= before.due_at_original
        assert after.due_at_current >= before.due_at_current
        assert before.step_due_at is None or after.step_due_at >= before.step_due_at
    elif not any(isinstance(each, e.Accepted) for each in events):
        assert after.due_at_original == before.due_at_original
        assert (after.due_at_current == before.due_at_current) or isinstance(event, e.AppointedAgain)


def check_resumed(before, after, event, context):
    late = local(before.paused_at) > local(before.due_at_original)
    restarts = before.pause_kind == Pause.SUPPLEMENT and context.rules.supplement_clock == SupplementClock.RESTART
    assert event.restarted == (restarts and before.appointment.limit is not None and not late)
    assert after.due_at_current >= before.due_at_current
    if event.restarted:
        promise = worktime.TimeLimit.parse(before.appointment.limit)
        convention = Convention(before.appointment.convention)
        fresh = worktime.due_at(context.calendar, local(context.at), promise, convention)
        assert local(after.due_at_original) == fresh
        assert after.counted_from == context.at
        assert after.waits == ()
    elif late:
        assert after.due_at_original == before.due_at_original
    elif before.appointment.in_hours:
        left = worktime.elapsed(context.calendar, local(before.paused_at), local(before.due_at_original))
        assert worktime.elapsed(context.calendar, local(context.at), local(after.due_at_original)) == left


@settings(max_examples=1500, deadline=None)
@given(st.binary(min_size=320, max_size=320))
def test_every_life_that_the_law_accepts_keeps_its_promises(entropy):
    life = Witness(entropy)
    for _ in range(25):
        life.step()
    if life.state:
        life.check_store()


@pytest.mark.parametrize("clock", SupplementClock)
@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from([text for text in LIMITS if text]),
    worked=st.integers(0, 4 * 1440),
    waited=st.integers(0, 30 * 1440),
)
def test_waiting_takes_nothing_from_the_agency(clock, text, worked, waited):
    story = Story(rules=c.Rules(supplement_clock=clock)).do(c.Receive(intake(), limit(text)))
    story.now += timedelta(minutes=worked)
    assume(local(story.now) <= local(story.state.due_at_original))
    before = story.state.due_at_original
    paused = story.now
    story.do(c.PauseFor(Pause.PAYMENT, ref("tax"), 5), when=wall_of(paused))
    story.do(c.Resume(), when=wall_of(paused + timedelta(minutes=waited)))
    promise = limit(text)
    expected = worktime.resume(CALENDAR, local(before), local(paused), local(story.now), promise)
    assert local(story.state.due_at_original) == expected.at
    assert story.state.due_at_current == story.state.due_at_original >= before


def wall_of(moment: datetime) -> str:
    return local(moment).isoformat()


@settings(max_examples=200, deadline=None)
@given(
    left=st.integers(0, 480),
    waited=st.integers(0, 20 * 1440),
    kind=st.sampled_from(Pause),
    text=st.sampled_from(LIMITS),
)
def test_a_step_has_as_many_minutes_left_after_a_wait_as_before(left, waited, kind, text):
    story = Story().do(c.Receive(intake(), limit(text)))
    due_at = story.state.step_due_at
    assert local(due_at) == worktime.add_minutes(CALENDAR, local(story.now), 480)
    story.now += timedelta(minutes=left)
    assume(local(story.now) <= local(due_at))
    remaining = worktime.elapsed(CALENDAR, local(story.now), local(due_at))
    waits = c.Suspend(ref("wait"), CITED) if kind == Pause.SUSPENSION else c.PauseFor(kind, ref("wait"), 5)
    story.do(waits, when=wall_of(story.now))
    story.do(c.Resume(), when=wall_of(story.now + timedelta(minutes=waited)))
    assert worktime.elapsed(CALENDAR, local(story.now), local(story.state.step_due_at)) == remaining
