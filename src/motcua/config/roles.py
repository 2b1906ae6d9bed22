"""The two database roles: the owner, who migrates, and the application, which may only append to the log."""

from typing import Any, Protocol

OWNER = "motcua_owner"
APP = "motcua_app"

# Tables on which the application may SELECT and INSERT, never UPDATE, DELETE or TRUNCATE: the law's memory.
APPEND_ONLY: frozenset[str] = frozenset(
    {
        "agencies_accountact",
        "agencies_calendarversion",
        "agencies_elevation",
        "agencies_elevationend",
        "dossiers_command",
        "dossiers_erasure",
        "dossiers_event",
        "dossiers_heldnumber",
        "dossiers_hold",
        "dossiers_legalrules",
        "dossiers_position",
        "papers_issue",
        "papers_registerclosing",
        "papers_registerentry",
        "persons_access",
        "procedures_retention",
        "proofs_head",
        "proofs_key",
        "proofs_tile",
        "signatures_signedpaper",
    }
)
# Tables that only migrations write.
READ_ONLY: frozenset[str] = frozenset({"django_migrations"})

_ALL = "SELECT, INSERT, UPDATE, DELETE"
_MAKE_APP = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') THEN
        CREATE ROLE {APP} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another installation on this server made it in the same moment
END $$"""
_JOIN_APP = f"""
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{APP}', 'MEMBER') THEN
        EXECUTE format('GRANT {APP} TO %I', current_user);
    END IF;
END $$"""

# Refuses every role, the owner included; only who switches triggers off gets past it, and then `motcua verify` tells.
_GUARD = """
CREATE OR REPLACE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON public.{table}
    FOR EACH STATEMENT EXECUTE FUNCTION dossiers_refuse_change()"""


class Connection(Protocol):
    """What `grant` needs of a connection: Django's and psycopg's both have it."""

    def cursor(self) -> Any: ...


def rights(table: str) -> str:
    """The rights of the application's role on a table, as SQL."""
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT" if table in READ_ONLY else _ALL


def make_app_role(connection: Connection) -> None:
    """Makes the application's role when the server does not know it (a server given by DATABASE_URL).

    The login must be allowed to create roles, or an administrator makes `motcua_app` beforehand and grants it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_APP)
        cursor.execute(_JOIN_APP)


def grant(connection: Connection) -> None:
    """Gives the application's role exactly its rights on every table and sequence; run as the owner after migrating.

    It revokes before it grants, in one statement list that the caller may wrap in a transaction, so that a table that
    becomes append-only loses the rights it had. Every append-only table gets its guard, whichever room it belongs to.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [name for (name,) in cursor.fetchall()]
        statements = [
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA public TO {APP}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP}",
            *(f'GRANT {rights(table)} ON TABLE public."{table}" TO {APP}' for table in tables),
            *(_GUARD.format(table=table) for table in tables if table in APPEND_ONLY),
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}",
            # Some functions read past row-level security, for one exact key: they are the application's alone.
            "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC",
            f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP}",
        ]
        for statement in statements:
            cursor.execute(statement)
