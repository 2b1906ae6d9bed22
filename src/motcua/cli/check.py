"""`motcua check`: what an operator should know of the log at a glance."""

import json
from typing import TYPE_CHECKING, Any

import click

from motcua.cli import webhooks
from motcua.config.trouble import say

_LISTED = 1000  # the most of a class that are named; their number is always whole

if TYPE_CHECKING:
    from motcua.backups.health import BackupHealth
    from motcua.dossiers.health import Health
    from motcua.proofs.health import ProofHealth


@click.command(
    help="Claimed moments, events set aside, how far the followers are, and every class of defects with its list and "
    "owner. Exit code 1 if an operator is needed; defects are their agencies' to put right and do not change it."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(as_json: bool) -> None:
    """Check the log's health."""
    from motcua.cli.django import setup

    setup()
    from motcua.backups import health as backups
    from motcua.dossiers import defects
    from motcua.dossiers.health import check
    from motcua.exchange.subscriptions import subscriptions
    from motcua.proofs import health as proofs

    health, backup, heads = check(), backups.check(), proofs.check()
    wrong = _defects(defects)
    troubled = [line for line in subscriptions() if line.needs_a_person]
    quiet = health.quiet and heads.quiet and not troubled and (backup is None or not backup.faults)
    if as_json:
        lines = [{"id": str(line.id), "client": line.client, "error": line.last_error} for line in troubled]
        told = {"quiet": quiet, "backup": backup.to_data() if backup else None, "webhooks": lines}
        told |= {"heads": heads.to_data(), "defects": wrong}
        click.echo(json.dumps(health.to_data() | told, ensure_ascii=False))
    else:
        _tell_health(health)
        for line in troubled:
            click.echo(say(f"  thông báo tự động: {webhooks.said(line)}", f"  webhooks: {webhooks.said(line)}"))
        _tell_heads(heads)
        _tell_backup(backup)
        _tell_defects(wrong)
    raise SystemExit(0 if quiet else 1)


def _defects(defects: Any) -> list[dict[str, Any]]:
    """Each class of defects, found now: how many, whose, and the first of them."""
    from django.utils import timezone

    from motcua.agencies.access import for_system
    from motcua.agencies.queries import agency_codes

    reader = for_system("check of the installation")
    defects.search(timezone.now())
    counted = defects.counted(reader)
    codes = agency_codes(reader, {each.agency_id for each in counted})
    told = []
    for kind in defects.Kind:
        found, _after = defects.listed(reader, kind, limit=_LISTED)
        told.append(
            {
                "kind": kind.value,
                "number": sum(each.number for each in counted if each.kind is kind),
                "owners": {codes.get(each.agency_id, ""): each.number for each in counted if each.kind is kind},
                "list": [
                    {
                        "dossier": each.code or None,
                        "owner": codes.get(each.agency_id),
                        "since": each.since.isoformat(),
                    }
                    for each in found
                ],
            }
        )
    return told


def _tell_defects(wrong: list[dict[str, Any]]) -> None:
    for each in wrong:
        if each["number"]:
            owners = ", ".join(f"{code} {number}" for code, number in sorted(each["owners"].items()))
            click.echo(f"  {each['kind']}: {each['number']} ({owners})")


def _tell_health(health: "Health") -> None:
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
    if health.clock_behind:
        click.echo(
            say(
                f"  đồng hồ máy chủ chậm hơn nhật ký hơn {health.clock_behind} giây: hãy chỉnh giờ",
                f"  the server's clock is more than {health.clock_behind} s behind the log: set it right",
            )
        )


def _tell_heads(proof: "ProofHealth") -> None:
    if proof.size:
        last = f"{proof.size} {proof.root[:16]} {proof.signed_at}"
        click.echo(say(f"  đầu nhật ký đã ký: {last}", f"  signed head: {last}"))
    if proof.alarm:
        click.echo(
            say(
                f"  BÁO ĐỘNG: nhật ký không nối tiếp phần đã ký ({proof.alarm}). Hãy chạy motcua verify.",
                f"  ALARM: the log does not extend what was signed ({proof.alarm}). Run motcua verify.",
            )
        )
    for each in proof.addressees:
        click.echo(
            say(
                f"  gửi {each.address}: đến ngày {each.last_day or '–'}, còn chờ {each.waiting} {each.error}",
                f"  sent to {each.address}: up to {each.last_day or '–'}, {each.waiting} waiting {each.error}",
            ).rstrip()
        )
        for day in each.given_up:
            click.echo(say(f"    thôi gửi ngày {day}: bị từ chối", f"    gave up {day}: it was refused"))


def _tell_backup(backup: "BackupHealth | None") -> None:
    if backup is None:
        click.echo(say("  chưa đặt sao lưu (MOTCUA_BACKUP)", "  no backups are set up (MOTCUA_BACKUP)"))
        return
    click.echo(
        say(
            f"  sao lưu: {backup.newest}, {backup.hours_old} giờ trước, còn {backup.behind} byte thay đổi chưa chép",
            f"  backup: {backup.newest}, {backup.hours_old} hours ago, {backup.behind} bytes of changes not copied yet",
        )
    )
    for fault in backup.faults:
        click.echo(say(f"  sao lưu: {fault}", f"  backup: {fault}"))
