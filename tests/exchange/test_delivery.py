"""Webhooks against a real receiver: in order, at least once, without end, and never past what was refused for good."""

from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from motcua.agencies.access import Role
from motcua.dossiers import commands as dossiers
from motcua.dossiers.worker import catch_up
from motcua.exchange import commands, delivery, subscriptions, wire
from motcua.exchange.models import Subscription, Undelivered
from support.world import APPLICANT, OTHER_WARD, RESIDENCE, WARD, World, make_world

SCOPES = ["dossiers:read", "webhooks:manage"]


@pytest.fixture
def world(fresh_database, lenient) -> World:
    """The small province, committed."""
    return make_world()


@pytest.fixture
def subscribe(world, receiver):
    """Makes a client of an agency with a leader's post, subscribed to the receiver."""

    def make(agency: str = WARD, types=(), after: int | None = 0, name: str = "Phần mềm Thử"):
        made = commands.open_client(name=name, agency_code=agency, scopes=SCOPES, roles=["leader"])
        line = subscriptions.subscribe(made.client_id, receiver.url, types, after=after)
        return made.client_id, line

    return make


def _again() -> None:
    """The time of the next try has come."""
    Subscription.objects.update(next_at=timezone.now())


def test_what_happens_is_told_in_order_signed_and_without_a_person(world, receiver, subscribe):
    _client, line = subscribe()
    dossier = world.receive(request="Để vay vốn")
    world.finish(dossier.dossier_id)
    catch_up()
    assert delivery.deliver_due() == 4
    assert receiver.positions == [1, 2, 3, 4]
    assert {each["dossier"] for each in receiver.told} == {str(dossier.dossier_id)}
    assert [each["seq"] for each in receiver.told] == [1, 2, 3, 4]
    for headers, body in receiver.received:
        Webhook(line.secret).verify(body, headers)
        assert APPLICANT.name not in body.decode()
    assert [headers["webhook-id"] for headers, _body in receiver.received] == ["1", "2", "3", "4"]
    assert receiver.connections == 1
    assert delivery.deliver_due() == 0


def test_only_what_the_client_may_see_and_asked_for_is_told(world, receiver, subscribe):
    subscribe(OTHER_WARD, types=["returned", "withdrawn"])
    world.receive()
    own = world.receive(agency=OTHER_WARD).dossier_id
    desk = world.reader(Role.DESK_OFFICER, OTHER_WARD)
    dossiers.withdraw(desk, own, "Đổi ý", command_id=dossiers.new_id())
    catch_up()
    delivery.deliver_due()
    assert [each["dossier"] for each in receiver.told] == [str(own)]
    assert Subscription.objects.get().position == 5  # what did not concern it was passed over


@pytest.mark.parametrize(
    ("answer", "error"),
    [(500, "http_500"), (503, "http_503"), (429, "http_429"), (408, "http_408"), ("hang", "timeout"),
     ("drip", "timeout"), ("hang up", "connection")],
)  # fmt: skip
def test_a_passing_failure_is_tried_again_without_end_and_nothing_overtakes(
    world, receiver, subscribe, monkeypatch, answer, error
):
    monkeypatch.setattr(wire.Line.__init__, "__kwdefaults__", {"deadline": 0.3})
    subscribe()
    world.receive()
    catch_up()
    receiver.answers = [answer] * 6
    for tries in range(1, 7):
        assert delivery.deliver_due() == 0
        line = Subscription.objects.get()
        assert (line.position, line.tries, line.last_error) == (0, tries, error)
        assert line.next_at > timezone.now() + timedelta(seconds=8)
        assert delivery.deliver_due() == 0  # its time has not come
        _again()
    assert delivery.deliver_due() == 2
    assert receiver.positions == [1] * 7 + [2]
    assert Subscription.objects.get().tries == 0


def test_nobody_listening_is_a_passing_failure(world, receiver, subscribe):
    subscribe()
    world.receive()
    catch_up()
    Subscription.objects.update(url=f"http://127.0.0.1:{_closed_port()}/")
    assert delivery.deliver_due() == 0
    assert Subscription.objects.get().last_error == "connection"


def _closed_port() -> int:
    from support.server import free_port

    return free_port()


@pytest.mark.parametrize("answer", [400, 401, 404, 301, 302, 307])
def test_a_refusal_is_tried_three_times_then_put_aside_and_later_ones_go_on(world, receiver, subscribe, answer):
    client, line = subscribe()
    dossier = world.receive().dossier_id
    catch_up()
    receiver.answers = [answer] * 3
    for _ in range(3):
        assert delivery.deliver_due() == 0
        _again()
    aside = Undelivered.objects.get()
    assert (aside.position, aside.dossier_id, aside.error) == (1, dossier, f"http_{answer}")
    assert delivery.deliver_due() == 1
    assert receiver.positions == [1, 1, 1, 2]
    assert [each.position for each in subscriptions.undelivered(client, line.id)] == [1]
    assert subscriptions.subscription(client, line.id).needs_a_person
    assert {each["dossier"] for each in receiver.told} == {str(dossier)}


def _told_by_metrics() -> dict[str, float]:
    from motcua.exchange.gauges import GAUGES

    return {each.name.removeprefix("motcua_webhook_"): sample.value for each in GAUGES for sample in each.read()}


