"""Every way in which somebody could change what only grows, as each role: refused, table by table."""

import contextlib
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql

from motcua.config import roles
from motcua.config.database import EMBEDDED_NAME
from motcua.config.embedded import Embedded
from support.database import Fresh, Server, worker_database

TABLES = sorted(roles.APPEND_ONLY)
_DENIED = (errors.InsufficientPrivilege, errors.WrongObjectType)

# What changes or removes rows. The guards refuse these to the owner as well.
CHANGES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "update of nothing": "UPDATE {table} SET {column} = {column} WHERE false",
    "delete": "DELETE FROM {table}",
    "delete by another table": "DELETE FROM {table} USING django_migrations",
    "truncate": "TRUNCATE {table}",
    "truncate with all that hangs on it": "TRUNCATE {table} CASCADE",
    "merge": "MERGE INTO {table} t USING (SELECT 1) s ON false WHEN MATCHED THEN DELETE",
    "insert that updates": "INSERT INTO {table} AS t SELECT * FROM {table} "
    "ON CONFLICT ({key}) DO UPDATE SET {column} = t.{column}",
    "update in a query": "WITH gone AS (UPDATE {table} SET {column} = {column} RETURNING 1) SELECT count(*) FROM gone",
    "update in a function": "DO $$ BEGIN UPDATE {table} SET {column} = {column}; END $$",
    "delete in a function": "DO $$ BEGIN EXECUTE 'DELETE FROM {table}'; END $$",
}
# What takes the guards away or goes around them. The application may do none of it.
AROUND = {
    "disable the guard": "ALTER TABLE {table} DISABLE TRIGGER {table}_only_grows",
    "disable all guards": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "drop the guard": "DROP TRIGGER {table}_only_grows ON {table}",
    "rename the guard": "ALTER TRIGGER {table}_only_grows ON {table} RENAME TO x",
    "another guard in its place": "CREATE OR REPLACE TRIGGER {table}_only_grows AFTER DELETE ON {table} "
    "EXECUTE FUNCTION dossiers_refuse_change()",
    "a rule": "CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "rename the table": "ALTER TABLE {table} RENAME TO other",
    "another owner": "ALTER TABLE {table} OWNER TO {app}",
    "drop the table": "DROP TABLE {table}",
    "drop it with all that hangs on it": "DROP TABLE {table} CASCADE",
    "drop a column": "ALTER TABLE {table} DROP COLUMN {column}",
    "another type": "ALTER TABLE {table} ALTER COLUMN {column} TYPE text",
    "a child table": "CREATE TABLE public.child () INHERITS ({table})",
    "lock": "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "lock rows": "SELECT 1 FROM {table} FOR UPDATE",
    "cluster": "CLUSTER {table}",
    "logical copy": "CREATE PUBLICATION p FOR TABLE {table}",
}
# The same whatever the table.
EVERYWHERE = {
    "no guards on this connection": "SET session_replication_role = replica",
    "no guards for this role": "ALTER ROLE {app} SET session_replication_role = replica",
    "no guards by configuration": "ALTER SYSTEM SET session_replication_role = replica",
    "another function for the guards": "CREATE OR REPLACE FUNCTION dossiers_refuse_change() RETURNS trigger "
    "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    "no function for the guards": "DROP FUNCTION dossiers_refuse_change() CASCADE",
    "a function that runs as its owner": "ALTER FUNCTION dossiers_refuse_change() SECURITY DEFINER",
    "a table before ours in the path": "CREATE SCHEMA mine",
    "the owner's role": "SET ROLE {owner}",
    "the owner's authorization": "SET SESSION AUTHORIZATION {owner}",
    "the role of who writes everything": "SET ROLE pg_write_all_data",
    "a membership": "GRANT pg_write_all_data TO {app}",
    "a role of its own": "CREATE ROLE mine SUPERUSER",
    "files of the server": "COPY (SELECT 1) TO PROGRAM 'true'",
    "files of the server, written": "COPY (SELECT 1) TO '/tmp/x'",
    "the catalogue itself": "UPDATE pg_trigger SET tgenabled = 'D'",
}
# The owner may not do these either; the rest of EVERYWHERE and AROUND is what an owner is.
_BEYOND_THE_OWNER = (
    "no guards on this connection", "no guards by configuration", "the role of who writes everything", "a membership",
    "files of the server", "files of the server, written", "the catalogue itself",
)  # fmt: skip


def _filled(statement: str, connection: psycopg.Connection, table: str = "") -> str:
    """The statement for one table, with its key and a column of it."""
    columns = connection.execute(
        "SELECT a.attname, coalesce(a.attnum = ANY(i.indkey), false) FROM pg_attribute a "
        "LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary "
        "WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' "
        "ORDER BY a.attnum",
        [table or "django_migrations"],
    ).fetchall()
    identity = connection.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
        "WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table or "django_migrations"],
    ).fetchall()
    quoted = [f'"{name}"' for name, in_key in columns if not in_key] or [f'"{columns[0][0]}"']
    key = ", ".join(f'"{name}"' for (name,) in identity)
    return statement.replace("{table}", table).replace("{column}", quoted[0]).replace("{key}", key).replace(
        "{app}", roles.APP
    )  # fmt: skip


