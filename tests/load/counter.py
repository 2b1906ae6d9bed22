"""A follower in a process of its own that writes down every position it is given: `python tests/load/counter.py`.

A position that it missed is not in its table, one that it was given twice stands there twice: nothing forbids it.
"""

import time

TABLE = "soak_seen"


def count_for_ever() -> None:
    """Follows the log until it is killed; a database that is away is waited out."""
    from motcua.cli.django import setup

    setup()
    from django.db import InterfaceError, OperationalError, close_old_connections, connection

    from motcua.dossiers.followers import Follower, follow

    def note(batch) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {TABLE} (position) VALUES (%s)", [[each.position] for each in batch])

    counter = Follower("soak_counter", note)
    while True:
        try:
            done = follow(counter, limit=50)
        except (OperationalError, InterfaceError):
            close_old_connections()
            done = 0
        if not done:
            time.sleep(0.1)


if __name__ == "__main__":
    count_for_ever()
