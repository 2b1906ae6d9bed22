"""A desk on a disk that fills up and is cleared: `unshare --mount python tests/load/full_disk.py FOLDER`.

Run in a mount namespace of its own, so that the small disk (tmpfs) is gone with the process, whatever happens. Prints
what was seen, as JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

from load.desk import Answer, Clerk, desk, receipt, wait, was_taken_in
from motcua.config.embedded import Embedded

# Commands of browsers have random ids (UUIDv4), those of the demo province have timely ones.
_OURS = "dossiers_command WHERE kind = 'Receive' AND substring(command_id::text FROM 15 FOR 1) = '4'"
_SIZE = "900m"  # 256 MiB must be free at each start of the database


def fill(disk: Path) -> Path:
    """Leaves no room at all."""
    filler = disk / "filler"
    descriptor = os.open(filler, os.O_RDWR | os.O_CREAT, 0o600)
    for piece in (2**20, 4096):
        at = os.fstat(descriptor).st_size
        try:
            while True:
                os.posix_fallocate(descriptor, at, piece)
                at += piece
        except OSError:
            continue
    os.close(descriptor)
    return filler


def knock(disk: Path, log: Path) -> dict[str, object]:
    """Fills the disk under a working desk until the database itself stops, and clears it again."""
    home = disk / "var"
    environment = os.environ | {"MOTCUA_HOME": str(home), "MOTCUA_WEB_WORKERS": "1", "LANG": "en_US.UTF-8"}
    with desk(home, environment, log) as port:
        clerk = Clerk.at(port, home)
        before = was_taken_in(clerk.take_in())
        filler = fill(disk)
        accepted, refused = 1, clerk.take_in()
        while was_taken_in(refused):
            accepted, refused = accepted + 1, clerk.take_in()
        _overflow(home)
        wait(lambda: b"is full" in log.read_bytes(), "the supervisor says what is the matter")
        away = clerk.send_again(refused)
        filler.unlink()
        answers: list[Answer] = []
        wait(lambda: answers.append(clerk.send_again(refused)) or was_taken_in(answers[-1]), "work goes on")
        once = clerk.send_again(away)
        with psycopg.connect(Embedded(home).conninfo("motcua"), autocommit=True) as connection:
            wait(lambda: _count(connection, "dossiers_unplaced") == 0, "the worker places again")
            taken_in = _count(connection, _OURS)
        verify = [sys.executable, "-m", "motcua", "verify", "--json"]
        report = json.loads(subprocess.run(verify, env=environment, check=False, capture_output=True).stdout)
    return {
        "before": before, "full": [refused.status, refused.said()], "stopped": [away.status, away.said()],
        "receipts": [receipt(answers[-1]), receipt(once)], "acknowledged": accepted + 1, "taken_in": taken_in,
        "faults": report["faults"],
    }  # fmt: skip


def _overflow(home: Path) -> None:
    """Writes more changes than the rest of the disk holds: PostgreSQL stops rather than lose one."""
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(Embedded(home).conninfo("motcua"), autocommit=True) as connection,
    ):
        for _ in range(100):
            connection.execute("SELECT pg_logical_emit_message(false, 'full', repeat('x', 1000000))")


def _count(connection: psycopg.Connection, rows: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {rows}".encode()).fetchone()
    return int(found[0]) if found else -1


if __name__ == "__main__":
    place = Path(sys.argv[1])
    mounted = place / "disk"
    mounted.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=711", "tmpfs", str(mounted)], check=True)
    sys.stdout.write(json.dumps(knock(mounted, place / "run.log")))
