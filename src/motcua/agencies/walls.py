"""The second wall: which rows PostgreSQL's row-level security gives a connection, told by settings of its session.

The first wall is every query's own condition. Behind it stands this one: a query that forgot its condition still gets
only rows of agencies that these settings name, and none at all where nobody set them. Programs without a person before
them (worker, command line, imports) connect with `motcua.reader=system`; the web's connections never do.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connection

from motcua.agencies.roles import ALLOWED, Act, Relation

_SYSTEM: Final = "motcua.reader=system"
# The lists that policies read, and the act whose scope each of them holds.
LISTS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "motcua.see": Act.SEE,
        "motcua.name": Act.SEE_NAME,
        "motcua.files": Act.SEE_FILES,
        "motcua.officers": Act.SEE_OFFICERS,
    }
)
SETTINGS: Final = (
    "motcua.reader",
    "motcua.told",
    "motcua.inspect",
    "motcua.agency",
    "motcua.staff",
    "motcua.filer",
    *(f"{name}_{side}" for name in LISTS for side in ("receiving", "competent")),
)
# A setting is an array in text: the numbers of all seats, one after another.
_LIST: Final = """set_config('{setting}',
    '{{' || coalesce(string_agg(nullif(array_to_string({numbers}, ','), ''), ','), '') || '}}', false)"""
# Inspectors read the access log of their own agency and those below.
_INSPECTED: Final = "CASE WHEN 'inspector' = ANY (roles) THEN own || below ELSE '{}' END"
_RESET: Final = "; ".join(f"RESET {name}" for name in SETTINGS)


class _Here(threading.local):
    raised = False  # whether this thread's connection holds somebody's lists
    guarding = False  # whether a request is answered in a process that reads as the system elsewhere


_here: Final = _Here()


def wanted() -> bool:
    """Whether a reader made now raises the wall: always in the web, elsewhere only within `guarding`."""
    options = str(connection.settings_dict.get("OPTIONS", {}).get("options", ""))
    return _here.guarding or _SYSTEM not in options


@lru_cache
def column(within: frozenset[Act], *, files_online: bool = False) -> str:
    """A column for a SELECT from `post` beside `seats` (own, below, roles) that raises the wall.

    It is the same answer as `Reader.scope`, made in the statement that looks the post up, so it costs no round trip;
    `within` are the acts that the reader may do at all, `files_online` opens what its agency filed for applicants.
    Nothing but names of this code stands in it, so that there is nothing to bind.
    """
    filer = "post.agency_id::text" if files_online else "''"
    parts = [
        "set_config('motcua.reader', 'staff', false)",
        "set_config('motcua.told', '', false)",
        _LIST.format(setting="motcua.inspect", numbers=_INSPECTED),
        "set_config('motcua.agency', post.agency_id::text, false)",
        "set_config('motcua.staff', post.id::text, false)",
        f"set_config('motcua.filer', {filer}, false)",
    ]
    for name, act in LISTS.items():
        for side, relation in (("receiving", Relation.OWN_DESK), ("competent", Relation.COMPETENT)):
            reach = [_reach(act, relation, "own"), _reach(act, Relation.PARENT, "below")] if act in within else []
            numbers = " || ".join(filter(None, reach)) or "'{}'::bigint[]"
            parts.append(_LIST.format(setting=f"{name}_{side}", numbers=numbers))
    return f"(SELECT ARRAY[{', '.join(parts)}] FROM seats)"  # noqa: S608 - names of this code only


def _reach(act: Act, relation: Relation, numbers: str) -> str:
    """The numbers if any role of the seat allows the act in the relation; nothing where no role ever does."""
    roles = [role.value for (role, of), acts in ALLOWED.items() if of is relation and act in acts]
    return f"CASE WHEN roles && '{{{','.join(roles)}}}' THEN {numbers} ELSE '{{}}' END" if roles else ""


def tell(record_ids: Iterable[UUID]) -> None:
    """Lets whoever asks read these records and files, too, for the rest of the request: code decided, not the table."""
    if wanted():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('motcua.told', %s::uuid[]::text, false)", [list(record_ids)])
        raised()


def raised() -> None:
    """Notes that this thread's connection holds somebody's lists from now on."""
    _here.raised = True


def lower(**_signal: Any) -> None:
    """Takes this connection's lists away; called when an answer has been sent, and before the next one is begun."""
    if not _here.raised:
        return
    _here.raised = False
    if connection.connection is None:
        return
    try:
        connection.connection.execute(_RESET)
    except psycopg.Error:
        connection.close()  # the lists go with it


@contextmanager
def guarding() -> Iterator[None]:
    """Within it a program that reads as the system meets the wall as the web does: closed until a reader is made."""
    before = _here.guarding
    _here.guarding = True
    connection.ensure_connection()
    connection.connection.execute("SELECT set_config('motcua.reader', '', false)")
    _here.raised = True
    try:
        yield
    finally:
        _here.guarding = before
        lower()
