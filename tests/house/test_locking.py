"""No migration since the first release holds a growing table for long; what may is named, dated and explained."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from support.locking import long_locks

_RELEASES = Path(__file__).parents[1] / "upgrades"
_RELEASED = set((_RELEASES / "0.1.migrations").read_text(encoding="ascii").split())
_ROOMS = {"places", "agencies", "persons", "files", "procedures", "dossiers", "proofs", "papers", "api", "portal"}
_NEW = sorted(
    f"{app}.{name}"
    for app, name in MigrationLoader(None, load=True).disk_migrations
    if f"{app}.{name}" not in _RELEASED and app in _ROOMS
)
# Name of the migration: the day it was allowed, and why nobody waits for it.
ALLOWED: dict[str, str] = {}

TEXT = "character varying(40)"


def test_no_migration_holds_a_growing_table_for_long(fresh_database) -> None:
    """Outside a transaction, in which an index cannot be described that is built while others write."""
    found = {name: long_locks(_sql(name)) for name in _NEW}
    refused = {name: reasons for name, reasons in found.items() if reasons and name not in ALLOWED}
    assert refused == {}, "see docs/developer/migrations.md"
    assert [name for name in ALLOWED if not found.get(name)] == []


def _sql(name: str) -> str:
    out = StringIO()
    call_command("sqlmigrate", *name.split("."), stdout=out, no_color=True)
    return out.getvalue()


def test_what_is_allowed_is_dated() -> None:
    assert all(reason[:4].isdigit() and reason[10:12] == ": " for reason in ALLOWED.values())


@pytest.mark.parametrize(
    "sql",
    [
        'CREATE INDEX "a" ON "dossiers_event" ("type");',
        'CREATE UNIQUE INDEX "a" ON "persons_record" ("index") WHERE "index" IS NOT NULL;',
        'ALTER TABLE "dossiers_dossier" ALTER COLUMN "code" TYPE text USING "code"::text;',
        'ALTER TABLE "dossiers_dossier" ALTER COLUMN "code" SET NOT NULL;',
        f'ALTER TABLE "dossiers_dossier" ADD COLUMN "a" {TEXT} NOT NULL;',
        'ALTER TABLE "dossiers_dossier" ADD COLUMN "a" uuid DEFAULT gen_random_uuid() NOT NULL;',
        'ALTER TABLE "files_file" ADD COLUMN "a" bigint GENERATED ALWAYS AS (size * 2) STORED;',
        'ALTER TABLE "dossiers_dossier" ADD CONSTRAINT "a" CHECK ("status" > 0);',
        'ALTER TABLE "dossiers_dossier" ADD CONSTRAINT "a" FOREIGN KEY ("x") REFERENCES "agencies_agency" ("id");',
        'ALTER TABLE "persons_access" SET UNLOGGED;',
        'UPDATE "dossiers_dossier" SET "status" = 1;',
        "UPDATE dossiers_dossier SET status = 1 WHERE status = 2;",
        "INSERT INTO dossiers_ticket (token) SELECT token FROM dossiers_dossier;",
        "-- THIS OPERATION CANNOT BE WRITTEN AS SQL",
        'ALTER TABLE "dossiers_event" ADD CONSTRAINT "a" CHECK ("seq" > 0) NOT VALID;\n'
        'ALTER TABLE "dossiers_event" VALIDATE CONSTRAINT "a";',
    ],
)
def test_what_locks_long_is_found(sql: str) -> None:
    assert len(long_locks(sql)) == 1, sql


@pytest.mark.parametrize(
    "sql",
    [
        'CREATE INDEX CONCURRENTLY "a" ON "dossiers_event" ("type");',
        'CREATE INDEX "a" ON "agencies_agency" ("name");',
        'CREATE TABLE "dossiers_new" ("id" bigint NOT NULL PRIMARY KEY);\nCREATE INDEX "a" ON "dossiers_new" ("id");',
        'CREATE TABLE "x_new" ("id" bigint);\nALTER TABLE "x_new" ADD CONSTRAINT "a" CHECK ("id" > 0);',
        f'ALTER TABLE "dossiers_dossier" ADD COLUMN "a" {TEXT} NULL;',
        'ALTER TABLE "dossiers_dossier" ADD COLUMN "a" integer DEFAULT 0 NOT NULL;',
        'ALTER TABLE "dossiers_dossier" ALTER COLUMN "a" DROP DEFAULT;',
        'ALTER TABLE "dossiers_event" ADD CONSTRAINT "a" CHECK ("seq" > 0) NOT VALID;',
        'ALTER TABLE "dossiers_event" VALIDATE CONSTRAINT "a";',
        'ALTER TABLE "dossiers_event" ADD CONSTRAINT "a" UNIQUE USING INDEX "b";',
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE dossiers_dossier SET a = 1; END $$;",
        "CREATE TRIGGER t BEFORE UPDATE ON dossiers_event FOR EACH ROW EXECUTE FUNCTION f();",
        'ALTER TABLE "dossiers_dossier" ENABLE ROW LEVEL SECURITY;',
        '-- UPDATE "dossiers_dossier" SET "status" = 1;',
    ],
)
def test_what_is_quick_is_let_through(sql: str) -> None:
    assert long_locks(sql) == []
