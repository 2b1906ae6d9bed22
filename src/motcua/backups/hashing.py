"""One hash over the business tables: equal before a backup and after its restoration, or the restoration is wrong.

Every row of every table that is kept for good goes in, in the order of its primary key, as PostgreSQL's COPY writes it
under fixed settings. Nothing is held in memory but a block of rows.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

# What a run of the programs leaves behind, which says nothing about any dossier.
PASSING = frozenset({"agencies_session", "django_migrations", "dossiers_duty", "motcua_cache"})

_SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL row_security = off",  # an error, rather than a hash over some of the rows
)
# Unlogged tables are empty after every restoration and are no business of ours.
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relpersistence = 'p' ORDER BY c.relname COLLATE "C"
"""
_KEY = """
SELECT a.attname, a.attcollation <> 0
FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY k.place
"""
_LOG = "COPY (SELECT position, hash FROM public.dossiers_position WHERE position <= {} ORDER BY position) TO STDOUT"


@dataclass(frozen=True, slots=True)
class Table:
    """A table's number of rows and the SHA-256 of them all (hex)."""

    rows: int
    hash: str


def business_tables(connection: psycopg.Connection) -> list[str]:
    """The tables of the schema `public` whose rows are kept for good, by name."""
    return [name for (name,) in connection.execute(_TABLES).fetchall() if name not in PASSING]


def tables(connection: psycopg.Connection) -> dict[str, Table]:
    """Each business table with its rows and hash, as the connection's open transaction sees them."""
    for setting in _SETTINGS:
        connection.execute(setting.encode())
    return {name: _table(connection, name) for name in business_tables(connection)}


def whole(found: Mapping[str, Table]) -> str:
    """The one hash over all tables (hex)."""
    told = json.dumps({name: [table.rows, table.hash] for name, table in found.items()}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def log(connection: psycopg.Connection, position: int) -> str:
    """The hash of the log up to a position (hex): it never changes, whatever is recorded later."""
    return _stream(connection, sql.SQL(_LOG).format(sql.Literal(position))).hash


def differing(expected: Mapping[str, Table], found: Mapping[str, Table]) -> list[str]:
    """The names of the tables that are not the same in both."""
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def _table(connection: psycopg.Connection, name: str) -> Table:
    table = sql.Identifier("public", name)
    key = connection.execute(_KEY, [table.as_string(connection)]).fetchall()
    parts = [
        sql.SQL("{} COLLATE \"C\"").format(sql.Identifier(column)) if collated else sql.Identifier(column)
        for column, collated in key
    ]  # fmt: skip
    order = sql.SQL(", ").join(parts) if parts else sql.SQL('t::text COLLATE "C"')
    return _stream(connection, sql.SQL("COPY (SELECT * FROM {} AS t ORDER BY {}) TO STDOUT").format(table, order))


def _stream(connection: psycopg.Connection, statement: sql.Composed) -> Table:
    digest, rows = hashlib.sha256(), 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            digest.update(block)
            rows += bytes(block).count(b"\n")
    return Table(rows, digest.hexdigest())
