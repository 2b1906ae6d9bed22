"""`motcua erase`: erase what is held about people, by an order."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from motcua.config.trouble import Trouble, say

if TYPE_CHECKING:
    from motcua.dossiers.erasing import Done


@click.command(help="Erase what is held about people, by the number of an order. Exit code 1 when something stays.")
@click.option("--order", help="Number of the order, such as 12/QĐ-UBND.")
@click.option("--dossier", "codes", multiple=True, help="Code of a dossier to erase; may be given again.")
@click.option("--person", is_flag=True, help="Erase a person; the id number is read from standard input.")
@click.option("--due", is_flag=True, help="Erase all whose time of keeping is over.")
@click.option("--early", is_flag=True, help="Before the time of keeping is over; the log says so.")
@click.option("--again", is_flag=True, help="Do again what earlier orders did, after a restoration.")
@click.option("--file", "file", type=click.Path(dir_okay=False, path_type=Path), help="File of erasures for --again.")
@click.option("--dry-run", is_flag=True, help="With --due: only say what is due.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    order: str | None,
    codes: tuple[str, ...],
    person: bool,
    due: bool,
    early: bool,
    again: bool,
    file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Erase by dossier, by person, or all that is due."""
    if [bool(codes), person, due, again].count(True) != 1:
        raise Trouble(
            "Hãy chọn đúng một: --dossier MÃ, --person, --due hoặc --again.",
            "Choose exactly one of --dossier CODE, --person, --due, --again.",
            code=2,
        )
    if order is None and not (again or dry_run):
        raise Trouble("Xóa dữ liệu cần số quyết định: --order.", "An erasure needs the number of an order: --order.")
    number = _number() if person else ""
    from motcua.cli.django import setup

    setup()
    if due and dry_run:
        _say_due(as_json)
        return
    done = _again(file) if again else _erase(order or "", codes, number, early=early)
    _report(done, as_json)
    raise SystemExit(1 if done.kept else 0)


def _number() -> str:
    """The id number: never in the command line, which other users of the machine can read."""
    prompt = say("Số giấy tờ", "Id number")
    given: str = click.prompt(prompt, hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not given.strip():
        raise Trouble("Chưa có số giấy tờ.", "There is no id number.", code=2)
    return given.strip()


def _erase(order: str, codes: tuple[str, ...], number: str, *, early: bool) -> Done:
    from motcua.agencies.access import for_system
    from motcua.dossiers import erasing, queries
    from motcua.dossiers.wording import Refused

    reader = for_system("erasure by order")
    try:
        if number:
            return erasing.erase_person(reader, number, order, early=early)
        if not codes:
            return erasing.erase_due(reader, order)
        gone, kept = [], []
        for code in codes:
            found = queries.by_code(reader, code)
            if found is None:
                raise Trouble(f"Không có hồ sơ {code}.", f"There is no dossier {code}.")
            try:
                gone.append(erasing.erase_dossier(reader, found, order, early=early))
            except Refused as refused:
                kept.append((code, refused))
    except Refused as refused:
        raise Trouble(str(refused.message), str(refused.message)) from None
    return erasing.Done(tuple(gone), tuple(kept))


def _again(file: Path | None) -> Done:
    from motcua.agencies.access import for_system
    from motcua.dossiers import erasing, erasures

    if file is not None and not file.is_file():
        raise Trouble(f"Không có tệp {file}.", f"There is no file {file}.")
    try:
        entries = list(erasures.in_file(file or erasures.path()))
    except ValueError as error:
        raise Trouble(f"Tệp không đọc được: {error}.", f"The file cannot be read: {error}.") from None
    known = {entry.id for entry in entries}
    entries += [entry for entry in erasures.in_table() if entry.id not in known]
    return erasing.erase_again(for_system("erasure after a restoration"), entries)


def _say_due(as_json: bool) -> None:
    from motcua.agencies.access import for_system
    from motcua.dossiers import retention

    reader, after = for_system("what is due for erasure"), ""
    rows: list[retention.Due] = []
    while True:
        page = retention.due(reader, after=after)
        rows += page.rows
        if page.after is None:
            break
        after = page.after
    if as_json:
        listed = [
            {"dossier": row.code, "due_on": row.due_on.isoformat(), "source": row.rule.source,
             "certainty": row.rule.certainty.value, "held_by": row.held_by} for row in rows
        ]  # fmt: skip
        click.echo(json.dumps({"due": listed}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row.code}  {row.due_on}  {row.rule.source} ({row.rule.certainty.value})  {row.held_by}".rstrip())
    click.echo(say(f"{len(rows)} hồ sơ hết thời hạn lưu giữ", f"{len(rows)} dossiers are due for erasure"))


def _report(done: Done, as_json: bool) -> None:
    dossiers = sum(each.dossier_id is not None for each in done.gone)
    if as_json:
        data = {
            "dossiers": dossiers, "records": done.records, "files": done.files,
            "kept": [{"dossier": code, "why": str(refused.message)} for code, refused in done.kept],
        }  # fmt: skip
        click.echo(json.dumps(data, ensure_ascii=False))
        return
    click.echo(
        say(
            f"Đã xóa: {done.records} dữ liệu, {done.files} tệp của {dossiers} hồ sơ",
            f"Erased: {done.records} records, {done.files} files of {dossiers} dossiers",
        )
    )
    for code, refused in done.kept:
        click.echo(f"  {code}: {refused.message}")
