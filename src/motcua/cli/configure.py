"""`motcua configure`: set up a real desk from one file."""

import json
from pathlib import Path

import click

from motcua.config.trouble import Trouble, say


@click.command(
    help="Create or update calendars, agencies, staff, processes and offers from FILE; all of it or nothing."
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON, first passwords included.")
def command(file: Path, as_json: bool) -> None:
    """Apply a configuration file."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Trouble(
            f"Không đọc được {file}: {error.strerror}.", f"Cannot read {file}: {error.strerror}.", code=2
        ) from error
    except ValueError as error:
        raise Trouble(f"{file} không phải JSON: {error}.", f"{file} is not JSON: {error}.", code=2) from error
    from motcua.cli.django import setup

    setup()
    from django.utils import translation

    from motcua.starter.configuring import BadConfiguration, configure

    try:
        with translation.override(say("vi", "en")):
            done = configure(data)
    except BadConfiguration as error:
        raise Trouble(
            f"{file}, chỗ {error}. Chưa thay đổi gì.", f"{file}, at {error}. Nothing was changed.", code=2
        ) from error
    if as_json:
        click.echo(json.dumps({"counts": done.counts, "passwords": done.passwords}, ensure_ascii=False))
        return
    for section, count in done.counts.items():
        click.echo(f"{section:<12}{count}")
    if done.passwords:
        click.echo(say("Mật khẩu lần đầu, chỉ hiện một lần:", "First passwords, shown only now:"))
    for username, password in done.passwords.items():
        click.echo(f"  {username:<24}{password}")
