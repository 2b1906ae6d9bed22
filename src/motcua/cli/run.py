"""`motcua run`: the whole desk on one machine, from an empty folder to a page that answers, until Ctrl-C."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

import click

from motcua.cli.console import Steps, full_disk_as_trouble
from motcua.config import counting, env, home, supervisor
from motcua.config.embedded import Embedded
from motcua.config.stall import StallWatch, end
from motcua.config.trouble import Trouble, say

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(BaseException):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or the terminal was closed."""


def _raise_stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stop


@click.command(help="Start database, web and worker, and keep them running until Ctrl-C.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--demo/--no-demo", default=True, help="Load the demo province with its staff (the default).")
def command(host: str, port: int, demo: bool) -> None:
    """Run everything until a requested stop (exit status 0); what dies is started again.

    Before the greeting a failure ends the start with that of the `Trouble` and its one clear line.
    """
    for number in _STOPPING:
        signal.signal(number, _raise_stop)
    steps, children, embedded = Steps(), supervisor.Supervisor(), None
    try:
        with full_disk_as_trouble(home.home()):
            supervisor.check_port(host, port)
            embedded = _database(steps)
            sign_ins = _prepare(steps, demo=demo)
            address = _serve(steps, children, host, port)
        _greet(address, sign_ins)
        children.watch(_DatabaseWatch(embedded), click.echo)
    except Stop:
        click.echo(say("\nĐang dừng …", "\nStopping …"))
    finally:
        for number in _STOPPING:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C would leave something behind
        children.stop()
        counting.forget()
        if embedded is not None:
            embedded.leave()


def _database(steps: Steps) -> Embedded | None:
    """The embedded server, running; None when DATABASE_URL names another, which must be reachable."""
    with steps.step(say("Cơ sở dữ liệu", "Database")) as note:
        from motcua.cli.django import setup

        embedded = setup(owner=True, report=note)
        from motcua.config import migrating

        migrating.check_server()
    return embedded


def _prepare(steps: Steps, *, demo: bool) -> list[str]:
    """Tables, rights, starter data and static files; returns the lines that tell how to sign in."""
    from motcua.config import database, migrating, static

    with steps.step(say("Bảng dữ liệu", "Tables")):
        migrating.bring_up_to_date()
    database.use("app")
    with steps.step(say("Dữ liệu ban đầu", "Starter data")) as note:
        lines = _starter(note, demo=demo)
    with steps.step(say("Giao diện", "Interface")):
        static.collect()
    return lines


def _starter(note: Callable[[str], None], *, demo: bool) -> list[str]:
    from motcua import starter

    load = getattr(starter, "load", None)
    return list(load(demo=demo, report=note)) if load else []


def _serve(steps: Steps, children: supervisor.Supervisor, host: str, port: int) -> str:
    """Web and worker; returns the address once it answers."""
    # They run as the application's role, whatever this process was allowed to do before.
    environment = {"MOTCUA_DB_ROLE": "app", "MOTCUA_HOME": str(home.home()), "DATABASE_OWNER_URL": None}
    reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    counting.forget()
    with steps.step(say("Máy chủ web và tiến trình nền", "Web server and worker")):
        children.start(say("Máy chủ web", "The web server"), supervisor.web_command(host, port), environment)
        worker = [sys.executable, "-m", "motcua", "worker"]
        children.start(say("Tiến trình nền", "The worker"), worker, environment)
        if env.read("MOTCUA_BACKUP") and not env.read("DATABASE_URL"):
            archive = [sys.executable, "-m", "motcua", "archive"]
            children.start(say("Sao chép thay đổi", "The copying of changes"), archive, environment)
        children.wait_for_answer(reachable, port)
    shown = "localhost" if reachable == "127.0.0.1" else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


class _DatabaseWatch:
    """Starts the embedded server again when it died; pages and worker wait for it and need no new start."""

    def __init__(self, embedded: Embedded | None) -> None:
        self._embedded = embedded
        self._again = supervisor.BackOff()
        self._stall = StallWatch(embedded) if embedded else None

    def __call__(self) -> None:
        embedded = self._embedded
        if embedded and self._stall and self._stall.is_stalled():
            click.echo(
                say(
                    "Cơ sở dữ liệu không phục hồi tiếp được; đang dừng hẳn để chạy lại.",
                    "The database does not get on with its recovery; it is ended and started again.",
                )
            )
            end(embedded)
        if embedded is None or embedded.running_pid() is not None or not self._again.is_due:
            return
        click.echo(
            say(
                f"Cơ sở dữ liệu đã dừng ngoài ý muốn; đang chạy lại. Xem {embedded.log}.",
                f"The database stopped unexpectedly; it is started again. See {embedded.log}.",
            )
        )
        self._again.tried()
        try:
            embedded.revive()
        except Trouble as trouble:
            pause = self._again.failed()
            click.echo(say(f"{trouble} Thử lại sau {pause:g} giây.", f"{trouble} Trying again in {pause:g} s."))
        else:
            click.echo(say("Cơ sở dữ liệu đã chạy lại.", "The database runs again."))


def _greet(address: str, sign_ins: list[str]) -> None:
    click.echo()
    click.echo(say(f"Motcua đang chạy: {address}", f"Motcua is running: {address}"))
    for line in sign_ins:
        click.echo(f"  {line}")
    click.echo(say("Nhấn Ctrl-C để dừng.", "Press Ctrl-C to stop."))
    if not env.read("MOTCUA_HTTPS") and not address.startswith("http://localhost"):
        click.echo(
            say(
                "Chú ý: địa chỉ này không mã hoá; xem docs/operator/run.md về HTTPS.",
                "Note: this address is not encrypted; see docs/operator/run.md about HTTPS.",
            )
        )
