"""Brings a database up to date: the application's role, the tables, the cache, the rights."""

from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection, transaction

from motcua.config import env, home, roles
from motcua.config.cluster import disk_full
from motcua.config.trouble import Trouble

OLDEST = 15
_NOT_ALLOWED = "42501"  # SQLSTATE insufficient_privilege


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

    Returns the names of the migrations it applied, in order. Running it again changes nothing.
    """
    from django.db.migrations.executor import MigrationExecutor

    _make_app_role()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    names = [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        roles.grant(connection)
    return names
