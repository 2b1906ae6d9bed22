"""What tests of the interface have at hand: connected systems with tokens, and a client that speaks JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

ALL = (
    "catalogue:read", "dossiers:read", "dossiers:write", "persons:read", "files:read", "files:write", "figures:read",
    "webhooks:manage",
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """A connected system with a token in hand."""

    client: Any
    client_id: UUID
    token: str

    def headers(self, **more: str) -> dict[str, str]:
        """What it sends with every request."""
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **more}

    def get(self, path: str, **values: object) -> Any:
        """GET under /api/v1."""
        return self.client.get(f"/api/v1{path}", values, headers=self.headers())

    def post(self, path: str, body: object = None, *, key: object = None, language: str = "en") -> Any:
        """POST of JSON with an idempotency key, by default a new one."""
        headers = self.headers(**{"Idempotency-Key": str(key or uuid4()), "Accept-Language": language})
        data = json.dumps(body if body is not None else {})
        return self.client.post(f"/api/v1{path}", data, content_type="application/json", headers=headers)

    def delete(self, path: str) -> Any:
        """DELETE under /api/v1."""
        return self.client.delete(f"/api/v1{path}", headers=self.headers())


Connect = Callable[..., Caller]


@pytest.fixture
def world(db) -> Any:
    """The small province."""
    from support.world import make_world

    return make_world()


@pytest.fixture
def connect(world, client) -> Connect:
    """Connects a system of an agency with these roles and scopes, and gets it a token."""
    from motcua.exchange import commands

    def make(*roles: str, scopes: tuple[str, ...] = ALL, agency: str = "W1", **values: Any) -> Caller:
        name = f"Phần mềm {uuid4().hex[:8]}"
        made = commands.open_client(name=name, agency_code=agency, scopes=scopes, roles=roles, **values)
        return Caller(client, made.client_id, commands.issue_token(made.client_id, scopes).token)

    return make
