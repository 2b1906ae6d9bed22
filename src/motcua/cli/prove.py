"""`motcua prove`: proof files that anybody can check without us."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from motcua.config.trouble import Trouble


@click.command(help="Print the last signed head, or a proof against it, as JSON. docs/verifier/verify.py checks it.")
@click.option("--dossier", help="Prove all events of this dossier: its code, or its id.")
@click.option("--position", type=click.IntRange(1), help="Prove the event at this position.")
@click.option("--growth", type=click.IntRange(1), metavar="SIZE", help="Prove that the log only grew since this head.")
@click.option("--against", type=click.IntRange(1), metavar="SIZE", help="The head to prove against. [default: last]")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it to FILE.")
def command(
    dossier: str | None, position: int | None, growth: int | None, against: int | None, output: Path | None
) -> None:
    """Print one proof, or write it."""
    if sum(each is not None for each in (dossier, position, growth)) > 1:
        raise click.UsageError("give one of --dossier, --position and --growth")
    from motcua.cli.django import setup

    setup()
    from motcua.dossiers.circumstances import NoSuchDossier
    from motcua.proofs.queries import NoSuchHead, NoSuchPosition

    try:
        proof = _proof(dossier, position, growth, against)
    except NoSuchDossier:
        raise Trouble(f"Không có hồ sơ {dossier}.", f"There is no dossier {dossier}.") from None
    except NoSuchHead:
        raise Trouble(
            "Không có đầu nhật ký đã ký như vậy. Danh sách ở /nhat-ky; đầu mới được ký khi motcua run đang chạy.",
            "No such head was signed. They are listed at /nhat-ky; new ones are signed while motcua run runs.",
        ) from None
    except NoSuchPosition:
        raise Trouble(
            "Đầu nhật ký này không bao gồm vị trí đó. Hãy chọn đầu ký sau.",
            "That head does not cover this. Choose one that was signed later.",
        ) from None
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    if output:
        output.write_text(f"{text}\n", encoding="utf-8")
    else:
        click.echo(text)


def _proof(dossier: str | None, position: int | None, growth: int | None, against: int | None) -> dict[str, Any]:
    from motcua.agencies.access import for_system
    from motcua.proofs import evidence, queries

    reader = for_system("proof of the log")
    if dossier:
        return evidence.of_dossier(reader, _id(dossier), against)
    if position:
        return evidence.of_position(reader, position, against)
    if growth:
        return queries.consistency(growth, against).to_data()
    head = queries.head_of(against) if against else queries.latest()
    if head is None:
        raise queries.NoSuchHead
    return head.to_data()


def _id(dossier: str) -> UUID:
    from motcua.agencies.access import for_system
    from motcua.dossiers.circumstances import NoSuchDossier
    from motcua.dossiers.queries import by_code

    try:
        return UUID(dossier)
    except ValueError:
        found = by_code(for_system("proof of the log"), dossier)
        if found is None:
            raise NoSuchDossier from None
        return found
