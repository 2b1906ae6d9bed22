"""A leader signs a paper in the office; whoever holds it checks it by its code and by the file, on phone and desk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.test_office import LEADER, PHONE, Office, wide_enough

NAME = "journey"


@pytest.fixture
def trusting(keyring, tmp_path: Path, monkeypatch) -> None:
    """The server, which starts after this, is told whom to believe and finds a key."""
    from motcua.config import home
    from support.signatures import lay

    (tmp_path / "ca.pem").write_bytes(keyring.authority.identity.pem())
    monkeypatch.setenv("MOTCUA_TRUST", str(tmp_path))
    lay(home.home() / "keys" / "sign", NAME, keyring.person)


@pytest.fixture
def office(trusting, motcua_server, new_context: Callable[..., BrowserContext]) -> Iterator[Office]:
    """A running installation with a signed head, whose leader signs with a file."""
    from motcua.agencies.access import Role
    from motcua.dossiers.worker import catch_up
    from motcua.proofs import commands as proofs
    from motcua.proofs import queries
    from motcua.signatures import commands
    from support.world import WARD, make_world

    working = Office(motcua_server, make_world(), new_context)
    working.world.user(Role.LEADER)
    commands.add_identity(WARD, f"pkcs12:{NAME}", username="w1.leader")
    working.world.receive()
    catch_up()
    proofs.sign()
    queries.forget()
    yield working
    assert working.complaints == []


@pytest.mark.parametrize("options", [{"viewport": {"width": 1280, "height": 900}}, PHONE], ids=["desk", "phone"])
def test_a_paper_is_signed_and_then_checked_by_whoever_holds_it(office: Office, tmp_path: Path, options: dict) -> None:
    dossier = office.world.receive().dossier_id
    page = office.sit(LEADER, **options)
    page.goto(f"{office.url}/office/ho-so/{dossier}/")
    page.locator("summary", has_text="Ký số giấy tờ").click()
    form = page.locator("form.act-form", has_text="Ký bằng")
    form.get_by_label("Chứng thư của tôi").check()
    assert wide_enough(page)
    form.get_by_role("button", name="Ký số").click()
    expect(page.get_by_text("Ký số giấy tờ: đã ghi vào hồ sơ.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Bản đã ký: giay-tiep-nhan").click()
    file = tmp_path / "giay.pdf"
    download.value.save_as(file)
    assert wide_enough(page)
    by_code(page, office.url, dossier)
    by_file(page, office.url, file)


def by_code(page: Page, url: str, dossier: UUID) -> None:
    from motcua.agencies.access import for_system
    from motcua.papers import issued
    from motcua.papers.kinds import Kind

    paper = issued.one(for_system("test"), dossier, Kind.RECEIPT, 1).paper
    page.goto(f"{url}/G/{paper.data['statement']}")
    expect(page.get_by_role("heading", name="Giấy này có thật")).to_be_visible()
    expect(page.get_by_text("N*** T*** M***")).to_be_visible()
    assert wide_enough(page)


def by_file(page: Page, url: str, file: Path) -> None:
    page.goto(f"{url}/giay-to")
    assert wide_enough(page)
    page.get_by_label("Tệp PDF của giấy").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_text("Đúng từng byte với bản đã ký số lưu tại cơ quan.")).to_be_visible()
    assert wide_enough(page)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    page.get_by_label("Tệp PDF của giấy").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert wide_enough(page)
