"""What an upload really is, by its content, and whether it is safe to keep: nothing that runs, hides or pretends."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: Final[dict[str, Promise]] = {
    "empty": _("Tệp trống. Hãy chọn lại tệp."),
    "too_large": _("Tệp lớn hơn mức cho phép. Hãy quét lại ở độ phân giải thấp hơn hoặc tách tệp."),
    "unknown_kind": _("Chỉ nhận tệp PDF, ảnh JPEG, PNG và tệp Word, Excel (docx, xlsx)."),
    "kind_not_allowed": _("Nơi này không nhận loại tệp này. Hãy lưu thành PDF rồi tải lên lại."),
    "name_mismatch": _("Đuôi tên tệp không khớp với nội dung. Hãy lưu lại tệp đúng loại."),
    "two_in_one": _("Tệp chứa thêm một tệp khác bên trong. Hãy in hoặc lưu lại thành PDF mới."),
    "pdf_active": _("Tệp PDF chứa mã chạy tự động. Hãy in lại thành PDF thường."),
    "pdf_encrypted": _("Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại."),
    "pdf_attachment": _("Tệp PDF có tệp khác đính kèm bên trong. Hãy in lại thành PDF thường."),
    "pdf_pages": _("Tệp PDF có quá nhiều trang. Hãy tách thành nhiều tệp."),
    "pdf_broken": _("Tệp PDF bị hỏng hoặc không có trang nào. Hãy quét lại."),
    "pdf_opaque": _("Không kiểm tra được bên trong tệp PDF này. Hãy in lại thành PDF thường."),
    "image_broken": _("Ảnh bị hỏng hoặc tải lên chưa trọn. Hãy chụp hoặc quét lại."),
    "image_moving": _("Ảnh động không được nhận. Hãy lưu thành ảnh thường."),
    "pixels": _("Ảnh quá lớn. Hãy quét lại ở độ phân giải thấp hơn (300 dpi là đủ)."),
    "office_active": _("Tệp văn bản chứa macro hoặc đối tượng nhúng. Hãy lưu thành PDF rồi tải lên lại."),
    "office_broken": _("Tệp văn bản bị hỏng hoặc quá lớn khi mở. Hãy lưu thành PDF rồi tải lên lại."),
    "infected": _("Phần mềm diệt vi-rút báo tệp này nguy hiểm nên không nhận. Hãy quét máy rồi tạo lại tệp."),
    "not_scanned": _("Chưa quét vi-rút được nên chưa nhận tệp. Hãy thử lại sau ít phút hoặc báo người quản trị."),
}


class UploadRefused(ValueError):  # noqa: N818 - says what is the case
    """The upload was not kept; `code` names the reason, `message` says what to do. It never holds the file's name."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language of the page."""
        return str(MESSAGES[self.code])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is served, which endings its name may have, and the check that its content must pass."""

    code: str
    media_type: str
    endings: tuple[str, ...]
    check: Callable[[bytes], None]


def recognise(content: bytes, name: str) -> Kind:
    """The kind of this content, checked for what it may not hold and against the ending of its name.

    Raises UploadRefused with the first reason found.
    """
    if not content:
        raise UploadRefused("empty")
    kind = KINDS.get(_by_magic(content))
    if kind is None:
        raise UploadRefused("unknown_kind")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending and ending not in kind.endings:
        raise UploadRefused("name_mismatch")
    kind.check(content)
    return kind


def _by_magic(content: bytes) -> str:
    # The sign must stand at the very beginning: a reader that looks further in would see another file than we do.
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return _office_kind(content) if content.startswith(b"PK\x03\x04") else ""


# -- pdf --------------------------------------------------------------------------------------------------------------

_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(JavaScript|Launch|RichMedia)(?![A-Za-z0-9])")
_ACTIVE_SHORT = re.compile(rb"/JS(?![A-Za-z0-9])")
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_STREAM_DATA = re.compile(rb"(?<!end)stream\r?\n.*?endstream", re.DOTALL)
_OBJECT_STREAM = re.compile(rb"/(ObjStm|First)(?![A-Za-z0-9])")
_FLATE = re.compile(rb"/Filter\s*(\[\s*/FlateDecode\s*\]|/FlateDecode(?![A-Za-z0-9]))")
_DICTIONARY_MOST: Final = 4_096
_INFLATED_MOST: Final = 64 * 2**20


def _check_pdf(content: bytes) -> None:
    _refuse_pages_in_head(content)
    _refuse_archive_in_tail(content)
    text = _names(content)
    if _ENCRYPTED.search(text):
        raise UploadRefused("pdf_encrypted")
    # The data of pictures is left out for the short name only, which two random letters would look like; the long ones
    # are looked for everywhere, so that nobody hides an object between a false `stream` and its end.
    active = _ACTIVE.search(text) or _ACTIVE_SHORT.search(_names(_STREAM_DATA.sub(b"", content)))
    if active or any(_is_active(part) for part in _object_streams(content)):
        raise UploadRefused("pdf_active")


def _is_active(objects: bytes) -> bool:
    text = _names(objects)
    return bool(_ACTIVE.search(text) or _ACTIVE_SHORT.search(text))


def _object_streams(content: bytes) -> Iterator[bytes]:
    """The objects that lie compressed in object streams."""
    budget = _INFLATED_MOST
    for start in _STREAM.finditer(content):
        head = content[max(0, start.start() - _DICTIONARY_MOST) : start.start()]
        dictionary = _names(head[head.rfind(b"obj") + 3 :])
        if _OBJECT_STREAM.search(dictionary):
            end = content.find(b"endstream", start.end())
            part = _inflate(dictionary, content[start.end() : end if end >= 0 else len(content)], budget)
            budget -= len(part)
            yield part


def _inflate(dictionary: bytes, data: bytes, budget: int) -> bytes:
    if b"/Filter" not in dictionary:
        return data
    if b"/DecodeParms" in dictionary or not _FLATE.search(dictionary):
        raise UploadRefused("pdf_opaque")
    try:
        plain = zlib.decompressobj().decompress(data, budget + 1)
    except zlib.error:
        raise UploadRefused("pdf_opaque") from None
    if len(plain) > budget:
        raise UploadRefused("pdf_opaque")
    return plain


def _names(text: bytes) -> bytes:
    """The text with #xx in names resolved, so that /J#61vaScript reads as what it is."""
    return _ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), text)


