"""Pages for citizens: each opens within its budget of statements and says what the law asks for."""

import html
import re
from urllib.parse import urlencode

import pytest
from django.utils.translation import override

from motcua.law.vietnamese import unaccent
from motcua.ui.fonts import vietnamese_letters
from support.published import PARTS
from support.world import MARRIAGE, WARD

FULL = "/thu-tuc/1.001193"
PAGES = [
    "/",
    "/thu-tuc",
    "/thu-tuc?q=khai+sinh",
    "/thu-tuc?q=kh%C3%B4ng-c%C3%B3-g%C3%AC",
    "/thu-tuc/linh-vuc/ho-tich",
    FULL,
    "/tra-cuu",
    "/noi-tiep-nhan",
    "/noi-tiep-nhan/W1",
]


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("desk", ["", WARD])
def test_a_page_needs_at_most_twelve_statements(client, world, url, desk, django_assert_max_num_queries) -> None:
    client.cookies["desk"] = desk
    with django_assert_max_num_queries(12):
        answer = client.get(url)
    assert answer.status_code == 200
    assert "Content-Security-Policy" in answer.headers


def test_the_number_of_statements_does_not_grow_with_the_list(client, world, django_assert_num_queries) -> None:
    from motcua.procedures import commands
    from motcua.procedures.content import Content
    from motcua.procedures.records import Source, record_of

    client.get("/thu-tuc/linh-vuc/ho-tich")
    with django_assert_num_queries(3):
        client.get("/thu-tuc/linh-vuc/ho-tich")
    for number in range(25):
        record = record_of(f"3.{number:06}", Content(name=f"Thủ tục thứ {number}", field="Hộ tịch"), Source.STARTER)
        commands.put_procedure(record)
    with django_assert_num_queries(3):
        assert client.get("/thu-tuc/linh-vuc/ho-tich").content.count(b"<li lang") == 27


@pytest.mark.parametrize("part", PARTS)
def test_a_procedure_page_says_every_part_of_article_8(client, world, part) -> None:
    page = html.unescape(client.get(FULL).content.decode())
    assert PARTS[part] in page


def test_what_the_source_does_not_say_is_said_to_be_missing(client, world) -> None:
    page = client.get(f"/thu-tuc/{MARRIAGE}").content.decode()
    assert page.count("Nơi công bố không nêu.") == 3  # results, forms, legal basis


def test_the_page_tells_whether_the_chosen_desk_receives_the_procedure(client, world) -> None:
    assert "Chọn nơi tiếp nhận" in client.get(FULL).content.decode()
    client.cookies["desk"] = WARD
    assert 'href="/noi-tiep-nhan/W1"' in client.get(FULL).content.decode()
    client.cookies["desk"] = "W2"
    assert "không nhận thủ tục này" in client.get(FULL).content.decode()


def test_an_unknown_procedure_is_answered_with_advice(client, world) -> None:
    answer = client.get("/thu-tuc/9.999999")
    assert answer.status_code == 404
    assert "Hãy tìm bằng tên việc cần làm" in answer.content.decode()


@pytest.mark.parametrize("text", ["đăng ký khai sinh", "dang ky khai sinh", "KHAI SINH", "1.001193", "khai  sinh "])
def test_a_procedure_is_found_with_or_without_diacritics_and_by_code(client, world, text) -> None:
    page = client.get(f"/thu-tuc?{urlencode({'q': text})}").content.decode()
    assert 'href="/thu-tuc/1.001193"' in page
    assert html.escape(text.strip()) in page  # what was typed stays


def test_a_search_without_result_says_what_to_try(client, world) -> None:
    page = client.get("/thu-tuc?q=xyzzy").content.decode()
    assert "Không tìm thấy thủ tục nào" in page


