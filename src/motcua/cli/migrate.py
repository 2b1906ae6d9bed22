"""`motcua migrate`: brings the tables up to date and grants the application its rights."""

import json

import click

from motcua.config.trouble import say


@click.command(help="Bring the tables up to date and grant the application its rights.")
@click.option("--json", "as_json", is_flag=True, help="Print the applied migrations as JSON.")
def command(as_json: bool) -> None:
    """Migrate as the owner; running it again changes nothing."""
    from motcua.cli.django import setup

    setup(owner=True)
    from motcua.config import migrating

    migrating.check_server()
    applied = migrating.bring_up_to_date()
    if as_json:
        click.echo(json.dumps({"applied": applied}))
        return
    for name in applied:
        click.echo(name)
    click.echo(say(f"Đã áp dụng {len(applied)} thay đổi.", f"Applied {len(applied)} migrations."))
