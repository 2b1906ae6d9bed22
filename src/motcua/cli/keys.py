"""`motcua keys`: which data keys there are and what each still opens; renew the key, and seal old records anew."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import click

from motcua.config.trouble import Trouble, say


@dataclass(frozen=True, slots=True)
class _Key:
    """A data key by its name: whether it is here, and how much of what it sealed is left."""

    id: str
    state: str
    records: int
    files: int
    answers: int


@click.command(help="List the data keys and what each still opens. Exit code 1 when a key is missing.")
@click.option("--renew", is_flag=True, help="Make a new data key, then seal everything anew under it.")
@click.option("--reseal", is_flag=True, help="Seal anew what an older key still seals; it may be interrupted.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(renew: bool, reseal: bool, as_json: bool) -> None:
    """State, renewal and sealing anew; people may work meanwhile."""
    from motcua.cli.django import setup

    setup()
    from motcua.persons.keys import KeyTrouble
    from motcua.persons.keys import renew as make_new

    try:
        if renew:
            make_new()
        if renew or reseal:
            _seal_anew(quiet=as_json)
        found = _state()
    except KeyTrouble as trouble:
        raise Trouble(str(trouble), str(trouble)) from None
    if as_json:
        click.echo(json.dumps({"keys": [asdict(key) for key in found]}))
    else:
        _tell(found)
    raise SystemExit(1 if any(key.state == "missing" for key in found) else 0)


def _seal_anew(*, quiet: bool) -> None:
    """Everything that is sealed, in runs that commit: an interruption loses none of them. Last the marks of holds."""
    from motcua.dossiers import holds
    from motcua.exchange import renewing
    from motcua.files.commands import wrap_anew
    from motcua.persons.commands import seal_anew

    everything = (
        (say("dữ liệu", "records"), seal_anew),
        (say("tệp", "files"), wrap_anew),
        (say("trả lời và khóa ký", "answers and secrets"), renewing.seal_anew),
    )
    for name, work in everything:
        done = 0
        while more := work():
            done += more
            if not quiet:
                click.echo(say(f"  đã mã hóa lại {done} {name}", f"  sealed {done} {name} anew"))
    holds.know_again()


def _state() -> list[_Key]:
    from motcua.agencies.access import for_system
    from motcua.exchange import renewing
    from motcua.files import queries as files
    from motcua.persons import queries as persons
    from motcua.persons.keys import ring

    reader, keys = for_system("state of the data keys"), ring()
    counts = (persons.sealed_by(reader), files.wrapped_by(reader), renewing.sealed_by(reader))
    here = {keys.current.id: "current"} | {key.id: "older" for key in keys.older}
    gone = dict.fromkeys(sorted({id for count in counts for id in count} - here.keys()), "missing")
    return [_Key(id, state, *(count.get(id, 0) for count in counts)) for id, state in (here | gone).items()]


def _tell(found: list[_Key]) -> None:
    words = {
        "current": say("đang dùng", "current"),
        "older": say("cũ", "older"),
        "missing": say("THIẾU", "MISSING"),
    }
    for key in found:
        held = say(
            f"{key.records} dữ liệu, {key.files} tệp, {key.answers} trả lời và khóa ký",
            f"{key.records} records, {key.files} files, {key.answers} answers and secrets",
        )
        click.echo(f"{key.id}  {words[key.state]:<10} {held}")
        if key.state == "older" and not key.records + key.files + key.answers:
            click.echo(
                say(
                    "  không còn mã hóa gì trong cơ sở dữ liệu; giữ lại khi còn bản sao lưu của thời nó",
                    "  seals nothing in the database any more; keep it as long as backups from its time are kept",
                )
            )
