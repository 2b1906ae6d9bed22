"""Every address declares who may open it, and over HTTP nobody else can; an address that declares nothing is closed."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from motcua.agencies.models import User
from motcua.agencies.policies import BY_NAME, Door, Policy, declare
from motcua.agencies.roles import Role
from permissions.addresses import ADDRESSES, Address, behind
from support.world import PASSWORD, World

METHODS = ("get", "post")


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda each: each.route)
def test_an_address_declares_who_may_open_it(address: Address):
    assert address.policy is not None, (
        f"{address.route} has no policy. Put @staff_required or @public on the view, or @declare(Policy(...)); for a "
        "view that is not ours add its name to motcua.agencies.policies.BY_NAME."
    )


def test_every_line_of_the_table_for_foreign_views_is_used():
    known = {each.name for each in ADDRESSES} | {each.namespace for each in ADDRESSES}
    assert set(BY_NAME) <= known


def _answer(client: Client, method: str, address: Address) -> HttpResponse:
    return getattr(client, method)(address.url)


def _asks_for_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))


@pytest.fixture
def without_post(db: None) -> User:
    """An account that may sign in and holds no post; that it is a super-user must not matter."""
    return User.objects.create_superuser("root", password=PASSWORD)


def _met(answer: HttpResponse) -> str:
    """What somebody met at a door."""
    if answer.status_code == 405:
        return "no such method"
    if answer.status_code in {401, 403}:
        return "closed" if answer.status_code == 403 else "token wanted"
    return "sign in" if _asks_for_sign_in(answer) else "open"


# What somebody without a session meets, and somebody with an account that holds no post.
STRANGERS = {Door.PUBLIC: "open", Door.ACCOUNT: "sign in", Door.STAFF: "sign in", Door.CLIENT: "token wanted"}
WITHOUT_POST = {Door.PUBLIC: "open", Door.ACCOUNT: "open", Door.STAFF: "closed", Door.CLIENT: "token wanted"}
# A step in the middle of signing in sends back to its beginning; the form to sign in is where others are sent.
MID_WAY = {
    "mfa_authenticate": METHODS,
    "mfa_login_webauthn": METHODS,
    "office:oidc": ("get",),
    "office:oidc_done": ("get",),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda each: each.route)
def test_strangers_meet_what_the_address_declares(client, without_post, address, method):
    assert address.policy is not None
    met = _met(_answer(client, method, address))
    if met == "no such method":
        return  # nothing is behind it: the other method is asked in a case of its own
    assert met == ("sign in" if method in MID_WAY.get(address.name, ()) else STRANGERS[address.policy.door])
    client.force_login(without_post)
    assert _met(_answer(client, method, address)) in {WITHOUT_POST[address.policy.door], "no such method"}


@pytest.mark.parametrize("role", list(Role))
def test_a_page_for_staff_opens_for_its_roles_and_no_other(world: World, client, role):
    client.force_login(world.user(role))
    for address in behind(Door.STAFF):
        assert address.policy is not None
        for method in METHODS:
            refused = _answer(client, method, address).status_code == 403
            assert refused == bool(address.policy.roles and role not in address.policy.roles), (address.route, method)


def _bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("opened")


class _Urls:
    """Addresses of which somebody forgot the policy of one."""

    app_name = "forgotten"
    urlpatterns = [
        path("bare", _bare, name="bare"),
        path("declared", declare(Policy(Door.PUBLIC))(lambda _request: HttpResponse("opened")), name="declared"),
    ]


class _Root:
    urlpatterns = [path("forgotten/", include(_Urls)), path("", include("motcua.config.urls"))]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=_Root)
@pytest.mark.parametrize(("name", "status"), [("bare", 403), ("declared", 200)])
def test_an_address_without_a_policy_is_closed_even_where_nobody_runs_tests(client, name, status):
    assert client.get(f"/forgotten/{name}").status_code == status