# -- pictures ---------------------------------------------------------------------------------------------------------

_PAGE = re.compile(rb"<script|<html|<\?php|<!doctype html|<iframe", re.IGNORECASE)


def _check_png(content: bytes) -> None:
    position = 8
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        name, end = content[position + 4 : position + 8], position + 12 + length
        if end > len(content):
            break
        if zlib.crc32(content[position + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            break
        if name == b"IEND":
            _refuse_rest(content[end:])
            _refuse_pages_anywhere(content)
            return
        position = end
    raise UploadRefused("image_broken")


def _check_jpeg(content: bytes) -> None:
    if b"\xff\xd9" not in content:
        raise UploadRefused("image_broken")
    # Telephones add previews and short films behind the picture; a page, a program or an archive is no such thing.
    _refuse_archive_in_tail(content)
    _refuse_pages_anywhere(content)
    if b"%PDF-" in content[:1024]:
        raise UploadRefused("two_in_one")


def _refuse_rest(rest: bytes) -> None:
    if rest.strip(b"\x00\r\n"):
        raise UploadRefused("two_in_one")


def _refuse_pages_anywhere(content: bytes) -> None:
    if _PAGE.search(content):
        raise UploadRefused("two_in_one")


def _refuse_pages_in_head(content: bytes) -> None:
    if _PAGE.search(content[:1024]):
        raise UploadRefused("two_in_one")


def _refuse_archive_in_tail(content: bytes) -> None:
    """An archive's directory may stand before a comment of at most 65,535 bytes: the whole would open as an archive."""
    if b"PK\x05\x06" in content[-65_557:]:
        raise UploadRefused("two_in_one")


# -- office documents -------------------------------------------------------------------------------------------------

_MAIN_PARTS: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_ACTIVE_PARTS = re.compile(r"vbaproject\.bin|/activex/|/embeddings/.*\.bin$|\.exe$|\.js$|\.html?$", re.IGNORECASE)
_UNPACKED_MOST: Final = 200 * 2**20
_PARTS_MOST: Final = 5_000


def _office_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in parts:
        return ""
    return next((kind for part, kind in _MAIN_PARTS.items() if part in parts), "")


def _check_office(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS_MOST or sum(part.file_size for part in parts) > _UNPACKED_MOST:
                raise UploadRefused("office_broken")
            if any(part.filename.startswith("/") or ".." in part.filename.split("/") for part in parts):
                raise UploadRefused("office_broken")
            if any(_ACTIVE_PARTS.search(part.filename) for part in parts):
                raise UploadRefused("office_active")
            types = archive.read("[Content_Types].xml")
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        if isinstance(error, UploadRefused):
            raise
        raise UploadRefused("office_broken") from None
    if b"macroenabled" in types.lower():
        raise UploadRefused("office_active")


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: Final[Mapping[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",), _check_pdf),
        Kind("jpeg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), _check_jpeg),
        Kind("png", "image/png", ("png",), _check_png),
        Kind("docx", f"{_OFFICE}.wordprocessingml.document", ("docx",), _check_office),
        Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",), _check_office),
    )
}
