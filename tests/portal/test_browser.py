"""Citizens' pages in a real browser: small enough for a weak line, never wider than a phone, usable without script."""

import brotli
import pytest

KILOBYTE = 1024
BUDGET = {"document": 20, "stylesheet": 30, "font": 30, "script": 20}  # compressed; house.md
PHONE = {"width": 360, "height": 740}
PAGES = [
    "/api/docs",
    "/",
    "/thu-tuc",
    "/thu-tuc?q=chung+thuc",
    "/thu-tuc/1.001193",
    "/tra-cuu?code=",
    "/noi-tiep-nhan",
    "/noi-tiep-nhan/W1",
]


@pytest.fixture
def portal(motcua_server):
    """The address of a running portal over the small province."""
    from motcua.procedures import commands
    from motcua.procedures.records import Source, record_of
    from support.published import FULL
    from support.world import make_world

    make_world()
    commands.put_procedure(record_of("1.001193", FULL, Source.STARTER, everyday=True))
    return motcua_server.url


def test_a_first_visit_stays_within_its_budgets_and_makes_no_complaint(portal, new_context) -> None:
    for path in PAGES:
        page = new_context(viewport=PHONE).new_page()
        sizes: dict[str, int] = dict.fromkeys(BUDGET, 0)
        complaints: list[str] = []

        def weigh(response, sizes=sizes) -> None:
            kind = response.request.resource_type
            if kind in sizes:
                body = response.body()
                sizes[kind] += len(body) if kind == "font" else len(brotli.compress(body, quality=5))

        page.on("response", weigh)
        page.on("console", lambda message, into=complaints: into.append(message.text))
        page.goto(portal + path, wait_until="networkidle")
        assert complaints == [], path
        over = {kind: size for kind, size in sizes.items() if size > BUDGET[kind] * KILOBYTE}
        assert not over, path
        assert sizes["stylesheet"] and sizes["font"], path
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        page.context.close()


def test_the_way_to_a_desk_works_without_javascript(portal, new_context) -> None:
    page = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(portal + "/")
    page.get_by_label("Việc cần làm").fill("dang ky khai sinh")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Thủ tục đăng ký khai sinh", exact=True).click()
    page.get_by_role("heading", name="Bạn cần mang theo").wait_for()
    page.get_by_text("Mục lục").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="What to bring").wait_for()


def test_the_keyboard_reaches_the_content_past_the_header(portal, page) -> None:
    page.goto(portal + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    outline = page.evaluate("getComputedStyle(document.querySelector('#q')).outlineColor")
    page.focus("#q")
    assert page.evaluate("getComputedStyle(document.querySelector('#q')).outlineColor") == "rgb(11, 92, 173)" != outline


def test_a_citizen_who_has_signed_in_downloads_the_own_data_and_signs_out(portal, new_context) -> None:
    from motcua.agencies.session_store import CITIZEN, SessionStore
    from motcua.persons.queries import person_tokens

    session = SessionStore()
    session[CITIZEN] = sorted(token.hex() for token in person_tokens("079190000012"))
    session.save()
    context = new_context(viewport=PHONE)
    context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": portal}])
    page = context.new_page()
    page.goto(portal + "/cong-dan/du-lieu")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Tải về").click()
    assert fetched.value.suggested_filename.startswith("du-lieu-ca-nhan-")
    page.get_by_role("button", name="Đăng xuất").click()
    assert page.url == portal + "/"
    assert not SessionStore().exists(session.session_key)


@pytest.mark.parametrize("path", ["/tra-cuu?code=H99.01-1-1", "/t/00000000000000000000000000000000"])
def test_the_language_is_changed_on_a_page_whose_address_is_for_nobody_else(portal, new_context, path) -> None:
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(portal + path)
    page.get_by_role("button", name="English").click()
    page.wait_for_url(portal + path)
    assert page.get_attribute("html", "lang") == "en"
