"""How Django reaches PostgreSQL: the embedded server or DATABASE_URL, as the owner or as the application's role."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from motcua.config import env, home, roles
from motcua.config.env import BadSetting
from motcua.config.layout import PORT, socket_folder

Role = Literal["app", "owner"]
EMBEDDED_NAME = "motcua"
_LOGIN = {"app": roles.APP, "owner": roles.OWNER}
_SYSTEM = "-c motcua.reader=system"
_here = {"system": False}


def read_as_system() -> None:
    """From now on this process connects as one without a person before it: worker, command line, imports.

    Row-level security gives such a connection every row (motcua.agencies.walls). The web never calls this, so that a
    process which nobody thought of reads nothing.
    """
    _here["system"] = True


def entry(role: Role, *, name: str | None = None, url: str | None = None, folder: Path | None = None) -> dict[str, Any]:
    """One entry of Django's DATABASES for a role.

    `url` is a DATABASE_URL, else the embedded server of the data folder `folder` is meant; `name` replaces the
    database's name. Raises `BadSetting` when the URL is not a PostgreSQL one.
    """
    made = _by_url(role, url) if url else _embedded(role, folder or home.home())
    if name:
        made["NAME"] = name
    return made


def current_entry() -> dict[str, Any]:
    """The entry that the environment asks for: DATABASE_URL or MOTCUA_HOME, and MOTCUA_DB_ROLE."""
    return given_entry(env.read("MOTCUA_DB_ROLE"))


def given_entry(role: Role) -> dict[str, Any]:
    """The entry for a role on the database of the environment; the owner's login may be another."""
    own = env.read("DATABASE_OWNER_URL") if role == "owner" and env.read("DATABASE_URL") else None
    return entry(role, url=own or env.read("DATABASE_URL"))


def use(role: Role) -> None:
    """Makes Django's default connection, in this process from now on, that of another role."""
    from django.db import connections

    connections["default"].close()
    connections.settings["default"].update(given_entry(role))


def _common(role: Role, options: dict[str, Any]) -> dict[str, Any]:
    if role == "app" and _here["system"]:  # the owner stands outside the policies anyway
        options = options | {"options": f"{options.get('options', '')} {_SYSTEM}".strip()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Pages say within seconds that the database is away, rather than wait for it.
        "OPTIONS": {"connect_timeout": "10"} | options,
    }


def _embedded(role: Role, folder: Path) -> dict[str, Any]:
    login = _LOGIN[role]
    path = home.key_path(login, folder)
    return _common(role, {}) | {
        "NAME": EMBEDDED_NAME,
        "HOST": str(socket_folder(folder)),
        "PORT": str(PORT),
        "USER": login,
        # The key is made when the embedded server is first started; a tool that only reads settings makes nothing.
        "PASSWORD": path.read_text(encoding="ascii").strip() if path.exists() else "",
    }


def _by_url(role: Role, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise BadSetting("DATABASE_URL", f"{parts.scheme}://…", "postgresql://user:password@host:port/name")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    port = options.pop("port", None) or str(parts.port or "")
    if role == "app":
        # What the pages run as may not touch the tables' definitions nor the log's past, whatever its login may.
        options["options"] = f"{options.get('options', '')} -c role={roles.APP}".strip()
    return _common(role, options) | {
        "NAME": name,
        "HOST": host,
        "PORT": port,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
    }
