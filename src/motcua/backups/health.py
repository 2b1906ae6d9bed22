"""Says whether the backups are what the settings promise; `motcua check` shows it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from motcua.backups import changes
from motcua.backups.shelf import Shelf
from motcua.config import env
from motcua.config.embedded import Embedded
from motcua.config.trouble import say

_BEHIND_BYTES = 64 * 2**20
_GRACE = 1.5


@dataclass(frozen=True, slots=True)
class BackupHealth:
    """The newest copy and its age, how the copying of changes stands, the last drill, and what needs a person.

    `behind`: bytes of changes that are not in the backup folder yet; None for dumps, or when nothing is being copied.
    """

    folder: str
    newest: str | None
    hours_old: float | None
    behind: int | None
    drill: dict[str, Any] | None
    faults: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {
            "folder": self.folder, "newest": self.newest, "hours_old": self.hours_old, "behind": self.behind,
            "drill": self.drill, "faults": list(self.faults),
        }  # fmt: skip


def check() -> BackupHealth | None:
    """How the backups of this installation stand; None where the settings ask for none."""
    folder = env.read("MOTCUA_BACKUP")
    if folder is None:
        return None
    shelf, now = Shelf(Path(folder)), datetime.now(UTC)
    copies = shelf.copies()
    newest = copies[-1] if copies else None
    age = (now - newest.begun).total_seconds() / 3600 if newest else None
    behind, broken = _behind(shelf)
    drill = shelf.last_drill()
    faults = [*_age_faults(age), *([broken] if broken else []), *_drill_faults(drill, now)]
    return BackupHealth(
        str(shelf.folder), newest.folder.name if newest else None, None if age is None else round(age, 1),
        behind, drill, tuple(faults),
    )  # fmt: skip


def _age_faults(age: float | None) -> list[str]:
    hours = env.read("MOTCUA_BACKUP_HOURS")
    if age is None:
        return [say("chưa có bản sao lưu nào", "there is no backup yet")]
    if age > hours * _GRACE:
        return [say(f"bản sao lưu mới nhất đã {age:.0f} giờ", f"the newest backup is {age:.0f} hours old")]
    return []


def _drill_faults(drill: dict[str, Any] | None, now: datetime) -> list[str]:
    if drill is None:
        return []
    if not drill["good"]:
        return [say("lần diễn tập khôi phục gần nhất không đạt", "the last drill failed")]
    if now - datetime.fromisoformat(drill["at"]) > timedelta(days=env.read("MOTCUA_DRILL_DAYS") * _GRACE):
        return [say(f"diễn tập gần nhất vào {drill['at']}", f"the last drill was on {drill['at']}")]
    return []


def _behind(shelf: Shelf) -> tuple[int | None, str]:
    """How far the copying of changes is behind, and what is wrong with it."""
    if env.read("DATABASE_URL"):
        return None, ""
    try:
        with changes.connect(Embedded()) as connection:
            standing = changes.standing(connection) if changes.current_line(connection, shelf) else None
    except psycopg.OperationalError:
        return None, say("không hỏi được cơ sở dữ liệu", "the database cannot be asked")
    if standing is None or not standing.active:
        behind = standing.behind if standing else None
        return behind, say(
            "không ai đang sao chép thay đổi (`motcua archive`)", "nobody copies the changes (`motcua archive`)"
        )
    if standing.behind > _BEHIND_BYTES:
        mib = standing.behind // 2**20
        return standing.behind, say(f"việc sao chép chậm {mib} MiB", f"the copying of changes is {mib} MiB behind")
    return standing.behind, ""
