"""The token endpoint, and what a token opens: OAuth 2 client credentials and nothing else."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.exchange import commands
from motcua.exchange.models import Secret, Token
from support.world import WARD

pytestmark = pytest.mark.django_db
ADDRESS = "/api/oauth/token"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def made(world):
    return commands.open_client(name="Phần mềm Thử", agency_code=WARD, scopes=["catalogue:read", "dossiers:read"])


def _basic(made, secret: str = "") -> dict[str, str]:
    text = f"{made.client_id}:{secret or made.secret}"
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def _ask(client, body="grant_type=client_credentials", **options):
    return client.post(ADDRESS, body, content_type=FORM, **options)


def test_a_client_gets_a_token_for_its_secret(client, made):
    answer = _ask(client, headers=_basic(made))
    assert answer.status_code == 200, answer.content
    given = answer.json()
    assert given["token_type"] == "Bearer"
    assert given["expires_in"] == 3600
    assert set(given["scope"].split()) == {"catalogue:read", "dossiers:read"}
    assert answer["Cache-Control"] == "no-store"
    assert client.get("/api/v1/desks", headers={"Authorization": f"Bearer {given['access_token']}"}).status_code == 200


def test_the_secret_may_stand_in_the_form_and_a_token_may_ask_for_less(client, made):
    body = f"grant_type=client_credentials&client_id={made.client_id}&client_secret={made.secret}&scope=catalogue:read"
    answer = _ask(client, body)
    assert answer.status_code == 200, answer.content
    given = answer.json()
    assert given["scope"] == "catalogue:read"
    answer = client.get("/api/v1/dossiers", headers={"Authorization": f"Bearer {given['access_token']}"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "insufficient_scope"
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("grant_type=password&username=a&password=b", 400, "unsupported_grant_type"),
        ("scope=catalogue:read", 400, "invalid_request"),
        ("grant_type=client_credentials&scope=persons:read", 400, "invalid_scope"),
        ("grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
    ],
)
def test_everything_else_is_refused_as_the_standard_says(client, made, body, status, error):
    answer = _ask(client, body, headers=_basic(made))
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_wrong_secret_gets_nothing(client, made):
    answer = _ask(client, headers=_basic(made, "mcs_wrong"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert not Token.objects.exists()


@pytest.mark.parametrize("header", ["Basic !!!", "Basic OnB3", "Bearer x", "Basic /w=="])
def test_a_broken_header_is_no_client(client, made, header):
    assert _ask(client, headers={"Authorization": header}).status_code == 401


def test_only_hashes_are_kept(client, made):
    token = _ask(client, headers=_basic(made)).json()["access_token"]
    kept = [bytes(row.hash) for row in (*Secret.objects.all(), *Token.objects.all())]
    assert all(len(each) == 32 for each in kept)
    assert token.encode() not in kept
    assert made.secret.encode() not in kept


def test_a_token_ends_with_its_hour(client, made):
    token = commands.issue_token(made.client_id, ["catalogue:read"]).token
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get("/api/v1/desks", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_replaced_secret_holds_for_the_overlap_only(client, made):
    new = commands.replace_secret("Phần mềm Thử", overlap=timedelta(0))
    assert _ask(client, headers=_basic(made)).status_code == 401
    assert _ask(client, headers=_basic(new)).status_code == 200
    commands.replace_secret("Phần mềm Thử")
    assert _ask(client, headers=_basic(new)).status_code == 200


def test_a_closed_client_is_out_at_once(client, made):
    token = _ask(client, headers=_basic(made)).json()["access_token"]
    commands.close_client("Phần mềm Thử")
    assert client.get("/api/v1/desks", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert _ask(client, headers=_basic(made)).status_code == 401


def test_a_session_opens_nothing(client, world):
    client.force_login(world.user(Role.LEADER))
    answer = client.get("/api/v1/dossiers")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_too_many_tries_have_to_wait(client, made, monkeypatch):
    from motcua.api import oauth

    monkeypatch.setattr(oauth, "TRIES", 2)
    answers = [_ask(client, headers=_basic(made, "mcs_wrong")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_a_client_has_its_own_limit_and_is_told_of_it(connect):
    few, other = connect(per_minute=3), connect(per_minute=3)
    answers = [few.get("/desks") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"client";q=3;w=60'
    assert [answer["RateLimit"].split(";")[1] for answer in answers[:3]] == ["r=2", "r=1", "r=0"]
    assert int(answers[3]["Retry-After"]) > 0
    assert other.get("/desks").status_code == 200
