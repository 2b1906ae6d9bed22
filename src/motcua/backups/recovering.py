"""Makes a new data folder's database from a copy and the changes after it: all of them, up to a time, or to a mark."""

import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from motcua.backups.shelf import Copy, Line, Shelf, segments
from motcua.backups.taking import check_room
from motcua.backups.tools import run
from motcua.config import cluster, layout, roles
from motcua.config.account import Account, server_account
from motcua.config.embedded import Embedded
from motcua.config.home import make_private, secret
from motcua.config.trouble import Trouble

_PATIENCE = 24 * 3600.0  # as long as the server works on the changes
_HBA = "motcua_restore_hba.conf"
_NOT_REACHED = "recovery ended before configured recovery target was reached"
_GROWTH = 12  # a copy is packed to about a sixth; twice that is asked for


@dataclass(frozen=True, slots=True)
class Target:
    """Where the changes shall end: at a time (inclusive), at a mark's name, or, with neither, at their end."""

    until: datetime | None = None
    mark: str = ""

    def settings(self) -> dict[str, str]:
        """As PostgreSQL's settings."""
        if self.mark:
            return {"recovery_target_name": self.mark}
        if self.until:
            return {"recovery_target_time": self.until.astimezone(UTC).isoformat(sep=" ")}
        return {}


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came of it: the last commit that was taken over, and whether the changes end before the time asked for."""

    last_commit: datetime | None
    ended_early: bool


def recover(
    copy: Copy,
    folder: Path,
    target: Target,
    *,
    settings: Mapping[str, str] | None = None,
) -> Recovered:
    """Makes the database of the data folder `folder`, which has none, from a copy of files and its line's changes.

    The roles get the passwords of the folder's own keys. Raises `Trouble` when there is a database already, no room,
    or the copy is broken; then the folder has no database.
    """
    data = layout.data_folder(folder)
    if data.exists():
        raise Trouble(
            f"Thư mục {folder} đã có cơ sở dữ liệu. Hãy đặt MOTCUA_HOME tới thư mục mới (giữ thư mục keys).",
            f"The folder {folder} has a database already. Point MOTCUA_HOME at a new folder (with the old keys).",
        )
    make_private(folder)
    check_room(Shelf(folder), copy.bytes * _GROWTH)
    account = server_account(data)
    _check(copy)
    draft = folder / ".pg.restored"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _unpack(copy, draft)
        _hand_over(draft, account)
        draft.rename(data)
        return _replay(folder, target, settings or {})
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
        raise


def _check(copy: Copy) -> None:
    """Holds every packed file against PostgreSQL's manifest before anything is written."""
    try:
        run("pg_verifybackup", ["--format=tar", "--no-parse-wal", "--quiet", str(copy.files)])
    except Trouble as trouble:
        raise Trouble(
            f"Bản sao lưu {copy.folder} bị hỏng ({trouble}). Hãy dùng bản cũ hơn: `--until` với thời điểm trước đó.",
            f"The backup {copy.folder} is broken ({trouble}). Use an older one: `--until` with a time before it.",
        ) from None


def _unpack(copy: Copy, draft: Path) -> None:
    """The copy's files, the changes since it was begun, and what tells the server to work them in."""
    draft.mkdir(mode=0o700)
    with tarfile.open(copy.files / "base.tar.gz") as archive:
        archive.extractall(draft, filter="data")
    changes = make_private(draft / "pg_wal")
    make_private(changes / "archive_status")
    first = copy.wal_range().first_segment
    for name, path in segments(Line.read(copy.folder.parent)):
        if name >= first:
            shutil.copyfile(path, changes / name)
    (draft / "recovery.signal").touch()
    # While the changes are worked in, the folder's new keys are not known to the server yet: nobody but us reaches its
    # socket, and we are let in as we are.
    (draft / _HBA).write_text("local all all trust\n", encoding="ascii")


def _hand_over(draft: Path, account: Account) -> None:
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        account.give(path)


def _replay(folder: Path, target: Target, settings: Mapping[str, str]) -> Recovered:
    secret(cluster.SUPERUSER, folder)
    wanted = target.settings()
    try:
        return _run_once(folder, {**settings, **wanted}, ended_early=False)
    except Trouble as trouble:
        if target.until is None or _NOT_REACHED not in str(trouble):
            raise
    return _run_once(folder, settings, ended_early=True)


def _run_once(folder: Path, settings: Mapping[str, str], *, ended_early: bool) -> Recovered:
    data = layout.data_folder(folder)
    # All changes lie in pg_wal already, so nothing is to be fetched; without readers the work goes on undisturbed.
    working = {"hba_file": str(data / _HBA), "restore_command": "false", "hot_standby": "off"}
    server = Embedded(folder, settings={**settings, **working, "recovery_target_action": "promote"}, patience=_PATIENCE)
    with server, psycopg.connect(server.conninfo(), autocommit=True) as connection:
        for login in (cluster.SUPERUSER, roles.OWNER, roles.APP):
            words = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(login), sql.Literal(secret(login, folder))
            )
            connection.execute(words)
        found = connection.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
    (data / _HBA).unlink()
    return Recovered(found[0] if found else None, ended_early)