def test_a_chosen_desk_narrows_lists_until_asked_for_all(client, world) -> None:
    client.cookies["desk"] = "W2"
    assert "1.001193" not in client.get("/thu-tuc?q=khai+sinh").content.decode()
    assert "1.001193" in client.get("/thu-tuc?q=khai+sinh&all=1").content.decode()
    assert 'href="/thu-tuc/1.001193"' not in client.get("/").content.decode()


def test_a_field_is_read_page_by_page(client, world, monkeypatch) -> None:
    from motcua.portal import procedures

    monkeypatch.setattr(procedures, "PAGE", 1)
    seen: list[str] = []
    url: str | None = "/thu-tuc/linh-vuc/ho-tich"
    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r'<li lang="vi"><a href="/thu-tuc/([^"]+)"', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = f"/thu-tuc/linh-vuc/ho-tich{html.unescape(found[1])}" if found else None
    assert sorted(seen) == ["1.001193", MARRIAGE]


def test_an_unknown_field_is_not_found(client, world) -> None:
    assert client.get("/thu-tuc/linh-vuc/khong-co").status_code == 404


def test_a_desk_is_chosen_kept_and_given_up(client, world) -> None:
    answer = client.post("/noi-tiep-nhan/chon", {"desk": WARD, "next": "/thu-tuc"})
    assert (answer.status_code, answer.url) == (302, "/thu-tuc")
    assert client.cookies["desk"]["httponly"] and client.cookies["desk"]["samesite"] == "Lax"
    assert "Ủy ban nhân dân phường Tân An" in client.get("/").content.decode()
    client.post("/noi-tiep-nhan/chon", {})
    assert "Ủy ban nhân dân tỉnh Mẫu" in client.get("/").content.decode()


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_desk_never_leads_away(client, world, after) -> None:
    assert client.post("/noi-tiep-nhan/chon", {"desk": WARD, "next": after}).url == "/"


def test_an_unknown_desk_cannot_be_chosen(client, world) -> None:
    assert client.post("/noi-tiep-nhan/chon", {"desk": "nowhere"}).status_code == 404
    assert client.get("/noi-tiep-nhan/nowhere").status_code == 404


def test_a_desk_page_has_address_telephone_and_hours(client, world) -> None:
    page = client.get("/noi-tiep-nhan/W1").content.decode()
    for words in ("Số 1, đường Trung Tâm, Tân An", "0270 3 123 456", "Thứ Hai", "07:00–11:30", "nghỉ"):
        assert words in page


@pytest.mark.parametrize("url", [*PAGES, "/accounts/login/", "/t/unknown", "/nothing"])
def test_english_pages_hold_vietnamese_only_where_they_say_so(client, world, url) -> None:
    client.cookies["django_language"] = "en"
    page = client.get(url).content.decode()
    assert '<html lang="en">' in page
    # Names of offices and published texts stay as they are; the first stand in links and headings of known names.
    for name in ("Ủy ban nhân dân", "Trung tâm Phục vụ hành chính công", "Công an phường", "Bộ phận Một cửa"):
        page = re.sub(rf"{name}[^<\"]*", "", page)
    page = re.sub(r"Số 1, đường Trung Tâm[^<]*", "", page)
    page = re.sub(r"<(\w+)[^>]* lang=\"vi\"[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    page = re.sub(r"<dl class=\"facts\">.*?</dl>|<title>.*?</title>", "", page, flags=re.DOTALL)
    words = {word for word in re.findall(r"\w+", page) if set(word) & set(vietnamese_letters())}
    typed, published = {"có", "gì", "không"}, {"khoảng", "một", "tuần", "bản"}
    assert words <= typed | published


def test_words_of_tasks_lead_to_everyday_procedures() -> None:
    from motcua.portal.tasks import TASKS

    assert len({task.code for task in TASKS}) == len(TASKS)
    with override("vi"):
        assert all(unaccent(str(task.title)) for task in TASKS)


def test_the_style_page_is_for_builders_only(client, world, settings) -> None:
    assert client.get("/_style").status_code == 404
    settings.DEBUG = True
    assert client.get("/_style").status_code == 200
