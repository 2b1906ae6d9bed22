"""`motcua export-person`: all that is held about a person, as one ZIP for that person."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import click

from motcua.config.trouble import Trouble, say


@click.command(
    "export-person", help="Write all that is held about a person to FILE (ZIP). The id number comes by standard input."
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--purpose",
    required=True,
    type=click.Choice(["at_desk", "in_writing", "complaint"]),
    help="What for; the person reads it in the log of accesses.",
)
def command(file: Path, purpose: str) -> None:
    """Write the ZIP; a file that exists is not overwritten."""
    if file.exists():
        raise Trouble(f"Tệp {file} đã có. Hãy chọn tên khác.", f"The file {file} exists. Choose another name.")
    prompt = say("Số giấy tờ", "Id number")
    number = click.prompt(prompt, hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not number.strip():
        raise Trouble("Chưa có số giấy tờ.", "There is no id number.", code=2)
    from motcua.cli.django import setup

    setup()
    from motcua.agencies.access import for_system
    from motcua.dossiers import about, about_zip
    from motcua.dossiers.wording import PURPOSES

    found = about.about(for_system("export for the person"), number.strip(), purpose=str(PURPOSES[purpose]))
    if not found.dossiers:
        raise Trouble("Không lưu dữ liệu nào của số này.", "Nothing is kept under this number.")
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            for piece in about_zip.stream(found):
                target.write(piece)
        draft.rename(file)
    except OSError as error:
        raise Trouble(f"Không ghi được {file}: {error.strerror}.", f"Cannot write {file}: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    count = len(found.dossiers)
    click.echo(
        say(
            f"Đã ghi {file}: {count} hồ sơ. Tệp có dữ liệu cá nhân: giao xong thì xóa.",
            f"Wrote {file}: {count} dossiers. It holds personal data: remove it when it is handed over.",
        )
    )
