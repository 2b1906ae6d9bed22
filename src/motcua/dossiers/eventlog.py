"""Read a municipal event log (CSV, plain or gzip, one row an activity) as cases, and name the dirt in it. Pure.

Columns are those that process-mining tools export: `case:concept:name`, `case:startdate`, `case:enddate`,
`case:deadline`, `concept:name`, `time:timestamp`, `org:group`, `org:resource`, `case:channel`.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

REQUIRED = ("case:concept:name", "concept:name", "time:timestamp")
_MAGIC = b"\x1f\x8b"


class LogUnreadable(ValueError):  # noqa: N818 - one line for the person who named the file
    """The file is no event log; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One row: what was done, when, by which unit and pseudonym."""

    name: str
    at: datetime
    unit: str
    worker: str


@dataclass(slots=True)
class Case:
    """One case: its own dates as far as they could be read, and its activities in order of time."""

    name: str
    channel: str
    start: datetime | None
    end: datetime | None
    deadline: datetime | None
    activities: list[Activity] = field(default_factory=list)

    @property
    def opened(self) -> datetime:
        """The start, or the first thing known when the log has none."""
        return self.start or self.activities[0].at


@dataclass(slots=True)
class Log:
    """The cases of a log in order of their opening, how many rows it had, and its dirt by name."""

    cases: list[Case]
    rows: int
    dirt: Counter[str]

    @property
    def last(self) -> datetime | None:
        """The log's last moment: open cases are judged by it."""
        return max((activity.at for case in self.cases for activity in case.activities), default=None)


def read_log(path: Path) -> Log:
    """Read a log; raises LogUnreadable or OSError. Rows that cannot be used are counted, never dropped silently."""
    dirt: Counter[str] = Counter()
    cases: dict[str, Case] = {}
    rows = 0
    with _opened(path) as stream:
        reader = csv.DictReader(stream)
        missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
        if missing:
            raise LogUnreadable(", ".join(missing))
        try:
            for row in reader:
                rows += 1
                _take(cases, row, dirt)
        except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise LogUnreadable(f"{type(error).__name__} after row {rows}") from error
    kept = [case for case in cases.values() if case.activities]
    dirt["case_without_readable_activity"] += len(cases) - len(kept)
    for case in kept:
        case.activities.sort(key=lambda activity: activity.at)
        _judge(case, dirt)
    return Log(sorted(kept, key=lambda case: (case.opened, case.name)), rows, dirt)


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == _MAGIC
    opener = gzip.open if packed else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
        yield stream


def _take(cases: dict[str, Case], row: Mapping[str, str | None], dirt: Counter[str]) -> None:
    name = (row.get("case:concept:name") or "").strip()
    if not name:
        dirt["row_without_case"] += 1
        return
    at = _moment(row, "time:timestamp", dirt)
    if name not in cases:
        dates = [_moment(row, f"case:{part}date", dirt) for part in ("start", "end")]
        deadline = _moment(row, "case:deadline", dirt)
        cases[name] = Case(name, (row.get("case:channel") or "").strip(), dates[0], dates[1], deadline)
    if at is None:
        dirt["activity_without_moment"] += 1
        return
    unit, worker = (row.get("org:group") or "").strip(), (row.get("org:resource") or "").strip()
    cases[name].activities.append(Activity((row.get("concept:name") or "").strip() or "?", at, unit, worker))


def _moment(row: Mapping[str, str | None], column: str, dirt: Counter[str]) -> datetime | None:
    """A moment with its offset as the row has it; one that cannot be read is counted and left out."""
    text = (row.get(column) or "").strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        dirt["unreadable_moment"] += 1
        return None
    if moment.tzinfo is None:
        dirt["moment_without_offset"] += 1
        return moment.replace(tzinfo=UTC)
    return moment


def _judge(case: Case, dirt: Counter[str]) -> None:
    """Name what is wrong with a case; everything is kept all the same."""
    moments = [activity.at for activity in case.activities]
    dates = [moment for moment in (case.start, case.end, case.deadline) if moment]
    found = {
        "case_without_start": case.start is None,
        "case_without_deadline": case.deadline is None,
        "end_before_start": bool(case.end and case.start and case.end < case.start),
        "deadline_before_start": bool(case.deadline and case.start and case.deadline < case.start),
        "mixed_offsets": len({moment.utcoffset() for moment in moments + dates}) > 1,
    }
    dirt.update(name for name, wrong in found.items() if wrong)
    if case.start:
        dirt["activity_before_start"] += sum(moment < case.start for moment in moments)
    if case.end:
        dirt["activity_after_end"] += sum(moment > case.end for moment in moments)
    repeated = len(case.activities) - len(set(case.activities))
    dirt["repeated_activity"] += repeated
