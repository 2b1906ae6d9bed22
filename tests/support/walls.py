"""In every test that asks over HTTP, row-level security stands as it does in the web's own processes."""

from collections.abc import Iterator

import pytest
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


@pytest.fixture(autouse=True)
def closed_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each request begins with a connection that may read nothing, and its reader opens what the table allows.

    The tests' own connection reads as the system, as the worker's does; the web's processes have none like it.
    """
    from motcua.agencies import walls

    answer = BaseHandler.get_response

    def guarded(self: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        if not _reachable():
            return answer(self, request)
        with walls.guarding():
            response = answer(self, request)
            if hasattr(response, "render") and callable(response.render):
                response.render()
            return response

    monkeypatch.setattr(BaseHandler, "get_response", guarded)
    yield


def _reachable() -> bool:
    """Whether this test has a database at all."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except (RuntimeError, DatabaseError):  # pytest-django's answer to a test that asked for none; a test took it away
        return False
    return True
