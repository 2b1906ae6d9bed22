"""The bare view: one record, the next number, a dossier, two chained events, the command and the token, one commit.

The rows have the content of a dossier that Motcua received a moment before, so that both write as many bytes; ids,
number and hashes are new. Plain SQL, a statement a table. The tables are copies with Motcua's indexes and checks.
"""

import hashlib
import secrets
from functools import cache
from typing import Any

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from uuid_utils.compat import uuid7

SCHEMA = "bare"
TABLES = (
    "persons_record", "dossiers_serial", "dossiers_command", "dossiers_ticket", "dossiers_dossier", "dossiers_event",
)  # fmt: skip


@cache
def _sample() -> dict[str, list[dict[str, Any]]]:
    """The rows of the newest dossier, read once."""
    found: dict[str, list[dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, owner_id FROM dossiers_dossier ORDER BY id DESC LIMIT 1")
        dossier, owner = cursor.fetchone()
        for table, column, key in (
            ("persons_record", "id", owner), ("dossiers_dossier", "id", dossier),
            ("dossiers_command", "dossier_id", dossier), ("dossiers_event", "dossier_id", dossier),
        ):  # fmt: skip
            cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s ORDER BY 1, 2", [key])
            names = [each.name for each in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


@cache
def _insert(table: str, rows: int) -> str:
    names = list(_sample()[table][0])
    row = f"({', '.join(['%s'] * len(names))})"
    return f"INSERT INTO {SCHEMA}.{table} ({', '.join(names)}) VALUES {', '.join([row] * rows)}"


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in with Django's own means."""
    user = authenticate(request, username=request.POST["login"], password=request.POST["password"])
    if user is None:
        return HttpResponse(status=403)
    login(request, user)
    return HttpResponse(status=302, headers={"Location": "/", "Content-Length": "0"})


@login_required
@require_POST
def intake(request: HttpRequest) -> HttpResponse:
    """Make the inserts of one intake."""
    name = request.POST["owner-name"]
    if not name:
        return HttpResponse(status=422)
    record, dossier, command = uuid7(), uuid7(), uuid7()
    sample = _sample()
    (person,), (kept,), (given,) = (sample[t] for t in ("persons_record", "dossiers_dossier", "dossiers_command"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_insert("persons_record", 1), [*(person | {"id": record}).values()])
        cursor.execute(
            _insert("dossiers_command", 1), [*(given | {"command_id": command, "dossier_id": dossier}).values()]
        )
        cursor.execute(
            f"INSERT INTO {SCHEMA}.dossiers_ticket (token, dossier_id) VALUES (%s, %s)",
            [secrets.token_bytes(16), dossier],
        )
        # As late as it can be: its row stays locked until the commit, and others wait for it.
        cursor.execute(
            f"INSERT INTO {SCHEMA}.dossiers_serial AS s (scope, last) VALUES (%s, 1) "
            "ON CONFLICT (scope) DO UPDATE SET last = s.last + 1 RETURNING last",
            [kept["receiving_agency_id"]],
        )
        code = f"{kept['code'].rpartition('-')[0]}-{cursor.fetchone()[0]:06}"
        events, head = _chained(sample["dossiers_event"], dossier, command)
        new = kept | {"id": dossier, "code": code, "owner_id": record, "head_hash": head}
        cursor.execute(_insert("dossiers_dossier", 1), [*new.values()])
        cursor.execute(_insert("dossiers_event", len(events)), [value for row in events for value in row.values()])
    return HttpResponse(status=302, headers={"Location": f"/done/{dossier}/", "Content-Length": "0"})


def _chained(rows: list[dict[str, Any]], dossier: object, command: object) -> tuple[list[dict[str, Any]], bytes]:
    """The events with hashes that bind each to the one before it."""
    previous, made = bytes(32), []
    for row in rows:
        digest = hashlib.sha256(previous + f"{dossier} {row['seq']} {row['data']}".encode()).digest()
        made.append(row | {"dossier_id": dossier, "command_id": command, "prev_hash": previous, "hash": digest})
        previous = digest
    return made, previous
