"""`motcua log-key`: the public key of the log, and a new one when the old one must go."""

import click

from motcua.config.trouble import Trouble, say


@click.command(help="Print the public key by which the heads of the log are signed.")
@click.option("--renew", is_flag=True, help="Make a new key; the old one is kept beside it in the folder keys.")
def command(renew: bool) -> None:
    """Print the key in force, after renewing it if asked to."""
    from motcua.cli.django import setup

    setup()
    from motcua.law import signed_note
    from motcua.proofs import keys, queries

    try:
        signer = keys.renew() if renew else keys.signer()
    except keys.LogKeyTrouble as trouble:
        raise Trouble(str(trouble), str(trouble)) from None
    if signer is None:
        raise Trouble(
            f"Chưa có khóa {keys.key_file()}: khóa được tạo khi ký lần đầu, lúc motcua run chạy và đã có hồ sơ.",
            f"There is no key {keys.key_file()} yet: it is made at the first head, when motcua run runs on a dossier.",
        )
    click.echo(signed_note.verifier_key(queries.origin(), signer.public))
    if renew:
        click.echo(
            say(
                f"Hãy lưu riêng {keys.key_file().parent} và công bố khóa mới. Đầu tiếp theo mang chữ ký của cả hai.",
                f"Copy {keys.key_file().parent} apart and publish the new key. The next head bears both signatures.",
            ),
            err=True,
        )
