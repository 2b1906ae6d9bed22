"""`motcua due`: when something received is due, and why; one question, or a file of reference cases at once.

Needs neither Django nor a database.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from motcua.law.worktime import (
    CalendarEdgeError,
    CalendarError,
    Convention,
    Due,
    LimitError,
    TimeLimit,
    Unit,
    WorkCalendar,
    due,
)
from motcua.starter.calendar import starter_calendar
from motcua.ui.clock_words import LANGUAGES, moment, sentences

MINUTE = "%Y-%m-%d %H:%M"
_KINDS = ("statutory", "compensatory", "swap_off", "swap_work", "agency")
_UNDERSTOOD = (CalendarError, CalendarEdgeError, LimitError)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_UNIT_OF = {"days": Unit.WORKING_DAY, "hours": Unit.WORKING_HOUR, "months": Unit.MONTH}
_LONGEST_YEARS = 60  # how far a calendar made from a plain list of dates runs on at most


class _Refused(click.ClickException):
    """One clear line on standard error and exit code 2."""

    exit_code = 2


@dataclass(frozen=True)
class _Case:
    """One row of a batch file."""

    id: str
    received: datetime
    limit: TimeLimit
    convention: Convention | None


@click.command(name="due", short_help="Count a due time and say why.")
@click.option("--received", help='Local time of receipt, "YYYY-MM-DD HH:MM".')
@click.option("--limit", "limit_text", help='The time limit, such as "5 ngày làm việc", "8 giờ làm việc", "2 tháng".')
@click.option(
    "--convention", type=click.Choice([c.value for c in Convention]), help="Default: that of the limit's unit."
)
@click.option("--cutoff", default="15:00", show_default=True, help="Received later counts on the next working day.")
@click.option(
    "--calendar", "calendar_file", type=click.Path(path_type=Path), help="A calendar file; default: built in."
)
@click.option("--batch", type=click.Path(path_type=Path), help="A JSON file of cases to count instead.")
@click.option("--language", type=click.Choice(LANGUAGES), default="vi", show_default=True, help="Of the reasons.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *,
    received: str | None,
    limit_text: str | None,
    convention: str | None,
    cutoff: str,
    calendar_file: Path | None,
    batch: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """When is it due, and by which rules?

    One question (--received and --limit), or a file of cases (--batch). Exit code 2 when something cannot be understood
    or lies beyond the calendar.
    """
    if batch is not None and (received or limit_text or convention):
        raise click.UsageError("give either --batch or --received, --limit and --convention")
    if batch is None and not (received and limit_text):
        raise click.UsageError("give --received and --limit, or --batch")
    try:
        until = _cutoff(cutoff)
        calendar = _read_calendar(calendar_file) if calendar_file else None
        if batch is not None:
            _print_batch(_count_batch(batch, calendar, until), as_json=as_json)
            return
        limit = TimeLimit.parse(limit_text or "")
        case = _Case("", _moment(received), limit, Convention(convention) if convention else None)
        answer = due(calendar or starter_calendar(), case.received, case.limit, case.convention, cutoff=until)
    except _UNDERSTOOD as error:
        raise _Refused(str(error)) from error
    _print_one(case, answer, language, as_json=as_json)


def _print_one(case: _Case, answer: Due, language: str, *, as_json: bool) -> None:
    if as_json:
        data = {
            "received": case.received.strftime(MINUTE),
            "limit": str(case.limit),
            "convention": (case.convention or case.limit.convention).value,
            "due": answer.at.strftime(MINUTE),
            "provisional": answer.provisional,
            "trace": answer.to_data()["trace"],
        }
        click.echo(json.dumps(data, ensure_ascii=False))
        return
    title, provisional = {"vi": ("Hẹn trả", " (tạm tính)"), "en": ("Due", " (provisional)")}[language]
    click.echo(f"{title}: {moment(answer.at)}{provisional if answer.provisional else ''}")
    for line in sentences(answer.trace, language):
        click.echo(f"- {line}")


def _print_batch(answers: list[tuple[_Case, Due]], *, as_json: bool) -> None:
    if not as_json:
        for case, answer in answers:
            click.echo(f"{case.id}\t{answer.at.strftime(MINUTE)}")
        return
    rows = [
        {"id": case.id, "due": answer.at.strftime(MINUTE), "trace": answer.to_data()["trace"]}
        for case, answer in answers
    ]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def _count_batch(path: Path, calendar: WorkCalendar | None, cutoff: time) -> list[tuple[_Case, Due]]:
    """Every case of the file with its answer; the first row without one refuses the file, by name and row."""
    data = _read_json(path)
    if isinstance(data, list):
        data = {"vectors": data}
    if not isinstance(data, Mapping) or not isinstance(data.get("vectors"), list):
        raise _Refused(f"{path.name}: there is no list of vectors in this file")
    cases: list[_Case] = []
    for number, row in enumerate(data["vectors"], start=1):
        try:
            cases.append(_case(row))
        except _UNDERSTOOD as error:
            raise _Refused(_at_row(path, number, row, error)) from error
    try:
        used = calendar or _calendar_of(data, path, cases)
    except CalendarError as error:
        raise _Refused(f"{path.name}: {error}") from error
    answers = []
    for number, case in enumerate(cases, start=1):
        try:
            answers.append((case, due(used, case.received, case.limit, case.convention, cutoff=cutoff)))
        except _UNDERSTOOD as error:
            raise _Refused(_at_row(path, number, {"id": case.id}, error)) from error
    return answers


def _at_row(path: Path, number: int, row: object, error: Exception) -> str:
    name = f" (id {row['id']})" if isinstance(row, Mapping) and row.get("id") else ""
    return f"{path.name}, row {number}{name}: {error}"


def _case(row: object) -> _Case:
    """One vector: `mode` names the convention; the limit stands in `days`, `hours` or, written out, in `limit`."""
    if not isinstance(row, Mapping):
        raise LimitError("bad_row", repr(row), "a row is an object with id, mode, start, and days or hours")
    mode = row.get("mode")
    if mode is not None and mode not in [c.value for c in Convention]:
        known = ", ".join(c.value for c in Convention)
        raise LimitError("bad_mode", str(mode), f"mode {mode!r} is not a convention; known are: {known}")
    convention = Convention(mode) if mode is not None else None
    return _Case(str(row.get("id", "")), _moment(row.get("start")), _limit(row, convention), convention)


def _limit(row: Mapping[str, Any], convention: Convention | None) -> TimeLimit:
    given = [key for key in ("days", "hours", "months", "limit") if row.get(key) is not None]
    if not given and convention is Convention.SAME_DAY:
        return TimeLimit(1, Unit.SAME_DAY)
    if len(given) != 1:
        raise LimitError("bad_row", repr(given), "give exactly one of days, hours, months and limit")
    key, value = given[0], row[given[0]]
    if key == "limit":
        return TimeLimit.parse(str(value))
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise LimitError("no_number", repr(value), f"{key} {value!r} is not a number")
    try:
        amount = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise LimitError("no_number", str(value), f"{key} {value!r} is not a number") from None
    if key == "days" and convention is Convention.CALENDAR_ROLL:
        return TimeLimit(amount, Unit.DAY)
    return TimeLimit(amount, _UNIT_OF[key])


def _calendar_of(data: Mapping[str, Any], path: Path, cases: list[_Case]) -> WorkCalendar:
    """The calendar that the file describes; without `holidays` the built-in one.

    A list of dates is taken as the whole truth, so the calendar runs on as far as the cases ask. A CSV file is a table
    of facts for certain years, so it ends with the last of them, and what lies beyond is refused.
    """
    holidays = data.get("holidays")
    if holidays is None:
        return starter_calendar()
    rows = _csv_rows(path.parent / holidays) if isinstance(holidays, str) else _listed_rows(holidays)
    years = [int(row["date"][:4]) for row in rows]
    if not isinstance(holidays, str):
        years += [case.received.year for case in cases]
    if not years:
        raise CalendarError("no_dates", "holidays", "there are neither days off nor rows to count")
    runs_on = 0 if isinstance(holidays, str) else max((_years(case.limit) for case in cases), default=0)
    hours = data.get("office_hours")
    saturday = data.get("saturday_morning")
    facts = {
        "code": path.stem,
        "version": "batch",
        "valid_from": data.get("valid_from", date(min(years), 1, 1).isoformat()),
        "valid_to": data.get("valid_to", date(min(max(years) + runs_on, date.max.year), 12, 31).isoformat()),
        "office_hours": dict.fromkeys(_WEEKDAYS, hours) if isinstance(hours, list) else hours,
        "saturday_morning": [["07:00", "11:30"]] if saturday is None else saturday,
        "days_off": [row for row in rows if row["kind"] != "swap_work"],
        "working_days": [row for row in rows if row["kind"] == "swap_work"],
    }
    return WorkCalendar.from_data(facts)


def _years(limit: TimeLimit) -> int:
    """Years within which a limit surely ends, even on a calendar of very short days."""
    days = limit.amount * 31 if limit.unit is Unit.MONTH else limit.amount
    return min(int(days / 30) + 2, _LONGEST_YEARS)


def _listed_rows(holidays: object) -> list[dict[str, Any]]:
    """Days off given as plain dates, or as objects with date, name and kind."""
    if not isinstance(holidays, list):
        raise CalendarError("bad_rows", "holidays", "holidays are a list of dates or the name of a CSV file")
    rows = []
    for number, item in enumerate(holidays, start=1):
        row = item if isinstance(item, Mapping) else {"date": item}
        rows.append(_fact(row, f"holidays, entry {number}"))
    return rows


def _csv_rows(path: Path) -> list[dict[str, Any]]:
    """Days off from a CSV file with the columns date, name, kind and, if present, confidence."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if "date" not in (reader.fieldnames or ()):
                raise CalendarError("bad_rows", path.name, "the first line has no column named date")
            return [_fact(row, f"{path.name}, row {number}") for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CalendarError("unreadable", path.name, f"cannot be read ({error})") from error


def _fact(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    """One day off or swapped working day as the calendar's own format has it."""
    kind = row.get("kind") or "agency"
    if kind not in _KINDS:
        raise CalendarError("bad_choice", where, f"kind {kind!r} is not one of {', '.join(_KINDS)}")
    day = row.get("date")
    try:
        date.fromisoformat(day if isinstance(day, str) else "")
    except ValueError:
        raise CalendarError("bad_date", where, f"{day!r} is not a date; write it as YYYY-MM-DD") from None
    fact = {"date": day, "name": row.get("name") or "ngày nghỉ", "kind": kind}
    return fact | ({"confidence": row["confidence"]} if row.get("confidence") else {})


def _read_calendar(path: Path) -> WorkCalendar:
    """A calendar in the format that `WorkCalendar.to_data` writes."""
    data = _read_json(path)
    if not isinstance(data, Mapping):
        raise _Refused(f"{path.name}: a calendar file holds one JSON object")
    try:
        return WorkCalendar.from_data(data)
    except CalendarError as error:
        raise _Refused(f"{path.name}: {error}") from error


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _Refused(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _Refused(f"{path}: is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise _Refused(f"{path}: is not JSON (line {error.lineno}: {error.msg})") from error


def _moment(text: object) -> datetime:
    """Naive local time to the minute; LimitError when the text is not one."""
    try:
        read = datetime.fromisoformat(text if isinstance(text, str) and len(text) > len("2024-04-25") else "")
    except ValueError:
        read = None
    if read is None or read.tzinfo is not None:
        raise LimitError("bad_moment", str(text), f"{text!r} is not a local time; write it as YYYY-MM-DD HH:MM")
    return read


def _cutoff(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise LimitError("bad_moment", text, f"cut-off {text!r} is not a time of day; write it as HH:MM") from None
