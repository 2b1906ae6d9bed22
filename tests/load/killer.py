"""Kills processes of an installation outright, at random: SIGKILL, as a power failure or the kernel would."""

import os
import signal
from collections import Counter
from pathlib import Path
from random import Random

from motcua.config.embedded import Embedded

# How often each is chosen. The processes of web server and database die, too, not only their heads.
_WEIGHTS = {"web": 3, "web worker": 3, "worker": 4, "database": 4, "database session": 4, "follower": 2}


class Killer:
    """Knows the processes of a data folder; `killed` counts whom it has killed."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._folder, self._random = folder, random
        self.killed: Counter[str] = Counter()

    def kill(self) -> str:
        """Kills one process that is running now; returns what it was, or "" when the chosen one is not running."""
        kind = self._random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        found = self._running(kind)
        if not found:
            return ""
        try:
            os.kill(self._random.choice(found), signal.SIGKILL)
        except ProcessLookupError:
            return ""
        self.killed[kind] += 1
        return kind

    def _running(self, kind: str) -> list[int]:
        if kind.startswith("database"):
            head = Embedded(self._folder).running_pid()
            if head is None:
                return []
            return [head] if kind == "database" else [pid for pid, _, parent in _processes() if parent == head]
        found = [(pid, words, parent) for pid, words, parent in _processes() if _belongs(pid, self._folder)]
        heads = [pid for pid, words, _ in found if _HEADS[kind] in words] if kind in _HEADS else []
        if kind == "web worker":
            servers = [pid for pid, words, _ in found if _HEADS["web"] in words]
            return [pid for pid, words, parent in found if parent in servers and "resource_tracker" not in words]
        return heads


_HEADS = {"web": "-m granian", "worker": "-m motcua worker", "follower": "counter.py"}


def _processes() -> list[tuple[int, str, int]]:
    """Every process of this machine: its number, its command line, its parent's number."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if words:
            found.append((int(folder.name), words, parent))
    return found


def _belongs(pid: int, folder: Path) -> bool:
    """Whether a process was started for this data folder."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"MOTCUA_HOME={folder}".encode() in environment
