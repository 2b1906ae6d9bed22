"""Writes the whole database to one file and reads it back, by PostgreSQL's own pg_dump and pg_restore."""

import os
import re
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from motcua.config import cluster
from motcua.config.trouble import Trouble

_NAMES = {"HOST": "host", "PORT": "port", "NAME": "dbname", "USER": "user"}
# pg_restore 17 and newer sets this for every server, and servers before 17 do not know it.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
# The newest minor releases keep a mark of their own on analysed columns, which tools of other releases write out.
_COLUMN_MARK = re.compile(rb"ALTER (?:FOREIGN )?TABLE ONLY .+ ALTER COLUMN .+ SET \(pg_attver=\d+\);\n")


def connect(entry: dict[str, Any]) -> psycopg.Connection:
    """A plain connection by a DATABASES entry, outside any transaction."""
    return psycopg.connect(_conninfo(entry), password=entry["PASSWORD"], autocommit=True)


def dump(target: Path, entry: dict[str, Any], *, snapshot: str | None = None) -> int:
    """Writes the database of a DATABASES entry to `target` in PostgreSQL's custom format; returns its size in bytes.

    One snapshot while work goes on, its own or an exported one. The keys are not in it: without the folder `keys`
    personal data stays unreadable. The file appears only when it is complete, for its owner's eyes only. Raises
    `Trouble` with PostgreSQL's reason.
    """
    if target.exists():
        raise Trouble(
            f"Tệp {target} đã có. Hãy chọn tên khác; bản sao lưu cũ không bị ghi đè.",
            f"The file {target} exists. Choose another name; an old backup is not overwritten.",
        )
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    arguments = ["--format=custom", "--no-owner", "--no-privileges", "--file", str(draft)]
    if snapshot is not None:
        arguments.append(f"--snapshot={snapshot}")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        _run("pg_dump", arguments, entry)
        size = draft.stat().st_size
        draft.rename(target)
    except OSError as error:
        raise Trouble(
            f"Không ghi được {target}: {error.strerror}. Hãy chọn nơi khác.",
            f"Cannot write {target}: {error.strerror}. Choose another place.",
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return size


def restore(source: Path, entry: dict[str, Any]) -> None:
    """Reads a dump into the empty database of a DATABASES entry, in one transaction: all of it or nothing.

    Raises `Trouble` when the file is missing or no dump, or when the database holds tables already.
    """
    if not source.is_file():
        raise Trouble(f"Không có tệp {source}.", f"There is no file {source}.")
    with connect(entry) as connection:
        server = connection.info.server_version
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if tables and tables[0]:
        raise Trouble(
            f"Cơ sở dữ liệu {entry['NAME']} đã có {tables[0]} bảng. Chỉ khôi phục vào cơ sở dữ liệu trống: "
            "hãy đặt MOTCUA_HOME tới thư mục mới (giữ thư mục keys), hoặc DATABASE_URL tới cơ sở dữ liệu mới.",
            f"The database {entry['NAME']} holds {tables[0]} tables. A dump is read into an empty database only: "
            "point MOTCUA_HOME at a new folder (with the old keys), or DATABASE_URL at a new database.",
        )
    arguments = ["--no-owner", "--no-privileges", "--exit-on-error"]
    script = source.with_name(f".{source.name}.{secrets.token_hex(4)}.sql")
    try:
        script.touch(mode=0o600, exist_ok=False)
        _run("pg_restore", [*arguments, "--file", str(script), str(source)], None)
        _strip(script, server)
        psql = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null"]
        _run("psql", [*psql, "--file", str(script)], entry)
    finally:
        script.unlink(missing_ok=True)


def _strip(script: Path, server: int) -> None:
    """Removes the lines before the data that this server would refuse; the data themselves are only copied."""
    stripped = script.with_suffix(".stripped")
    try:
        with script.open("rb") as before, stripped.open("xb") as after:
            for line in before:
                if line.startswith(b"COPY "):
                    after.write(line)
                    break
                if not (_COLUMN_MARK.match(line) or (server < 170000 and line == _UNKNOWN_BEFORE_17)):
                    after.write(line)
            shutil.copyfileobj(before, after)
        stripped.replace(script)
    finally:
        stripped.unlink(missing_ok=True)


def _conninfo(entry: dict[str, Any]) -> str:
    parts = {ours: str(entry[django]) for django, ours in _NAMES.items() if entry[django]}
    return make_conninfo(**parts, **entry["OPTIONS"])


def _run(program: str, arguments: list[str], entry: dict[str, Any] | None) -> None:
    """Runs one of PostgreSQL's tools; the password goes by environment, which other users cannot read."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    command = [str(_tool(program, entry)), *arguments]
    if entry is not None:
        command += ["--dbname", _conninfo(entry), "--no-password"]
        environment["PGPASSWORD"] = entry["PASSWORD"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr.strip())
        raise Trouble(f"{program}: {reason}", f"{program}: {reason}")


def _tool(program: str, entry: dict[str, Any] | None) -> Path:
    """The wheel's tool; the system's where the connection is encrypted, which the wheel's cannot do."""
    if entry is not None and entry["OPTIONS"].get("sslmode", "prefer") not in {"disable", "allow", "prefer"}:
        found = shutil.which(program)
        if found is None:
            raise Trouble(
                f"Kết nối mã hoá cần {program} của hệ thống. Hãy cài gói postgresql-client.",
                f"An encrypted connection needs the system's {program}. Install the package postgresql-client.",
            )
        return Path(found)
    return cluster.program(program)
