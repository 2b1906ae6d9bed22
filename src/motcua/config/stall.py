"""Notices a database server that is neither up nor coming up.

PostgreSQL that recovers from a crash can wait for ever when one of its helpers is killed in that very moment: the
process that works the changes in sleeps, and its head takes it for a recovery that goes on. Long recoveries are no
stall: they use the processor or wait for the disk, and either is seen.
"""

import os
import signal
import time
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from motcua.config import layout
from motcua.config.embedded import Embedded

_LOOK_SECONDS = 2.0
_STALL_SECONDS = 30.0
_END_SECONDS = 15.0
_TITLE = b"postgres: startup"


class StallWatch:
    """Looks at one server now and then; `is_stalled` is true when nothing has moved for half a minute."""

    def __init__(self, server: Embedded) -> None:
        self._server = server
        self._looked = 0.0
        self._moved = time.monotonic()
        self._seen: object = None

    def is_stalled(self) -> bool:
        """Whether the server turns everybody away and does nothing about it; cheap enough to ask all the time."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return False
        self._looked = now
        head = self._server.running_pid()
        conninfo = make_conninfo(host=str(self._server.socket), port=layout.PORT, dbname="postgres", connect_timeout=5)
        seen = None if head is None or PGconn.ping(conninfo.encode()) != Ping.REJECT else (head, *_work(head))
        if seen is None or seen != self._seen or "D" in seen:
            self._seen, self._moved = seen, now
        return now - self._moved > _STALL_SECONDS


def _work(head: int) -> tuple[str, str]:
    """The state of the process that works the changes in, and the processor time it has used; empty without one."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            title = (folder / "cmdline").read_bytes()
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if title.startswith(_TITLE) and int(fields[1]) == head:
            return fields[0], f"{folder.name} {fields[11]} {fields[12]}"
    return "", ""


def end(server: Embedded) -> None:
    """Ends the server at once, and its processes with it; what is committed is in its log of changes."""
    head = server.running_pid()
    if head is None:
        return
    os.kill(head, signal.SIGQUIT)  # it kills its own that do not heed this within five seconds
    deadline = time.monotonic() + _END_SECONDS
    while server.running_pid() == head:
        if time.monotonic() > deadline:
            os.kill(head, signal.SIGKILL)
        time.sleep(0.1)
