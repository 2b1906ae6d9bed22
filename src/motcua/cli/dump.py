"""`motcua dump`: the whole database in one file."""

from pathlib import Path

import click

from motcua.config import home
from motcua.config.trouble import say


@click.command(help="Write the whole database to FILE while work goes on. Keep the keys apart from it.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write a backup."""
    from motcua.cli.django import setup

    setup(owner=True)
    from motcua.config import backup, database

    size = backup.dump(file, database.current_entry())
    click.echo(say(f"Đã ghi {file} ({size:,} byte).", f"Wrote {file} ({size:,} bytes)."))
    keys = home.home() / "keys"
    click.echo(
        say(
            f"Khoá không nằm trong tệp này: hãy cất riêng {keys}, thiếu nó dữ liệu cá nhân không đọc được.",
            f"The keys are not in it: keep {keys} apart, without it personal data cannot be read.",
        )
    )
