"""`motcua restore`: reads a file of `motcua dump` into an empty database."""

from pathlib import Path

import click

from motcua.config.trouble import say


@click.command(help="Read FILE, written by `motcua dump`, into an empty database, and bring it up to date.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Read a backup back: all of it or nothing."""
    from motcua.cli.django import setup

    setup(owner=True)
    from motcua.config import backup, database, migrating

    migrating.check_server()
    backup.restore(file, database.current_entry())
    migrating.bring_up_to_date()
    click.echo(say(f"Đã khôi phục từ {file}.", f"Restored from {file}."))
