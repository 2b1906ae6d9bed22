"""Programs that watch: alive, ready or why not, and metrics that several processes count together."""

import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families

from motcua.agencies.access import Role
from motcua.api import monitoring
from motcua.config import metrics
from motcua.dossiers import duties, followers, pulse, sequencer
from support.server import free_port, wait_for
from support.session import HOME

READY, LIVE, METRICS = "/health/ready", "/health/live", "/metrics"


@pytest.fixture
def worker_heard(db) -> None:
    """Both threads of a worker have just been heard of."""
    for each in (pulse.DUTIES, pulse._TURNS):
        duties.perform(each)


def _values(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample by its name and the values of its labels, in the order of their names."""
    return {
        (sample.name, tuple(value for _name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_alive_asks_nobody_else(client) -> None:
    reply = client.get(LIVE)
    assert (reply.status_code, reply.json()) == (200, {"status": "live"})
    assert reply.headers["Cache-Control"] == "no-store"


def test_ready_when_everything_is_in_order(client, worker_heard) -> None:
    reply = client.get(READY)
    assert (reply.status_code, reply.json()) == (200, {"status": "ready", "not_in_order": []})


def _worker_silent(monkeypatch, settings) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dossiers_duty SET succeeded_at = succeeded_at - interval '3 minutes' WHERE name = 'turns'"
        )


def _newer_release(monkeypatch, settings) -> None:
    monkeypatch.setattr(monitoring, "_known_migrations", lambda: frozenset({("dossiers", "9999_of_tomorrow")}))


def _disk_nearly_full(monkeypatch, settings) -> None:
    settings.MOTCUA_DISK_LEAST_BYTES = 10**18


@pytest.mark.parametrize(
    ("fault", "name"),
    [(_worker_silent, "worker"), (_newer_release, "migrations"), (_disk_nearly_full, "disk")],
)
def test_not_ready_says_what_is_not_in_order(client, worker_heard, monkeypatch, settings, fault, name) -> None:
    fault(monkeypatch, settings)
    reply = client.get(READY)
    assert (reply.status_code, reply.json()) == (503, {"status": "not ready", "not_in_order": [name]})


def test_without_its_database_it_is_alive_and_not_ready(client, fresh_database) -> None:
    fresh_database.server.drop(fresh_database.name)
    reply = client.get(READY)
    assert reply.status_code == 503
    assert reply.json()["not_in_order"] == ["database", "migrations", "worker"]
    assert client.get(LIVE).status_code == 200
    assert client.get(METRICS).status_code == 503


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "192.0.2.1"}, False),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, False),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, False),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer mot-cua"}, True),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer mot-cuá"}, False),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer "}, False),
    ],
)
def test_only_this_machine_or_the_token_may_look(client, worker_heard, settings, headers, allowed) -> None:
    settings.MOTCUA_MONITOR_TOKEN = "mot-cua"
    assert client.get(METRICS, **headers).status_code == (200 if allowed else 403)
    ready = client.get(READY, **headers)
    assert ready.status_code == 200
    assert ("not_in_order" in ready.json()) == allowed


def test_without_a_token_no_word_opens_the_metrics(client, db) -> None:
    for word in ("Bearer ", "Bearer None", ""):
        assert client.get(METRICS, REMOTE_ADDR="192.0.2.1", HTTP_AUTHORIZATION=word).status_code == 403


def test_behind_a_tls_proxy_this_machine_still_asks_without_tls(client, worker_heard, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["motcua.example.gov.vn", "127.0.0.1"]
    here = {"headers": {"host": "127.0.0.1:8000"}}
    assert [client.get(path, **here).status_code for path in (LIVE, READY, METRICS, "/")] == [200, 200, 200, 301]


def test_the_metrics_tell_what_waits_and_how_far_everybody_is(client, world) -> None:
    world.receive()
    for name in ("motcua_unplaced_events", "motcua_log_position"):
        assert (name, ()) in _values(client.get(METRICS).content.decode())
    before = _values(client.get(METRICS).content.decode())
    assert before["motcua_unplaced_events", ()] == 2
    assert before["motcua_log_position", ()] == 0
    sequencer.place(100)
    placed = _values(client.get(METRICS).content.decode())
    assert placed["motcua_unplaced_events", ()] == 0
    assert placed["motcua_oldest_unplaced_seconds", ()] == 0
    names = [each.name for each in followers.registered()]
    assert {placed["motcua_follower_lag_events", (name,)] for name in names} == {2}
    for each in followers.registered():
        followers.follow_all(each)
    read = _values(client.get(METRICS).content.decode())
    assert {read["motcua_follower_lag_events", (name,)] for name in names} == {0}
    assert {read["motcua_follower_lag_seconds", (name,)] for name in names} == {0}
    assert {read["motcua_set_aside_events", (name,)] for name in names} == {0}


def test_the_age_of_what_waits_is_told_in_seconds(client, fresh_database) -> None:
    from support.world import make_world

    world = make_world()
    world.receive()
    with fresh_database.connect("owner") as connection:
        connection.execute("UPDATE dossiers_unplaced SET recorded_at = recorded_at - interval '1 hour'")
    told = _values(client.get(METRICS).content.decode())
    assert 3600 <= told["motcua_oldest_unplaced_seconds", ()] < 3700


def test_a_duty_that_fails_keeps_the_moment_of_its_last_success(client, db) -> None:
    def fail() -> None:
        raise ValueError("a name that must not be kept")

    duties.perform(duties.Duty("publish", pulse._EVERY, lambda: None))
    good = _values(client.get(METRICS).content.decode())
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE dossiers_duty SET started_at = started_at - interval '1 day'")
    duties.perform(duties.Duty("publish", pulse._EVERY, fail))
    bad = _values(client.get(METRICS).content.decode())
    assert (good["motcua_duty_failed", ("publish",)], bad["motcua_duty_failed", ("publish",)]) == (0, 1)
    moment = ("motcua_duty_success_timestamp_seconds", ("publish",))
    assert good[moment] == bad[moment]


def test_requests_are_counted_by_route_and_name_nobody(client, world) -> None:
    dossier = world.receive().dossier_id
    client.force_login(world.user(Role.DESK_OFFICER))
    client.get(f"/office/ho-so/{dossier}/")  # what never changes is read once by each process
    before = _values(client.get(METRICS).content.decode())
    client.get(f"/office/ho-so/{dossier}/")
    client.get("/t/0123456789abcdef0123456789abcdef")
    client.generic("PRY", "/khong-co/0123456789abcdef")
    text = client.get(METRICS).content.decode()
    route = "/office/ho-so/<uuid:dossier_id>/"
    for sample in (
        ("motcua_request_seconds_count", ("GET", route, "200")),
        ("motcua_request_seconds_count", ("other", "(none)", "404")),
        ("motcua_request_statements_bucket", ("12.0", route)),
    ):
        assert _values(text)[sample] == before.get(sample, 0) + 1
    assert not [word for word in (str(dossier), "0123456789abcdef", "khong-co", "PRY") if word in text]


def test_every_gauge_of_the_rooms_is_shown(client, db) -> None:
    families = {family.name for family in text_string_to_metric_families(client.get(METRICS).content.decode())}
    assert {gauge.name for gauge in metrics.registered()} <= families


def test_web_processes_count_together(fresh_database, collected_static, tmp_path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": fresh_database.url, "MOTCUA_HOME": str(HOME), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "m")
    }  # fmt: skip
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
        "--workers-kill-timeout", "5", "motcua.config.wsgi:application",
    ]  # fmt: skip
    web = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(url + LIVE, web)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: urllib.request.urlopen(url + "/tra-cuu").close(), range(40)))
        told = _values(urllib.request.urlopen(url + METRICS).read().decode())
    finally:
        web.terminate()
        web.wait(timeout=30)
    assert told["motcua_request_seconds_count", ("GET", "/tra-cuu", "200")] == 40
    assert len({name.name.rpartition("_")[2] for name in (tmp_path / "m").glob("*.db")}) == 2
