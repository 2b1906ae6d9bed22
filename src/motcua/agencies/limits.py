"""Rate limits in PostgreSQL: one allowance for each key, shared by all processes, taken in one statement.

An allowance of `limit` in `per_seconds` seconds fills up evenly and can be spent at once when it is full (the generic
cell rate algorithm, which is a leaky bucket kept as one moment). A row holds a keyed hash and that moment, nothing
else: no address and no name. The table is unlogged; after a crash everybody's allowance is full again.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

# It waits only for another taking of the same key, which holds the row for this one statement. A moment farther ahead
# than two whole allowances was written before the clock was set back: it counts for nothing.
_TAKE: Final = """
WITH ask AS (
    SELECT %(key)s::bytea AS key, statement_timestamp() AS at,
           make_interval(secs => %(spent)s) AS spent, make_interval(secs => %(whole)s) AS whole
), taken AS (
    INSERT INTO agencies_allowance AS held (key, full_at) SELECT key, at + spent FROM ask
    ON CONFLICT (key) DO UPDATE
    SET full_at = excluded.full_at + CASE
        WHEN held.full_at BETWEEN statement_timestamp()
            AND statement_timestamp() + 2 * make_interval(secs => %(whole)s)
        THEN held.full_at - statement_timestamp() ELSE interval '0' END
    WHERE excluded.full_at + (held.full_at - statement_timestamp())
            <= statement_timestamp() + make_interval(secs => %(whole)s)
        OR held.full_at > statement_timestamp() + 2 * make_interval(secs => %(whole)s)
    RETURNING full_at
)
SELECT taken.full_at IS NOT NULL, extract(epoch FROM coalesce(taken.full_at, held.full_at, ask.at + ask.whole) - ask.at)
FROM ask LEFT JOIN taken ON true LEFT JOIN agencies_allowance held ON held.key = ask.key
"""
_SWEEP: Final = "DELETE FROM agencies_allowance WHERE full_at <= clock_timestamp()"


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether the taking is allowed, how many of cost 1 are left, and in how many seconds this one would be allowed."""

    allowed: bool
    remaining: int
    retry_after: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something may be done: `limit` times in `per_seconds` seconds."""

    limit: int
    per_seconds: int


# What is public or costs much, for one address or one member of staff. A household, or the computers of a commune's
# hall behind one address, stay far below; who tries codes, or copies everything, does not.
RATES: Final[Mapping[str, Rate]] = {
    "lookup": Rate(30, 300),  # by the code on a receipt
    "tracking": Rate(120, 300),  # by the token of a QR code, which cannot be guessed
    "paper-code": Rate(120, 300),  # papers by their QR code, whose signature cannot be guessed
    "paper-file": Rate(20, 300),  # files that visitors hold against what was issued: each takes a second or two
    "search": Rate(120, 60),  # procedures, by visitors
    "log": Rate(600, 60),  # heads, proofs and tiles, by programs that mirror or check the log
    "office-search": Rate(120, 60),  # dossiers and people, by staff
    "paper": Rate(120, 60),  # PDFs
    "register-print": Rate(10, 60),  # the register as PDF or spreadsheet: many pages
    "papers-print": Rate(10, 60),  # the papers of a day in one PDF
    "download": Rate(120, 60),  # uploads, opened again
    "dry-run": Rate(30, 60),  # ten thousand simulated dossiers
    "person": Rate(60, 300),  # all that is held about one person
    "own-data": Rate(20, 300),  # the same, by the citizens themselves
}


def take(key: str, limit: int, per_seconds: int, cost: int = 1) -> Taken:
    """Take `cost` from the key's allowance of `limit` in `per_seconds` seconds, or be told when it can be had.

    One statement that counts over all processes and threads; a refused taking spends nothing. Call it outside a
    transaction: inside one it keeps others of the same key waiting until the end, and is undone by a rollback.
    Raises ValueError for a cost that no full allowance could ever pay.
    """
    if not 1 <= cost <= limit or per_seconds < 1:
        raise ValueError(f"A cost of {cost} does not fit an allowance of {limit} in {per_seconds} s.")
    each = per_seconds / limit
    values: dict[str, bytes | float] = {"key": _hashed(key), "spent": each * cost, "whole": per_seconds}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        allowed, owed = cursor.fetchone()
    free = per_seconds - float(owed)
    wait = 0 if allowed else max(1, math.ceil(each * cost - free))
    return Taken(allowed, max(0, math.floor(free / each + 1e-6)), wait)


def take_named(name: str, who: str) -> Taken:
    """Take one of what `RATES` allows under this name, as far as MOTCUA_RATE_PERCENT widens or narrows it."""
    rate = RATES[name]
    limit = max(1, rate.limit * settings.MOTCUA_RATE_PERCENT // 100)
    return take(f"{name}:{who}", limit, rate.per_seconds)


def sweep() -> int:
    """Remove the rows of full allowances; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP)
        return int(cursor.rowcount)


def _hashed(key: str) -> bytes:
    return salted_hmac("motcua.agencies.limits", key, algorithm="sha256").digest()
