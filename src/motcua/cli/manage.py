"""`motcua manage`: Django's own commands for developers, on the right database and as its owner."""

import click

from motcua.cli.django import setup


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run a Django management command (makemigrations, shell, …) as the database's owner."""
    setup(owner=True)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["motcua manage", *arguments])
