"""Play a story of the law: commands with their times and actors in, events or refusals out. No database, no clock.

A story is plain data, as a person of the legal department writes it in YAML; its words may be Vietnamese or English
(docs/developer/stories.md). What an act should come to may stand beside it under `expect`, so that a story is an
explanation, a test and an exercise at once.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from motcua.law import bases
from motcua.law.dossier import attempt, broken_invariants, decide, evolve
from motcua.law.dossier import commands as c
from motcua.law.dossier.events import Event, Intake
from motcua.law.dossier.reckoning import VIETNAM, calendar_id
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import (
    Channel,
    Component,
    Ground,
    PaidBy,
    Pause,
    Ref,
    Refusal,
    ReturnMethod,
    SignedBy,
)
from motcua.law.process import Function, Process, ProcessError
from motcua.law.story_words import ACTORS, FIELDS, VALUES, VERBS
from motcua.law.worktime import CalendarError, DayOff, LimitError, TimeLimit, WorkCalendar

DESK, OFFICE, OTHER, SUCCESSOR, PORTAL = 1, 2, 3, 4, 5  # the agencies of a story
_EXPECTED = frozenset(
    {"refused", "article", "recorded", "events", "status", "step", "due", "due_original", "due_current", "timeliness"}
    | {"timeliness_current", "after_deadline", "restarted", "rules"}
)
TWO_STEPS = {
    "code": "two-steps",
    "name": "Thụ lý rồi ký",
    "start": "thu_ly",
    "steps": [
        {
            "code": "thu_ly",
            "name": "Thụ lý hồ sơ",
            "function": "case_officer",
            "agency": "competent",
            "allotted_minutes": 960,
            "outcomes": [
                {"code": "dat", "name": "Đạt, trình ký", "to": "ky"},
                {"code": "khong_dat", "name": "Từ chối giải quyết", "to": "@refused"},
            ],
        },
        {
            "code": "ky",
            "name": "Lãnh đạo ký",
            "function": "leader",
            "agency": "competent",
            "allotted_minutes": 480,
            "outcomes": [
                {"code": "ky", "name": "Ký", "to": "@granted"},
                {"code": "tra_lai", "name": "Trả lại để làm rõ", "to": "thu_ly"},
            ],
        },
    ],
}


class StoryError(ValueError):
    """A story that cannot be read: `place` says where (such as "act 3"), the message what is wrong."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


@dataclass(frozen=True, slots=True)
class Told:
    """One act and what came of it: events, or a refusal (with the attempt as event if the log keeps it)."""

    number: int
    at: datetime
    by: str
    do: str
    events: tuple[Event, ...]
    refusal: Refusal | None
    state: State | None
    unexpected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What a story stands on: its title, the limit, who the two agencies are, the process, the unit's own rules."""

    title: str
    limit: TimeLimit | None
    process: Process
    competent: int
    unit: Mapping[str, Any]
    dates: Mapping[str, date | None]


def play(data: Mapping[str, Any], calendar: WorkCalendar) -> list[Told]:
    """Play a story to its end; raises StoryError for one that cannot be read.

    A refused act changes nothing and the story goes on, as at a counter.
    """
    setting, acts = _read(data)
    stage = _Stage(setting, calendar)
    return [stage.perform(number, act) for number, act in enumerate(acts, 1)]


def _read(data: Mapping[str, Any]) -> tuple[Setting, Sequence[Any]]:
    told = _english(data, "", "story")
    unknown = set(told) - {"story", "because", "limit", "process", "one_agency", "unit", "dates", "acts"}
    if unknown:
        raise StoryError("", f"nobody knows what {', '.join(sorted(map(str, unknown)))} means")
    acts = told.get("acts")
    if not isinstance(acts, list) or not acts:
        raise StoryError("", "a story has acts, a list")
    try:
        limit = TimeLimit.parse(str(told["limit"])) if told.get("limit") else None
        process = Process.from_data(told.get("process") or TWO_STEPS)
        unit = bases.Rules.from_data(_english(told.get("unit") or {}, "unit", "unit"))
        dates = {str(code): day if isinstance(day, date) else None for code, day in (told.get("dates") or {}).items()}
    except (LimitError, ProcessError, TypeError, ValueError) as error:
        raise StoryError("", str(error)) from error
    given = {name: getattr(unit, name) for name in told.get("unit") or {}}
    competent = DESK if told.get("one_agency") else OFFICE
    return Setting(str(told.get("story", "")), limit, process, competent, given, dates), acts


