"""`motcua demo`: fill the demo province with plausible dossiers of invented people."""

import click

from motcua.config.trouble import Trouble, say


@click.command(help="Make N demonstration dossiers in the demo province; everything in them is shown as demo data.")
@click.option("--dossiers", "count", type=click.IntRange(0), required=True, help="How many to add.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same lives.")
def command(count: int, seed: int) -> None:
    """Make demonstration dossiers and let the followers catch up."""
    from motcua.cli.django import setup

    setup()
    from motcua.dossiers.worker import catch_up_with_much
    from motcua.starter import demonstration, province

    if not province.exists():
        raise Trouble(
            "Chưa có tỉnh mẫu. Chạy “motcua run” một lần trước.",
            "There is no demo province yet. Run `motcua run` once.",
        )
    with click.progressbar(length=count, label=say("Tạo hồ sơ mẫu", "Making demo dossiers")) as bar:
        made = demonstration.make(count, seed=seed, progress=bar.update)
    click.echo(say("Xếp thứ tự và đếm…", "Placing and counting…"))
    catch_up_with_much()
    click.echo(say(f"Đã tạo {made} hồ sơ mẫu.", f"{made} demo dossiers made."))
