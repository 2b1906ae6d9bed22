"""The law against a simple model: whatever people try in whatever order, both agree on what is accepted.

The model knows nothing of calendars and events. It is a table of where a dossier can go from where, a count of letters
and of requests, and one rule: the original due time moves only by a supplement, a pause or a changed calendar.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from law.dossier_world import (
    CASE,
    CITED,
    DESK,
    ELSEWHERE,
    LEADER,
    LINEAR,
    Story,
    at,
    intake,
    limit,
    ref,
)  # fmt: skip
from motcua.law.dossier import attempt, broken_invariants, decide, evolve
from motcua.law.dossier import commands as c
from motcua.law.dossier.vocabulary import Channel, PaidBy, Pause, Refusal, ReturnMethod, SignedBy

SORRY, WHY = ref("sorry"), ref("why")
# Where a dossier stands -> act -> where it stands then. What is not here is refused. "=" leaves it where it is.
ROAD = {
    "nowhere": {"register": "registered", "receive": "handle"},
    "registered": {"accept": "handle", "refuse_intake": "end", "papers": "wait-registered", "withdraw": "end",
                   "annotate": "=", "pay": "="},
    "handle": {"done": "sign", "refuse": "@desk", "papers": "wait-handle", "money": "wait-handle",
               "suspend": "wait-handle", "apologise": "=", "withdraw": "end", "stop": "end", "annotate": "=",
               "pay": "=", "consult": "="},
    "sign": {"signed": "@desk", "apologise": "=", "suspend": "wait-sign", "withdraw": "end", "stop": "end",
             "annotate": "=", "pay": "="},
    "@desk": {"ready": "ready", "apologise": "=", "suspend": "wait-@desk", "withdraw": "end", "stop": "end",
              "annotate": "=", "pay": "="},
    "wait-registered": {"resume": "registered", "refuse_intake": "end", "withdraw": "end", "stop": "end",
                        "annotate": "=", "pay": "="},
    "wait-handle": {"resume": "handle", "withdraw": "end", "stop": "end", "annotate": "=", "pay": "="},
    "wait-sign": {"resume": "sign", "withdraw": "end", "stop": "end", "annotate": "=", "pay": "="},
    "wait-@desk": {"resume": "@desk", "withdraw": "end", "stop": "end", "annotate": "=", "pay": "="},
    "ready": {"return": "returned", "annotate": "=", "pay": "=", "error": "="},
    "returned": {"annotate": "=", "pay": "=", "error": "="},
    "end": {},
}  # fmt: skip
ACTS = sorted({act for acts in ROAD.values() for act in acts})
WHO = {
    "done": CASE, "refuse": CASE, "papers": CASE, "money": CASE, "consult": CASE, "signed": LEADER, "suspend": LEADER,
    "stop": LEADER, "apologise": LEADER, "error": LEADER, "annotate": DESK,
}  # fmt: skip


@dataclass
class Model:
    """What the simple model remembers."""

    place: str = "nowhere"
    letters: int = 0
    asked_at_desk: int = 0
    asked_later: int = 0
    suspended: bool = False
    attempts: int = 0


class DossierMachine(RuleBasedStateMachine):
    """One dossier, the law and the model side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(LINEAR)
        self.model = Model()

    @rule(act=st.sampled_from(ACTS), wait=st.sampled_from([0, 7, 240, 1500]), stranger=st.booleans())
    def somebody_acts(self, act, wait, stranger):
        self.story.now += timedelta(minutes=wait)
        before = self.story.state
        actor = self._actor(act)
        if stranger and act not in ("register", "receive"):
            actor = replace(actor, agency=ELSEWHERE)
        context = self.story.context(actor)
        command = self._command(act)
        decision = decide(before, command, context)
        allowed = self._allowed(act) and not (stranger and act not in ("register", "receive"))
        assert isinstance(decision, Refusal) != allowed, (act, self.model, decision)
        if isinstance(decision, Refusal):
            second = (
                act == "apologise" and self.model.letters and not stranger and "apologise" in ROAD[self.model.place]
            )
            assert decision.recorded == bool(second)
            if not decision.recorded:
                return
            decision = (attempt(command, decision),)
            self.model.attempts += 1
        for event in decision:
            self.story.state = evolve(self.story.state, event, context.at)
            self.story.log.append((event, context.at))
        if allowed:
            self._moved(act)
        self._check_due(before, act)

    def _actor(self, act):
        if act == "papers" and self.model.place == "registered":
            return DESK
        if act == "resume" and self.model.suspended:
            return LEADER
        return WHO.get(act, DESK)

    def _allowed(self, act):
        model = self.model
        if act not in ROAD[model.place]:
            return False
        if act == "apologise":
            return model.letters == 0
        if act == "consult":  # its answer comes a minute later, which must not be the minute after the due one
            due = self.story.state.due_at_current
            return not self.story.now <= due < self.story.now + timedelta(minutes=1)
        if act == "papers":
            return (model.asked_at_desk if model.place == "registered" else model.asked_later) < 1
        return True

    def _moved(self, act):
        model = self.model
        if act == "papers":
            model.asked_at_desk += model.place == "registered"
            model.asked_later += model.place != "registered"
        model.letters += act == "apologise"
        model.suspended = act == "suspend" or (model.suspended and act != "resume")
        to = ROAD[model.place][act]
        model.place = model.place if to == "=" else to

    def _check_due(self, before, act):
        after = self.story.state
        if before is None or before.due_at_original is None:
            return
        if act != "resume":
            assert after.due_at_original == before.due_at_original
        assert after.due_at_original >= before.due_at_original
        if act == "apologise" and self.model.attempts == 0:
            assert after.due_at_current > before.due_at_current

    def _command(self, act):
        due = (self.story.state and self.story.state.due_at_current) or self.story.now
        later = at(f"{max(due, self.story.now) + timedelta(days=7):%Y-%m-%d} 09:00")
        while later.weekday() > 4 or f"{later:%m-%d}" < "02-20":
            later += timedelta(days=1)
        came, five = intake(channel=Channel.ONLINE), limit("5 ngày làm việc")
        return {
            "register": c.Register(came), "receive": c.Receive(intake(), five), "accept": c.Accept(five),
            "refuse_intake": c.RefuseIntake(WHY), "papers": c.PauseFor(Pause.SUPPLEMENT, WHY),
            "money": c.PauseFor(Pause.PAYMENT, WHY, 10**9), "suspend": c.Suspend(WHY, CITED), "resume": c.Resume(),
            "done": c.HandOver("done"), "refuse": c.RefuseResult(WHY), "signed": c.Approve(), "ready": c.MakeReady(),
            "return": c.Return(ReturnMethod.DESK), "withdraw": c.Withdraw(), "stop": c.Stop(WHY),
            "apologise": c.AppointAgain(later, SORRY), "annotate": c.Annotate(WHY), "error": c.CorrectError(WHY),
            "pay": c.Pay(5, PaidBy.CASH), "consult": c.Consult(WHY, self.story.now + timedelta(minutes=1), ELSEWHERE),
        }[act]  # fmt: skip

    @invariant()
    def the_law_keeps_its_own_promises(self):
        state = self.story.state
        if state is not None:
            assert broken_invariants(state) == []
            assert state.letters == self.model.letters
            assert state.is_terminal == (self.model.place in ("end", "returned"))
            assert (state.paused_at is not None) == self.model.place.startswith("wait-")

    @precondition(lambda self: self.story.state is not None and not self.story.state.is_terminal)
    @rule()
    def a_signature_moves_nothing(self):
        before = self.story.state
        self.story.do(c.Sign(ref("signed"), SignedBy.SEAL), DESK)
        assert replace(self.story.state, last_at=before.last_at) == before


TestDossierMachine = DossierMachine.TestCase
TestDossierMachine.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