def _english(data: object, place: str, what: str) -> dict[str, Any]:
    """The mapping with its Vietnamese keys turned into English ones."""
    if not isinstance(data, Mapping):
        raise StoryError(place, f"the {what} is names with values")
    return {FIELDS.get(str(key), str(key)): value for key, value in data.items()}


class _Stage:
    """Where a story is played: the dossier's state, the calendar in force, and the rules it was received under."""

    def __init__(self, setting: Setting, calendar: WorkCalendar) -> None:
        self.setting = setting
        self.calendar = calendar
        self.former = calendar
        self.rules: bases.Rules | None = None
        self.state: State | None = None
        self.now: datetime | None = None

    def perform(self, number: int, raw: object) -> Told:
        place = f"act {number}"
        act = _english(raw, place, "act")
        at, by, verb = _moment(act.get("at"), place), _actor_name(act.get("by"), place), _verb(act.get("do"), place)
        if self.now is not None and at < self.now:
            raise StoryError(place, "time does not go backwards; use happened_at with a ground")
        self.now = at
        if verb == "change-calendar":
            self._change(act, place)
            told = Told(number, at, by, verb, (), None, self.state)
        else:
            told = self._command(number, at, by, verb, act)
        expected = _english(act.get("expect") or {}, place, "expectation")
        return replace(told, unexpected=tuple(_unexpected(told, expected)))

    def _command(self, number: int, at: datetime, by: str, verb: str, act: dict[str, Any]) -> Told:
        place = f"act {number}"
        try:
            command = _BUILD[verb](_Words(act, place), self)
        except (LimitError, KeyError, TypeError, ValueError) as error:
            if isinstance(error, StoryError):
                raise
            raise StoryError(place, str(error)) from error
        context = self._context(at, by, act, place, begins=verb in ("register", "receive", "accept"))
        decision = decide(self.state, command, context)
        if not isinstance(decision, Refusal):
            self._take(decision, context)
            return Told(number, at, by, verb, decision, None, self.state)
        events = (attempt(command, decision),) if decision.recorded else ()
        self._take(events, context)
        return Told(number, at, by, verb, events, decision, self.state)

    def _take(self, events: Sequence[Event], context: c.Context) -> None:
        for event in events:
            self.state = evolve(self.state, event, context.at)
            if broken := broken_invariants(self.state):
                raise AssertionError(f"the law broke its own promise: {broken}")
        if events and self.state is not None and self.state.rules == context.rules.id:
            self.rules = context.rules

    def _context(self, at: datetime, by: str, act: Mapping[str, Any], place: str, *, begins: bool) -> c.Context:
        claim = None
        if act.get("happened_at") is not None:
            ground = Ground(VALUES.get(str(act.get("ground")), str(act.get("ground", "paper_register"))))
            claim = c.Claim(_moment(act["happened_at"], place), ground)
        day = (claim.happened_at if claim else at).astimezone(VIETNAM).date()
        rules = self.rules if self.rules and not begins else None
        counted = self.state.appointment.calendar if self.state and self.state.appointment else None
        return c.Context(
            at,
            self.calendar,
            _actor(by, self.setting.competent),
            self.setting.process,
            1,
            rules or bases.compose(day, self.setting.unit, dates=self.setting.dates),
            claim,
            self.former if counted and counted != calendar_id(self.calendar) else None,
        )

    def _change(self, act: Mapping[str, Any], place: str) -> None:
        """An official change: further days off from now on."""
        days = act.get("days_off") or []
        try:
            added = tuple(DayOff(day, str(act.get("note", "thay đổi chính thức")), "agency") for day in days)
            version = f"{self.calendar.version}+"
            self.former, self.calendar = (
                self.calendar,
                replace(self.calendar, version=version, days_off=(*self.calendar.days_off, *added)),
            )
        except (CalendarError, TypeError, AttributeError) as error:
            raise StoryError(place, f"days_off is a list of days: {error}") from error


def _moment(value: object, place: str) -> datetime:
    """A moment of a story: Vietnamese wall time, as YAML or a person writes it."""
    try:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise StoryError(place, f"{value!r} is no moment; write 2026-08-03 09:00") from None
    return read.replace(tzinfo=VIETNAM) if read.tzinfo is None else read


def _actor_name(value: object, place: str) -> str:
    name = ACTORS.get(str(value), str(value))
    if name not in _CAST:
        raise StoryError(place, f"nobody is called {value!r}; there are {', '.join(sorted(_CAST))}")
    return name


