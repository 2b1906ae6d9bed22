"""Load a municipal event log as dossiers with their own deadlines; the same log again adds nothing.

A moment that lies before the one before it counts at that one's: time in a dossier's log goes forward only. Each such
correction is counted as dirt by `eventlog`. Every moment is a claim on the ground "imported_log".
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.agencies import queries as agencies
from motcua.agencies.commands import keep_agency
from motcua.dossiers import bulk
from motcua.dossiers.bulk import Story, StoryRefused
from motcua.dossiers.circumstances import process
from motcua.dossiers.eventlog import Case, Log, read_log
from motcua.dossiers.rules import remember, rules_at
from motcua.law.dossier import commands as law
from motcua.law.dossier.events import Intake
from motcua.law.dossier.vocabulary import Channel, Ground, Ref
from motcua.law.process import Process
from motcua.law.worktime import WorkCalendar
from motcua.persons.commands import keep_note
from motcua.procedures import commands as procedures
from motcua.procedures.content import Content
from motcua.procedures.records import Source, record_of

_BATCH = 2000
_NO_PERSON = "Nhật ký nhập không có dữ liệu người nộp."
_CHANNELS = {"internet": Channel.ONLINE, "e-mail": Channel.ONLINE, "post": Channel.POST}
_PROCESS: dict[str, Any] = {
    "code": "nhat-ky-nhap",
    "name": "Theo nhật ký nhập",
    "start": "theo-nhat-ky",
    "steps": [
        {
            "code": "theo-nhat-ky",
            "name": "Theo nhật ký nhập",
            "function": "case_officer",
            "agency": "competent",
            "allotted_minutes": 0,
            "outcomes": [{"code": "xong", "name": "Xong", "to": "@granted"}],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Replay:
    """What a log came to, counted on the dossiers that are in the database after it was loaded.

    `late`: closed after the deadline as exactly as the log writes both, to the millisecond; `overdue_by_the_minute`:
    the same by the law's rule, by which the whole due minute is on time. `overdue`: open at the log's last moment with
    a deadline before it.
    """

    cases: int
    events: int
    closed: int
    late: int
    overdue_by_the_minute: int
    open: int
    overdue: int
    loaded: int
    already_there: int
    as_of: str
    dirt: dict[str, int]

    def to_data(self) -> dict[str, Any]:
        """The report as JSON-able data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Home:
    """The agency, the procedure and the process under which a log's cases stand."""

    source: str
    agency: int
    procedure: str
    procedure_version: int
    process: Process
    process_version: int
    calendar: WorkCalendar
    nobody: Ref


def replay(path: Path, *, name: str = "", progress: Callable[[int], None] = lambda _: None) -> Replay:
    """Load a log under a name (by default the file's) and count; raises LogUnreadable, OSError or NoCalendar."""
    log = read_log(path)
    source = (name or path.name.split(".")[0]).upper()
    before = _known(source, log)
    fresh = [case for case in log.cases if _id(source, case, "receive") not in before]
    loaded = 0
    if fresh:
        with transaction.atomic():
            home = _home(source)
            for start in range(0, len(fresh), _BATCH):
                now = bulk.database_now()
                batch = fresh[start : start + _BATCH]
                for rules in {rules_at(case.opened) for case in batch}:
                    remember(rules)
                stories = [story for case in batch if (story := _kept(home, case, now, log))]
                bulk.write(stories)
                loaded += len(stories)
                progress(len(batch))
    return _count(source, log, loaded, len(log.cases) - len(fresh))


def _kept(home: _Home, case: Case, now: datetime, log: Log) -> Story | None:
    """The case as a story; one that the law refuses is counted by the reason and left out whole."""
    try:
        return _story(home, case, now)
    except StoryRefused as refused:
        log.dirt[f"case_refused_{refused.refusal.code}"] += 1
        return None


def _known(source: str, log: Log) -> set[UUID]:
    return bulk.known_commands([_id(source, case, "receive") for case in log.cases])


