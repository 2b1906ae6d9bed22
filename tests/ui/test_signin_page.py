"""The sign-in page is ours, keeps the name that was typed and says what was wrong beside the form."""

import re

import pytest
from django.urls import reverse

from motcua.agencies import commands
from motcua.agencies.access import Role
from support.world import PASSWORD, WARD


@pytest.fixture
def world(db):
    """The small province, with a password for the case officer of the ward."""
    from support.world import make_world

    made = make_world()
    user = made.user(Role.CASE_OFFICER, WARD)
    commands.set_password(user.username, PASSWORD)
    user.refresh_from_db()  # a session is bound to the password's hash
    return made


def test_the_sign_in_page_wears_our_dress(client, db) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert 'class="page-entrance"' in page
    assert "Tên đăng nhập" in page and "Mật khẩu" in page
    assert 'placeholder="Tên đăng nhập"' not in page


def test_a_wrong_password_keeps_the_name_and_says_so(client, world) -> None:
    name = world.user(Role.CASE_OFFICER, WARD).username
    page = client.post("/accounts/login/", {"login": name, "password": "wrong"}).content.decode()
    assert f'value="{name}"' in page
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page
    assert "wrong" not in page
    assert "Có 1 chỗ cần sửa" in page


def test_empty_fields_are_named_one_by_one(client, world) -> None:
    page = client.post("/accounts/login/", {}).content.decode()
    targets = re.findall(r'href="#(id_[a-z]+)"', page)
    assert targets == ["id_login", "id_password"]
    assert page.count("Hãy điền vào ô này.") == 4  # each in the summary and beside its field


def test_english_speaks_english(client, world) -> None:
    client.cookies["django_language"] = "en"
    page = client.post("/accounts/login/", {"login": "x", "password": "y"}).content.decode()
    assert "The username and/or password you specified are not correct." in page


@pytest.mark.parametrize("name", ["account_change_password", "account_logout", "mfa_index"])
def test_account_pages_of_the_signed_in_wear_our_dress_too(client, world, name) -> None:
    client.force_login(world.user(Role.CASE_OFFICER, WARD))
    answer = client.get(reverse(name), follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="page-entrance"' in page and "btn" in page


def test_a_too_short_new_password_is_refused_in_vietnamese(client, world) -> None:
    client.force_login(world.user(Role.CASE_OFFICER, WARD))
    form = {"oldpassword": PASSWORD, "password1": "ngan", "password2": "ngan"}
    page = client.post(reverse("account_change_password"), form).content.decode()
    assert "Mật khẩu quá ngắn: cần ít nhất 10 ký tự." in page
