"""`motcua sign-head`: sign the head of the log now, not at the next full hour."""

import click

from motcua.config.trouble import Trouble, say


@click.command(help="Sign the head of the log now: before a backup, or before the machine is switched off.")
def command() -> None:
    """Place what waits, then sign, if the log has grown since the last head."""
    from motcua.cli.django import setup

    setup()
    from motcua.dossiers.sequencer import place_all
    from motcua.proofs import commands, queries
    from motcua.proofs.keys import LogKeyTrouble
    from motcua.proofs.tiles import LogBroken

    place_all()
    try:
        commands.sign()
    except (commands.LogRewritten, LogBroken) as error:
        raise Trouble(
            f"Không ký: nhật ký không còn nối tiếp đầu đã ký ({error}). Hãy chạy motcua verify.",
            f"Not signed: the log no longer extends what was signed ({error}). Run motcua verify.",
        ) from None
    except LogKeyTrouble as trouble:
        raise Trouble(str(trouble), str(trouble)) from None
    head = queries.latest()
    if head is None:
        raise Trouble("Nhật ký còn trống, chưa có gì để ký.", "The log is empty: there is nothing to sign.")
    click.echo(
        say(
            f"{head.size} vị trí, mã gốc {head.root.hex()}, ký lúc {head.signed_at.isoformat()}",
            f"{head.size} positions, root {head.root.hex()}, signed {head.signed_at.isoformat()}",
        )
    )
