"""Heads on their way outside, to a real mail server: in order, again and again, never lost, never silently given up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from motcua.config import mail
from motcua.config.env import BadSetting
from motcua.law import merkle, signed_note
from motcua.proofs import commands, health, keys, sending
from motcua.proofs.models import Delivery, Head
from support.postbox import free_port, opened

pytestmark = pytest.mark.django_db

NEWSPAPER, INSPECTORS = "luu-chieu@bao.example.vn", "Thanh-Tra@tinh.example.vn"


@pytest.fixture
def postbox(settings):
    """A mail server, and two who get the heads."""
    settings.MOTCUA_LOG_RECIPIENTS = (NEWSPAPER, INSPECTORS)
    with opened(settings) as box:
        yield box


@pytest.fixture
def days(positions):
    """Heads of the days 18, 19 and 20 November 2026 (the 19th two), and one of today."""
    signed = ["2026-11-18T03:00Z", "2026-11-19T03:00Z", "2026-11-19T10:00Z", "2026-11-20T03:00Z"]
    leaves = positions(5)
    signer = keys.make()
    commands.Key.objects.create(key_id=signer.id, public=signer.public, first_used_at=signed[0])
    for size, at in enumerate(signed, start=1):
        moment = datetime.fromisoformat(at)
        root = merkle.tree_hash(leaves[:size])
        text = signed_note.Checkpoint("motcua.example.vn/nhat-ky", size, root, moment).text
        note = signed_note.signed(text, signer.sign("motcua.example.vn/nhat-ky", text))
        Head.objects.create(number=size, size=size, root=root, signed_at=moment, key_id=signer.id, note=note)
    return signer


@pytest.fixture
def later(monkeypatch):
    """Moves the clock of the sender; it begins at noon of 19 November, and days pass as asked for."""
    now = [datetime(2026, 11, 19, 5, 0, tzinfo=UTC)]
    monkeypatch.setattr(sending.timezone, "now", lambda: now[0])

    def pass_(**time):
        now[0] += timedelta(**time)

    return pass_


def test_the_last_head_of_each_day_goes_to_each_address_once(days, postbox, later):
    assert sending.send_all() == 2
    assert postbox.days(NEWSPAPER) == ["18/11/2026"]  # today is not over
    assert sending.send_all() == 0
    later(days=2)
    assert sending.send_all() == 4
    assert postbox.days(NEWSPAPER) == postbox.days(INSPECTORS) == ["18/11/2026", "19/11/2026", "20/11/2026"]
    assert [row.head_id for row in Delivery.objects.filter(recipient=sending.recipient(NEWSPAPER)).order_by("day")] == [
        1, 3, 4
    ]  # fmt: skip


def test_a_message_says_what_it_is_and_carries_the_head(days, postbox, later):
    sending.send_all()
    address, read = postbox.got[0]
    head = Head.objects.get(number=1)
    assert (address, read["To"], read["From"]) == (NEWSPAPER, NEWSPAPER, "motcua@motcua.example.vn")
    assert (
        read["Message-ID"]
        == f"<head.1.{bytes(head.root).hex()[:16]}.{sending.recipient(NEWSPAPER)[:12]}@motcua.example.vn>"
    )
    assert head.note in read.get_body().get_content().replace("\r\n", "\n")
    (attached,) = read.iter_attachments()
    assert attached.get_filename() == "head-2026-11-18-1.txt"
    assert attached.get_content() == head.note.encode()


def test_a_worker_that_dies_after_sending_sends_the_same_message_again(days, postbox, later, monkeypatch):
    monkeypatch.setattr(Delivery, "save", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        sending.send_all()
    monkeypatch.undo()
    monkeypatch.setattr(sending.timezone, "now", lambda: datetime(2026, 11, 19, 6, 0, tzinfo=UTC))
    sending.send_all()
    ids = [read["Message-ID"] for to, read in postbox.got if to == NEWSPAPER]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize("answer", ["451 greylisted, try again", "421 too busy"])
def test_a_temporary_refusal_is_tried_without_limit_and_holds_the_later_days_of_that_address(
    days, postbox, later, answer
):
    postbox.answers[NEWSPAPER] = answer
    for _ in range(40):
        sending.send_all()
        later(hours=1, seconds=1)
    assert postbox.days(NEWSPAPER) == []
    waiting = health.check()
    newspaper, inspectors = waiting.addressees
    assert (newspaper.waiting, newspaper.error, newspaper.last_day) == (3, answer[:3], None)
    assert (inspectors.waiting, inspectors.last_day) == (0, date(2026, 11, 20))
    assert waiting.quiet  # nothing for a person to do yet
    assert Delivery.objects.get(recipient=sending.recipient(NEWSPAPER), day="2026-11-18").tries == 40
    postbox.answers.clear()
    sending.send_all()
    assert postbox.days(NEWSPAPER) == ["18/11/2026", "19/11/2026", "20/11/2026"]


def test_no_connection_is_a_temporary_trouble(days, postbox, later, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    for _ in range(5):
        sending.send_all()
        later(hours=1)
    assert {row.error for row in Delivery.objects.all()} == {"ConnectionRefusedError"}
    settings.EMAIL_PORT = port
    assert sending.send_all() == 2


def test_pauses_between_tries_grow(days, postbox, later):
    postbox.answers[NEWSPAPER] = "451 later"
    sending.send_all()
    sending.send_all()
    row = Delivery.objects.get(recipient=sending.recipient(NEWSPAPER))
    assert row.tries == 1
    for tries in range(2, 5):
        later(seconds=(row.next_at - sending.timezone.now()).total_seconds())
        before = sending.timezone.now()
        sending.send_all()
        row.refresh_from_db()
        assert row.tries == tries
        assert row.next_at - before == sending.wait(tries)


@pytest.mark.parametrize("where", [NEWSPAPER, "data"])
def test_a_permanent_refusal_is_tried_three_times_then_shown_and_later_days_go_on(days, postbox, later, where):
    postbox.answers[where] = "550 no such mailbox"
    for _ in range(3):
        assert not health.check().addressees[0].given_up
        sending.send_all()
        later(minutes=2)
    state = health.check()
    assert state.addressees[0].given_up == (date(2026, 11, 18),)
    assert not state.quiet
    assert state.to_data()["addressees"][0]["given_up"] == ["2026-11-18"]
    row = Delivery.objects.get(recipient=sending.recipient(NEWSPAPER))
    assert (row.tries, row.refusals, row.error, row.sent_at) == (3, 3, "550", None)
    postbox.answers.clear()
    later(days=2)
    sending.send_all()
    assert postbox.days(NEWSPAPER) == ["19/11/2026", "20/11/2026"]


def test_a_new_address_begins_with_the_latest_day(days, postbox, later, settings):
    later(days=2)
    sending.send_all()
    settings.MOTCUA_LOG_RECIPIENTS = (*settings.MOTCUA_LOG_RECIPIENTS, "moi@example.vn")
    sending.send_all()
    assert postbox.days("moi@example.vn") == ["20/11/2026"]


def test_without_a_server_nothing_is_noted(days, later, settings):
    settings.MOTCUA_LOG_RECIPIENTS = (NEWSPAPER,)
    assert sending.send_all() == 0
    assert not Delivery.objects.exists()


def test_the_database_keeps_no_address_and_no_answers_words(days, postbox, later):
    postbox.answers[INSPECTORS] = f"550 {INSPECTORS} is unknown here"
    sending.send_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM proofs_delivery d")
        rows = " ".join(row for (row,) in cursor.fetchall()).lower()
    assert "example.vn" not in rows
    assert "unknown" not in rows


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://mail.vn", ("mail.vn", 25, "", False, False)),
        ("smtp+tls://a%40b.vn:p%2Fw@mail.vn", ("mail.vn", 587, "a@b.vn", True, False)),
        ("smtps://u:p@mail.vn:4650", ("mail.vn", 4650, "u", False, True)),
    ],
)
def test_a_mail_server_is_one_address(address, expected):
    found = mail.server("MOTCUA_SMTP", address)
    options = found.get("EMAIL_USE_TLS", False), found.get("EMAIL_USE_SSL", False)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_USER"], *options) == expected


@pytest.mark.parametrize("address", ["", "mail.vn", "http://mail.vn", "smtp://", "smtp://mail.vn:x", "smtp://m.vn/a?b"])
def test_an_address_that_is_none_is_refused_without_its_password(address):
    with pytest.raises(BadSetting) as refused:
        mail.server("MOTCUA_SMTP", address.replace("//", "//user:geheim@"))
    assert "geheim" not in str(refused.value)
