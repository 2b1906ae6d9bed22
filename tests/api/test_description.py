"""The description is whole, and no request that it can lead to meets a server error or an answer it does not name.

The walk of the suite is short; `make explore` takes a long one (docs/developer/api.md).
"""

import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler

from api.exploring import known_world, walk
from motcua.api.urls import api
from motcua.exchange.scopes import Scope

DESCRIPTION = api.get_openapi_schema()
OPERATIONS = [
    (method, path, details) for path, methods in DESCRIPTION["paths"].items() for method, details in methods.items()
]


def test_the_description_is_openapi_3_1_and_names_every_address_once():
    assert DESCRIPTION["openapi"] == "3.1.0"
    names = [details["operationId"] for _method, _path, details in OPERATIONS]
    assert len(names) == len(set(names)) > 50


@pytest.mark.parametrize(
    ("method", "path", "details"), OPERATIONS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_an_address_says_what_it_is_for_who_may_and_what_goes_wrong(method, path, details):
    assert details["description"]
    assert details["tags"]
    if path == "/api/oauth/token":
        return
    (gate,) = details["security"]
    assert set(gate["oauth2"]) <= set(Scope)
    assert {"401", "403", "422", "429", "500", "503"} <= {str(status) for status in details["responses"]}
    if method == "post" and path.split("/")[-1] not in {"open", "searches", "replay"}:
        assert "Idempotency-Key" in {each["name"] for each in details["parameters"]}


@pytest.fixture
def explored(fresh_database):
    """The province with dossiers in several states, and a client that has every role and every scope."""
    logging.disable(logging.ERROR)  # thousands of refusals are what is wanted here
    yield known_world()
    logging.disable(logging.NOTSET)


def test_a_client_meets_no_server_error_and_no_undocumented_answer(explored):
    known, token = explored
    found = walk(WSGIHandler(), seed=1, known=known, token=token(), examples=4)
    assert found.failures == [], "\n".join(found.failures[:10])
    assert len(found.addresses) >= len(OPERATIONS) - 1


def test_a_stranger_meets_the_closed_door_everywhere(explored):
    known, _token = explored
    found = walk(WSGIHandler(), seed=2, known=known, examples=1)
    assert found.failures == [], "\n".join(found.failures[:10])
    assert set(found.statuses) <= {400, 401, 405, 415}, found.statuses
