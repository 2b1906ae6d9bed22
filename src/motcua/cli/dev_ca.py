"""`motcua dev-ca`: identities for trying digital signatures out, whose every name says that they are none."""

from pathlib import Path

import click

from motcua.config.trouble import Trouble, say


@click.command(
    help="Make a test authority and test identities in FOLDER: seal, person, expired, and one by an unknown authority."
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--agency", default="Cơ quan thử nghiệm", help="The agency's name on them.", show_default=True)
@click.option("--person", default="Người ký thử", help="The person's name on them.", show_default=True)
def command(folder: Path, agency: str, person: str) -> None:
    """Write ca.pem, and NAME.p12 with NAME.pass for each identity."""
    from motcua.signatures.testing import write_all

    try:
        written = write_all(folder, agency, person)
    except FileExistsError as error:
        raise Trouble(
            f"{error.filename} đã có; không ghi đè khóa nào. Hãy chọn thư mục trống.",
            f"{error.filename} is there already; no key is written over. Choose an empty folder.",
        ) from None
    except OSError as error:
        raise Trouble(
            f"Không ghi được vào {folder}: {error.strerror}.", f"Cannot write to {folder}: {error.strerror}."
        ) from None
    for path in written.values():
        click.echo(path)
    click.echo(
        say(
            "Chỉ để thử: tên trên mỗi chứng thư ghi rõ điều đó. Đừng đặt ca.pem vào MOTCUA_TRUST của hệ thống thật.",
            "For trying out only: each name says so. Do not put ca.pem into a real system's MOTCUA_TRUST.",
        ),
        err=True,
    )
