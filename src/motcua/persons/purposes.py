"""What personal data may be opened for: a short list and a document's number; free text would speak of people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

PURPOSES: Final[Mapping[str, Promise | str]] = {
    "settle": _("Giải quyết hồ sơ"),
    "verify": _("Đối chiếu, xác minh thông tin"),
    "contact": _("Liên hệ người nộp"),
    "correct": _("Sửa thông tin ghi sai"),
    "complaint": _("Giải quyết phản ánh, khiếu nại, tố cáo"),
    "request": _("Theo yêu cầu của cơ quan có thẩm quyền"),
}
# Letters, digits and the signs of a document's number; no spaces, some digit, never as many as an id number has.
_REFERENCE: Final = re.compile(r"(?=.*[0-9])[0-9A-Za-zÀ-ỹĐđ./_-]{1,40}")
_NUMBER: Final = re.compile(r"[0-9]{8}")
# These need the document that asks for it.
DOCUMENTED: Final = frozenset({"request"})


def is_reference(text: str) -> bool:
    """Whether it can be the number of a document, such as 12/GM-UBND, and cannot be a person's number."""
    return bool(_REFERENCE.fullmatch(text)) and not _NUMBER.search(text)


def said(purpose: str, reference: str = "") -> str:
    """The purpose as the log keeps it, always in Vietnamese; raises KeyError for one that is not in the list."""
    with override("vi"):
        words = str(PURPOSES[purpose])
    return f"{words} ({reference})" if reference else words
