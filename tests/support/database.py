"""Real PostgreSQL for the tests: one server a session, migrated once, a cloned database for each process and need."""

import contextlib
import fcntl
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from motcua.config import database
from motcua.config.embedded import Embedded
from motcua.config.home import secret
from motcua.config.migrating import bring_up_to_date
from motcua.config.roles import APP, OWNER
from support.session import HOME

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_NAME = HOME.name.replace("-", "_").lower()
_TEMPLATE = f"{_NAME}_template"
_LOGIN = f"{_NAME}_login"
_numbers = itertools.count(1)
# The session's databases are thrown away: they need not survive a power failure.
_CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "shared_buffers": "128MB",
}


@dataclass(frozen=True)
class Server:
    """The session's database server, reached as the login that owns everything."""

    url: str
    app_url: str = ""  # the same server by a login that may do nothing but what the application may

    def for_database(self, name: str) -> str:
        """A connection string for one database, as the owner."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def for_application(self, name: str) -> str:
        """A connection string for one database, by the application's own login."""
        return urlunsplit(urlsplit(self.app_url)._replace(path=f"/{name}"))

    def execute(self, statement: str) -> None:
        """One statement outside any transaction, on the server's own database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def clone(self, name: str) -> None:
        """A new database with the migrated tables in it."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_TEMPLATE}"')

    def drop(self, name: str) -> None:
        """Removes a database and whoever is still connected to it, but for the server's own: that ends by itself."""
        for _ in range(50):
            try:
                self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            except psycopg.errors.InsufficientPrivilege:
                time.sleep(0.1)
            else:
                return
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def use(self, name: str, role: database.Role = "app") -> None:
        """Points Django's default connection, in every thread from now on, at a database."""
        connections["default"].close()
        settings = connections.settings["default"]
        settings.update(database.entry(role, url=self.for_database(name)))
        settings["CONN_MAX_AGE"] = 0


@dataclass(frozen=True)
class Fresh:
    """A database of its own for one test, whose transactions really commit."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        """A DATABASE_URL for programs that the test starts; they run as the application's role."""
        return self.server.for_database(self.name)

    @property
    def logins(self) -> dict[str, str]:
        """The settings for programs whose pages have a login of their own, beside the owner's."""
        return {"DATABASE_URL": self.server.for_application(self.name), "DATABASE_OWNER_URL": self.url}

    def connect(self, role: database.Role = "app") -> psycopg.Connection:
        """A plain connection beside Django's, by default as the application's role."""
        entry = database.entry(role, url=self.url)
        options = {key: value for key, value in entry["OPTIONS"].items() if value}
        return psycopg.connect(
            host=entry["HOST"], port=entry["PORT"] or None, dbname=self.name,
            user=entry["USER"], password=entry["PASSWORD"], **options,
        )  # fmt: skip


def worker_database() -> str:
    """The name of this process's own database."""
    return f"{_NAME}_{_WORKER}"


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    with (HOME / "template.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """The server: the one that DATABASE_URL names, else the embedded one in the session's folder."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield _given(given)
        return
    embedded = Embedded(settings=_CARELESS)
    with embedded:
        # The owner makes and drops the tests' databases itself, as the login of a DATABASE_URL does.
        with psycopg.connect(embedded.conninfo(), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {OWNER} CREATEDB")
        password = quote(secret(OWNER, HOME), safe="")
        host = quote(str(embedded.socket), safe="")
        app = quote(secret(APP, HOME), safe="")
        yield Server(
            f"postgresql://{OWNER}:{password}@/motcua?host={host}", f"postgresql://{APP}:{app}@/motcua?host={host}"
        )


def _given(url: str) -> Server:
    """A server of somebody's own: there the application gets a login for the run of the tests."""
    parts, password = urlsplit(url), secret("test-login", HOME)
    host = f"@{parts.netloc.rpartition('@')[2]}"
    server = Server(url, urlunsplit(parts._replace(netloc=f"{_LOGIN}:{quote(password, safe='')}{host}")))
    made = HOME / "login.ready"
    with _locked():
        if not made.exists():
            server.execute(f"CREATE ROLE \"{_LOGIN}\" LOGIN PASSWORD '{password}'")
            made.touch()
    return server


@pytest.fixture(scope="session")
def migrated_template(database_server: Server, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of the database with all migrations and grants applied once; others are cloned from it."""
    ready = HOME / "template.ready"
    with _locked(), django_db_blocker.unblock():
        if not ready.exists():
            database_server.execute(f'CREATE DATABASE "{_TEMPLATE}" TEMPLATE template0')
            database_server.use(_TEMPLATE, "owner")
            bring_up_to_date()
            connections["default"].close()
            if urlsplit(database_server.app_url).username != APP:
                database_server.execute(f'GRANT {APP} TO "{_LOGIN}"')
            ready.touch()
    yield _TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: Server, migrated_template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """This process's own database, used by `@pytest.mark.django_db` tests inside transactions that roll back."""
    name = worker_database()
    with django_db_blocker.unblock():
        database_server.clone(name)
        database_server.use(name)
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
    database_server.drop(name)


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest, database_server: Server, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Fresh]:
    """A database of its own, used by Django in every thread of this test; what is committed stays until its end."""
    if request.node.get_closest_marker("django_db"):
        pytest.fail("fresh_database commits, django_db rolls back: a test uses one of them", pytrace=False)
    name = f"{worker_database()}_{next(_numbers)}"
    database_server.clone(name)
    with django_db_blocker.unblock():
        database_server.use(name)
        try:
            yield Fresh(database_server, name)
        finally:
            database_server.use(worker_database())
            database_server.drop(name)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On a server given by DATABASE_URL nothing of the session may stay behind."""
    given = os.environ.get("DATABASE_URL")
    if given and "PYTEST_XDIST_WORKER" not in os.environ and (HOME / "login.ready").exists():
        server = Server(given)
        server.drop(_TEMPLATE)
        server.execute(f'DROP ROLE IF EXISTS "{_LOGIN}"')
