"""Where the embedded database keeps its parts inside a data folder, and where its socket may lie."""

import hashlib
import os
from pathlib import Path

PORT = 5432  # only names the socket file; the embedded server listens on no address
_LONGEST = 100  # bytes that every system accepts for the path of a socket (Linux 107, macOS 103)


def data_folder(home: Path) -> Path:
    """The cluster itself."""
    return home / "pg"


def log_file(home: Path) -> Path:
    """What the server writes about itself."""
    return home / "log" / "postgresql.log"


def lock_folder(home: Path) -> Path:
    """Lock files that count who uses the server."""
    return home / "run"


def socket_folder(home: Path) -> Path:
    """The folder of the server's socket: in the data folder, or under /tmp when that is too long."""
    near = home.absolute() / "run" / "pg"
    if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= _LONGEST:
        return near
    mark = hashlib.sha256(os.fsencode(home.absolute())).hexdigest()[:16]
    return Path("/tmp") / f"motcua-{os.geteuid()}-{mark}"  # noqa: S108 - made 0700 and its owner checked before use
