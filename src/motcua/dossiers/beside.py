"""What a further process of a verification does. It is loaded before Django is set up, so it imports late."""

import os
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from motcua.dossiers.shares import Share

READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def join(settings: str, where: dict[str, Any]) -> None:
    """Set Django up for the same database as the process that asks."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django

    django.setup()
    from django.db import connections

    connections.settings["default"].update(where)


def check(snapshot: str, first: UUID, last: UUID, bookmark: int, records: bool) -> "Share":
    """Check one share of the log in the snapshot of the process that asks."""
    from django.db import connection, transaction

    from motcua.dossiers.shares import Share

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(READ_ONLY)
        cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        return Share(first, last).check(bookmark=bookmark, records=records)
