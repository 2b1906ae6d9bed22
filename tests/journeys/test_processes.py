"""The editor of processes in a real browser: it saves while one types, redraws its map, and needs no script for it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.test_office import PHONE, Office, wide_enough
from support.server import RunningServer

if TYPE_CHECKING:
    from support.world import World

ROLE = "reform_officer"


@pytest.fixture
def office(motcua_server: RunningServer, new_context: Callable[..., BrowserContext]) -> Iterator[Office]:
    """The small province, really committed; a page that complains fails its test."""
    from support.world import make_world

    working = Office(motcua_server, make_world(), new_context)
    yield working
    assert working.complaints == []


def begun(office: Office) -> int:
    """A draft of the ward, begun from the general process."""
    from motcua.agencies.access import Role
    from motcua.procedures import drafts
    from support.world import MARRIAGE, WARD

    world: World = office.world
    return drafts.begin(world.reader(Role(ROLE)), procedure_code=MARRIAGE, agency_id=world.agencies[WARD])


def saved(office: Office, draft: int) -> tuple[int, list[str]]:
    """The draft's revision and the names of its steps, as they stand in the database."""
    from motcua.agencies.access import for_system
    from motcua.procedures import processes

    found = processes.draft(for_system("test"), draft)
    return found.revision, [step["name"] for step in found.definition["steps"]]


def opened(office: Office, draft: int, **options: object) -> Page:
    page = office.sit(ROLE, **options)
    page.goto(f"{office.url}/office/quy-trinh/ban-thao/{draft}/")
    return page


@pytest.mark.parametrize("options", [{"viewport": {"width": 1280, "height": 900}}, PHONE], ids=["desk", "phone"])
def test_a_process_is_edited_while_it_saves_itself(office: Office, options: dict) -> None:
    draft = begun(office)
    page = opened(office, draft, **options)
    assert wide_enough(page)
    name = page.locator("#s0-name")
    name.fill("Xem kỹ hồ sơ")
    name.blur()
    expect(page.locator("#revision")).to_have_value("2")
    expect(page.locator(".process-map")).to_contain_text("Xem kỹ hồ sơ")
    assert saved(office, draft) == (2, ["Xem kỹ hồ sơ", "Ký duyệt kết quả"])

    # A button pressed right after typing: what was typed is saved with it, and nobody is told of a conflict.
    page.locator("#s1-name").fill("Ký")
    page.get_by_role("button", name="Thêm bước").click()
    expect(page.locator("#s2-name")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("#s2-name").fill("Đóng dấu")
    page.locator("#s2-o0-name").fill("Xong")
    page.locator("#s2-o0-to").select_option("@granted")
    page.locator("#s1-o0-to").select_option("buoc-1")
    expect(page.get_by_text("Không có lỗi.")).to_be_visible()
    assert saved(office, draft)[1] == ["Xem kỹ hồ sơ", "Ký", "Đóng dấu"]
    assert wide_enough(page)

    page.get_by_role("button", name="Lưu và công bố").click()
    page.get_by_label("Quyết định phê duyệt quy trình").fill("QĐ 12/QĐ-UBND")
    page.get_by_role("button", name="Công bố", exact=True).click()
    expect(page.get_by_text("Đã công bố.")).to_be_visible()
    assert wide_enough(page)


def test_a_process_is_edited_without_script(office: Office) -> None:
    draft = begun(office)
    page = opened(office, draft, java_script_enabled=False)
    page.locator("#s0-name").fill("Xem kỹ hồ sơ")
    page.get_by_role("button", name="Thêm bước").click()
    page.locator("#s2-name").fill("Đóng dấu")
    page.locator("#s2-name").press("Enter")  # saves, and presses no other button
    assert saved(office, draft)[1] == ["Xem kỹ hồ sơ", "Ký duyệt kết quả", "Đóng dấu"]
    expect(page.locator(".process-map")).to_contain_text("Đóng dấu")


def test_of_two_editors_the_second_sees_both(office: Office) -> None:
    draft = begun(office)
    first, second = opened(office, draft), opened(office, draft)
    first.locator("#id_name").fill("Của người thứ nhất")
    first.locator("#id_name").blur()
    expect(first.locator("#revision")).to_have_value("2")
    second.locator("#id_name").fill("Của người thứ hai")
    second.locator("#id_name").blur()
    expect(second.get_by_role("alert")).to_contain_text("chưa được lưu")
    expect(second.locator("#id_name")).to_have_value("Của người thứ hai")
    second.locator("#s0-name").fill("Việc khác")
    second.locator("#s0-name").blur()
    expect(second.get_by_role("alert")).to_contain_text("Việc khác")
    assert saved(office, draft) == (2, ["Thụ lý hồ sơ", "Ký duyệt kết quả"])
    second.get_by_role("button", name="Lưu bản của tôi thay bản kia").click()
    expect(second.get_by_role("alert")).to_have_count(0)
    assert saved(office, draft) == (3, ["Việc khác", "Ký duyệt kết quả"])


def test_a_dry_run_is_asked_again_with_other_assumptions(office: Office) -> None:
    page = opened(office, begun(office))
    page.get_by_role("button", name="Lưu và chạy thử").click()
    expect(page.get_by_text("Mọi số liệu trên trang này là mô phỏng")).to_be_visible()
    page.get_by_label("Số hồ sơ đến mỗi ngày làm việc").fill("200")
    page.get_by_role("button", name="Chạy lại").click()
    expect(page.get_by_role("heading", name="Mô phỏng: quá tải")).to_be_visible()
    assert wide_enough(page)