def _verb(value: object, place: str) -> str:
    verb = VERBS.get(str(value), str(value))
    if verb not in _BUILD and verb != "change-calendar":
        raise StoryError(place, f"nobody can do {value!r}; known are {', '.join(sorted(_BUILD))}")
    return verb


def _one(*functions: Function) -> frozenset[Function]:
    return frozenset(functions)


# Who can act in a story: the agency (None: the competent one), a number as a member of staff, functions.
_CAST: Mapping[str, tuple[int | None, int | None, frozenset[Function]]] = {
    "desk": (DESK, 11, _one(Function.DESK_OFFICER)),
    "case": (None, 21, _one(Function.CASE_OFFICER)),
    "colleague": (None, 22, _one(Function.CASE_OFFICER)),
    "leader": (None, 23, _one(Function.LEADER)),
    "other": (OTHER, 31, frozenset(Function)),
    "successor": (SUCCESSOR, 41, frozenset(Function)),
    "portal": (PORTAL, 51, frozenset()),
    "system": (0, None, frozenset()),
}


def _actor(name: str, competent: int) -> c.Actor:
    agency, staff, functions = _CAST[name]
    if name == "system":
        return c.Actor()
    stands_for = frozenset({competent}) if name == "successor" else frozenset[int]()
    return c.Actor(competent if agency is None else agency, staff, functions, stands_for)


class _Words:
    """What an act says besides time, actor and verb, read with a clear word for what is missing."""

    def __init__(self, act: Mapping[str, Any], place: str) -> None:
        self.act, self.place = act, place

    def text(self, name: str) -> str:
        """A text that must be there."""
        if not self.act.get(name):
            raise StoryError(self.place, f"{name} is missing")
        return str(self.act[name])

    def ref(self, name: str) -> Ref:
        """A text as the law sees it: a reference to a record."""
        return _ref(self.text(name))

    def maybe(self, name: str) -> Ref | None:
        """The same for a text that may be left out."""
        return _ref(str(self.act[name])) if self.act.get(name) else None

    def word(self, name: str, default: str) -> str:
        """A word of a small list, in either language."""
        value = str(self.act.get(name, default))
        return VALUES.get(value, value)

    def moment(self, name: str) -> datetime:
        """A moment that must be there."""
        return _moment(self.text(name), self.place)

    def count(self, name: str) -> int:
        """A whole number that must be there."""
        value = self.act.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise StoryError(self.place, f"{name} is a whole number")
        return value


def _ref(text: str) -> Ref:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Ref(f"{digest[:8]}-{digest[8:12]}-7{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}", digest)


def _intake(words: _Words, stage: _Stage) -> Intake:
    papers = words.act.get("papers", 1)
    if not isinstance(papers, int) or papers < 0:
        raise StoryError(words.place, "papers is how many papers were handed in")
    filed = words.act.get("by") in ("portal", "cổng")
    return Intake(
        "H99.01-260101-0001",
        Channel(words.word("channel", "online" if filed else "direct")),
        DESK,
        stage.setting.competent,
        "1.000000",
        1,
        _ref("owner"),
        tuple(Component(number, originals=1) for number in range(1, papers + 1)),
        fee=int(words.act.get("fee", 0)),
        filer=PORTAL if filed else None,
    )


def _limit(words: _Words, stage: _Stage) -> TimeLimit | None:
    return TimeLimit.parse(words.text("limit")) if words.act.get("limit") else stage.setting.limit


def _scans(words: _Words, _: _Stage) -> c.Digitise:
    numbers = words.act.get("papers") or []
    if not isinstance(numbers, list):
        raise StoryError(words.place, "papers is a list of their numbers")
    return c.Digitise(
        tuple(Component(number, file=_ref(f"scan {number}")) for number in numbers), words.maybe("result")
    )


def _consult(words: _Words, _: _Stage) -> c.Consult:
    body = words.maybe("body")
    return c.Consult(words.ref("question"), words.moment("answer_due"), None if body else OTHER, body)


