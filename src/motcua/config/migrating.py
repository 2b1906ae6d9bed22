"""Brings a database up to date: the application's role, the tables, the cache, the rights."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from motcua.config import env, roles
from motcua.config.trouble import Trouble

OLDEST = 15


def check_server() -> None:
    """Raises `Trouble` when the default connection's server cannot be reached or is older than PostgreSQL 15."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
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


def bring_up_to_date(report: Callable[[str], None] | None = None) -> list[str]:
    """Migrates the default connection's database as its owner and grants the application its rights.

    Returns the names of the migrations it applied, in order. Running it again changes nothing.
    """
    from django.db.migrations.executor import MigrationExecutor

    roles.make_app_role(connection)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    names = [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
    if report and names:
        report(f"{len(names)}")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        roles.grant(connection)
    return names
