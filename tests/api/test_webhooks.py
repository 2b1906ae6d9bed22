"""Subscriptions through the interface, and the feed of events: the client's own, from any position."""

from uuid import uuid4

import pytest

from motcua.dossiers.worker import catch_up
from motcua.exchange.models import Subscription, Undelivered
from support.world import APPLICANT, World

pytestmark = pytest.mark.django_db
URL = "https://receiver.example/hook"


def test_a_subscription_is_made_seen_and_ended(world: World, connect):
    program = connect("leader")
    world.receive()
    catch_up()
    made = program.post("/webhooks", {"url": URL, "types": ["received"]})
    assert made.status_code == 201, made.content
    assert made.json()["secret"].startswith("whsec_")
    shown = program.get(f"/webhooks/{made.json()['id']}").json()
    assert (shown["url"], shown["types"], shown["position"], shown["behind"]) == (URL, ["received"], 2, 0)
    assert "secret" not in shown
    assert program.get("/webhooks").json() == [shown]
    assert program.post(f"/webhooks/{shown['id']}/replay", {"after": 1}).json()["behind"] == 1
    assert program.delete(f"/webhooks/{shown['id']}").status_code == 204
    assert program.get("/webhooks").json() == []
    assert program.get(f"/webhooks/{shown['id']}").status_code == 404


def test_the_secret_is_answered_again_for_the_same_key_only(world: World, connect):
    program, key = connect("leader"), uuid4()
    first, again = (program.post("/webhooks", {"url": URL}, key=key).json() for _ in range(2))
    assert (first["secret"], first["id"]) == (again["secret"], again["id"])
    assert Subscription.objects.count() == 1
    renewed = program.post(f"/webhooks/{first['id']}/secret").json()
    assert renewed["secret"] != first["secret"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "http://receiver.example/"}, "/url"),
        ({"url": "https://user:x@receiver.example/"}, "/url"),
        ({"url": URL, "types": ["nothing"]}, "/types/0"),
        ({"url": URL, "after": 99}, "/after"),
        ({}, "/url"),
    ],
)
def test_what_cannot_be_subscribed_to_is_named(world: World, connect, body, pointer):
    answer = connect("leader").post("/webhooks", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_a_client_has_so_many_subscriptions_and_no_more(world: World, connect, monkeypatch):
    from motcua.exchange import subscriptions

    monkeypatch.setattr(subscriptions, "MOST", 2)
    program = connect("leader")
    assert [program.post("/webhooks", {"url": URL}).status_code for _ in range(3)] == [201, 201, 422]


def test_another_clients_subscription_is_not_there(world: World, connect):
    made = connect("leader").post("/webhooks", {"url": URL}).json()["id"]
    stranger = connect("leader")
    answers = [
        stranger.get(f"/webhooks/{made}"),
        stranger.delete(f"/webhooks/{made}"),
        stranger.post(f"/webhooks/{made}/secret"),
        stranger.post(f"/webhooks/{made}/replay", {"after": 0}),
        stranger.get(f"/webhooks/{made}/undelivered"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)


def test_what_was_refused_for_good_can_be_read(world: World, connect):
    program = connect("leader")
    dossier = world.receive().dossier_id
    made = program.post("/webhooks", {"url": URL}).json()["id"]
    Undelivered.objects.create(subscription_id=made, position=1, dossier_id=dossier, error="http_404")
    (aside,) = program.get(f"/webhooks/{made}/undelivered").json()
    assert (aside["position"], aside["dossier"], aside["error"]) == (1, str(dossier), "http_404")
    assert program.get(f"/webhooks/{made}").json()["undelivered"] == 1


def test_events_are_fetched_from_any_position_without_a_person(world: World, connect):
    program = connect("leader")
    world.finish(world.receive(request="Để vay vốn").dossier_id)
    catch_up()
    first = program.get("/events", limit=3).json()
    assert [each["position"] for each in first["items"]] == [1, 2, 3]
    rest = program.get("/events", after=first["through"]).json()
    assert [each["type"] for each in rest["items"]] == ["finished"]
    assert program.get("/events", after=rest["through"]).json() == {"items": [], "through": 4}
    only = program.get("/events", types=["received", "finished"]).json()
    assert [each["type"] for each in only["items"]] == ["received", "finished"]
    assert APPLICANT.name not in str(first)
