"""`motcua drill`: reads the newest backup back beside the running system, and says how long it takes."""

import json
from pathlib import Path

import click

from motcua.cli.backup import folder_or_setting
from motcua.config.trouble import say


@click.command(help="Read the newest backup of FOLDER (by default MOTCUA_BACKUP) back, beside, and prove it.")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(folder: Path | None, as_json: bool) -> None:
    """Drill; exit code 1 when the restored system is not what it should be."""
    from motcua.backups.drill import drill

    found = drill(folder_or_setting(folder), report=lambda line: None if as_json else click.echo(line))
    if as_json:
        click.echo(json.dumps(found.to_data(), ensure_ascii=False))
        raise SystemExit(0 if found.good else 1)
    click.echo(
        say(
            f"{found.dossiers} hồ sơ, {found.events} sự kiện, vị trí {found.position}, mã băm {found.business}",
            f"{found.dossiers} dossiers, {found.events} events, position {found.position}, hash {found.business}",
        )
    )
    if found.rpo is not None:
        click.echo(say(f"  có thể mất (RPO): {found.rpo} giây", f"  could be lost (RPO): {found.rpo} s"))
    parts = f"{found.restore} + {found.verify} s"
    click.echo(say(f"  trở lại sau (RTO): {found.rto} giây ({parts})", f"  back after (RTO): {found.rto} s ({parts})"))
    for table in found.differing or ():
        click.echo(say(f"  bảng khác: {table}", f"  table differs: {table}"))
    if found.log_same is False:
        click.echo(say("  nhật ký khác", "  the log differs"))
    click.echo(say("đạt", "good") if found.good else say("KHÔNG ĐẠT", "FAILED"))
    raise SystemExit(0 if found.good else 1)