def _refused(connection: psycopg.Connection, statement: str) -> None:
    # A table that others refer to is not emptied alone, whoever asks: that comes before any guard.
    refusals = (*_DENIED, errors.FeatureNotSupported) if statement.startswith("TRUNCATE") else _DENIED
    alone = statement.startswith("ALTER SYSTEM")  # which no transaction takes in
    with pytest.raises(refusals), contextlib.nullcontext() if alone else connection.transaction():
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def as_role(database_server: Server, django_db_setup: None) -> Iterator[dict[str, psycopg.Connection]]:
    """A connection as each role, on a database of this module in which nothing is ever committed."""
    fresh = Fresh(database_server, f"{worker_database()}_ways_in")
    database_server.clone(fresh.name)
    with psycopg.connect(fresh.logins["DATABASE_URL"]) as app, fresh.connect("owner") as owner:
        app.execute(f"SET ROLE {roles.APP}")
        app.commit()
        app.autocommit = owner.autocommit = True
        yield {"app": app, "owner": owner}
    database_server.drop(fresh.name)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_no_role_changes_a_row_of_what_only_grows(as_role, role, table):
    for statement in CHANGES.values():
        _refused(as_role[role], _filled(statement, as_role[role], table))


@pytest.mark.parametrize("table", TABLES)
def test_the_application_cannot_go_around_the_guards(as_role, table):
    for statement in AROUND.values():
        _refused(as_role["app"], _filled(statement, as_role["app"], table))


@pytest.mark.parametrize("table", TABLES)
def test_the_application_cannot_give_itself_rights(as_role, table):
    """PostgreSQL only warns of that, so what counts is what comes of it."""
    app = as_role["app"]
    with app.transaction(force_rollback=True):
        app.execute(f"GRANT ALL ON {table} TO {roles.APP} WITH GRANT OPTION")
        rights = "UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
        assert app.execute("SELECT has_table_privilege(%s, %s)", [table, rights]).fetchone() == (False,)


@pytest.mark.parametrize("way", EVERYWHERE)
def test_the_application_cannot_rise_above_them(as_role, way):
    statement = EVERYWHERE[way].replace("{owner}", f'"{as_role["owner"].info.user}"')
    _refused(as_role["app"], _filled(statement, as_role["app"]))


@pytest.mark.parametrize("way", _BEYOND_THE_OWNER)
def test_nor_can_an_owner_that_is_no_superuser(as_role, way):
    superuser = as_role["owner"].execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if superuser != (True,):
        _refused(as_role["owner"], _filled(EVERYWHERE[way], as_role["owner"]))
    else:
        assert as_role["app"].execute("SELECT current_user").fetchone() == (roles.APP,)


def test_a_login_of_the_applications_own_goes_back_to_nothing_more(as_role):
    """What it was before it took the role may read and add as the role may, and owns nothing."""
    app = as_role["app"]
    with app.transaction(force_rollback=True):
        app.execute("RESET ROLE")
        for statement in (CHANGES["update"], CHANGES["truncate"], AROUND["disable all guards"]):
            _refused(app, _filled(statement, app, "dossiers_event"))


def test_no_foreign_key_reaches_into_them(as_role):
    """A cascade would change rows by way of another table's."""
    rows = as_role["owner"].execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' "
        "AND conrelid = ANY(%s::regclass[]) AND (confdeltype NOT IN ('a', 'r') OR confupdtype NOT IN ('a', 'r'))",
        [TABLES],
    )
    assert rows.fetchall() == []


def test_what_they_refer_to_cannot_be_emptied_with_them(as_role):
    owner = as_role["owner"]
    parents = owner.execute(
        "SELECT DISTINCT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' "
        "AND conrelid = ANY(%s::regclass[])",
        [TABLES],
    ).fetchall()
    assert parents
    for (parent,) in parents:
        _refused(owner, f"TRUNCATE {parent} CASCADE")


def test_every_guard_is_in_force(as_role):
    rows = as_role["owner"].execute(
        "SELECT tgrelid::regclass::text, tgenabled, tgtype::int FROM pg_trigger WHERE tgname LIKE %s", ["%_only_grows"]
    )
    before_update_delete_truncate = 2 | 16 | 8 | 32
    assert {table: (enabled, kind) for table, enabled, kind in rows.fetchall()} == dict.fromkeys(
        TABLES, ("O", before_update_delete_truncate)
    )


def test_the_embedded_databases_own_logins_are_two_and_one_cannot_become_the_other(tmp_path):
    """There the application has a login of its own: with all that it knows it stays what it is."""
    with (
        Embedded(tmp_path, settings={"shared_buffers": "16MB"}) as embedded,
        psycopg.connect(embedded.conninfo(EMBEDDED_NAME, roles.APP), autocommit=True) as app,
    ):
        for role in (roles.OWNER, "postgres", "pg_write_all_data", "pg_execute_server_program"):
            if app.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None:
                for statement in ("SET ROLE {}", "SET SESSION AUTHORIZATION {}", "GRANT {} TO CURRENT_USER"):
                    _refused(app, sql.SQL(statement).format(sql.Identifier(role)).as_string(app))
        app.execute("RESET ROLE")
        assert app.execute("SELECT current_user, session_user").fetchone() == (roles.APP, roles.APP)
        assert app.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (False,)
