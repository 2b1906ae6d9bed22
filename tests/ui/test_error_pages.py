"""Error pages say what happened and what to do, in the reader's language, and ask nothing of the database."""

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override
from django.views import defaults


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("view", "arguments", "status", "vietnamese", "english"),
    [
        (defaults.bad_request, [ValueError("secret")], 400, "không hiểu yêu cầu", "did not understand"),
        (defaults.permission_denied, [ValueError("secret")], 403, "không được mở trang này", "may not open this page"),
        (defaults.page_not_found, [ValueError("secret")], 404, "Không tìm thấy trang này", "was not found"),
        (defaults.server_error, [], 500, "Máy chủ gặp lỗi", "The server met an error"),
    ],
)
def test_an_error_page_says_what_to_do(language, view, arguments, status, vietnamese, english) -> None:
    with override(language):
        answer = view(RequestFactory().get("/"), *arguments)
    page = answer.content.decode()
    assert answer.status_code == status
    assert (vietnamese if language == "vi" else english) in page
    assert 'href="/"' in page
    assert "secret" not in page
    assert "motcua.css" in page


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_gets_our_page(client) -> None:
    answer = client.get("/khong-co-trang-nay")
    assert answer.status_code == 404
    assert "Không tìm thấy trang này" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_that_was_open_too_long_gets_our_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "Biểu mẫu đã hết hạn" in answer.content.decode()
