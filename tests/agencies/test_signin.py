"""Sign-in: by name and password, for staff with an active post only."""

import pytest
from django.conf import settings

from motcua.agencies import commands
from motcua.agencies.models import Staff, User
from motcua.agencies.signin import Adapter
from support.readers import PASSWORD, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    make_tree()
    commands.keep_staff(
        username="canbo", display_name="Lê An", agency_code="W", roles=["desk_officer"], password=PASSWORD
    )
    return User.objects.get(username="canbo")


def sign_in(client, password=PASSWORD):
    return client.post("/accounts/login/", {"login": "canbo", "password": password})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_an_officer_signs_in_and_comes_to_the_office(client, officer):
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, settings.LOGIN_REDIRECT_URL)
    assert is_signed_in(client)


def test_a_wrong_password_does_not_sign_in(client, officer):
    assert sign_in(client, "khong phai mat khau").status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "end",
    [
        lambda: User.objects.update(is_active=False),
        lambda: Staff.objects.update(active=False),
        lambda: Staff.objects.all().delete(),
    ],
)
def test_who_holds_no_post_any_more_is_told_so_and_stays_outside(client, officer, end):
    end()
    response = sign_in(client)
    assert "Hãy liên hệ người quản trị" in response.content.decode()
    assert not is_signed_in(client)


def test_only_who_knows_the_password_learns_that_the_account_is_closed(client, officer):
    Staff.objects.update(active=False)
    assert "không còn được sử dụng" not in sign_in(client, "khong phai mat khau").content.decode()


def test_other_ways_in_are_refused_without_a_post_as_well(rf, client, officer):
    Staff.objects.update(active=False)
    request = rf.get("/")
    request.session = client.session
    request._messages = Messages()
    hook = {"email_verification": "none", "signal_kwargs": None, "email": None, "signup": False, "redirect_url": None}
    response = Adapter().pre_login(request, officer, **hook)
    assert response.status_code == 302
    assert any("Hãy liên hệ" in text for text in request._messages.said)


class Messages:
    def __init__(self):
        self.said = []

    def add(self, level, message, extra_tags=""):
        self.said.append(message)


def test_nobody_signs_up(rf):
    assert not Adapter().is_open_for_signup(rf.get("/"))
