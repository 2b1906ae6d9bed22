"""Where web processes count together: named before prometheus_client is first imported, which then reads it."""

import contextlib
import hashlib
import os
import shutil
import stat
from pathlib import Path
from typing import Final

from motcua.config.home import home, make_private

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - its owner is checked before it is used
VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"


def _usual() -> Path:
    """In memory, where there is such a place: a process that maps a file on a full disk is ended by the kernel."""
    mark = hashlib.sha256(os.fsencode(home())).hexdigest()[:16]
    near = _MEMORY / f"motcua-{os.geteuid()}-{mark}"
    return near if os.access(_MEMORY, os.W_OK) and _is_ours(near) else home() / "run" / "metrics"


def _is_ours(folder: Path) -> bool:
    """Whether nobody else made the folder before us: everybody may write where it lies."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077


def share() -> None:
    """Lets this web process count together with the others of this data folder."""
    make_private(Path(os.environ.setdefault(VARIABLE, str(_usual()))))


def forget() -> None:
    """Takes away what earlier web processes counted; only when none is running."""
    shutil.rmtree(_usual(), ignore_errors=True)


def shared() -> bool:
    """Whether this process counts together with others."""
    return VARIABLE in os.environ
