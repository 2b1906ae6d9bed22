"""`motcua worker`: keeps the log's order and lets the followers read on."""

import signal
from threading import Event

import click


@click.command(help="Give committed events their position and let the followers read on, until stopped.")
@click.option("--once", is_flag=True, help="Catch up and end.")
def command(once: bool) -> None:
    """Run the worker."""
    from motcua.cli.django import setup

    setup()
    from motcua.dossiers.worker import catch_up, work

    if once:
        catch_up()
        return
    stopping = Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stopping.set())
    work(stopping)
