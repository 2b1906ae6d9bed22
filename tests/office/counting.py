"""Counts the SQL statements of a request."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

MOST = 12


def statements(ask: Callable[[], HttpResponse]) -> int:
    """How many statements a request needs; savepoints are the test's own transaction, not the page's."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)