def _home(source: str) -> _Home:
    agency = keep_agency(
        code=f"NHAT-KY-{source}",
        name=f"Nhật ký nhập {source}",
        kind="other",
        identifier="NK",
        desk_name="Nhật ký nhập",
        calendar_code="vn",
    )
    code = f"NHAT-KY-{source}"
    content = Content(name=f"Hồ sơ trong nhật ký nhập {source}", field="Nhật ký nhập")
    put = procedures.put_procedure(record_of(code, content, Source.LOCAL))
    version = procedures.publish_process(_PROCESS, procedure_code=code).version_id
    calendar, _ = agencies.calendar_for(agency)
    kept = keep_note(_NO_PERSON)
    nobody = Ref(str(kept.record_id), kept.commitment)
    return _Home(source, agency, code, put.version_id, process(version), version, calendar, nobody)


def _story(home: _Home, case: Case, now: datetime) -> Story:
    """A case as a dossier: received, its activities noted, finished when the log says so."""
    story = Story.of(_id(home.source, case, "dossier"), _code(home.source, case))
    came = Intake(
        story.code,
        _CHANNELS.get(case.channel.lower(), Channel.DIRECT),
        home.agency,
        home.agency,
        home.procedure,
        home.procedure_version,
        home.nobody,
    )
    rules = rules_at(case.opened)
    for index, (at, command) in enumerate(_acts(case, came)):
        moment = max(at, story.state.last_at) if story.state else at
        context = law.Context(
            now,
            home.calendar,
            law.Actor(),
            home.process,
            home.process_version,
            rules,
            law.Claim(moment.astimezone(UTC), Ground.IMPORTED_LOG),
        )
        kind = "receive" if index == 0 else str(index)
        story.tell(command, context, _id(home.source, case, kind))
    return story


def _acts(case: Case, came: Intake) -> Iterator[tuple[datetime, law.Command]]:
    """The commands of a case in order; the end stands after the activities of the same moment."""
    deadline = case.deadline.astimezone(UTC) if case.deadline else None
    yield case.opened, law.Receive(came, None, transfer=False, given_due_at=deadline)
    acts: list[tuple[datetime, law.Command]] = [
        (a.at, law.NoteActivity(a.name, a.unit or None, a.worker or None)) for a in case.activities
    ]
    if case.end:
        acts.append((max(case.end, case.opened), law.FinishImported()))
    yield from sorted(acts, key=lambda act: act[0])


def _code(source: str, case: Case) -> str:
    """Legible, at most 60 characters, in capitals as codes are looked up; a digest keeps apart what would be equal."""
    plain = f"NK.{source}-{case.name}"
    if len(plain) <= 60 and case.name == case.name.lower():
        return plain.upper()
    return f"{plain[:51]}-{hashlib.sha256(case.name.encode()).hexdigest()[:8]}".upper()


def _id(source: str, case: Case, what: str) -> UUID:
    """A UUIDv7 that the same case always gets: its time is the case's opening, its random part a digest."""
    digest = int.from_bytes(hashlib.sha256(f"{source}\n{case.name}\n{what}".encode()).digest()[:10])
    millis = int(case.opened.timestamp() * 1000) & ((1 << 48) - 1)
    return UUID(
        int=(millis << 80) | (0x7 << 76) | ((digest >> 68 & 0xFFF) << 64) | (0b10 << 62) | (digest & (1 << 62) - 1)
    )


_COUNT = """
SELECT count(*),
       count(*) FILTER (WHERE ready_at IS NOT NULL),
       count(*) FILTER (WHERE timeliness = 'overdue'),
       count(*) FILTER (WHERE ready_at IS NULL),
       count(*) FILTER (WHERE ready_at IS NULL AND due_at_original < %s),
       coalesce(sum((SELECT count(*) FROM dossiers_event e WHERE e.dossier_id = d.id AND e.type = 'noted')), 0)
FROM dossiers_dossier d WHERE procedure_code = %s
"""


def _count(source: str, log: Log, loaded: int, already_there: int) -> Replay:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [log.last or datetime.now(UTC), f"NHAT-KY-{source}"])
        cases, closed, by_minute, still_open, overdue, events = cursor.fetchone()
    late = sum(case.end > case.deadline for case in log.cases if case.end and case.deadline)
    return Replay(
        cases,
        int(events),
        closed,
        late,
        by_minute,
        still_open,
        overdue,
        loaded,
        already_there,
        log.last.isoformat() if log.last else "",
        {name: count for name, count in sorted(log.dirt.items()) if count},
    )
