"""Lives of dossiers driven by chance: a string of bytes decides who asks what and when, mostly what is sensible."""

from dataclasses import replace
from datetime import timedelta

from law.dossier_world import (
    CHANGED,
    CITED,
    DESK,
    ELSEWHERE,
    HERE,
    LEADER,
    PROCESSES,
    STAFF,
    SYSTEM,
    Story,
    at,
    intake,
    limit,
    ref,
)
from motcua.law.bases import SupplementClock
from motcua.law.dossier import commands as c
from motcua.law.dossier import possible
from motcua.law.dossier.permitting import BY, ON_STEP
from motcua.law.dossier.state import AT_DESK_AGAIN, State
from motcua.law.dossier.vocabulary import (
    Channel,
    Component,
    Ground,
    PaidBy,
    Pause,
    Result,
    ReturnMethod,
    SignedBy,
    Status,
)
from motcua.law.process import Function, Place
from motcua.law.worktime import Convention

LIMITS = ("5 ngày làm việc", "8 giờ", None, "trong ngày", "0,5 ngày làm việc", "15 ngày", "1 tháng", "1 ngày làm việc")
STARTS = ("2024-03-04 09:00", "2024-02-06 15:30", "2024-03-08 16:59", "2024-12-26 08:00", "2025-03-20 14:00")
GAPS = (1, 45, 240, 600, 1440, 3 * 1440, 0, 1443, 8 * 1440, 20, 30, 300, 40 * 1440, -30, -3000)
COUNTS = ((), (Component(1, originals=2), Component(3, copies=1)), (), (Component(1, copies=-1),))
# These end a life, or can come at any time, so they come seldom.
RARE = (c.Withdraw, c.Stop, c.RefuseIntake, c.FinishImported, c.Correct, c.Erase, c.Pay, c.Sign, c.Digitise, c.Annotate,
        c.CorrectError, c.Relocate, c.Suspend)  # fmt: skip


class Dice:
    """Choices out of a string of bytes; when it is used up, the first of every list."""

    def __init__(self, entropy: bytes) -> None:
        self._bytes = iter(entropy)

    def pick(self, options):
        """One of the options."""
        return options[next(self._bytes, 0) % len(options)]

    def seldom(self, one_in: int) -> bool:
        """True once in so many times."""
        return next(self._bytes, 0) % one_in == one_in - 1


