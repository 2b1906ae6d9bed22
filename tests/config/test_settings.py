"""What Django's own checks and a reader of the logs find: nothing."""

import logging
import os
import socket
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import RequestFactory

from motcua.config import logs
from support import session
from support.network import NetworkRefused


def _check(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(command, env=kept | environment, check=False, capture_output=True, text=True)


def test_behind_a_proxy_djangos_deployment_checks_are_content() -> None:
    done = _check(MOTCUA_HTTPS="1", MOTCUA_HOSTS="motcua.example.gov.vn")
    assert done.returncode == 0, done.stderr


def test_a_wrong_boolean_stops_the_start_with_one_line() -> None:
    command = [sys.executable, "-m", "motcua", "migrate"]
    environment = os.environ | {"MOTCUA_HTTPS": "maybe", "LANG": "en_US.UTF-8"}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "Environment variable MOTCUA_HTTPS='maybe' is not valid: expected 1/0, true/false, yes/no, on/off."
    ]


def _record(**extra: Any) -> logging.LogRecord:
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Not Found: %s", ("/h/token",), None)
    vars(record).update(extra)
    return record


@pytest.mark.parametrize(
    ("match", "line"),
    [
        (SimpleNamespace(route="h/<str:token>/"), "GET h/<str:token>/: 404"),
        (None, "GET no such page: 404"),
    ],
)
def test_a_logged_request_is_named_by_its_route_never_by_its_address(match, line) -> None:
    request = RequestFactory().get("/h/3f9a/", {"q": "Nguyễn Văn Kín"})
    request.resolver_match = cast(Any, match)
    record = _record(request=request, status_code=404)
    assert logs.RouteFilter().filter(record)
    assert record.getMessage() == line


def test_a_logged_exception_names_its_type_and_place_but_not_its_text() -> None:
    told = "079012345678 Nguyễn Văn Kín"
    try:
        raise ValueError(told)
    except ValueError:
        text = logs.PlainFormatter().formatException(sys.exc_info())
    assert "ValueError" in text
    assert "test_settings.py" in text
    assert "Kín" not in text
    assert "079012345678" not in text


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 443)])
def test_a_test_cannot_leave_the_machine(address) -> None:
    with pytest.raises(NetworkRefused):
        socket.create_connection(address, timeout=1)


def test_tests_over_shared_data_are_collected_only_where_it_is(monkeypatch, pytestconfig) -> None:
    def collected() -> list[object]:
        items = [SimpleNamespace(fixturenames=["shared", "db"]), SimpleNamespace(fixturenames=["db"])]
        session.pytest_collection_modifyitems(pytestconfig, cast(Any, items))
        return [item.fixturenames for item in items]

    monkeypatch.delenv("MOTCUA_SHARED", raising=False)
    assert collected() == [["db"]]
    monkeypatch.setenv("MOTCUA_SHARED", ".")
    assert collected() == [["shared", "db"], ["db"]]
