"""`motcua verify`: rebuild what can be rebuilt from the log and compare."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from motcua.config.trouble import Trouble

if TYPE_CHECKING:
    from motcua.dossiers.findings import Report
    from motcua.proofs.verify import GivenHead


@click.command(
    help="Rebuild states, rows, order, tallies and tree from the log and compare. Exit code 1 when anything differs."
)
@click.option("--records", is_flag=True, help="Hold every record about a person against its commitment, too.")
@click.option(
    "--head",
    "heads",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head of the log that was published earlier, in a file; may be given several times.",
)
@click.option("--processes", type=click.IntRange(1, 64), help="How many work at once. [default: one for each CPU]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(records: bool, heads: tuple[Path, ...], processes: int | None, as_json: bool) -> None:
    """Verify the whole log."""
    from motcua.cli.django import setup

    setup()
    from motcua.dossiers.verify import verify
    from motcua.proofs.verify import TreeCheck

    tree = TreeCheck([_given(path) for path in heads])
    report = verify(records=records, processes=processes, also=[tree])
    if as_json:
        click.echo(json.dumps(report.to_data(), ensure_ascii=False))
    else:
        _tell(report, records=records)
    raise SystemExit(0 if report.sound else 1)


def _given(path: Path) -> "GivenHead":
    from motcua.law.signed_note import NoteError
    from motcua.proofs.verify import read_given

    try:
        return read_given(path.name, path.read_text(encoding="utf-8"))
    except (NoteError, UnicodeDecodeError) as error:
        raise Trouble(
            f"Không đọc được đầu nhật ký trong {path}: {error}. Hãy lưu lại tệp từ trang /nhat-ky hoặc từ thư.",
            f"There is no head of the log in {path}: {error}. Save it again from the page /nhat-ky or from the mail.",
            code=2,
        ) from None


def _tell(report: "Report", *, records: bool) -> None:
    click.echo(
        f"{report.dossiers} dossiers, {report.events} events, {report.positions} placed, "
        f"{report.unplaced} waiting, {report.claims} with a claimed moment, {report.heads} signed heads"
    )
    if records:
        click.echo(f"{report.records} records about persons")
    for order, count in sorted(report.erased.items()):
        click.echo(f"  {count} erased by order {order}")
    for fault in report.faults:
        where = " ".join(
            f"{k}={v}"
            for k, v in (("dossier", fault.dossier_id), ("seq", fault.seq), ("position", fault.position))
            if v
        )
        click.echo(f"  {fault.kind}: {where} {fault.detail}".rstrip())
    if report.first_bad_position:
        click.echo(f"first bad position: {report.first_bad_position}")
    click.echo("sound" if report.sound else f"{report.fault_count} faults")
