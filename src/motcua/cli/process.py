"""`motcua process`: bring internal processes out and in as BPMN 2.0, check them, and run them dry."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from motcua.config.trouble import Trouble, say

if TYPE_CHECKING:
    from motcua.law.simulate import Pool
    from motcua.law.simulated import Simulated
    from motcua.procedures.bpmn import Read
    from motcua.procedures.processes import Version

_FILE = click.argument("file", type=click.Path(path_type=Path))
_PROCEDURE = click.option(
    "--procedure", help="Code of the procedure; left out: the process for procedures without one."
)
_AGENCY = click.option("--agency", help="Code of the agency; left out: of all agencies.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="process", short_help="Internal processes: BPMN 2.0, checks, dry runs.")
def command() -> None:
    """Internal processes as files: export and import BPMN 2.0, check, simulate.

    FILE is a BPMN 2.0 file, or a definition as JSON (its name then ends with .json).
    """


@command.command(name="export")
@_PROCEDURE
@_AGENCY
@click.option("--version", "number", type=int, help="Number of the version; left out: the one in force.")
@click.option("--output", type=click.Path(path_type=Path), help="Write there instead of on standard output.")
def export_process(procedure: str | None, agency: str | None, number: int | None, output: Path | None) -> None:
    """Write a published process as BPMN 2.0, or as JSON when the output's name ends with .json."""
    from motcua.cli.django import setup

    setup()
    from motcua.law.process import Process
    from motcua.procedures import bpmn_writing

    found = _published(procedure, agency, number)
    if output is not None and output.suffix == ".json":
        data = (json.dumps(found.definition, ensure_ascii=False, indent=2) + "\n").encode()
    else:
        data = bpmn_writing.written(Process.from_data(found.definition))
    if output is None:
        sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Trouble(
            f"Không ghi được {output}: {error.strerror}.", f"Cannot write {output}: {error.strerror}.", code=2
        ) from error


@command.command(name="import")
@_FILE
@_PROCEDURE
@_AGENCY
@click.option("--publish", is_flag=True, help="Publish it at once, when it has no defect and nothing was left out.")
@click.option("--decision", default="", help="With --publish: the decision by which it was approved.")
@_JSON
def import_process(
    file: Path, procedure: str | None, agency: str | None, publish: bool, decision: str, as_json: bool
) -> None:
    """Put a file in as a draft, which editors find under "Quy trình"; one that is there is not written over."""
    from motcua.cli.django import setup

    setup()
    from motcua.agencies.access import for_system
    from motcua.procedures import drafts, processes
    from motcua.procedures.checking import problems_of

    read = _read(file)
    reader = for_system("import of a process")
    agency_id = _agency_id(agency)
    problems = problems_of(read.definition)
    done: dict[str, Any] = {"notes": _notes(read), "problems": [str(problem) for problem in problems]}
    _tell(read, problems, quiet=as_json)
    if publish and (problems or read.left_out):
        raise Trouble("Còn chỗ phải sửa nên chưa công bố.", "Not published: there is something to mend.")
    try:
        draft = drafts.begin(reader, procedure_code=procedure, agency_id=agency_id, definition=read.definition)
        there = processes.draft(reader, draft)
        if there.definition != read.definition:
            raise Trouble(
                "Đã có bản thảo khác cho thủ tục và cơ quan này. Hãy công bố hoặc bỏ bản thảo ấy trước.",
                "There is another draft for this procedure and agency. Publish it or give it up first.",
            )
        done["draft"] = draft
        if publish:
            result = drafts.publish(reader, draft, revision=there.revision, over=there.current_id, decision=decision)
            done |= {"draft": None, "outcome": result.outcome, "version": result.version_id}
    except processes.NoSuchProcess:
        raise Trouble(f"Không có thủ tục {procedure}.", f"There is no procedure {procedure}.", code=2) from None
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False))
    elif publish:
        words = {
            "created": say("đã công bố", "published"),
            "updated": say("đã công bố phiên bản mới", "published anew"),
        }
        click.echo(words.get(done["outcome"], say("không có gì mới", "nothing new")))
    else:
        click.echo(say(f"bản thảo {draft}", f"draft {draft}"))


