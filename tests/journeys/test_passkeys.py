"""Passkeys in a real browser, whose authenticator Chromium plays itself (WebAuthn's virtual authenticator)."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from support.server import RunningServer

if TYPE_CHECKING:
    from support.world import World

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


class Desk:
    """A browser with an authenticator in it, before the sign-in page of a running server."""

    def __init__(self, server: RunningServer, world: "World", context: BrowserContext) -> None:
        # A passkey belongs to a name, never to a bare address.
        self.url, self.world = server.url.replace("127.0.0.1", "localhost"), world
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda note: self.complaints.append(note.text) if note.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.cdp: CDPSession = context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        self.authenticator = self.cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )["authenticatorId"]

    def keys(self) -> int:
        """How many keys the authenticator holds."""
        return len(self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})["credentials"])

    def verified(self, yes: bool) -> None:
        """Whether the person's finger fits."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": yes})

    def sign_in(self, name: str) -> None:
        """Name and password."""
        self.page.goto(self.url + "/accounts/login/")
        self.page.locator("input[name=login]").fill(name)
        self.page.locator("input[name=password]").fill("mot cua lien thong 61")
        self.page.locator("input[name=password]").press("Enter")

    def sign_out(self) -> None:
        """As from somebody who has lost the cookie; the authenticator stays."""
        self.page.context.clear_cookies()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def desk(
    request: pytest.FixtureRequest, motcua_server: RunningServer, new_context: Callable[..., BrowserContext]
) -> Iterator[Desk]:
    """The small province, really committed; a page that complains fails its test."""
    from support.world import make_world

    sitting = Desk(motcua_server, make_world(), new_context(**request.param))
    yield sitting
    assert sitting.complaints == []


def officer(desk: Desk, role: str) -> str:
    """The sign-in name of an officer without a second factor, with the tests' password."""
    from allauth.mfa.models import Authenticator

    from motcua.agencies.access import Role
    from support.signing_in import give_password

    user = desk.world.user(Role(role))
    Authenticator.objects.filter(user=user).delete()
    give_password(user)
    return str(user.username)


def add_key(desk: Desk, *, alone: bool) -> None:
    """Adds a key on the pages, from the overview of the second factor."""
    page = desk.page
    page.get_by_role("link", name="Thêm khóa").click()
    page.get_by_label("Mật khẩu").fill("mot cua lien thong 61")
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_label("Tên khóa").fill("Máy ở quầy")
    box = page.get_by_label("Đăng nhập bằng khóa này, không cần mật khẩu")
    expect(box).to_be_checked()
    if not alone:
        box.uncheck()
    page.get_by_role("button", name="Thêm khóa").click()
    expect(page.get_by_role("heading", name="Mã dự phòng")).to_be_visible()


def test_who_must_have_a_second_factor_is_led_to_a_passkey_and_enters_with_it_alone(desk: Desk) -> None:
    page = desk.page
    desk.sign_in(officer(desk, "leader"))
    expect(page.get_by_text("Vai trò của bạn bắt buộc có lớp xác thực thứ hai.").first).to_be_visible()
    add_key(desk, alone=True)
    assert desk.keys() == 1
    page.get_by_role("link", name="Về chỗ làm việc").click()
    expect(page.locator(".office-nav")).to_be_visible()
    desk.sign_out()
    page.goto(desk.url + "/accounts/login/")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(page.locator(".office-nav")).to_be_visible()
    page.goto(desk.url + "/accounts/2fa/webauthn/")
    expect(page.get_by_text("Đăng nhập được mà không cần mật khẩu.")).to_be_visible()
    page.wait_for_load_state()
    assert page.locator(":root").evaluate("root => root.scrollWidth <= root.clientWidth")


def test_a_key_after_the_password_is_the_second_step_and_nothing_opens_between(desk: Desk) -> None:
    page = desk.page
    name = officer(desk, "desk_officer")
    desk.sign_in(name)
    expect(page.locator(".office-nav")).to_be_visible()
    page.goto(desk.url + "/accounts/2fa/")
    add_key(desk, alone=False)
    desk.sign_out()
    desk.sign_in(name)
    expect(page.get_by_role("heading", name="Thêm một bước nữa")).to_be_visible()
    page.goto(desk.url + "/office/")
    expect(page.get_by_role("heading", name="Thêm một bước nữa")).to_be_visible()
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(page.locator(".office-nav")).to_be_visible()


def test_a_key_that_is_refused_says_so_and_leaves_the_other_ways_open(desk: Desk) -> None:
    page = desk.page
    desk.sign_in(officer(desk, "leader"))
    add_key(desk, alone=True)
    desk.sign_out()
    desk.verified(False)
    page.goto(desk.url + "/accounts/login/")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(page.locator("[data-passkey-error]")).to_be_visible()
    expect(page.locator("input[name=password]")).to_be_visible()
    desk.verified(True)
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(page.locator(".office-nav")).to_be_visible()


def test_a_removed_key_opens_nothing(desk: Desk) -> None:
    from allauth.mfa.models import Authenticator

    page = desk.page
    desk.sign_in(officer(desk, "leader"))
    add_key(desk, alone=True)
    Authenticator.objects.all().delete()
    desk.sign_out()
    page.goto(desk.url + "/accounts/login/")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(page.get_by_text("Mã không đúng.")).to_be_visible()
    page.goto(desk.url + "/office/")
    expect(page.locator("input[name=password]")).to_be_visible()
