"""While the database is away or the disk is full a page says so, and nothing that was typed is lost."""

import errno

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import RequestFactory
from django.utils.translation import override

from motcua.ui.outage import is_away, is_full, server_error


def _wrapped(django_error: type[Exception], cause: Exception) -> Exception:
    error = django_error("hidden")
    error.__cause__ = cause
    return error


_ERRORS = [
    (OperationalError("connection refused"), True, False),
    (InterfaceError("connection already closed"), True, False),
    (_wrapped(OperationalError, psycopg.errors.AdminShutdown()), True, False),
    (_wrapped(OperationalError, psycopg.errors.CannotConnectNow()), True, False),
    (_wrapped(OperationalError, psycopg.errors.TooManyConnections()), True, False),
    (_wrapped(OperationalError, psycopg.errors.DiskFull()), True, True),
    (OSError(errno.ENOSPC, "No space left on device"), False, True),
    (_wrapped(RuntimeError, psycopg.errors.DiskFull()), False, True),
    (_wrapped(IntegrityError, psycopg.errors.UniqueViolation()), False, False),
    (_wrapped(OperationalError, psycopg.errors.DeadlockDetected()), False, False),
    (ValueError("mine"), False, False),
    (OSError(errno.EACCES, "Permission denied"), False, False),
]


@pytest.mark.parametrize(("error", "away", "full"), _ERRORS, ids=lambda value: repr(value)[:60])
def test_what_passes_is_told_from_what_is_our_fault(error, away, full) -> None:
    assert is_full(error) is full
    assert is_away(error) is away


def _answer(request, error):
    try:
        raise error
    except type(error):
        return server_error(request)


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "không tới được cơ sở dữ liệu"), ("en", "cannot reach its database")]
)
def test_the_page_says_what_is_the_matter_and_when_to_come_again(language, words) -> None:
    with override(language):
        answer = _answer(RequestFactory().get("/office/?trang=2"), OperationalError("secret"))
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
    assert answer["Content-Length"] == str(len(answer.content))
    assert words in page
    assert 'href="/office/?trang=2"' in page
    assert "secret" not in page


def test_what_was_typed_stands_there_to_be_sent_again() -> None:
    typed = {"command_id": "0193589c", "note": "\nĐơn <b>của</b> Mẫu", "papers": ["1", "2"]}
    page = _answer(RequestFactory().post("/office/ho-so/1/rut/", typed), OperationalError("gone")).content.decode()
    assert 'method="post" action="/office/ho-so/1/rut/" enctype="multipart/form-data"' in page
    assert '<textarea name="note" hidden>\n\nĐơn &lt;b&gt;của&lt;/b&gt; Mẫu</textarea>' in page
    assert page.count('name="papers"') == 2
    assert "Gửi lại" in page


def test_a_password_is_never_shown_again() -> None:
    request = RequestFactory().post("/accounts/login/", {"login": "an", "password": "quá bí mật"})
    page = _answer(request, OperationalError("gone")).content.decode()
    assert "quá bí mật" not in page
    assert "<form" not in page


def test_a_form_with_a_file_is_left_to_the_browser_that_still_has_it() -> None:
    file = SimpleUploadedFile("đơn.pdf", b"%PDF")
    page = _answer(RequestFactory().post("/x/", {"note": "a", "scan": file}), OperationalError("gone")).content.decode()
    assert "<form" not in page
    assert "nút quay lại" in page
    assert "chọn lại tệp" in page


def test_a_full_disk_is_called_so() -> None:
    error = _wrapped(OperationalError, psycopg.errors.DiskFull())
    answer = _answer(RequestFactory().get("/"), error)
    assert answer.status_code == 503
    assert "hết chỗ ghi" in answer.content.decode()


def test_a_fault_of_ours_stays_one() -> None:
    assert _answer(RequestFactory().get("/"), ValueError("mine")).status_code == 500
