"""Officers at work in a real browser: one dossier from the counter to its result, with the keyboard, on a phone."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from support.server import RunningServer

if TYPE_CHECKING:
    from support.world import World

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK, CASE, LEADER = "desk_officer", "case_officer", "leader"


class Office:
    """The running server with its world, and browsers that are signed in to it."""

    def __init__(self, server: RunningServer, world: "World", new_context: Callable[..., BrowserContext]) -> None:
        self.url, self.world, self._new_context = server.url, world, new_context
        self.complaints: list[str] = []

    def sit(self, role: str, agency: str = "W1", **options: object) -> Page:
        """A page of somebody who is signed in."""
        from motcua.agencies.access import Role
        from support.signing_in import session_of

        context = self._new_context(**options)
        key = session_of(self.world.user(Role(role), agency))
        context.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])
        page = context.new_page()
        page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.goto(self.url + "/office/")
        return page

    def _note(self, complaint: str) -> None:
        self.complaints.append(complaint)


@pytest.fixture
def office(motcua_server: RunningServer, new_context: Callable[..., BrowserContext]) -> Iterator[Office]:
    """The small province, really committed; a page that complains fails its test."""
    from support.world import make_world

    working = Office(motcua_server, make_world(), new_context)
    yield working
    assert working.complaints == []


def code_on(page: Page) -> str:
    """The code on the page after intake."""
    return page.locator("h1").inner_text()


def receive(page: Page, card: str, phone: str = "0901234123") -> str:
    """Takes a dossier in at a counter whose procedure page is open; its code."""
    page.get_by_label("Mã QR trên thẻ căn cước").fill(card)
    page.get_by_label("Mã QR trên thẻ căn cước").press("Enter")
    expect(page.get_by_label("Họ tên hoặc tên tổ chức")).not_to_be_empty()
    page.get_by_label("Điện thoại").first.fill(phone)
    for name in ("p1-have", "p2-have"):
        page.locator(f"input[name={name}]").check()
    page.locator("[data-save]").click()
    expect(page.get_by_text("Đã tiếp nhận", exact=True)).to_be_visible()
    return code_on(page)


def wide_enough(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    page.wait_for_load_state()  # between two pages there is no document to measure
    return bool(page.locator(":root").evaluate("root => root.scrollWidth <= root.clientWidth"))


@pytest.mark.parametrize("options", [{"viewport": {"width": 1280, "height": 900}}, PHONE], ids=["desk", "phone"])
def test_a_dossier_is_received_printed_processed_returned_and_tracked(office: Office, options: dict) -> None:
    from support.world import CARD

    desk = office.sit(DESK, **options)
    desk.goto(office.url + "/office/tiep-nhan/")
    desk.get_by_label("Người dân cần làm thủ tục gì?").fill("hon nhan")
    desk.get_by_role("link", name="Thủ tục cấp Giấy xác nhận tình trạng hôn nhân").click()
    assert wide_enough(desk)
    code = receive(desk, CARD)
    assert wide_enough(desk)
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="In giấy tiếp nhận").click()
    receipt = opened.value.url
    opened.value.close()
    assert receipt.endswith("/giay/tiep-nhan/1.pdf")
    printed = desk.request.get(receipt)
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.body().startswith(b"%PDF")
    officer = office.sit(CASE, **options)
    officer.get_by_role("link", name="Thủ tục cấp Giấy xác nhận tình trạng hôn nhân").click()
    assert wide_enough(officer)
    officer.get_by_role("button", name="Nhận xử lý").click()
    officer.get_by_label("Ghi chú").fill("Đủ điều kiện, trình ký")
    officer.get_by_role("button", name="Trình lãnh đạo ký").click()
    leader = office.sit(LEADER, **options)
    leader.locator("[data-row-link]").click()
    expect(leader.get_by_text("Đủ điều kiện, trình ký")).to_be_visible()
    leader.get_by_role("button", name="Ký và trả kết quả về Bộ phận Một cửa").click()
    desk.goto(office.url + "/office/?muc=cho-tra")
    desk.locator("[data-row-link]").click()
    desk.get_by_role("button", name="Đã trả kết quả").click()
    expect(desk.locator(".dossier-head .badge-state")).to_have_text("Đã trả kết quả")
    assert wide_enough(desk)
    tracked = office.sit(DESK, **options)  # any browser: the token is all that is needed
    tracked.goto(f"{office.url}/t/{token_of(office, code)}")
    expect(tracked.get_by_text(code)).to_be_visible()
    assert "Nguyễn Thị Mẫu" not in tracked.content()


def token_of(office: Office, code: str) -> str:
    """The token that the receipt's QR carries."""
    from motcua.agencies.access import Role
    from motcua.dossiers import queries

    reader = office.world.reader(Role.DESK_OFFICER)
    found = queries.by_code(reader, code)
    assert found is not None
    return queries.ticket(reader, found)


