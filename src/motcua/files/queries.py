"""Readers of uploads: names for a list, bytes for a download, and proof that a file is still what an event says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from motcua.agencies.access import Act, NotPermitted, Reader
from motcua.files import vault
from motcua.files.commands import NoSuchFile
from motcua.files.inspect import KINDS
from motcua.files.models import File
from motcua.files.sealing import open_key, open_name
from motcua.files.vault import VaultBroken
from motcua.persons.commands import note_access
from motcua.persons.keys import ring
from motcua.persons.queries import Verdict


class FileErased(LookupError):  # noqa: N818 - says what is the case
    """The file was erased; `order` names the order."""

    def __init__(self, order: str) -> None:
        super().__init__(_("Tệp đã bị xóa theo %(order)s.") % {"order": order})
        self.order = order


@dataclass(frozen=True, slots=True)
class FileView:
    """A file in a list; `erased_by` names the order by which it was erased, its name is then empty."""

    id: UUID
    kind: str
    size: int
    name: str
    erased_by: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file to download: the headers that make every browser save it and none run it, and the bytes in pieces."""

    id: UUID
    name: str
    size: int
    kind: str
    media_type: str
    headers: Mapping[str, str]
    chunks: Iterator[bytes] = field(repr=False)


_SAFE_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


def files(
    reader: Reader, file_ids: Iterable[UUID], *, receiving_agency_id: int, competent_agency_id: int
) -> dict[UUID, FileView]:
    """The files of one dossier for its page: one statement. Raises NotPermitted without `see_files`."""
    _require_files(reader, receiving_agency_id, competent_agency_id)
    return {row.pk: _view(row) for row in File.objects.filter(pk__in=set(file_ids))}


def open_for(
    reader: Reader,
    file_id: UUID,
    *,
    receiving_agency_id: int,
    competent_agency_id: int,
    purpose: str = "",
    dossier: str = "",
) -> OpenFile:
    """A file of a dossier of these agencies, to download; the opening is noted in the access log with its purpose.

    Raises NotPermitted without `see_files`, NoSuchFile, FileErased.
    """
    _require_files(reader, receiving_agency_id, competent_agency_id)
    row = File.objects.filter(pk=file_id).first()
    if row is None:
        raise NoSuchFile(_("Không có tệp này."))
    if row.key_sealed is None:
        raise FileErased(row.erasure_order)
    opened = _open(row, row.key_sealed)
    pair = (receiving_agency_id, competent_agency_id)
    note_access(reader, [file_id], act=Act.SEE_FILES, purpose=purpose, dossier=dossier, pair=pair)
    return opened


def told(reader: Reader, file_ids: Iterable[UUID]) -> dict[UUID, OpenFile]:
    """Those of these files that were not erased, open but unread: one statement. The caller notes the opening.

    They must stand in dossiers that the citizen who asks owns. Raises NotPermitted for anybody but a citizen who has
    signed in.
    """
    if not reader.id_tokens:
        raise NotPermitted(_("Hãy đăng nhập bằng tài khoản định danh điện tử."))
    rows = File.objects.filter(pk__in=set(file_ids))
    return {row.pk: _open(row, row.key_sealed) for row in rows if row.key_sealed is not None}


def _open(row: File, key_sealed: bytes | memoryview) -> OpenFile:
    key = open_key(row.pk, bytes(key_sealed), ring().key(row.key_id))
    view, media_type = _view(row), KINDS[row.kind].media_type
    return OpenFile(
        id=row.pk,
        name=view.name,
        size=row.size,
        kind=row.kind,
        media_type=media_type,
        headers=_headers(view.name, media_type, row.size),
        chunks=vault.read(row.pk, key, row.size),
    )


def check_commitments(reader: Reader, commitments: Mapping[UUID, str]) -> dict[UUID, Verdict]:
    """Whether each file's bytes on disk still match the commitment in its event.

    A file that is not there does not hold; an erased one says by which order. Raises NotPermitted for any reader but
    the system.
    """
    if reader.kind != "system":
        raise NotPermitted(_("Chỉ hệ thống làm được việc này."))
    verdicts = dict.fromkeys(commitments, Verdict(holds=False))
    for row in File.objects.filter(pk__in=commitments):
        verdicts[row.pk] = _verdict(row, commitments[row.pk])
    return verdicts


def wrapped_by(reader: Reader) -> dict[str, int]:
    """How many files each data key still opens, by its name. Raises NotPermitted for any reader but the system."""
    if reader.kind != "system":
        raise NotPermitted(_("Chỉ hệ thống làm được việc này."))
    rows = File.objects.filter(key_sealed__isnull=False).values_list("key_id").annotate(Count("pk"))
    return dict(rows.order_by("key_id"))


def _verdict(row: File, commitment: str) -> Verdict:
    if row.key_sealed is None:
        return Verdict(holds=False, erased_by=row.erasure_order)
    key = open_key(row.pk, bytes(row.key_sealed), ring().key(row.key_id))
    try:
        content = b"".join(vault.read(row.pk, key, row.size))
    except VaultBroken:
        return Verdict(holds=False)
    return Verdict(compare_digest(key.commitment(content), commitment))


def _view(row: File) -> FileView:
    name = ""
    if row.name_sealed is not None:
        name = open_name(row.pk, bytes(row.name_sealed), ring().key(row.key_id))
    return FileView(row.pk, row.kind, row.size, name, row.erasure_order)


def _headers(name: str, media_type: str, size: int) -> dict[str, str]:
    # RFC 6266: a plain name for old programs, the real one in UTF-8 beside it.
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {
        "Content-Type": media_type,
        "Content-Length": str(size),
        "Content-Disposition": disposition,
        **_SAFE_HEADERS,
    }


def _require_files(reader: Reader, receiving_agency_id: int, competent_agency_id: int) -> None:
    reader.require(Act.SEE_FILES, receiving_agency_id=receiving_agency_id, competent_agency_id=competent_agency_id)
