"""What applicants are told: each happening once, in order, through outages; nothing of what is erased or invented."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from motcua.agencies.access import Role
from motcua.agencies.models import Agency
from motcua.agencies.queries import form_heads
from motcua.dossiers import asides, commands
from motcua.dossiers.models import Dossier
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.vocabulary import PaidBy, Pause
from motcua.law.telling import Occasion
from motcua.notices import delivery
from motcua.notices.gauges import GAUGES
from motcua.notices.kinds import MessageState
from motcua.notices.models import Lane, Message
from motcua.notices.wording import DEFAULTS, TITLES
from motcua.persons.commands import erase
from motcua.persons.identity import IdKind
from support.world import APPLICANT, POLICE, RESIDENCE

pytestmark = pytest.mark.django_db
MAIL = APPLICANT.email


def another(name="Trần Văn Thử", email="thu.tran@example.vn"):
    return replace(APPLICANT, name=name, id_number="079190000020", email=email)


def later(**span):
    """Time passes for what waits: pauses after failures are over."""
    for model in (Message, Lane):
        for row in model.objects.all():
            model.objects.filter(pk=row.pk).update(next_at=row.next_at - timedelta(**span))


def subjects(postbox):
    return [read["Subject"].split(": ", 1)[1] for _to, read in postbox.got]


def states():
    return sorted(Message.objects.values_list("occasion", "state"))


def follow_and_send():
    catch_up()
    return delivery.deliver_due()


def test_a_dossier_s_life_is_told_in_its_order_with_the_promise_and_the_way_to_its_page(world, postbox):
    dossier = world.receive().dossier_id
    officer, desk = world.reader(Role.CASE_OFFICER), world.reader(Role.DESK_OFFICER)
    commands.pause(officer, dossier, Pause.SUPPLEMENT, "- Tờ khai", command_id=commands.new_id())
    commands.resume(desk, dossier, command_id=commands.new_id())
    world.finish(dossier)
    assert follow_and_send() == 4
    assert subjects(postbox) == ["đã tiếp nhận", "cần bổ sung giấy tờ", "giải quyết tiếp", "đã có kết quả"]
    assert {to for to, _read in postbox.got} == {MAIL}
    first = postbox.got[0][1]
    text = first.get_content()
    assert "Hẹn trả kết quả: " in text
    assert "The result is promised for " in text
    assert "https://motcua.example.vn/t/" in text
    assert APPLICANT.name not in text
    assert first["Auto-Submitted"] == "auto-generated"


def test_nothing_is_told_twice_however_often_the_worker_comes_round(world, postbox):
    world.receive()
    assert [follow_and_send(), follow_and_send(), delivery.deliver_due()] == [1, 0, 0]
    assert len(postbox.got) == 1


def test_an_outage_of_a_day_loses_and_reorders_nothing(world, postbox, settings):
    postbox.close()
    dossiers = [world.receive(owner=another(email=f"n{number}@example.vn")).dossier_id for number in range(5)]
    for number in range(24):  # an hour each
        assert follow_and_send() == 0
        later(hours=1)
        if number == 10:
            for each in dossiers:
                world.finish(each)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.WAITING}
    assert Lane.objects.get().error
    postbox.open(settings.EMAIL_PORT)
    assert delivery.deliver_due() == 10
    assert [to for to, _read in postbox.got[:5]] == [f"n{number}@example.vn" for number in range(5)]
    for number in range(5):
        mine = [read["Subject"] for to, read in postbox.got if to == f"n{number}@example.vn"]
        assert [each.split(": ")[1] for each in mine] == ["đã tiếp nhận", "đã có kết quả"]
    assert Lane.objects.get().error == ""


def test_a_message_that_is_refused_holds_up_no_other_and_is_shown_to_the_desk(world, postbox, client):
    postbox.answers["sai@example.vn"] = "550 no such mailbox"
    wrong = world.receive(owner=another(email="sai@example.vn")).dossier_id
    world.receive()
    assert follow_and_send() == 1  # the other one
    for _ in range(2):
        later(hours=1)
        assert delivery.deliver_due() == 0
    refused = Message.objects.get(dossier_id=wrong)
    assert (refused.state, refused.refusals, refused.error) == (MessageState.REFUSED, 3, "550")
    later(hours=1)
    assert delivery.deliver_due() == 0
    client.force_login(world.user(Role.DESK_OFFICER))
    page = client.get(f"/office/ho-so/{wrong}/").content.decode()
    assert "Bị từ chối" in page
    del postbox.answers["sai@example.vn"]
    again = f"/office/ho-so/{wrong}/tin/{refused.position}/mail/"
    assert client.post(again).status_code == 302
    assert delivery.deliver_due() == 1
    assert client.post(again).status_code == 404  # it is sent: there is nothing to send again


def test_only_the_same_dossier_waits_for_a_message_that_is_refused_for_a_while(world, postbox):
    postbox.answers["day@example.vn"] = "452 mailbox full"
    full = world.receive(owner=another(email="day@example.vn")).dossier_id
    other = world.receive().dossier_id
    world.finish(full)
    world.finish(other)
    assert follow_and_send() == 2
    for _ in range(30):  # longer than any count of tries
        later(hours=2)
        delivery.deliver_due()
    assert Message.objects.filter(dossier_id=full, state=MessageState.WAITING).count() == 2
    postbox.answers.clear()
    later(hours=2)
    assert delivery.deliver_due() == 2
    assert [to for to, _read in postbox.got[-2:]] == ["day@example.vn"] * 2
    assert subjects(postbox)[-2:] == ["đã tiếp nhận", "đã có kết quả"]


def test_a_worker_killed_before_its_note_sends_again_under_the_same_key(world, postbox):
    world.receive()
    follow_and_send()
    Message.objects.update(state=MessageState.WAITING, settled_at=None)
    assert delivery.deliver_due() == 1
    keys = [read["Message-ID"] for _to, read in postbox.got]
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_who_gave_no_address_or_was_erased_is_told_nothing(world, postbox):
    silent = world.receive(owner=another(email="")).dossier_id
    gone = world.receive()
    catch_up()
    erase(Dossier.objects.get(pk=gone.dossier_id).owner_id, "12/QĐ-UBND")
    assert delivery.deliver_due() == 0
    assert postbox.got == []
    for dossier_id in (silent, gone.dossier_id):
        assert Message.objects.get(dossier_id=dossier_id).state == MessageState.NO_ADDRESS


def test_demonstrations_and_imports_tell_nobody(world, postbox):
    world.receive(at=datetime(2026, 11, 2, 9, 0))
    assert follow_and_send() == 0
    assert not Message.objects.exists()


def test_a_demonstration_s_agency_shows_what_it_would_have_sent_and_sends_nothing(world, postbox):
    Agency.objects.filter(pk=world.agencies["W1"]).update(demo=True)
    world.receive()
    assert follow_and_send() == 0
    assert states() == [("received", MessageState.DEMO)]
    assert postbox.got == []


def test_what_is_old_when_the_worker_comes_to_it_is_shown_and_not_sent(world, postbox, settings):
    settings.MOTCUA_NOTICE_DAYS = -1  # as if the worker came to it a day after the bound
    world.receive()
    assert follow_and_send() == 0
    assert states() == [("received", MessageState.STALE)]


def test_without_any_channel_nothing_is_noted(world):
    world.receive()
    assert follow_and_send() == 0
    assert not Message.objects.exists()


def test_text_messages_go_where_waiting_costs_something_plain_and_to_an_international_number(world, gateway, settings):
    dossier = world.receive().dossier_id
    officer = world.reader(Role.CASE_OFFICER)
    commands.pause(officer, dossier, Pause.PAYMENT, "Phí thẩm định", amount=50_000, command_id=commands.new_id())
    asides.pay(world.reader(Role.DESK_OFFICER), dossier, 50_000, PaidBy.CASH, command_id=commands.new_id())
    assert follow_and_send() == 1
    headers, body = gateway.received[0]
    sent = json.loads(body)
    assert sent["to"] == "+84901234123"
    assert sent["text"].startswith("Ho so ")
    assert sent["text"].isascii()
    assert headers["idempotency-key"] == sent["key"]


@pytest.mark.parametrize(
    ("answers", "taken", "state"),
    [
        ([200], 1, MessageState.SENT),
        ([503], 0, MessageState.WAITING),
        (["hang up"], 0, MessageState.WAITING),
        ([401], 0, MessageState.WAITING),  # our token: the operator's to mend
        ([302], 0, MessageState.WAITING),
        ([429], 0, MessageState.WAITING),
    ],
)
def test_a_gateway_that_does_not_take_a_message_keeps_it_waiting(world, gateway, answers, taken, state):
    dossier = world.receive().dossier_id
    world.finish(dossier)
    gateway.answers = answers
    assert follow_and_send() == taken
    assert states() == [("ready", state)]


def test_a_number_that_the_gateway_refuses_is_given_up_after_three_tries(world, gateway):
    world.finish(world.receive().dossier_id)
    gateway.answers = [422] * 3
    for _ in range(5):
        follow_and_send()
        later(hours=2)
    assert len(gateway.received) == 3
    assert states() == [("ready", MessageState.REFUSED)]


def test_the_submitter_is_told_where_somebody_else_handed_it_in(world, postbox):
    world.receive(submitter=another())
    follow_and_send()
    assert [to for to, _read in postbox.got] == ["thu.tran@example.vn"]


def test_a_dossier_of_another_agency_names_both(world, postbox):
    world.receive(RESIDENCE)
    follow_and_send()
    police = form_heads([world.agencies[POLICE]])[world.agencies[POLICE]]
    assert police.agency_name in postbox.got[0][1].get_content()


def test_every_occasion_has_words_in_both_languages_that_can_be_sent():
    for occasion in Occasion:
        texts = DEFAULTS[occasion].checked()
        assert texts.subject_en, occasion
        assert texts.short_en, occasion
        assert TITLES[occasion]


def test_the_outbox_holds_no_word_about_anybody(world, postbox):
    world.receive()
    follow_and_send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(m::text, ' ') FROM notices_message m")
        kept = cursor.fetchone()[0]
    for secret in (APPLICANT.name, APPLICANT.email, APPLICANT.phone, APPLICANT.id_number):
        assert secret not in kept


def test_a_batch_needs_no_more_statements_however_long_it_is(world, postbox, django_assert_max_num_queries):
    for number in range(12):
        world.receive(owner=another(email=f"n{number}@example.vn"))
    catch_up()
    # Five for the lane, eight for the batch, one for each message that is noted.
    with django_assert_max_num_queries(5 + 8 + 12 + 3):
        assert delivery.deliver_due() == 12


def test_the_metrics_tell_what_waits(world, postbox):
    postbox.close()
    world.receive()
    follow_and_send()
    postbox.open(postbox.controller.port)
    told = {gauge.name: next(iter(gauge.read())).value for gauge in GAUGES}
    assert told["motcua_messages_oldest_seconds"] >= 0
    assert told["motcua_messages_waiting"] == 1
    assert told["motcua_message_channels_closed"] == 1
    assert told["motcua_messages_refused"] == 0


def test_the_administrator_sees_how_each_channel_fares(world, postbox, gateway, client):
    gateway.answers = [503]
    world.finish(world.receive().dossier_id)
    follow_and_send()
    client.force_login(world.user(Role.ADMINISTRATOR))
    page = client.get("/office/tin-bao/").content.decode()
    assert "Thư điện tử, Tin nhắn SMS" in page
    assert "không liên lạc được" in page
    assert "http_503" in page
    assert "thông" in page


def test_a_server_that_refuses_everybody_closes_the_channel_and_loses_nothing(world, postbox):
    postbox.answers["data"] = "554 relaying denied"
    for number in range(delivery.IN_ROW + 5):
        world.receive(owner=another(email=f"n{number}@example.vn"))
    assert follow_and_send() == 0
    assert Lane.objects.get().error == "refuses_all"
    assert Message.objects.filter(refusals=0).count() == 5
    postbox.answers.clear()
    later(hours=1)
    assert delivery.deliver_due() == delivery.IN_ROW + 5


def test_who_is_known_by_a_passport_gets_the_short_text_in_english(world, gateway):
    guest = replace(another(), id_kind=IdKind.PASSPORT, id_number="C1234567")
    world.finish(world.receive(owner=guest).dossier_id)
    follow_and_send()
    assert json.loads(gateway.received[0][1])["text"].startswith("Dossier ")
