"""Brings a database up to date: the application's role, the tables, the cache, the rights."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection, transaction

from motcua.config import roles


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
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True, run_syncdb=True)
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        roles.grant(connection)
    return names
