"""Brings a database up to date: the application's role, the tables, the cache, the rights."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection, transaction

from motcua.config import env, home, roles
from motcua.config.cluster import disk_full
from motcua.config.trouble import Trouble

Execute = Callable[[Any, Any, bool, dict[str, Any]], Any]
OLDEST = 15
_LOG = logging.getLogger(__name__)
_NOT_ALLOWED = "42501"  # SQLSTATE insufficient_privilege
_LOCK_AWAY = "55P03"  # SQLSTATE lock_not_available
# Whoever waits for a table's lock holds up everybody behind him: so nobody waits longer than this, and tries again.
_LOCK_PATIENCE = "2s"
_BESIDE = re.compile(r"(CREATE (?:UNIQUE )?INDEX CONCURRENTLY) (?!IF NOT EXISTS)(.*)", re.DOTALL)
_UNFINISHED = """
SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND n.nspname = 'public'
"""
_TRIES = 30
_PAUSE = 2.0  # seconds, in which those who were held up go on
_ONE_AT_A_TIME = 7_305_011_955  # key of the advisory lock: two that start together migrate one after the other


def check_server() -> None:
    """Raises `Trouble` when the default connection's server cannot be reached or is older than PostgreSQL 15."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        if "No space left on device" in reason:
            raise disk_full(home.home()) from None
        place = connection.settings_dict["HOST"] or "localhost"
        source = "DATABASE_URL" if env.read("DATABASE_URL") else "MOTCUA_HOME"
        raise Trouble(
            f"Không nối được tới cơ sở dữ liệu ở {place} ({source}): {reason}",
            f"Cannot connect to the database at {place} ({source}): {reason}",
        ) from None
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        found = int(cursor.fetchone()[0]) // 10000
    if found < OLDEST:
        raise Trouble(
            f"Cần PostgreSQL {OLDEST} trở lên, máy chủ này là {found}. Hãy nâng cấp hoặc bỏ DATABASE_URL.",
            f"PostgreSQL {OLDEST} or newer is needed, this server is {found}. Upgrade it or unset DATABASE_URL.",
        )


def _make_app_role() -> None:
    try:
        roles.make_app_role(connection)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) != _NOT_ALLOWED:
            raise
        login = connection.settings_dict["USER"]
        statements = f"CREATE ROLE {roles.APP} NOLOGIN; GRANT {roles.APP} TO {login};"
        raise Trouble(
            f"Tài khoản {login} không được phép tạo vai trò. Hãy nhờ người quản trị PostgreSQL chạy: {statements}",
            f"The login {login} may not make roles. Ask PostgreSQL's administrator to run: {statements}",
        ) from None


def bring_up_to_date() -> list[str]:
    """Migrates the default connection's database as its owner and grants the application its rights.

    Returns the names of the migrations it applied, in order. Running it again changes nothing, and one that was
    stopped goes on after the last migration that was done. Nobody else waits longer than two seconds for a table
    because of it; raises `Trouble` when a table could not be had within two minutes.
    """
    from django.db.migrations.executor import MigrationExecutor

    _make_app_role()
    _take_turn()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_PATIENCE])
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        names = [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
        _patiently(_migrate_and_grant)
    finally:
        _let_go()
    return names


def _take_turn() -> None:
    """Waits until no other process migrates; by asking, since an index built beside others waits for all statements."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME])
            if cursor.fetchone() == (True,):
                return
        time.sleep(0.2)


def _migrate_and_grant() -> None:
    _drop_unfinished_indexes()
    with connection.execute_wrapper(_build_beside):
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        roles.grant(connection)


def _drop_unfinished_indexes() -> None:
    """An index whose building beside others was stopped is of no use, and in the way of the next try."""
    with connection.cursor() as cursor:
        cursor.execute(_UNFINISHED)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _build_beside(execute: Execute, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Lets an index that is built beside others wait: it holds nobody up. One that was finished before is kept."""
    found = _BESIDE.match(str(sql))
    if found is None:
        return execute(sql, params, many, context)
    execute("SET lock_timeout = 0", None, False, context)
    try:
        return execute(f"{found[1]} IF NOT EXISTS {found[2]}", params, many, context)
    finally:
        execute(f"SET lock_timeout = '{_LOCK_PATIENCE}'", None, False, context)


def _patiently(work: Callable[[], None]) -> None:
    """Does it again when a table was in use: what was done before stays done, each migration being whole by itself."""
    for tried in range(1, _TRIES + 1):
        try:
            return work()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != _LOCK_AWAY:
                raise
            if tried == _TRIES:
                raise Trouble(
                    "Một bảng đang bị việc khác giữ quá lâu nên chưa cập nhật xong; phần đã làm vẫn đúng. "
                    "Hãy đợi việc đó xong (sao lưu, báo cáo dài) rồi chạy lại: motcua migrate.",
                    "A table was held by other work for too long, so the upgrade is not complete; what was done is "
                    "sound. Wait for that work (a backup, a long report) and run again: motcua migrate.",
                ) from None
            _LOG.warning("a table is in use; trying again (%d)", tried)
            time.sleep(_PAUSE)
    return None


def _let_go() -> None:
    """Gives the settings and the lock back; a connection that was lost has given them back by itself."""
    if connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])
