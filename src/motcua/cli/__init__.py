"""The `motcua` command: one file a verb, loaded only when it is called."""

import importlib
import pkgutil
from typing import Any

import click

from motcua.config.trouble import Tellable, Trouble

_HELPERS = {"django", "console"}  # modules beside the verbs that are not verbs


class _Verbs(click.Group):
    """Finds verbs by the files beside this one, so that `motcua due` never pays for Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = [m.name for m in pkgutil.iter_modules(__path__) if m.name not in _HELPERS]
        return sorted(name.replace("_", "-") for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"motcua.cli.{cmd_name} has no click command named 'command'")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the verb; what only the person can mend is one line on standard error, not a traceback."""
        try:
            return super().invoke(ctx)
        except Trouble as trouble:
            click.echo(str(trouble), err=True)
            ctx.exit(trouble.code)
        except Tellable as trouble:
            click.echo(str(trouble), err=True)
            ctx.exit(1)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="motcua", prog_name="motcua")
def main() -> None:
    """Motcua: the one-stop desk, its clock and its log."""