class Keys:
    """A keyboard that counts: a card scanned is one act of the hand."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.pressed += len(keys)

    def scan(self, text: str) -> None:
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")
        self.pressed += 1


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def test_the_keyboard_alone_takes_a_dossier_in_within_forty_strokes(office: Office) -> None:
    """A trained typist does three strokes a second: under a minute with the reading of the papers."""
    from support.world import CARD

    page = office.sit(DESK)
    keys = Keys(page)
    keys.press("n")
    expect(page.get_by_label("Người dân cần làm thủ tục gì?")).to_be_focused()
    keys.type("hon nhan")
    keys.press("Enter")
    expect(page.get_by_label("Mã QR trên thẻ căn cước")).to_be_focused()
    keys.scan(CARD)
    expect(page.get_by_label("Điện thoại").first).to_be_focused()
    keys.type("0901234123")
    keys.press("F8")
    expect(page.locator("input[name=p1-have]")).to_be_checked()
    keys.press("F9")
    expect(page.get_by_text("Đã tiếp nhận", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="In giấy tiếp nhận")).to_be_focused()
    assert re.fullmatch(r"H99\.01-\d{6}-0001", code_on(page))
    assert keys.pressed <= 40
    keys.press("n")
    expect(page.get_by_label("Người dân cần làm thủ tục gì?")).to_be_focused()


def test_the_inbox_and_a_hand_over_by_keyboard(office: Office) -> None:
    for _ in range(3):
        office.world.receive()
    page = office.sit(CASE)
    keys = Keys(page)
    keys.press("j", "j")
    expect(page.locator("[data-row]").nth(1)).to_have_class(re.compile("row-current"))
    keys.press("k", "Enter")
    expect(page.get_by_role("heading", name="Quá trình giải quyết")).to_be_visible()
    keys.press("b")
    expect(page.get_by_text("Nhận xử lý: đã ghi vào hồ sơ.")).to_be_visible()
    keys.press("b")
    expect(page.get_by_text("Chuyển bước: đã ghi vào hồ sơ.")).to_be_visible()
    keys.press("/")
    expect(page.get_by_label("Tìm hồ sơ hoặc thủ tục")).to_be_focused()


def test_a_bad_form_says_what_is_wrong_and_keeps_everything(office: Office) -> None:
    page = office.sit(DESK)
    page.goto(office.url + "/office/tiep-nhan/1.004873/")
    page.get_by_label("Họ tên hoặc tên tổ chức").fill("Lê Thị Ví Dụ")
    page.get_by_label("Số giấy tờ").first.fill("123")
    page.get_by_label("Nội dung yêu cầu").fill("Để bổ sung hồ sơ vay vốn")
    page.locator("[data-save]").click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("Họ tên hoặc tên tổ chức")).to_have_value("Lê Thị Ví Dụ")
    expect(page.get_by_label("Nội dung yêu cầu")).to_have_value("Để bổ sung hồ sơ vay vốn")
    summary.get_by_role("link", name=re.compile("Số căn cước")).click()
    expect(page.get_by_label("Số giấy tờ").first).to_be_focused()
    page.get_by_label("Số giấy tờ").first.fill("079190000012")
    page.locator("input[name=p1-have]").check()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã tiếp nhận", exact=True)).to_be_visible()


def test_choosing_a_channel_changes_due_time_and_fee_at_once(office: Office) -> None:
    page = office.sit(DESK)
    page.goto(office.url + "/office/tiep-nhan/1.004873/")
    expect(page.locator("#id_fee")).to_have_value("15.000")
    page.get_by_text("Trực tuyến", exact=True).first.check()
    expect(page.locator("#id_fee")).to_have_value("0")
    expect(page.locator("#terms")).to_contain_text("2 ngày làm việc")


def test_everything_works_without_script(office: Office) -> None:
    from support.world import CARD

    page = office.sit(DESK, java_script_enabled=False)
    page.goto(office.url + "/office/tiep-nhan/?q=hon+nhan")
    page.get_by_label("Mã QR trên thẻ căn cước").fill(CARD)
    page.get_by_label("Mã QR trên thẻ căn cước").press("Enter")
    expect(page.get_by_label("Họ tên hoặc tên tổ chức")).to_have_value("Nguyễn Thị Mẫu")
    page.get_by_text("Trực tuyến", exact=True).first.check()
    page.get_by_role("button", name="Tính lại ngày hẹn và phí").click()
    expect(page.locator("#terms")).to_contain_text("2 ngày làm việc")
    page.locator("input[name=p1-have]").check()
    page.locator("[data-save]").click()
    expect(page.get_by_text("Đã tiếp nhận", exact=True)).to_be_visible()


def test_an_officer_signs_in_on_the_page(office: Office, page: Page) -> None:
    from motcua.agencies.access import Role
    from support.signing_in import give_password

    give_password(office.world.user(Role.DESK_OFFICER))
    page.goto(office.url + "/office/tiep-nhan/")
    page.locator("input[name=login]").fill("w1.desk_officer")
    page.locator("input[name=password]").fill("mot cua lien thong 61")
    page.locator("input[name=password]").press("Enter")
    expect(page.get_by_label("Người dân cần làm thủ tục gì?")).to_be_visible()
