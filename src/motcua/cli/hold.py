"""`motcua hold`: hold a dossier or a person's data by law, lift a hold, list what stands."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from uuid import UUID

import click

from motcua.config.trouble import Trouble, say


@click.command(help="Hold a dossier or a person's data against erasure, lift a hold, or list the holds that stand.")
@click.option("--order", help="Number of the order, such as 3/CV-TA.")
@click.option("--dossier", "code", help="Code of the dossier to hold.")
@click.option("--person", is_flag=True, help="Hold a person; the id number is the first line of standard input.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the hold; without it until it is lifted.")
@click.option("--lift", "lifted", type=click.UUID, help="Id of the hold to lift.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(
    order: str | None, code: str | None, person: bool, until: datetime | None, lifted: UUID | None, as_json: bool
) -> None:
    """Place, lift or list."""
    asked = [code is not None, person, lifted is not None].count(True)
    if asked > 1 or (asked == 1) != (order is not None):
        raise Trouble(
            "Hãy cho --order cùng đúng một trong --dossier MÃ, --person, --lift ID; không cho gì để xem danh sách.",
            "Give --order with exactly one of --dossier CODE, --person, --lift ID; or nothing for the list.",
            code=2,
        )
    number = _line(say("Số giấy tờ", "Id number"), hidden=True) if person else ""
    reason = _line(say("Lý do", "Reason")) if asked else ""
    from motcua.cli.django import setup

    setup()
    if order is None:
        _list(as_json)
    elif lifted is not None:
        _lift(lifted, order, reason)
    else:
        _place(order, code, number, reason, until)


def _line(prompt: str, *, hidden: bool = False) -> str:
    """One line of standard input: neither numbers nor reasons stand in the command line."""
    given: str = click.prompt(prompt, hide_input=hidden) if sys.stdin.isatty() else sys.stdin.readline()
    if not given.strip():
        raise Trouble(f"Còn thiếu: {prompt}.", f"Missing: {prompt}.", code=2)
    return given.strip()


def _place(order: str, code: str | None, number: str, reason: str, until: datetime | None) -> None:
    from motcua.agencies.access import for_system
    from motcua.dossiers import holds, queries
    from motcua.dossiers.wording import Refused
    from motcua.persons.commands import NoSuchRecord

    reader, last = for_system("hold by law"), until.date() if until else None
    try:
        if code is None:
            placed = holds.hold_person(reader, number, order=order, reason=reason, until=last)
        else:
            dossier = queries.by_code(reader, code)
            if dossier is None:
                raise Trouble(f"Không có hồ sơ {code}.", f"There is no dossier {code}.")
            placed = holds.hold_dossier(reader, dossier, order=order, reason=reason, until=last)
    except NoSuchRecord:
        raise Trouble("Không lưu dữ liệu nào của số này.", "Nothing is kept under this number.") from None
    except Refused as refused:
        raise Trouble(str(refused.message), str(refused.message)) from None
    click.echo(say(f"Đã giữ: {placed}", f"Held: {placed}"))


def _lift(hold: UUID, order: str, reason: str) -> None:
    from motcua.agencies.access import for_system
    from motcua.dossiers import holds
    from motcua.dossiers.wording import Refused

    try:
        holds.lift(for_system("hold by law"), hold, order=order, reason=reason)
    except Refused as refused:
        raise Trouble(str(refused.message), str(refused.message)) from None
    except LookupError:
        raise Trouble(f"Không có lệnh giữ {hold}.", f"There is no hold {hold}.") from None
    click.echo(say(f"Đã bỏ lệnh giữ {hold}", f"Lifted {hold}"))


def _list(as_json: bool) -> None:
    from motcua.agencies.access import for_system
    from motcua.dossiers import holds

    standing = holds.standing(for_system("hold by law"))
    if as_json:
        listed = [
            {"id": str(each.id), "order": each.order, "dossier": each.code or None, "from": each.valid_from.isoformat(),
             "to": each.valid_to.isoformat() if each.valid_to else None} for each in standing
        ]  # fmt: skip
        click.echo(json.dumps({"holds": listed}, ensure_ascii=False))
        return
    for each in standing:
        what = each.code or say("một người", "a person")
        click.echo(f"{each.id}  {each.order}  {what}  {each.valid_from} – {each.valid_to or ''}".rstrip(" –"))
    click.echo(say(f"{len(standing)} lệnh giữ", f"{len(standing)} holds"))
