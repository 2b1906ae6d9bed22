"""`motcua archive`: copies the database's changes to the backup folder as they are written, until it is stopped."""

from pathlib import Path

import click

from motcua.cli.backup import folder_or_setting
from motcua.config import env
from motcua.config.trouble import Trouble


@click.command(help="Copy the changes to FOLDER (by default MOTCUA_BACKUP) as they are written, until stopped.")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path | None) -> None:
    """Copy changes; `motcua run` starts this itself where MOTCUA_BACKUP is set."""
    folder = folder_or_setting(folder)
    if env.read("DATABASE_URL"):
        raise Trouble(
            "Với DATABASE_URL chỉ có `motcua backup`; việc chép thay đổi là của người quản trị máy chủ đó.",
            "With DATABASE_URL there is `motcua backup` only; copying changes is for that server's administrator.",
        )
    from motcua.backups import changes
    from motcua.backups.shelf import Shelf
    from motcua.config.embedded import Embedded

    changes.follow(Embedded(), Shelf(folder))
