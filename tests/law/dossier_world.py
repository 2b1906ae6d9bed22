"""A small world for the law of a dossier: two calendars, three processes, the people of two agencies, and stories."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from motcua.law.dossier import attempt, decide, evolve
from motcua.law.dossier import commands as c
from motcua.law.dossier.events import Event, Intake
from motcua.law.dossier.reckoning import VIETNAM, calendar_id
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Channel, Component, Ground, Pause, Ref, Refusal, ReturnMethod
from motcua.law.process import Function, Process
from motcua.law.worktime import DayOff, TimeLimit, WorkCalendar

HERE, THERE, ELSEWHERE = 1, 2, 3  # the receiving agency, the competent one, and one that has nothing to do with it
DESK = c.Actor(HERE, 11, frozenset({Function.DESK_OFFICER}))
CASE = c.Actor(THERE, 21, frozenset({Function.CASE_OFFICER}))
COLLEAGUE = c.Actor(THERE, 22, frozenset({Function.CASE_OFFICER}))
LEADER = c.Actor(THERE, 23, frozenset({Function.LEADER}))
STRANGER = c.Actor(ELSEWHERE, 31, frozenset(Function))
PORTAL = c.Actor(ELSEWHERE, 91)
SYSTEM = c.Actor()
STAFF = (DESK, CASE, COLLEAGUE, LEADER, STRANGER)

TET = tuple(DayOff(date(2024, 2, day), "Tết Nguyên đán") for day in range(8, 15))
CALENDAR = WorkCalendar("xa", "1", date(2024, 1, 1), date(2025, 3, 31), days_off=TET, provisional_years=(2025,))
# The same calendar after two official changes: a day off more, one less, and 2025 no longer provisional.
CHANGED = replace(
    CALENDAR,
    version="2",
    days_off=(*(day for day in TET if day.day.day != 14), DayOff(date(2024, 3, 15), "Nghỉ theo thông báo", "agency")),
    provisional_years=(),
)


def _step(code, function, agency, minutes, **outcomes):
    named = [{"code": outcome, "name": outcome, "to": to} for outcome, to in outcomes.items()]
    return {
        "code": code,
        "name": code,
        "function": function,
        "agency": agency,
        "allotted_minutes": minutes,
        "outcomes": named,
    }


LINEAR = Process.from_data(
    {
        "code": "linear",
        "name": "Thụ lý rồi ký",
        "start": "handle",
        "steps": [
            _step("handle", "case_officer", "competent", 480, done="sign", refuse="@refused"),
            _step("sign", "leader", "competent", 240, signed="@granted"),
        ],
    }
)
LOOP = Process.from_data(
    {
        "code": "loop",
        "name": "Lãnh đạo trả lại được",
        "start": "handle",
        "steps": [
            _step("handle", "case_officer", "competent", 960, done="sign"),
            _step("sign", "leader", "competent", 0, signed="@granted", back="handle", refuse="@refused"),
        ],
    }
)
BOTH = Process.from_data(
    {
        "code": "both",
        "name": "Hai cơ quan",
        "start": "scan",
        "steps": [
            _step("scan", "desk_officer", "receiving", 60, sent="handle"),
            _step("handle", "case_officer", "competent", 480, done="stamp", back="scan"),
            _step("stamp", "desk_officer", "receiving", 30, stamped="@granted", refuse="@refused"),
        ],
    }
)
PROCESSES = {process.code: process for process in (LINEAR, LOOP, BOTH)}


def ref(name: str) -> Ref:
    """A reference to a record that does not exist."""
    return Ref(f"00000000-0000-7000-8000-{sum(name.encode()):012d}", f"{sum(name.encode()):064x}")


def intake(**changes) -> Intake:
    """A plain intake at HERE for THERE."""
    plain = Intake(
        code="H55.242-240304-0001",
        channel=Channel.DIRECT,
        receiving_agency=HERE,
        competent_agency=THERE,
        procedure="1.000894",
        procedure_version=7,
        owner=ref("owner"),
        components=(Component(1, originals=1), Component(2, certified=1, copies=2)),
        fee=50_000,
    )
    return replace(plain, **changes)


def at(text: str) -> datetime:
    """Vietnamese wall time, "2024-03-04 09:00", as an aware moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).astimezone(UTC)


def wall(moment: datetime | None) -> str:
    """The reverse of `at`; empty for None."""
    return moment.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M") if moment else ""


def limit(text: str | None) -> TimeLimit | None:
    """A time limit, or none."""
    return TimeLimit.parse(text) if text else None


