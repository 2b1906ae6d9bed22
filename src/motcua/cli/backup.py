"""`motcua backup`: a copy of everything in the backup folder, with what proves it."""

import json
from pathlib import Path

import click

from motcua.config import env, home
from motcua.config.trouble import Trouble, say


def folder_or_setting(folder: Path | None) -> Path:
    """The folder that was named, else that of MOTCUA_BACKUP; raises `Trouble` when there is neither."""
    if folder is None and env.read("MOTCUA_BACKUP") is None:
        raise Trouble(
            "Chưa biết sao lưu vào đâu: hãy ghi thư mục, hoặc đặt MOTCUA_BACKUP.",
            "No folder for backups is known: name one, or set MOTCUA_BACKUP.",
            code=2,
        )
    return folder or Path(env.read("MOTCUA_BACKUP"))


@click.command(help="Copy database and uploads to FOLDER (by default MOTCUA_BACKUP) while work goes on.")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Throw away all but the newest KEEP copies. [default: keep all]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(folder: Path | None, keep: int | None, as_json: bool) -> None:
    """Take a backup."""
    folder = folder_or_setting(folder)
    from motcua.cli.django import setup

    setup()
    from motcua.backups.taking import take, throw_away

    copy = take(folder)
    removed = throw_away(folder, keep) if keep else []
    mark = copy.mark.to_data() if copy.mark else None
    if as_json:
        click.echo(json.dumps({"copy": str(copy.folder), "kind": copy.kind, "bytes": copy.bytes, "mark": mark}))
        return
    click.echo(
        say(
            f"Đã sao lưu vào {copy.folder} ({copy.bytes:,} byte).",
            f"Backed up to {copy.folder} ({copy.bytes:,} bytes).",
        )
    )
    if mark is not None:
        click.echo(
            say(
                f"  vị trí {mark['position']}, mã băm {mark['business']}",
                f"  position {mark['position']}, hash {mark['business']}",
            )
        )
    for old in removed:
        click.echo(say(f"  đã bỏ {old.folder}", f"  removed {old.folder}"))
    keys = home.home() / "keys"
    click.echo(
        say(
            f"Khoá không nằm trong đó: hãy cất riêng {keys}, thiếu nó dữ liệu cá nhân không đọc được.",
            f"The keys are not in it: keep {keys} apart, without it personal data cannot be read.",
        )
    )
