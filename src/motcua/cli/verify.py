"""`motcua verify`: rebuild what can be rebuilt from the log and compare."""

import json

import click


@click.command(
    help="Rebuild states, rows, order and tallies from the log and compare. Exit code 1 when anything differs."
)
@click.option("--records", is_flag=True, help="Hold every record about a person against its commitment, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(records: bool, as_json: bool) -> None:
    """Verify the whole log."""
    from motcua.cli.django import setup

    setup()
    from motcua.dossiers.verify import verify

    report = verify(records=records)
    if as_json:
        click.echo(json.dumps(report.to_data(), ensure_ascii=False))
    else:
        click.echo(
            f"{report.dossiers} dossiers, {report.events} events, {report.positions} placed, "
            f"{report.unplaced} waiting, {report.claims} with a claimed moment"
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
        click.echo("sound" if report.sound else f"{report.fault_count} faults")
    raise SystemExit(0 if report.sound else 1)
