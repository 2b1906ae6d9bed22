"""`motcua identity`: the certificates by which agencies and staff sign."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from motcua.config.trouble import Tellable, Trouble, say


@click.group(help="Enter, list and end the certificates by which agencies and staff sign papers.")
def command() -> None:
    """The verbs below."""


@command.command("add", help="Enter the certificate behind SOURCE (pkcs12:NAME, pkcs11:LABEL, remote:CREDENTIAL).")
@click.argument("source")
@click.option("--agency", required=True, metavar="CODE", help="Whose seal it is, or where the person works.")
@click.option(
    "--person", default="", metavar="USERNAME", help="The person's sign-in name. Without it: the agency's seal."
)
def add(source: str, agency: str, person: str) -> None:
    """Enter one identity."""
    with _told():
        from motcua.signatures import commands

        found = commands.add_identity(agency, source, username=person)
    click.echo(
        say(
            f"{found.fingerprint[:16]}  {found.name}, do {found.issuer} cấp, hết hạn {found.valid_to:%d/%m/%Y}",
            f"{found.fingerprint[:16]}  {found.name}, issued by {found.issuer}, ends {found.valid_to:%Y-%m-%d}",
        )
    )


@command.command("list", help="List all identities, those that have ended too.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def listing(as_json: bool) -> None:
    """Print one line for each identity."""
    with _told():
        from django.utils import timezone

        from motcua.signatures import queries

        found, now = queries.all_identities(), timezone.now()
    if as_json:
        rows = [
            {
                "fingerprint": each.fingerprint, "by": each.by, "name": each.name, "issuer": each.issuer,
                "source": each.source, "valid_to": each.valid_to.isoformat(), "test": each.test,
                "in_use": _in_use(each.ended_at, each.valid_to, now),
            }
            for each in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for each in found:
        state = say("đang dùng", "in use") if _in_use(each.ended_at, each.valid_to, now) else say("đã thôi", "ended")
        click.echo(f"{each.fingerprint[:16]}  {each.by:<6}  {each.source:<24}  {state:<10}  {each.name}")


@command.command("end", help="Sign no longer with the certificate whose fingerprint begins so.")
@click.argument("fingerprint")
def end(fingerprint: str) -> None:
    """End one identity."""
    with _told():
        from motcua.signatures import commands

        count = commands.end_identity(fingerprint)
    if not count:
        raise Trouble(
            f"Không có chứng thư đang dùng nào bắt đầu bằng {fingerprint}.",
            f"No certificate in use begins with {fingerprint}.",
        )
    click.echo(say("Đã thôi dùng. Giấy đã ký trước đó vẫn nguyên giá trị.", "Ended. What was signed before stands."))


def _in_use(ended_at: datetime | None, valid_to: datetime, now: datetime) -> bool:
    return ended_at is None and valid_to > now


@contextmanager
def _told() -> Iterator[None]:
    """Starts Django, and says in the terminal's language what cannot be done."""
    from motcua.cli.django import setup

    setup()
    from django.utils import translation

    from motcua.agencies.queries import NoSuchAgency
    from motcua.signatures.commands import BadIdentity

    with translation.override(say("vi", "en")):
        try:
            yield
        except (Tellable, BadIdentity, NoSuchAgency) as error:
            raise Trouble(str(error), str(error)) from None
