"""`motcua webhooks`: how the lines of messages to other systems stand, and sending them again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

import click

from motcua.cli.django import setup
from motcua.config.trouble import Trouble, say

if TYPE_CHECKING:
    from motcua.exchange.subscriptions import SubscriptionView


@click.group(short_help="Messages to other systems.")
def command() -> None:
    """Webhooks: how they stand, and sending them again."""


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_lines(as_json: bool) -> None:
    """Every subscription with how far it is. Exit code 1 if one needs a person."""
    setup()
    from motcua.exchange.subscriptions import subscriptions

    found = subscriptions()
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, default=str))
    else:
        for each in found:
            click.echo(said(each))
    raise SystemExit(1 if any(each.needs_a_person for each in found) else 0)


@command.command(name="replay")
@click.argument("subscription", type=click.UUID)
@click.option("--after", type=click.IntRange(min=0), required=True, help="The last position that is not sent again.")
def replay(subscription: UUID, after: int) -> None:
    """Send everything after a position once more; a line that was stopped goes on."""
    setup()
    from motcua.exchange import subscriptions

    try:
        subscriptions.replay(None, subscription, after)
    except subscriptions.NoSuchSubscription as error:
        raise Trouble(
            f"Không có đăng ký nhận thông báo {subscription}.", f"There is no subscription {subscription}."
        ) from error
    except subscriptions.SubscriptionError as error:
        raise Trouble("Vị trí này chưa có trong nhật ký.", "The log has not come to this position.") from error
    click.echo(say(f"Gửi lại từ sau vị trí {after}.", f"Sending again after position {after}."))


def said(each: SubscriptionView) -> str:
    """One line about a subscription; a receiver's whole address may hold a secret, so only its host is shown."""
    state = say("đang chạy", "running")
    if each.stopped_at:
        state = say("đã dừng, chờ người xem", "stopped, waits for a person")
    elif each.tries:
        state = say(f"đang thử lại, lần {each.tries}", f"trying again, {each.tries} times so far")
    trouble = f" [{each.last_error}]" if each.last_error else ""
    counts = say(
        f"vị trí {each.position}, còn {each.behind}, không nhận {each.undelivered}",
        f"position {each.position}, {each.behind} ahead, {each.undelivered} refused",
    )
    return f"{each.id}  {each.client}  {urlsplit(each.url).hostname}  {counts}  {state}{trouble}"
