"""`motcua api-client` and `motcua webhooks`: systems are connected, renewed and ended, and lines sent again."""

import json
import os
import subprocess
import sys

from motcua.exchange import queries, subscriptions


def _motcua(database, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"DATABASE_URL": database.url, "LANG": "en_US.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "motcua", *arguments], env=given, capture_output=True, text=True, check=False
    )


def _pair(done: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    assert done.returncode == 0, done.stderr
    lines = dict(line.split() for line in done.stdout.splitlines())
    return lines["client_id"], lines["client_secret"]


def test_a_client_is_made_renewed_and_closed(fresh_database):
    from uuid import UUID

    from support.world import make_world

    make_world()
    client, secret = _pair(
        _motcua(
            fresh_database,
            "api-client",
            "create",
            "Thử",
            "--agency",
            "W1",
            "--scope",
            "dossiers:read",
            "--role",
            "leader",
        )
    )
    caller = queries.authenticated(UUID(client), secret)
    assert caller is not None
    assert caller.reader().roles == {"leader"}
    again, new = _pair(_motcua(fresh_database, "api-client", "rotate", "Thử", "--overlap-hours", "0"))
    assert again == client
    assert queries.authenticated(UUID(client), secret) is None
    assert queries.authenticated(UUID(client), new) is not None
    (listed,) = json.loads(_motcua(fresh_database, "api-client", "list", "--json").stdout)
    assert (listed["name"], listed["agency_code"], listed["scopes"]) == ("Thử", "W1", ["dossiers:read"])
    assert new not in _motcua(fresh_database, "api-client", "list").stdout
    assert _motcua(fresh_database, "api-client", "close", "Thử").returncode == 0
    assert queries.authenticated(UUID(client), new) is None


def test_what_cannot_be_is_one_clear_line(fresh_database):
    from support.world import make_world

    make_world()
    for arguments, said in (
        (("create", "Thử", "--agency", "none", "--scope", "dossiers:read"), "agency_code"),
        (("create", "Thử", "--agency", "W1", "--scope", "everything"), "scopes"),
        (("rotate", "Không có"), "no connected system"),
        (("close", "Không có"), "no connected system"),
    ):
        done = _motcua(fresh_database, "api-client", *arguments)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_lines_are_listed_and_sent_again(fresh_database):
    from motcua.dossiers.worker import catch_up
    from motcua.exchange import commands
    from motcua.exchange.models import Subscription
    from support.world import make_world

    world = make_world()
    made = commands.open_client(name="Thử", agency_code="W1", scopes=["webhooks:manage"], roles=["leader"])
    line = subscriptions.subscribe(made.client_id, "https://receiver.example/secret-path")
    world.receive()
    catch_up()
    listed = _motcua(fresh_database, "webhooks", "list")
    assert listed.returncode == 0
    assert "receiver.example" in listed.stdout
    assert "secret-path" not in listed.stdout
    Subscription.objects.update(position=2, stopped_at="2026-11-22T00:00:00Z", last_error="http_410")
    assert _motcua(fresh_database, "webhooks", "list").returncode == 1
    assert "http_410" in _motcua(fresh_database, "check").stdout
    assert _motcua(fresh_database, "webhooks", "replay", str(line.id), "--after", "1").returncode == 0
    assert (Subscription.objects.get().position, Subscription.objects.get().stopped_at) == (1, None)
    assert (
        "not come to this position"
        in _motcua(fresh_database, "webhooks", "replay", str(line.id), "--after", "9").stderr
    )
    assert _motcua(fresh_database, "webhooks", "list", "--json").returncode == 0
