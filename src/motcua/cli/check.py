"""`motcua check`: what an operator should know of the log at a glance."""

import json

import click

from motcua.config.trouble import say


@click.command(
    help="Claimed moments, events set aside, and how far the followers are. Exit code 1 if a person is needed."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(as_json: bool) -> None:
    """Check the log's health."""
    from motcua.cli.django import setup

    setup()
    from motcua.dossiers.health import check

    health = check()
    if as_json:
        click.echo(json.dumps(health.to_data(), ensure_ascii=False))
    else:
        click.echo(
            say(
                f"{health.events} sự kiện, {health.positions} đã xếp vị trí, {health.unplaced} đang chờ",
                f"{health.events} events, {health.positions} placed, {health.unplaced} waiting",
            )
        )
        for name, position in health.followers.items():
            click.echo(f"  {name}: {position}/{health.positions}")
        for claim in health.claims:
            click.echo(
                say(
                    f"  thời điểm nêu ra ({claim.ground}): {claim.events} sự kiện, {claim.dossiers} hồ sơ, "
                    f"lâu nhất {claim.longest_hours} giờ trước khi ghi nhận",
                    f"  claimed moments ({claim.ground}): {claim.events} events, {claim.dossiers} dossiers, "
                    f"at most {claim.longest_hours} hours before the recording",
                )
            )
        for gap in health.widest_claims:
            click.echo(f"    {gap.dossier_id} #{gap.seq} {gap.ground} {gap.hours} h")
        for follower, position, error in health.set_aside:
            click.echo(say(f"  gác lại: {follower} {position} {error}", f"  set aside: {follower} {position} {error}"))
        for name, error in health.failed_duties:
            click.echo(say(f"  việc định kỳ không xong: {name} {error}", f"  duty failed: {name} {error}"))
    raise SystemExit(0 if health.quiet else 1)
