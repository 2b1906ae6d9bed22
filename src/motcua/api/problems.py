"""Every answer that is not the one asked for: application/problem+json (RFC 9457), in the caller's language."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from motcua.agencies.access import NotPermitted
from motcua.agencies.queries import NoCalendar, NoSuchAgency
from motcua.api.wording import said
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.intake import NotOffered
from motcua.dossiers.wording import Refused
from motcua.dossiers.wording import reason as words_of
from motcua.exchange.answers import KeyReused
from motcua.files.commands import NoSuchFile
from motcua.files.inspect import UploadRefused
from motcua.files.queries import FileErased
from motcua.papers.render import UnprintableTextError
from motcua.persons.commands import InvalidApplicant, NoSuchRecord
from motcua.proofs.queries import NoSuchHead, NoSuchPosition

_LOG = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
ADDRESS = "/api/docs#problem-"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status and its title; the detail says what to do in this case."""

    status: int
    title: Promise | str


KINDS: Mapping[str, Kind] = {
    "unreadable": Kind(400, _l("Không đọc được yêu cầu")),
    "unauthenticated": Kind(401, _l("Chưa xác thực")),
    "insufficient_scope": Kind(403, _l("Mã truy cập thiếu phạm vi cần thiết")),
    "not_permitted": Kind(403, _l("Không có quyền làm việc này")),
    "not_found": Kind(404, _l("Không tìm thấy")),
    "method_not_allowed": Kind(405, _l("Địa chỉ này không nhận phương thức này")),
    "refused": Kind(409, _l("Quy định không cho làm việc này")),
    "gone": Kind(410, _l("Đã bị xóa theo quyết định")),
    "too_large": Kind(413, _l("Yêu cầu quá lớn")),
    "media_type": Kind(415, _l("Loại nội dung này không được nhận")),
    "invalid": Kind(422, _l("Yêu cầu có chỗ chưa đúng")),
    "key_reused": Kind(422, _l("Khóa Idempotency-Key đã dùng cho yêu cầu khác")),
    "too_many_requests": Kind(429, _l("Quá nhiều yêu cầu")),
    "broken": Kind(500, _l("Hệ thống gặp lỗi")),
    "unavailable": Kind(503, _l("Hệ thống tạm thời chưa phục vụ được")),
}


class ProblemError(Exception):
    """Ends a request with a problem; `more` are further members of the answer, `headers` of the response."""

    def __init__(self, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code, self.detail, self.headers, self.more = code, detail, dict(headers or {}), more


def answer(code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: Any) -> HttpResponse:
    """The problem as a response in the active language."""
    kind = KINDS[code]
    content: dict[str, Any] = {
        "type": f"{ADDRESS}{code}",
        "title": str(kind.title),
        "status": kind.status,
        "code": code,
        "detail": detail or str(kind.title),
        **more,
    }
    body = json.dumps(content, ensure_ascii=False)
    return HttpResponse(body, status=kind.status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def not_found(detail: str = "") -> ProblemError:
    """What is asked for is not there, or the caller may not know of it: the two look the same."""
    return ProblemError("not_found", detail or _("Không có gì ở địa chỉ này, hoặc bạn không được biết."))


def invalid(errors: Iterable[Mapping[str, str]]) -> ProblemError:
    """Fields that are wrong, each with its pointer and what to do."""
    return ProblemError("invalid", _("Hãy sửa các chỗ nêu trong errors rồi gửi lại."), errors=list(errors))


def at(pointer: str, detail: str) -> dict[str, str]:
    """One error in the body, by its JSON pointer (RFC 6901)."""
    return {"in": "body", "pointer": pointer, "detail": detail}


def install(api: NinjaAPI) -> None:
    """Lets every exception that a room raises for people become its problem."""

    @api.exception_handler(ProblemError)
    def problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
        return answer(error.code, error.detail, headers=error.headers, **error.more)

    def unreadable(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        if isinstance(error, RequestDataTooBig) or isinstance(getattr(error, "__cause__", None), RequestDataTooBig):
            return answer("too_large")
        return answer("unreadable", _("Nội dung yêu cầu không phải JSON hoặc biểu mẫu đúng quy cách."))

    for kind in (HttpError, SuspiciousOperation, BadRequest, MultiPartParserError):
        api.add_exception_handler(kind, unreadable)

    @api.exception_handler(ValidationError)
    def invalid_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
        found = invalid(said(each) for each in error.errors)
        return answer(found.code, found.detail, **found.more)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        refusal = error.refusal
        more: dict[str, Any] = {"reason": refusal.code, **({"article": refusal.article} if refusal.article else {})}
        return answer("refused", words_of(refusal), **more)

    @api.exception_handler(InvalidApplicant)
    def invalid_applicant(request: HttpRequest, error: InvalidApplicant) -> HttpResponse:
        found = invalid(at(f"/owner/{each.field}", each.message) for each in error.errors)
        return answer(found.code, found.detail, **found.more)

    @api.exception_handler(UploadRefused)
    def upload_refused(request: HttpRequest, error: UploadRefused) -> HttpResponse:
        if error.code == "too_large":
            return answer("too_large", error.message)
        found = invalid([{"in": "form", "pointer": "/file", "detail": error.message}])
        return answer(found.code, found.detail, **found.more)

    @api.exception_handler(KeyReused)
    def key_reused(request: HttpRequest, error: KeyReused) -> HttpResponse:
        return answer("key_reused", _("Khóa này đã đi cùng một yêu cầu khác. Hãy tạo khóa mới cho yêu cầu mới."))

    _install_absences(api)
    _install_faults(api)


def _install_absences(api: NinjaAPI) -> None:
    def absent(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return answer("not_found", not_found().detail)

    for kind in (Http404, NoSuchDossier, NoSuchFile, NoSuchRecord, NoSuchAgency, NoSuchHead, NoSuchPosition):
        api.add_exception_handler(kind, absent)

    @api.exception_handler(FileErased)
    def erased(request: HttpRequest, error: FileErased) -> HttpResponse:
        return answer("gone", str(error))

    @api.exception_handler(NotOffered)
    def not_offered(request: HttpRequest, error: NotOffered) -> HttpResponse:
        return answer("refused", str(error.message), reason="not_offered")

    @api.exception_handler(NoCalendar)
    def no_calendar(request: HttpRequest, error: NoCalendar) -> HttpResponse:
        return answer("refused", str(error), reason="no_calendar")

    @api.exception_handler(NotPermitted)
    def not_permitted(request: HttpRequest, error: NotPermitted) -> HttpResponse:
        return answer("not_permitted", str(error))

    @api.exception_handler(UnprintableTextError)
    def unprintable(request: HttpRequest, error: UnprintableTextError) -> HttpResponse:
        said = _("Không in được vì có ký tự lạ. Hãy sửa thông tin bằng chữ Latinh rồi in lại.")
        return answer("refused", said, reason="unprintable")


def _install_faults(api: NinjaAPI) -> None:
    @api.exception_handler(OperationalError)
    def unavailable(request: HttpRequest, error: OperationalError) -> HttpResponse:
        _LOG.warning("the database does not answer")
        return answer("unavailable", _("Hãy thử lại sau ít phút."), headers={"Retry-After": "30"})

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        _LOG.exception("an address of the programming interface failed")
        return answer("broken", _("Lỗi đã được ghi lại. Hãy thử lại sau; nếu còn lỗi, hãy báo người vận hành."))