@command.command(name="check")
@_FILE
@_JSON
def check(file: Path, as_json: bool) -> None:
    """Say what is wrong with a process, and what in its file was not understood: exit code 1. Needs no database."""
    _words()
    from motcua.procedures.checking import problems_of

    read = _read(file)
    problems = problems_of(read.definition)
    if as_json:
        found = {"notes": _notes(read), "problems": [str(problem) for problem in problems]}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        _tell(read, problems)
        if not problems and not read.left_out:
            click.echo(say("không có lỗi", "no defects"))
    raise SystemExit(1 if problems or read.left_out else 0)


@command.command(name="simulate")
@_FILE
@click.option("--limit", help='The legal limit, such as "5 ngày làm việc"; left out: nothing is held to one.')
@click.option("--people", multiple=True, metavar="WHO=N", help="Such as leader=1 or receiving/desk_officer=2; else 1.")
@click.option("--dossiers", default=10_000, show_default=True)
@click.option("--per-day", default=5, show_default=True, help="Dossiers that come on each working day.")
@click.option("--share", default=10, show_default=True, help="Percent of the allotted minutes that work takes.")
@click.option("--spread", default=50, show_default=True, help="Percent by which that differs at most.")
@click.option("--unallotted", default=0, show_default=True, help="Minutes that a step without an allotment takes.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same figures.")
@click.option(
    "--begin",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day; left out: that on which the calendar's last year begins.",
)
@_JSON
def simulate(file: Path, limit: str | None, people: tuple[str, ...], as_json: bool, begin: Any, **numbers: Any) -> None:
    """Push simulated dossiers through a process, on the built-in work calendar; needs no database.

    Every figure is simulated: it follows from the assumptions and says nothing about real dossiers.
    """
    _words()
    from motcua.law.process import Process, ProcessError
    from motcua.law.simulate import AssumptionError, Assumptions, Clock
    from motcua.law.simulate import simulate as run
    from motcua.law.worktime import CalendarEdgeError, LimitError, TimeLimit
    from motcua.starter.calendar import starter_calendar

    process, calendar = Process.read(_read(file).definition), starter_calendar()
    first = begin.date() if begin else date(calendar.valid_to.year, 1, 1)
    try:
        assumptions = Assumptions(people=_people(people, process), **numbers)
        clock = Clock(calendar, first, TimeLimit.parse(limit) if limit else None)
        found = run(process, assumptions, clock)
    except (AssumptionError, LimitError, CalendarEdgeError, ProcessError) as error:
        raise Trouble(f"Không chạy thử được: {error}.", f"Cannot run it: {error}.", code=2) from error
    if as_json:
        click.echo(json.dumps(found.to_data(), ensure_ascii=False))
    else:
        _tell_run(process, found)


