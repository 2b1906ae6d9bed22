"""The gate in a real browser: details open for a purpose, an inspector reads that, rights come for an hour and go."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from journeys.test_office import CASE, PHONE, Office, wide_enough
from support.server import RunningServer

LOG, ELEVATIONS = "/office/nhat-ky-truy-cap/", "/office/nang-quyen/"


@pytest.fixture
def gate(motcua_server: RunningServer, new_context: Callable[..., BrowserContext]) -> Office:
    """The small province with one dossier; a second factor is not asked of anybody."""
    from support.world import make_world

    world = make_world()
    world.receive()
    return Office(motcua_server, world, new_context)


@pytest.mark.parametrize("options", [{"viewport": {"width": 1280, "height": 900}}, PHONE], ids=["desk", "phone"])
def test_details_open_for_a_purpose_which_the_inspector_reads(gate: Office, options: dict) -> None:
    officer = gate.sit(CASE, **options)
    officer.get_by_role("link", name="Thủ tục cấp Giấy xác nhận tình trạng hôn nhân").click()
    code = officer.locator(".dossier-head .code").first.inner_text()
    officer.get_by_text("Xem đầy đủ").click()
    officer.get_by_role("button", name="Mở", exact=True).click()
    expect(officer.get_by_text("Hãy chọn mục đích.").first).to_be_visible()
    assert "079190000012" not in officer.content()
    officer.get_by_label("Xem để làm gì?").select_option(label="Theo yêu cầu của cơ quan có thẩm quyền")
    officer.get_by_label("Số văn bản, nếu có").fill("12/GM-UBND")
    assert wide_enough(officer)
    officer.get_by_role("button", name="Mở", exact=True).click()
    expect(officer.get_by_text("079190000012")).to_be_visible()
    inspector = gate.sit("inspector", **options)
    expect(inspector).to_have_url(gate.url + LOG)
    row = inspector.locator("tbody tr")
    expect(row).to_have_count(1)
    for words in (code, "Lê Văn Thụ Thử", "Theo yêu cầu của cơ quan có thẩm quyền (12/GM-UBND)"):
        expect(row).to_contain_text(words)
    assert wide_enough(inspector)
    inspector.get_by_label("Mã hồ sơ").fill("H99.01-000000-0001")
    inspector.get_by_role("button", name="Lọc").click()
    expect(inspector.get_by_text("Không có lần mở nào")).to_be_visible()
    assert gate.complaints == []


@pytest.mark.parametrize("options", [{"viewport": {"width": 1280, "height": 900}}, PHONE], ids=["desk", "phone"])
def test_rights_for_an_hour_are_given_shown_and_ended(gate: Office, options: dict) -> None:
    from motcua.agencies.access import Role

    post = gate.world.posts["P", Role.REFORM_OFFICER]
    administrator = gate.sit("administrator", "P", **options)
    administrator.goto(gate.url + ELEVATIONS)
    administrator.get_by_text("Nâng quyền cho một người").click()
    administrator.get_by_label("Cho ai").select_option(value=str(post))
    administrator.get_by_label("Tại cơ quan").select_option(label="Ủy ban nhân dân phường Tân An")
    administrator.get_by_label("Cán bộ một cửa").check()
    administrator.get_by_label("Lý do").fill("Trực thay ca chiều")
    assert wide_enough(administrator)
    administrator.get_by_role("button", name="Nâng quyền", exact=True).click()
    expect(administrator.get_by_text("Đang có hiệu lực")).to_be_visible()
    assert wide_enough(administrator)
    helper = gate.sit("reform_officer", "P", **options)
    expect(helper.get_by_text("Bạn đang có thêm quyền Cán bộ một cửa")).to_be_visible()
    assert wide_enough(helper)
    helper.get_by_role("button", name="Kết thúc ngay").click()
    expect(helper.get_by_text("Đã kết thúc nâng quyền.")).to_be_visible()
    expect(helper.get_by_text("Bạn đang có thêm quyền")).to_have_count(0)
    administrator.reload()
    expect(administrator.get_by_text("Võ Cải Cách Thử kết thúc sớm")).to_be_visible()
    assert gate.complaints == []