class Life(Story):
    """A story whose next command, actor and moment come from the dice."""

    def __init__(self, entropy: bytes) -> None:
        self.dice = Dice(entropy)
        pick = self.dice.pick
        rules = c.Rules(
            supplement_clock=pick(list(SupplementClock)),
            max_supplements=pick([1, 2, 0]),
            apology_days=pick([1, 0, 2]),
        )
        super().__init__(pick(list(PROCESSES.values())), rules)
        self.now = at(pick(STARTS))

    def next_question(self) -> tuple[c.Command, c.Context]:
        """What is asked next, by whom and when; time mostly goes forward."""
        pick, seldom = self.dice.pick, self.dice.seldom
        gap = timedelta(minutes=pick(GAPS), seconds=pick([0, 29]))
        clock_was = self.now
        self.now += gap
        if seldom(12):
            self.calendar = CHANGED
        kind = self._kind()
        command = getattr(self, f"_{kind.__name__.lower()}")()
        right = fitting(self.state, kind) if self.state else DESK
        actor = pick([right, right, right, right, SYSTEM, *STAFF])
        context = self.context(actor, self._claim(kind))
        self.now = max(self.now, clock_was)  # a clock that went wrong is put right again
        return command, context

    def _kind(self) -> type:
        everything = (c.Register, c.Receive, *sorted(_KINDS, key=lambda kind: kind.__name__))
        if self.state is None:
            return self.dice.pick(everything[:2] * 50 + everything)
        if self.dice.seldom(6):
            return self.dice.pick(everything)
        sensible = sorted(possible(self.state, self.context()), key=lambda kind: kind.__name__)
        usual = [kind for kind in sensible if kind not in RARE]
        return self.dice.pick((usual * 6 + sensible) or everything)

    def _claim(self, kind: type) -> c.Claim | None:
        imported = kind in (c.FinishImported, c.NoteActivity)
        if not imported and not self.dice.seldom(7):
            return None
        earlier = timedelta(minutes=self.dice.pick([0, 5, -1, 600, 5000]))
        return c.Claim(self.now - earlier, self.dice.pick([Ground.IMPORTED_LOG, *Ground]))

    def _maybe(self):
        return self.dice.pick([ref("note"), ref("note"), None])

    def _intake(self):
        pick = self.dice.pick
        return intake(
            channel=pick(list(Channel)),
            components=pick(COUNTS),
            competent_agency=pick([2, HERE]),
            sets=pick([1, 2, 3, 4, 0]),
            fee=pick([0, 8000, 8000, 8000, -1]),
        )

    def _limit(self):
        return limit(self.dice.pick(LIMITS))

    def _register(self):
        return c.Register(self._intake())

    def _receive(self):
        pick = self.dice.pick
        convention = pick([None, None, None, Convention.DAY_EXCLUSIVE_AFTER15, Convention.HOUR_CARRY])
        given = pick([None, None, None, None, self.now + timedelta(days=4, seconds=7)])
        return c.Receive(self._intake(), self._limit(), convention, pick([True, True, False]), given)

    def _accept(self):
        return c.Accept(self._limit(), transfer=self.dice.pick([True, False]))

    def _refuseintake(self):
        return c.RefuseIntake(ref("no"))

    def _transfer(self):
        return c.Transfer(self._maybe())

    def _handover(self):
        process = PROCESSES[self.state.process] if self.state and self.state.process else self.process
        step = process.step(self.state.step) if self.state and self.state.step else None
        outcomes = [outcome.code for outcome in step.outcomes] if step else ["done"]
        return c.HandOver(self.dice.pick(outcomes * 3 + ["sent"]), self.dice.pick([None, None, 22]), self._maybe())

    def _assign(self):
        return c.Assign(self.dice.pick([22, 21, 23]))

    def _approve(self):
        return c.Approve(note=self._maybe())

    def _refuseresult(self):
        return c.RefuseResult(ref("why not"))

    def _makeready(self):
        return c.MakeReady(self._maybe())

    def _pausefor(self):
        pick = self.dice.pick
        ground = pick([None, None, CITED, "someone said so"])
        return c.PauseFor(pick(list(Pause)), ref("why"), pick([5000, 5000, 5000, None, 0]), ground)

    def _suspend(self):
        return c.Suspend(ref("court"), self.dice.pick([CITED, CITED, "someone said so"]))

    def _pay(self):
        receipt = self.dice.pick([None, "0001234", "bà Mẫu"])
        return c.Pay(self.dice.pick([5000, 2000, 9000, 0]), self.dice.pick(list(PaidBy)), receipt)

    def _consult(self):
        later = timedelta(days=self.dice.pick([1, 2, 30, -1]))
        agency, body = self.dice.pick([(ELSEWHERE, None), (None, ref("a department")), (2, None), (None, None)])
        return c.Consult(ref("question"), self.now + later, agency, body)

    def _answerconsultation(self):
        return c.AnswerConsultation(self.dice.pick([1, 2, 3]), ref("answer"))

    def _sign(self):
        return c.Sign(ref("signed"), self.dice.pick(list(SignedBy)))

    def _digitise(self):
        return c.Digitise(self.dice.pick([(Component(1, file=ref("scan")),), (), (Component(9),)]), self._maybe())

    def _annotate(self):
        return c.Annotate(ref("remark"))

    def _correcterror(self):
        return c.CorrectError(ref("error"), self._maybe())

    def _relocate(self):
        return c.Relocate(self.dice.pick([2, HERE, ELSEWHERE]), self.dice.pick([2, ELSEWHERE]), "12/QĐ-UBND")

    def _resume(self):
        return c.Resume(self.dice.pick(COUNTS))

    def _appointagain(self):
        due = (self.state and self.state.due_at_current) or self.now
        later = timedelta(days=self.dice.pick([7, 14, 3, 1, -1]), minutes=self.dice.pick([0, -60, 5]))
        return c.AppointAgain(due + later, ref("sorry"))

    def _recount(self):
        return c.Recount()

    def _return(self):
        return c.Return(self.dice.pick(list(ReturnMethod)), self.dice.pick([0, 10_000, -1]))

    def _withdraw(self):
        return c.Withdraw(self._maybe())

    def _stop(self):
        return c.Stop(ref("stop"))

    def _correct(self):
        return c.Correct(self._maybe(), self._maybe(), self._maybe())

    def _erase(self):
        return c.Erase(self.dice.pick(["12/QĐ-UBND", "ai đó"]), self.dice.pick([(), (ref("submitter"),)]))

    def _noteactivity(self):
        return c.NoteActivity(self.dice.pick(["T02", "T06"]), "unit 1")

    def _finishimported(self):
        return c.FinishImported(self.dice.pick(list(Result)))


_KINDS = frozenset(c.Command.__args__) - {c.Register, c.Receive}


def fitting(state: State, kind: type) -> c.Actor:
    """The member of staff whose business this command is; the system for what only it may do."""
    if kind is c.MakeReady or (state.step == AT_DESK_AGAIN and kind in ON_STEP):
        return replace(DESK, agency=state.intake.receiving_agency)
    if kind in ON_STEP and state.step is not None:
        step = PROCESSES[state.process].by_code[state.step]
        agency = HERE if step.place == Place.RECEIVING else state.intake.competent_agency
        return c.Actor(agency, state.holder_staff or 22, frozenset({step.function}))
    if kind is c.AnswerConsultation:
        return replace(LEADER, agency=state.intake.competent_agency)
    leads = kind in BY and BY[kind] == (Place.COMPETENT, Function.LEADER)
    if leads or (kind is c.Resume and state.status == Status.SUSPENDED):
        return replace(LEADER, agency=state.intake.competent_agency)
    if kind in (c.NoteActivity, c.FinishImported, c.Relocate):
        return SYSTEM
    return replace(DESK, agency=state.intake.receiving_agency)
