"""`motcua rules`: which decrees and circulars hold on a day, and what they say with the unit's own settings."""

import json
from datetime import date, datetime
from typing import Any

import click

from motcua.config import env
from motcua.config.trouble import Trouble
from motcua.dossiers.unit_settings import UNIT_SETTINGS
from motcua.law import bases


@click.command(name="rules", short_help="Which legal instruments hold on a day, and what they say.")
@click.option("--on", "day", help="The day, YYYY-MM-DD; default: today.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, day: str | None, as_json: bool) -> None:
    """What a dossier received on that day goes by for life. Needs no database.

    A day that could not be read in an instrument's text is marked; MOTCUA_LEGAL_DATES sets it.
    """
    try:
        on = date.fromisoformat(day) if day else datetime.now().astimezone().date()
    except ValueError:
        raise Trouble(
            f"{day!r} không phải là ngày; viết như 2026-08-03", f"{day!r} is no day; write 2026-08-03", code=2
        ) from None
    values = {rule: (env.read(name), read) for rule, (name, read) in UNIT_SETTINGS.items()}
    unit = {rule: read(value) for rule, (value, read) in values.items() if value is not None}
    dates = env.read("MOTCUA_LEGAL_DATES") or {}
    rules, said = bases.compose(on, unit, dates=dates), bases.sources(on, unit, dates=dates)
    layers = bases.in_force(on, dates=dates)
    if as_json:
        click.echo(json.dumps(_data(on, rules, said, layers), ensure_ascii=False, indent=1))
        return
    click.echo(rules.id)
    for layer in layers:
        doubt = "" if layer.certain or layer.code in dates else "  (day not read in its text: MOTCUA_LEGAL_DATES)"
        click.echo(f"  {layer.code:12} {layer.number:18} from {layer.effective}{doubt}")
    for name, value in rules.to_data().items():
        if name != "layers":
            click.echo(f"  {name:18} {value!s:28} {said.get(name, 'default')}")


def _data(on: date, rules: bases.Rules, said: dict[str, str], layers: tuple[bases.Layer, ...]) -> dict[str, Any]:
    return {
        "on": on.isoformat(),
        "id": rules.id,
        "layers": [
            {
                "code": layer.code,
                "kind": layer.kind.value,
                "number": layer.number,
                "effective": layer.effective.isoformat(),
                "certain": layer.certain,
            }
            for layer in layers
        ],
        "rules": rules.to_data(),
        "sources": said,
    }