def _words() -> None:
    """Makes messages readable without a database: Django is set up, and nothing is connected."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    import django

    django.setup()


def _read(file: Path) -> Read:
    """The definition in a file, or one clear line."""
    from django.utils import translation

    from motcua.law.process import Process, ProcessError
    from motcua.procedures import bpmn, bpmn_reading
    from motcua.procedures.checking import TooLarge, check_storable

    try:
        with file.open("rb") as stream:
            data = stream.read(bpmn_reading.MOST_BYTES + 1)
        with translation.override(say("vi", "en")):
            if file.suffix == ".json":
                read = bpmn.Read(Process.read(json.loads(data)).to_data(), ())
            else:
                read = bpmn_reading.read(data)
            check_storable(read.definition)
    except OSError as error:
        raise Trouble(
            f"Không đọc được {file}: {error.strerror}.", f"Cannot read {file}: {error.strerror}.", code=2
        ) from error
    except bpmn.BpmnError as error:
        with translation.override(say("vi", "en")):
            raise Trouble(f"{file}: {error.message}", f"{file}: {error.message}", code=2) from error
    except (ValueError, RecursionError) as error:
        is_ours = isinstance(error, ProcessError | TooLarge)
        reason = str(error) if is_ours else type(error).__name__
        raise Trouble(
            f"{file} không phải định nghĩa quy trình: {reason}.", f"{file} is no process: {reason}.", code=2
        ) from error
    return read


def _published(procedure: str | None, agency: str | None, number: int | None) -> Version:
    from motcua.agencies.access import for_system
    from motcua.procedures import processes

    reader, agency_id = for_system("export of a process"), _agency_id(agency)
    for row in processes.listed(reader):
        if row.process_id is not None and (row.procedure_code, row.agency_id) == (procedure, agency_id):
            detail = processes.detail(reader, row.process_id)
            try:
                return detail.current if number is None else detail.version(number)
            except processes.NoSuchProcess:
                break
    raise Trouble(
        "Không có quy trình nào được công bố cho đúng thủ tục, cơ quan và phiên bản này.",
        "No process is published for exactly this procedure, agency and version.",
        code=2,
    )


def _agency_id(code: str | None) -> int | None:
    from motcua.agencies import queries
    from motcua.agencies.access import for_system

    try:
        return queries.agency_by_code(for_system("a process"), code).id if code else None
    except queries.NoSuchAgency:
        raise Trouble(f"Không có cơ quan {code}.", f"There is no agency {code}.", code=2) from None


def _people(given: tuple[str, ...], process: Any) -> dict[Pool, int]:
    """Who is how many: a function, or a function at one of the two agencies."""
    from motcua.law.simulate import AssumptionError

    people: dict[Pool, int] = {}
    for each in given:
        who, _equals, count = each.partition("=")
        place, _slash, function = who.rpartition("/")
        pools = {(s.place, s.function) for s in process.steps if s.function == function and place in {"", s.place}}
        if not pools or not (count.isascii() and count.isdigit()):
            raise AssumptionError("people", each)
        people |= dict.fromkeys(pools, int(count))
    return people


def _notes(read: Read) -> list[Mapping[str, str]]:
    return [
        {"kind": note.kind.value, "code": note.code, "element": note.element, "id": note.id, "name": note.name}
        for note in read.notes
    ]


def _tell(read: Read, problems: tuple[Any, ...], *, quiet: bool = False) -> None:
    """Problems and notes as lines."""
    from django.utils import translation

    from motcua.procedures import wording

    if quiet:
        return
    with translation.override(say("vi", "en")):
        for note in read.notes:
            click.echo(f"  {note.message}")
        for problem in problems:
            where = f"{problem.step}: " if problem.step else ""
            click.echo(f"! {where}{wording.problem(problem)}")


def _tell_run(process: Any, found: Simulated) -> None:
    """The run as lines, each of them about simulated dossiers."""
    lost = found.stranded + found.endless
    click.echo(
        say(
            f"MÔ PHỎNG: {found.dossiers} hồ sơ, {found.granted} có kết quả, {found.refused} từ chối, {lost} không ra",
            f"SIMULATED: {found.dossiers} dossiers, {found.granted} granted, {found.refused} refused, {lost} lost",
        )
    )
    if found.kept is not None:
        kept, share = found.kept, f"{100 * found.kept.in_time:.1f}"
        click.echo(
            say(
                f"  trước hạn {kept.early}, đúng hạn {kept.on_time}, quá hạn {kept.overdue} ({share} % không quá hạn)",
                f"  early {kept.early}, on time {kept.on_time}, overdue {kept.overdue} ({share} % in time)",
            )
        )
    if found.minutes is not None:
        spread = f"{found.minutes.median} / {found.minutes.ninetieth} / {found.minutes.longest}"
        click.echo(
            say(
                f"  phút làm việc (giữa / 90 % / lâu nhất): {spread}",
                f"  working minutes (median / 90 % / longest): {spread}",
            )
        )
    for load in found.loads:
        share, queue = f"{100 * load.share:.0f}", load.longest_queue
        click.echo(
            say(
                f"  {load.place}/{load.function} ({load.people}): {share} % thời gian, dồn nhiều nhất {queue}",
                f"  {load.place}/{load.function} ({load.people}): {share} % of their time, at most {queue} waiting",
            )
        )
    for code in found.dead_ends:
        click.echo(say(f"! ngõ cụt: {code}", f"! dead end: {code}"))
    for code in found.unreachable:
        click.echo(say(f"! không đến được: {code}", f"! unreachable: {code}"))
