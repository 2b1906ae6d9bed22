"""What long verbs say while they work: one line a step, with its duration."""

import contextlib
import errno
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from motcua.config.cluster import disk_full
from motcua.config.trouble import Trouble

_DISK_FULL = "53100"  # PostgreSQL's SQLSTATE


class Steps:
    """Prints each step's name before it begins and its duration when it ends."""

    def __init__(self) -> None:
        self._open = False

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """One step; what it yields prints a note of progress under the step's line."""
        click.echo(f"{name} … ", nl=False)
        self._open = True
        begun = time.monotonic()
        try:
            yield self.note
        except BaseException:
            if self._open:
                click.echo()
            raise
        click.echo(f"{'' if self._open else '  '}{time.monotonic() - begun:.1f} s")
        self._open = False

    def note(self, line: str) -> None:
        """A line of progress within a step."""
        if self._open:
            click.echo()
            self._open = False
        click.echo(f"  {line}")


@contextlib.contextmanager
def full_disk_as_trouble(folder: Path) -> Iterator[None]:
    """Turns whatever a full disk makes fail (a file, a statement) into the one clear line about it."""
    try:
        yield
    except Trouble:
        raise
    except Exception as error:
        if getattr(error, "errno", None) == errno.ENOSPC or _sqlstate(error) == _DISK_FULL:
            raise disk_full(folder) from error
        raise


def _sqlstate(error: BaseException | None) -> str | None:
    """The SQLSTATE of a database error, also when Django has wrapped it."""
    while error is not None:
        state = getattr(error, "sqlstate", None)
        if state:
            return str(state)
        error = error.__cause__
    return None
