"""`motcua rebuild`: rows, tallies and what reports count, anew from the log."""

from uuid import UUID

import click

from motcua.config.trouble import say


@click.command(
    help="Write the rows of DOSSIERS (ids; by default all), the tallies and what reports count anew from the log."
)
@click.argument("dossiers", nargs=-1, type=click.UUID)
def command(dossiers: tuple[UUID, ...]) -> None:
    """Rebuild what can be rebuilt; the log is only read."""
    from motcua.cli.django import setup

    setup()
    from motcua.dossiers import rebuild
    from motcua.dossiers.worker import catch_up
    from motcua.reports import followers

    rows = rebuild.rebuild_rows(dossiers or rebuild.all_dossiers())
    rebuild.rebuild_tallies()
    followers.forget()
    catch_up()
    click.echo(say(f"Đã dựng lại {rows} hồ sơ và số liệu ngày.", f"Rebuilt {rows} dossiers and the tallies."))
