"""Brings Django up for a verb: starts or joins the embedded database, then sets Django up in the role it needs."""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable

from motcua.config import database, env, logs
from motcua.config.embedded import Embedded


def setup(*, owner: bool = False, report: Callable[[str], None] | None = None) -> Embedded | None:
    """Sets Django up as the application's role, or as the owner for migrations.

    Without DATABASE_URL the embedded server is joined until this process ends (the last one out stops it) and
    returned; with it None is returned. Raises `Trouble` with one clear line when the database cannot be used.
    """
    embedded: Embedded | None = None
    if env.read("DATABASE_URL") is None:
        embedded = Embedded(report=report) if report else Embedded()
        _leave_when_terminated()
        embedded.join()
        atexit.register(embedded.leave)
    database.read_as_system()
    os.environ["MOTCUA_DB_ROLE"] = "owner" if owner else "app"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")

    import django

    django.setup()
    from django.conf import settings

    if not settings.DEBUG:
        logs.withhold_uncaught()
    return embedded


def _leave_when_terminated() -> None:
    """Lets SIGTERM end the process by way of `atexit`, or nobody would stop the server that this process started."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