_BUILD: Mapping[str, Callable[[_Words, _Stage], c.Command]] = {
    "register": lambda w, s: c.Register(_intake(w, s)),
    "receive": lambda w, s: c.Receive(_intake(w, s), _limit(w, s), transfer=bool(w.act.get("transfer", True))),
    "accept": lambda w, s: c.Accept(_limit(w, s), transfer=bool(w.act.get("transfer", True))),
    "refuse-intake": lambda w, _s: c.RefuseIntake(w.ref("reason")),
    "transfer": lambda w, _s: c.Transfer(w.maybe("note")),
    "take": lambda w, s: c.Assign(_actor(_actor_name(w.act.get("by"), w.place), s.setting.competent).staff or 0),
    "assign": lambda w, s: c.Assign(_actor(_actor_name(w.act.get("to"), w.place), s.setting.competent).staff or 0),
    "hand-over": lambda w, _s: c.HandOver(w.text("outcome"), None, w.maybe("note"), w.maybe("document")),
    "approve": lambda w, _s: c.Approve(None, w.maybe("note"), w.maybe("document")),
    "refuse": lambda w, _s: c.RefuseResult(w.ref("reason"), w.maybe("document")),
    "make-ready": lambda w, _s: c.MakeReady(w.maybe("note")),
    "ask-papers": lambda w, _s: c.PauseFor(Pause.SUPPLEMENT, w.ref("reason"), None, w.act.get("ground_in_law")),
    "ask-payment": lambda w, _s: c.PauseFor(Pause.PAYMENT, w.ref("reason"), w.count("amount")),
    "suspend": lambda w, _s: c.Suspend(w.ref("reason"), w.text("ground_in_law")),
    "resume": lambda _w, _s: c.Resume(),
    "pay": lambda w, _s: c.Pay(w.count("amount"), PaidBy(w.word("method", "cash")), w.act.get("receipt")),
    "consult": _consult,
    "answer": lambda w, _s: c.AnswerConsultation(int(w.act.get("number", 1)), w.ref("answer")),
    "apologise": lambda w, _s: c.AppointAgain(w.moment("due"), w.ref("reason")),
    "recount": lambda _w, _s: c.Recount(),
    "sign": lambda w, _s: c.Sign(w.ref("document"), SignedBy(w.word("as", "person"))),
    "digitise": _scans,
    "annotate": lambda w, _s: c.Annotate(w.ref("note")),
    "return": lambda w, _s: c.Return(
        ReturnMethod(w.word("method", "desk")), int(w.act.get("fee_paid", 0)), w.maybe("note"), w.act.get("consignment")
    ),
    "correct-error": lambda w, _s: c.CorrectError(w.ref("reason"), w.maybe("document")),
    "withdraw": lambda w, _s: c.Withdraw(w.maybe("reason")),
    "stop": lambda w, _s: c.Stop(w.ref("reason")),
    "correct-person": lambda w, _s: c.Correct(owner=w.maybe("owner"), request=w.maybe("request")),
    "relocate": lambda w, s: c.Relocate(s.setting.competent, SUCCESSOR, w.text("order")),
    "erase": lambda w, _s: c.Erase(w.text("order")),
}


def wall(moment: datetime | None) -> str | None:
    """A moment as stories write it: Vietnamese wall time to the minute."""
    return moment.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M") if moment else None


def outcome(told: Told) -> dict[str, Any]:
    """What an act came to, in the words that `expect` uses."""
    state, refusal = told.state, told.refusal
    found: dict[str, Any] = {
        "refused": refusal.code if refusal else None,
        "article": refusal.article if refusal else None,
        "recorded": refusal.recorded if refusal else None,
        "events": [event.TYPE for event in told.events],
        "status": state.status.name.lower() if state else None,
        "step": state.step if state else None,
        "due": wall(state.due_at_current) if state else None,
        "due_original": wall(state.due_at_original) if state else None,
        "due_current": wall(state.due_at_current) if state else None,
        "timeliness": state.timeliness.value if state and state.timeliness else None,
        "timeliness_current": state.timeliness_current.value if state and state.timeliness_current else None,
        "rules": state.rules if state else None,
    }
    for event in told.events:
        for name in ("after_deadline", "restarted"):
            if getattr(event, name, None) is not None:
                found[name] = getattr(event, name)
    return found


def _unexpected(told: Told, expected: Mapping[str, Any]) -> list[str]:
    """What came out otherwise than the story says; an act that is refused though nobody expected it is one, too."""
    found, wrong = outcome(told), []
    unknown = set(expected) - _EXPECTED
    if unknown:
        raise StoryError(f"act {told.number}", f"nobody can expect {', '.join(sorted(unknown))}")
    if told.refusal and "refused" not in expected:
        wrong.append(f"refused: {told.refusal.code} ({told.refusal.article})")
    for name, value in expected.items():
        wanted = wall(_moment(value, "")) if name.startswith("due") and value else VALUES.get(str(value), value)
        got = found.get(name)
        matches = str(got).startswith(str(wanted)) if name == "rules" else got == wanted
        if not matches:
            wrong.append(f"{name}: {got!r} instead of {wanted!r}")
    return wrong
