"""`motcua report`: the settlement report II.06a of an agency, for the terminal, for programs or as a spreadsheet."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from motcua.config.trouble import Trouble, say

if TYPE_CHECKING:
    from motcua.agencies.access import Reader
    from motcua.agencies.queries import AgencyView
    from motcua.law.reporting import Period
    from motcua.reports.queries import Asked, Report

_DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


@click.group(name="report", short_help="Reports that the law prescribes.")
def command() -> None:
    """Reports that the law prescribes."""


@command.command(name="ii06a", short_help="How procedures were settled, by field (form II.06a).")
@click.option("--agency", "code", required=True, help="Code of the agency that settles.")
@click.option("--from", "start", required=True, type=_DAY, help="First day, such as 2026-07-01.")
@click.option("--to", "end", required=True, type=_DAY, help="Last day, which belongs to the period.")
@click.option("--below", is_flag=True, help="With the agencies that stand below it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write a spreadsheet.")
def ii06a(code: str, start: datetime, end: datetime, *, below: bool, as_json: bool, xlsx: Path | None) -> None:
    """Counts as at the end of the period, from what the worker has read of the log."""
    from motcua.cli.django import setup

    setup()
    from motcua.reports import queries

    reader, agency, period = asked_of(code, start, end)
    listed = queries.agencies_to_report(reader)
    ids = queries.with_below(listed, agency.id) if below else frozenset({agency.id})
    asked = _asked(ids, period)
    found = queries.report(reader, asked)
    if xlsx is not None:
        xlsx.write_bytes(_workbook(agency, period, found, asked, below=below))
        click.echo(say(f"Đã ghi {xlsx}.", f"Wrote {xlsx}."), err=as_json)
    if as_json:
        click.echo(json.dumps(_data(agency, period, found, below=below), ensure_ascii=False, indent=1))
    elif xlsx is None:
        _print(agency, period, found)


def asked_of(code: str, start: datetime, end: datetime) -> tuple[Reader, AgencyView, Period]:
    """The reader of a report on the command line, the agency and the period. Raises Trouble."""
    from motcua.agencies.access import for_system
    from motcua.agencies.queries import NoSuchAgency, agency_by_code
    from motcua.law.reporting import Period

    if end < start:
        raise Trouble("--to phải không sớm hơn --from.", "--to must not be before --from.", code=2)
    reader = for_system("a report asked for on the command line")
    try:
        return reader, agency_by_code(reader, code), Period(start.date(), end.date())
    except NoSuchAgency as error:
        raise Trouble(f"Không có cơ quan mã {code}.", f"There is no agency with the code {code}.", code=2) from error


def _asked(ids: frozenset[int], period: Period) -> Asked:
    from django.utils import timezone

    from motcua.reports.queries import Asked

    return Asked(ids, period, timezone.now())


def _workbook(agency: AgencyView, period: Period, found: Report, asked: Asked, *, below: bool) -> bytes:
    from motcua.agencies.queries import form_head
    from motcua.reports import paper, queries, sheet

    form = paper.form(form_head(agency.id), period, found, queries.reading(), below=below, made_at=asked.now)
    return sheet.workbook(form, found)


def _data(agency: AgencyView, period: Period, found: Report, *, below: bool) -> dict[str, Any]:
    from motcua.law.reporting import Column
    from motcua.reports import queries

    read = queries.reading()

    def figures(row: Any) -> dict[str, int]:
        return {column.name.lower(): row[column] for column in Column}

    return {
        "form": "II.06a/VPCP/KSTT",
        "agency": agency.code,
        "below": below,
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "at": found.at.isoformat(),
        "position": found.position,
        "late_by": read.late_by.value,
        "leaves_out": sorted(each.value for each in read.leaves_out),
        "demo": agency.demo,
        "rows": [{"field": row.field} | figures(row) for row in found.rows],
        "total": figures(found.total),
    }


def _print(agency: AgencyView, period: Period, found: Report) -> None:
    from motcua.law.reporting import Column
    from motcua.reports import paper, queries
    from motcua.reports.wording import DEMO, FORM, figure

    click.echo(f"{FORM} · {agency.name}, {paper.period_words(period)}" + (f" · {DEMO}" if agency.demo else ""))
    rows = (*found.rows, found.total)
    width = max(len(row.field) for row in rows)
    click.echo(" " * width + "".join(f"{f'({column.value})':>9}" for column in Column))
    for row in rows:
        click.echo(row.field.ljust(width) + "".join(f"{figure(row[column]):>9}" for column in Column))
    for note in paper.notes(found, queries.reading()):
        click.echo(note)
