"""`motcua reset-sign-in`: help for who cannot sign in, by the operator, when no administrator can."""

import click

from motcua.config.trouble import Trouble, say


@click.command(help="Reset how USERNAME signs in. The reason goes into the log of accounts; all its sessions end.")
@click.argument("username")
@click.option("--reason", required=True, help="Why, for the log of accounts.")
@click.option("--password", is_flag=True, help="Give a new random password, which must be changed at sign-in.")
@click.option("--second-factor", is_flag=True, help="Remove passkeys, authenticator app and recovery codes.")
def command(username: str, reason: str, password: bool, second_factor: bool) -> None:
    """Reset a password or a second factor; without either only end the sessions."""
    from motcua.cli.django import setup

    setup()
    from motcua.agencies import accounts
    from motcua.agencies.access import for_system
    from motcua.agencies.commands import AgencyError

    reader = for_system("motcua reset-sign-in")
    try:
        staff_id = accounts.staff_id_of(username)
        if second_factor:
            accounts.remove_second_factor(reader, staff_id, reason)
            click.echo(say("Đã gỡ lớp xác thực thứ hai.", "The second factor is removed."))
        if password:
            given = accounts.give_password(reader, staff_id, reason)
            click.echo(say(f"Mật khẩu mới: {given}", f"New password: {given}"))
        if not (password or second_factor):
            ended = accounts.end_sessions(reader, staff_id, reason)
            click.echo(say(f"Số phiên đã kết thúc: {ended}.", f"Sessions ended: {ended}."))
    except AgencyError as error:
        text = str(error)
        raise Trouble(text, f"Not done ({error.field}): {text}") from None
