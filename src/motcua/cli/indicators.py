"""`motcua indicators`: the nine indicators of settlement of an agency, and those of its officers when asked for."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from motcua.cli.report import asked_of

if TYPE_CHECKING:
    from motcua.reports.scores import Scores

_DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


@click.command(name="indicators", short_help="The nine indicators of settlement (Circular 01/2018).")
@click.option("--agency", "code", required=True, help="Code of the agency.")
@click.option("--from", "start", required=True, type=_DAY, help="First day, such as 2026-07-01.")
@click.option("--to", "end", required=True, type=_DAY, help="Last day, which belongs to the period.")
@click.option("--officers", is_flag=True, help="With the indicators of each officer, by name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; what has no data is null.")
def command(code: str, start: datetime, end: datetime, *, officers: bool, as_json: bool) -> None:
    """Scores over the dossiers whose result was ready in the period; what has no data is left out, not zero."""
    from motcua.cli.django import setup

    setup()
    from django.utils import timezone

    from motcua.agencies.queries import staff_names
    from motcua.reports import scores

    reader, agency, period = asked_of(code, start, end)
    own = scores.of_agencies(reader, [agency.id], period, timezone.now())[agency.id]
    people = scores.officers(reader, agency.id, period) if officers else {}
    names = staff_names(reader, people) if people else {}
    named = sorted(((names.get(staff, ""), found) for staff, found in people.items()), key=lambda pair: pair[0])
    if as_json:
        told = {"agency": agency.code, "from": period.start.isoformat(), "to": period.end.isoformat()}
        told_people = [{"name": name} | _data(found) for name, found in named]
        whole = told | {"demo": agency.demo} | _data(own) | ({"officers": told_people} if officers else {})
        click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    from motcua.reports.paper import period_words
    from motcua.reports.wording import DEMO

    click.echo(f"{agency.name}, {period_words(period)}" + (f" · {DEMO}" if agency.demo else ""))
    _print(own)
    for name, found in named:
        click.echo(f"\n{name}")
        _print(found)


def _data(found: Scores) -> dict[str, Any]:
    summed = found.sum
    return {
        "dossiers": found.dossiers,
        "indicators": {
            str(number): None if scored.score is None else {"score": str(scored.score), "of": scored.of}
            for number, scored in sorted(found.by.items())
        },
        "total": str(summed.total) if summed.present else None,
        "most": summed.most,
        "complete": summed.complete,
        "class": summed.named.value if summed.named else None,
    }


def _print(found: Scores) -> None:
    from motcua.reports.wording import CLASSES, INDICATORS

    for number, scored in sorted(found.by.items()):
        score = "–" if scored.score is None else str(scored.score).replace(".", ",")
        click.echo(f"{number}  {score:>4}  {INDICATORS[number]}")
    summed = found.sum
    if summed.present:
        name = f" · {CLASSES[summed.named]}" if summed.named else ""
        rest = "" if summed.complete else f" ({summed.present}/{summed.asked})"
        click.echo(f"   {str(summed.total).replace('.', ','):>4}  / {summed.most}{name}{rest}")
