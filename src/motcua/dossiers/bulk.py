"""Write many whole stories at once: the same chains, rows and states as the commands make, by COPY.

For imports and the demonstration. The stories are decided by the same law; only the writing is set-wise.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.dossiers import record
from motcua.dossiers.record import Act, Chained, Head, chain
from motcua.law.dossier import decide
from motcua.law.dossier.commands import Command, Context
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Refusal

_COMMAND_COLUMNS = "command_id, kind, dossier_id, last_seq"
_GUARDED = frozenset({"dossiers_dossier", "dossiers_ticket", "dossiers_event"})


class StoryRefused(ValueError):  # noqa: N818 - the law's answer to a planned command
    """A command of a story that the law refuses; `refusal` says why. Nothing of the story is written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(slots=True)
class Story:
    """A dossier told command by command in memory; `tell` refuses what the law refuses."""

    head: Head
    code: str
    acts: list[tuple[Act, Chained]]

    @classmethod
    def of(cls, dossier_id: UUID, code: str) -> "Story":
        """A story that has not begun."""
        return cls(Head(dossier_id), code, [])

    @property
    def state(self) -> State | None:
        """The state after what has been told."""
        return self.head.state

    def tell(self, command: Command, context: Context, command_id: UUID) -> State:
        """Decide and fold one more command; raises StoryRefused and leaves the story as it was."""
        decision = decide(self.head.state, command, context)
        if isinstance(decision, Refusal):
            raise StoryRefused(decision)
        act = Act(command_id, type(command).__name__, context.actor, context.recorded_at, context.claim)
        chained = chain(self.head, decision, act)
        self.acts.append((act, chained))
        self.head = chained.head
        return chained.state


def database_now() -> datetime:
    """The database's moment, to record a batch by; call it inside the transaction that writes the batch."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0]


def take_serials(counts: dict[str, int]) -> dict[str, int]:
    """Reserve `counts[scope]` serials in each scope; returns the first of each. Locks until commit, in one order."""
    scopes = sorted(counts)
    if not scopes:
        return {}
    sql = """
        INSERT INTO dossiers_serial AS s (scope, last)
        SELECT scope, n FROM unnest(%s::text[], %s::bigint[]) AS asked (scope, n) ORDER BY scope
        ON CONFLICT (scope) DO UPDATE SET last = s.last + excluded.last RETURNING scope, last"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [scopes, [counts[scope] for scope in scopes]])
        return {scope: last - counts[scope] + 1 for scope, last in cursor.fetchall()}


def known_commands(command_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these commands were carried out before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT command_id FROM dossiers_command WHERE command_id = ANY(%s)", [list(command_ids)])
        return {row[0] for row in cursor.fetchall()}


def write(stories: Iterable[Story]) -> int:
    """Write stories in one transaction; returns how many events. Each story must have begun."""
    stories = list(stories)
    with transaction.atomic():
        _copy("dossiers_dossier", ", ".join(record.ROW_COLUMNS), (_row(story) for story in stories))
        _copy("dossiers_ticket", "token, dossier_id", ((secrets.token_bytes(16), s.head.dossier_id) for s in stories))
        commands = (
            (act.command_id, act.kind, chained.head.dossier_id, chained.head.seq)
            for story in stories
            for act, chained in story.acts
        )
        _copy("dossiers_command", _COMMAND_COLUMNS, commands)
        rows = (row for story in stories for _, chained in story.acts for row in chained.rows)
        return _copy("dossiers_event", record.EVENT_COLUMNS, (record.event_values(*row) for row in rows))


def _row(story: Story) -> list[Any]:
    act, chained = story.acts[-1]
    return record.row_values(chained.head, act.recorded_at)


def _copy(table: str, columns: str, rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a table, by way of one of this transaction where it has row-level security; returns how many."""
    connection.ensure_connection()
    guarded = table in _GUARDED
    into, count = f"{table}_draft" if guarded else table, 0
    with connection.connection.cursor() as cursor:
        if guarded:  # PostgreSQL refuses COPY FROM there
            cursor.execute(f"CREATE TEMPORARY TABLE {into} (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP")
        with cursor.copy(f"COPY {into} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        if guarded:
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {into}")  # noqa: S608
            cursor.execute(f"DROP TABLE {into}")
    return count