def test_the_metrics_tell_which_lines_fail_stand_and_lag_and_what_was_refused(world, receiver, subscribe):
    quiet = {"lines_stopped": 0, "lines_failing": 0, "lag_events": 0, "messages_refused": 0}
    assert _told_by_metrics() == quiet
    client, line = subscribe()
    world.receive()
    catch_up()
    receiver.answers = [400] * 3 + [410] * 3
    delivery.deliver_due()
    assert _told_by_metrics() == quiet | {"lines_failing": 1, "lag_events": 2}
    for _ in range(2):
        _again()
        delivery.deliver_due()
    assert _told_by_metrics()["messages_refused"] == 1
    for _ in range(3):
        _again()
        delivery.deliver_due()
    stopped = _told_by_metrics()
    assert (stopped["lines_stopped"], stopped["lines_failing"], stopped["messages_refused"]) == (1, 0, 1)
    subscriptions.replay(client, line.id, after=0)
    assert _told_by_metrics() == quiet | {"lag_events": 2}
    delivery.deliver_due()
    assert _told_by_metrics() == quiet


def test_where_nobody_wants_anything_the_line_stops_and_waits_for_a_person(world, receiver, subscribe, monkeypatch):
    monkeypatch.setattr(delivery, "IN_ROW", 2)
    client, line = subscribe()
    world.finish(world.receive().dossier_id)
    catch_up()
    receiver.answers = [404] * 6
    for _ in range(8):
        delivery.deliver_due()
        _again()
    assert receiver.positions == [1, 1, 1, 2, 2, 2]
    assert subscriptions.subscription(client, line.id).stopped_at is not None
    subscriptions.replay(client, line.id, 0)
    assert delivery.deliver_due() == 4
    assert receiver.positions[6:] == [1, 2, 3, 4]
    assert not Undelivered.objects.exists()


def test_an_address_that_is_gone_stops_its_line_and_loses_nothing(world, receiver, subscribe):
    client, line = subscribe()
    world.receive()
    catch_up()
    receiver.answers = [410] * 3
    for _ in range(4):
        assert delivery.deliver_due() == 0
        _again()
    stopped = subscriptions.subscription(client, line.id)
    assert (stopped.position, stopped.last_error, stopped.stopped_at is not None) == (0, "http_410", True)
    subscriptions.replay(client, line.id, stopped.position)
    assert delivery.deliver_due() == 2


def test_a_replay_tells_everything_after_a_position_once_more(world, receiver, subscribe):
    client, line = subscribe()
    world.finish(world.receive().dossier_id)
    catch_up()
    delivery.deliver_due()
    subscriptions.replay(client, line.id, 2)
    delivery.deliver_due()
    assert receiver.positions == [1, 2, 3, 4, 3, 4]
    with pytest.raises(subscriptions.SubscriptionError):
        subscriptions.replay(client, line.id, 5)


def test_a_replay_during_a_sending_is_not_undone_by_it(world, receiver, subscribe):
    client, line = subscribe()
    world.receive()
    catch_up()
    delivery.deliver_due()
    row = Subscription.objects.get()
    subscriptions.replay(client, line.id, 0)
    assert not delivery._move(row, 2)  # a sending that had begun before it
    assert Subscription.objects.get().position == 0


def test_one_receiver_that_hangs_holds_back_no_other(world, receiver, subscribe, monkeypatch):
    monkeypatch.setattr(wire.Line.__init__, "__kwdefaults__", {"deadline": 0.5})
    subscribe(name="Hệ thống treo")
    subscribe(name="Hệ thống chạy")
    world.receive()
    catch_up()
    receiver.answers = ["hang"]
    assert delivery.deliver_due() == 2
    assert sorted(Subscription.objects.values_list("position", flat=True)) == [0, 2]


def test_a_closed_client_is_told_nothing_more(world, receiver, subscribe):
    subscribe()
    world.receive()
    catch_up()
    commands.close_client("Phần mềm Thử")
    assert delivery.deliver_due() == 0
    assert receiver.received == []


def test_while_a_secret_is_replaced_both_sign(world, receiver, subscribe):
    client, line = subscribe()
    new = subscriptions.replace_secret(client, line.id)
    world.receive()
    catch_up()
    delivery.deliver_due()
    headers, body = receiver.received[0]
    for secret in (line.secret, new.secret):
        Webhook(secret).verify(body, headers)
    Subscription.objects.update(former_until=timezone.now())
    world.receive()
    catch_up()
    delivery.deliver_due()
    headers, body = receiver.received[-1]
    assert len(headers["webhook-signature"].split()) == 1
    Webhook(new.secret).verify(body, headers)


def test_secrets_are_sealed_in_the_table(world, subscribe):
    import base64

    _client, line = subscribe()
    plain = base64.b64decode(line.secret.removeprefix("whsec_"))
    assert plain not in bytes(Subscription.objects.get().secret_sealed)


def test_a_kill_between_the_answer_and_the_note_sends_it_once_more(world, receiver, subscribe, monkeypatch):
    subscribe()
    world.receive()
    catch_up()

    class Killed(BaseException):
        pass

    def killed(*_args: object) -> bool:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(delivery, "settle", killed)
        delivery.deliver_due()
    assert delivery.deliver_due() == 2
    assert receiver.positions == [1, 1, 2]


def test_two_workers_do_not_serve_one_line_at_once(world, receiver, subscribe):
    subscribe()
    world.receive(RESIDENCE)
    catch_up()
    Subscription.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert delivery.deliver_due() == 0
    Subscription.objects.update(leased_until=timezone.now() - timedelta(seconds=1))  # a worker that was killed
    assert delivery.deliver_due() == 2
