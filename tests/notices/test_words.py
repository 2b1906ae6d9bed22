"""The words of messages: what can be saved, how a line without its field vanishes, and how long a text message is."""

import pytest

from motcua.agencies.access import NotPermitted, Role
from motcua.law.telling import Occasion
from motcua.notices.commands import save_template
from motcua.notices.kinds import Channel
from motcua.notices.models import Template
from motcua.notices.queries import in_force
from motcua.notices.texts import BadText, Texts, filled, parts, short

GOOD = Texts("Hồ sơ {code}", "Kính gửi Ông/Bà,\nHẹn trả: {due}\n{link}", "HS {code}\nhẹn {due}")


def test_a_line_whose_field_has_nothing_to_say_is_left_out():
    values = {"code": "H1", "due": "", "link": "https://x.vn"}
    assert filled(GOOD.body, values) == "Kính gửi Ông/Bà,\nhttps://x.vn"
    assert short(GOOD.short, values) == "HS H1"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subject": " "}, "missing"),
        ({"body": ""}, "missing"),
        ({"short": ""}, "missing"),
        ({"subject_en": "Dossier"}, "half_english"),
        ({"body": "{name}"}, "field"),
        ({"body": "{code.x}"}, "field"),
        ({"body": "{code!r}"}, "field"),
        ({"body": "{code:>99999999}"}, "field"),
        ({"body": "{}"}, "field"),
        ({"body": "a { b"}, "brace"),
        ({"body": "a } b"}, "brace"),
        ({"subject": "a\nb"}, "one_line"),
        ({"body": "a\x07b"}, "control"),
        ({"body": "a" * 4001}, "too_long"),
    ],
)
def test_what_no_message_can_be_made_from_is_refused(change, code):
    with pytest.raises(BadText) as refused:
        Texts(**{**GOOD.to_data(), **change}).checked()
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("ạ" * 70, 1),
        ("ạ" * 71, 2),
        ("a" * 159 + "ạ", 3),
        ("😀" * 36, 2),
    ],
)
def test_a_text_message_is_charged_by_its_alphabet(text, count):
    assert parts(text) == count


@pytest.mark.django_db
def test_new_words_are_an_administrator_s_and_hold_from_then_on(world):
    saved = save_template(world.reader(Role.ADMINISTRATOR), Occasion.READY, GOOD, [Channel.SMS])
    assert in_force()[Occasion.READY] == saved
    assert in_force()[Occasion.RECEIVED].saved_at is None
    save_template(world.reader(Role.ADMINISTRATOR), Occasion.READY, GOOD, [])
    assert in_force()[Occasion.READY].channels == frozenset()
    assert Template.objects.count() == 2  # the former ones can still be read
    with pytest.raises(NotPermitted):
        save_template(world.reader(Role.LEADER), Occasion.READY, GOOD, [])


@pytest.mark.django_db
def test_the_page_shows_an_example_keeps_what_was_typed_and_says_what_is_wrong(world, client):
    client.force_login(world.user(Role.ADMINISTRATOR))
    address = "/office/tin-bao/ready/"
    assert "Đã có kết quả" in client.get("/office/tin-bao/").content.decode()
    data = {**GOOD.to_data(), "channels": ["mail"]}
    tried = client.post(address, {**data, "look": "1"}).content.decode()
    assert "Hồ sơ H55.24-261122-0007" in tried
    assert not Template.objects.exists()
    wrong = client.post(address, {**data, "body": "Xin chào {ten}", "save": "1"}).content.decode()
    assert "Không có trường {ten}" in wrong
    assert "Xin chào {ten}" in wrong
    assert client.post(address, {**data, "save": "1"}).status_code == 302
    assert Template.objects.get().channels == ["mail"]
    assert client.get("/office/tin-bao/x/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_changes_words(world, client, role):
    client.force_login(world.user(role))
    assert client.get("/office/tin-bao/").status_code == 403
    assert client.post("/office/tin-bao/ready/", {**GOOD.to_data(), "save": "1"}).status_code == 403