class Story:
    """A dossier and what has happened to it; every accepted command moves it on."""

    def __init__(self, process: Process = LINEAR, rules: c.Rules | None = None, calendar: WorkCalendar = CALENDAR):
        self.process, self.calendar, self.rules = process, calendar, rules or c.Rules()
        self.state: State | None = None
        self.now = at("2024-03-04 09:00")  # a Monday
        self.log: list[tuple[Event, datetime]] = []

    def context(self, actor: c.Actor = SYSTEM, claim: c.Claim | None = None) -> c.Context:
        """The circumstances at this story's present moment."""
        counted_by = self.state.appointment.calendar if self.state and self.state.appointment else None
        former = None if counted_by == calendar_id(self.calendar) else CALENDAR
        return c.Context(self.now, self.calendar, actor, self.process, 3, self.rules, claim, former)

    def ask(self, command: c.Command, actor: c.Actor = SYSTEM, claim: c.Claim | None = None):
        """What the law says to the command, without doing it."""
        return decide(self.state, command, self.context(actor, claim))

    def do(self, command: c.Command, actor: c.Actor = SYSTEM, when: str = "", claim: c.Claim | None = None) -> "Story":
        """Do the command, which must be accepted, at `when` or one minute after the last one."""
        self.now = at(when) if when else self.now + timedelta(minutes=1 if self.state else 0)
        context = self.context(actor, claim)
        events = decide(self.state, command, context)
        assert not isinstance(events, Refusal), events
        for event in events:
            self.state = evolve(self.state, event, context.at)
            self.log.append((event, context.at))
        return self

    def keep_attempt(self, command: c.Command, actor: c.Actor = SYSTEM) -> "Story":
        """Try what the law refuses and the log keeps."""
        refused = self.ask(command, actor)
        assert isinstance(refused, Refusal) and refused.recorded, refused
        tried = attempt(command, refused)
        self.state = evolve(self.state, tried, self.now)
        self.log.append((tried, self.now))
        return self

    @property
    def last(self) -> Event:
        """The last event."""
        return self.log[-1][0]


def received(when: str = "2024-03-04 09:00", text: str | None = "5 ngày làm việc", **world) -> Story:
    """A story that begins with a dossier received at the counter and sent to its first step."""
    story = Story(**world)
    return story.do(c.Receive(intake(), limit(text)), when=when)


CITED = "khoản 2 Điều 19 Nghị định 61/2018/NĐ-CP"
SUSPEND = c.Suspend(ref("court"), CITED)
SUPPLEMENT = c.PauseFor(Pause.SUPPLEMENT, ref("what is missing"))
PAYMENT = c.PauseFor(Pause.PAYMENT, ref("land tax"), 1_200_000)
IMPORTED = Ground.IMPORTED_LOG
RETURN = c.Return(ReturnMethod.DESK)
GRANTED_WAY = {"linear": ("done", "signed"), "loop": ("done", "signed"), "both": ("sent", "done", "stamped")}


def finish(story: Story, when: str = "") -> Story:
    """Go the whole way to the granted result; the last step ends at `when`."""
    *way, last = GRANTED_WAY[story.process.code]
    for outcome in way:
        story.do(c.HandOver(outcome))
    if story.state.holder_agency == story.state.intake.receiving_agency:
        return story.do(c.HandOver(last), when=when)
    return story.do(c.HandOver(last)).do(c.MakeReady(), when=when)


def in_every_status() -> dict[str, Story]:
    """One story in each status; waiting ones before and after acceptance, and a result on its way to the desk."""
    rules = c.Rules(max_supplements=3)

    def begun(*commands: c.Command) -> Story:
        story = Story(rules=rules).do(c.Register(intake(channel=Channel.ONLINE)))
        for command in commands:
            story.do(command)
        return story

    def counted(*commands: c.Command, transfer: bool = True) -> Story:
        story = Story(rules=rules).do(c.Receive(intake(), limit("5 ngày làm việc"), transfer=transfer))
        for command in commands:
            story.do(command)
        return story

    return {
        "1": begun(),
        "2": counted(transfer=False),
        "3": begun(c.RefuseIntake(ref("no"))),
        "4": counted(),
        "4 back": counted(c.HandOver("done"), c.HandOver("signed")),
        "5": counted(SUPPLEMENT),
        "5 before": begun(SUPPLEMENT),
        "6": counted(PAYMENT),
        "6 before": begun(PAYMENT),
        "7": counted(c.Withdraw()),
        "8": counted(c.Stop(ref("stopped"))),
        "9": finish(counted()),
        "10": finish(counted()).do(RETURN),
        "11": counted(SUSPEND),
    }
