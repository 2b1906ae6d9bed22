"""Every name of a parameter that any address reads, gathered from the sources and from the description of the API."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from motcua.agencies.policies import Door
from permissions.addresses import Address

_SOURCES = Path(__file__).parents[2] / "src" / "motcua"
_READ = re.compile(r"GET\.(?:get|getlist)\(\s*\"(\w+)\"|GET\[\"(\w+)\"\]|\"(\w+)\" (?:not )?in request\.GET")
# What systems like this one answer to, and somebody would try.
_GUESSED = {
    "expand", "fields", "include", "filter", "search", "query", "q", "id", "dossier", "agency", "agency_id", "staff",
    "owner", "order", "ordering", "sort", "limit", "offset", "page", "page_size", "format", "debug", "as", "role",
    "user",
}  # fmt: skip

ALL_SCOPES = (
    "catalogue:read", "dossiers:read", "dossiers:write", "persons:read", "files:read", "files:write", "figures:read",
    "webhooks:manage",
)  # fmt: skip


def is_page(address: Address) -> bool:
    """Whether it may be asked for here: not the programs' addresses, not signing out, not how the machine does.

    Readiness says 503 in a test, where no worker runs.
    """
    if address.policy is None or address.policy.door is Door.CLIENT:
        return False
    return address.name != "account_logout" and not address.route.startswith(("/health/", "/metrics"))


def spread(names: Iterable[str], values: Sequence[str], turn: int, turns: int) -> dict[str, str]:
    """The names with the values dealt out among them; each turn deals them otherwise. All pairs would take minutes."""
    step = max(1, len(values) // turns)
    return {name: values[(place + turn * step) % len(values)] for place, name in enumerate(sorted(names))}


@cache
def of_pages() -> set[str]:
    """Names that pages read, and those that one would guess."""
    found = {
        name
        for path in _SOURCES.rglob("*.py")
        for names in _READ.findall(path.read_text(encoding="utf-8"))
        for name in names
        if name
    }
    assert {"q", "after"} <= found
    return found | _GUESSED


@cache
def of_the_api() -> set[str]:
    """Names that the API describes, and those that one would guess."""
    from motcua.api.urls import api

    paths = api.get_openapi_schema()["paths"]
    described = {
        parameter["name"]
        for path in paths.values()
        for operation in path.values()
        if isinstance(operation, dict)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    }
    assert described
    return described | _GUESSED
