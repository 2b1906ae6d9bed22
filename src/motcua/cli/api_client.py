"""`motcua api-client`: connects other systems to the programming interface, renews their secrets, and ends them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta

import click

from motcua.cli.django import setup
from motcua.config.trouble import Trouble, say


@click.group(name="api-client", short_help="Connect systems to the programming interface.")
def command() -> None:
    """Connected systems: make, list, renew the secret of, and end them."""


@command.command(name="create")
@click.argument("name")
@click.option("--agency", required=True, help="Code of the agency that the system acts for.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="A scope, such as dossiers:read; may be repeated."
)
@click.option("--role", "roles", multiple=True, help="A role of its technical post; may be repeated.")
@click.option("--procedure", "procedures", multiple=True, help="A procedure that it works on; without any: all.")
@click.option("--per-minute", type=click.IntRange(min=1), default=600, show_default=True, help="Requests a minute.")
def create(
    name: str,
    agency: str,
    scopes: tuple[str, ...],
    roles: tuple[str, ...],
    procedures: tuple[str, ...],
    per_minute: int,
) -> None:
    """Connect a system and print its client id and secret. The secret is shown this once."""
    setup()
    from motcua.agencies.commands import AgencyError
    from motcua.exchange import commands

    try:
        made = commands.open_client(
            name=name, agency_code=agency, scopes=scopes, roles=roles, procedures=procedures, per_minute=per_minute
        )
    except AgencyError as error:
        raise Trouble(f"{error.field}: {error}", f"{error.field}: {error}") from error
    _show(str(made.client_id), made.secret)


@command.command(name="rotate")
@click.argument("name")
@click.option("--overlap-hours", type=click.IntRange(min=0), default=24, show_default=True, help="The old one's rest.")
def rotate(name: str, overlap_hours: int) -> None:
    """Print a new secret; the former one holds on for the overlap."""
    setup()
    from motcua.exchange import commands

    try:
        made = commands.replace_secret(name, timedelta(hours=overlap_hours))
    except commands.NoSuchClient as error:
        raise _unknown(name) from error
    _show(str(made.client_id), made.secret)


@command.command(name="close")
@click.argument("name")
def close(name: str) -> None:
    """End a system's access at once; what it did stays in the log."""
    setup()
    from motcua.exchange import commands

    try:
        commands.close_client(name)
    except commands.NoSuchClient as error:
        raise _unknown(name) from error
    click.echo(say(f"Đã đóng {name}.", f"{name} is closed."))


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_clients(as_json: bool) -> None:
    """Every connected system with its scopes."""
    setup()
    from motcua.exchange.queries import clients

    found = clients()
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, default=str))
        return
    for each in found:
        ended = say(" (đã đóng)", " (closed)") if each.closed_at else ""
        click.echo(f"{each.id}  {each.name}{ended}  {each.agency_code}  {each.per_minute}/min  {' '.join(each.scopes)}")


def _show(client_id: str, secret: str) -> None:
    click.echo(f"client_id      {client_id}")
    click.echo(f"client_secret  {secret}")
    click.echo(
        say("Hãy cất khóa này ngay: không xem lại được.", "Keep this secret now: it is not shown again."), err=True
    )


def _unknown(name: str) -> Trouble:
    return Trouble(f"Không có hệ thống kết nối “{name}”.", f"There is no connected system “{name}”.")
