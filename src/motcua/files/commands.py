"""The only writers of uploads: keep, erase, and sweep away what a crash or a taken-back transaction left."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from motcua.files import vault
from motcua.files.inspect import KINDS, Kind, UploadRefused, recognise
from motcua.files.models import File
from motcua.files.opening import try_to_open
from motcua.files.scanning import scan
from motcua.files.sealing import open_key, open_name, seal_key, seal_name
from motcua.files.vault import FileKey
from motcua.persons.keys import ring
from motcua.persons.models import new_id

DEFAULT_MAX_BYTES: Final = 20 * 2**20
_NAME_MOST: Final = 150


class Stream(Protocol):
    """Anything with bytes to read: an upload, an open file."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept upload; an event holds its id and commitment only."""

    id: UUID
    name: str
    size: int
    kind: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Looked:
    """An upload that was found harmless, with a name that says what it is."""

    content: bytes = field(repr=False)
    name: str
    kind: Kind


class NoSuchFile(LookupError):  # noqa: N818 - says what is the case
    """No file has this id."""


def store_upload(stream: Stream, filename: str, declared_type: str = "") -> StoredFile:
    """Looks into an upload and keeps it sealed; raises UploadRefused, and then nothing is kept.

    Bytes whose row is taken back with the caller's transaction cannot be read by anyone (their key was in the row) and
    are swept later.
    """
    looked = look_into(stream, filename, declared_type)
    content, kind, name = looked.content, looked.kind, looked.name
    file_id, key, data_key = new_id(), FileKey.new(), ring().current
    row = File(
        id=file_id,
        kind=kind.code,
        size=len(content),
        commitment=key.commitment(content),
        name_sealed=seal_name(file_id, name, data_key),
        key_sealed=seal_key(file_id, key, data_key),
        key_id=data_key.id,
    )
    vault.write(file_id, key, content)
    try:
        row.save(force_insert=True)
    except BaseException:
        vault.remove(file_id)
        raise
    return StoredFile(file_id, name, row.size, kind.code, row.commitment)


def look_into(stream: Stream, filename: str, declared_type: str = "") -> Looked:
    """Reads an upload and checks it, without keeping anything; raises UploadRefused.

    The kind is read from the content; the name's ending, and the type the browser declares when we know it, must
    agree; it is opened once to count its pages or pixels, and shown to the virus scanner if there is one. The settings
    MOTCUA_UPLOAD_* narrow what is accepted.
    """
    content = _read(stream, getattr(settings, "MOTCUA_UPLOAD_MAX_BYTES", DEFAULT_MAX_BYTES))
    name = safe_name(filename)
    kind = recognise(content, name)
    if kind.code not in getattr(settings, "MOTCUA_UPLOAD_KINDS", tuple(KINDS)):
        raise UploadRefused("kind_not_allowed")
    _refuse_other_type(kind.media_type, declared_type)
    pages, pixels = settings.MOTCUA_UPLOAD_MAX_PAGES, settings.MOTCUA_UPLOAD_MAX_PIXELS
    try_to_open(kind.code, content, pages=pages, pixels=pixels)
    if settings.MOTCUA_CLAMAV:
        scan(content, settings.MOTCUA_CLAMAV)
    return Looked(content, name if "." in name else f"{name}.{kind.endings[0]}", kind)


def attach(file_ids: Iterable[UUID], *, receiving_agency_id: int, competent_agency_id: int) -> None:
    """Says to which dossier's agencies these files belong from now on: one statement, none without files.

    A file that hangs on a dossier already stays with it.
    """
    if wanted := set(file_ids):
        loose = File.objects.filter(pk__in=wanted, receiving_agency_id__isnull=True)
        loose.update(receiving_agency_id=receiving_agency_id, competent_agency_id=competent_agency_id)


def attach_all(pairs: Mapping[str, tuple[int, int]]) -> None:
    """`attach` for files of many dossiers, by id: one statement, none for none."""
    if not pairs:
        return
    sql = """
        UPDATE files_file f SET receiving_agency_id = receiving, competent_agency_id = competent
        FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS asked (id, receiving, competent)
        WHERE f.id = asked.id AND f.receiving_agency_id IS NULL"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(pairs), *map(list, zip(*pairs.values(), strict=True))])


@transaction.atomic
def erase(file_id: UUID, order: str) -> None:
    """Erases a file by a named order: its key and name go with the row's change, its bytes after the commit.

    An erased file keeps its first order. Raises NoSuchFile; ValueError without an order.
    """
    if not erase_many([file_id], order) and not File.objects.filter(pk=file_id).exists():
        raise NoSuchFile(_("Không có tệp này."))


@transaction.atomic
def erase_many(file_ids: Iterable[UUID], order: str) -> int:
    """Erases files by a named order, as `erase` does each; gives how many went.

    Ids that are none of a file are passed over; of files erased before, which keep their first order, the bytes are
    taken away again, should a restoration have brought them back. Raises ValueError without an order.
    """
    if not order.strip():
        raise ValueError("An erasure needs the order that asks for it.")
    known = list(File.objects.filter(pk__in=set(file_ids)).values_list("pk", flat=True))
    gone = {"key_sealed": None, "name_sealed": None, "erased_at": Now(), "erasure_order": order.strip()}
    count = File.objects.filter(pk__in=known, erased_at__isnull=True).update(**gone)
    transaction.on_commit(lambda: _take_away(known), robust=True)  # what fails is swept later
    return count


def _take_away(file_ids: Iterable[UUID]) -> None:
    for file_id in file_ids:
        vault.remove(file_id)


def wrap_anew(limit: int = 1_000) -> int:
    """Wraps anew, under the current data key, keys and names of up to `limit` files; gives how many it did.

    Run until it gives 0, then the older key may go. The bytes on disk and the commitments stay as they are.
    """
    keys = ring()
    with transaction.atomic():
        rows = list(
            File.objects.select_for_update(skip_locked=True)
            .filter(key_sealed__isnull=False)
            .exclude(key_id=keys.current.id)
            .order_by("pk")[:limit]
        )
        for row in rows:
            old = keys.key(row.key_id)
            key = open_key(row.pk, bytes(row.key_sealed or b""), old)
            name = open_name(row.pk, bytes(row.name_sealed or b""), old)
            row.key_sealed = seal_key(row.pk, key, keys.current)
            row.name_sealed = seal_name(row.pk, name, keys.current)
            row.key_id = keys.current.id
        File.objects.bulk_update(rows, ["key_sealed", "name_sealed", "key_id"])
    return len(rows)


def sweep(older_than: timedelta = timedelta(days=1)) -> int:
    """Removes bytes that no living row points at: unfinished drafts, taken-back uploads, erased files; gives how many.

    The age leaves uploads in peace whose transaction is still open.
    """
    removed = 0
    for path, file_id in vault.older_than(older_than):
        if file_id is None or not File.objects.filter(pk=file_id, erased_at__isnull=True).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def safe_name(filename: str) -> str:
    """The last part of a name, composed, without control signs and signs that turn the writing direction.

    At most 150 characters, the ending kept; never empty.
    """
    last = unicodedata.normalize("NFC", filename.replace("\\", "/")).rpartition("/")[2]
    name = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    name = name.strip(" .") or "tep"
    if len(name) <= _NAME_MOST:
        return name
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return stem[: _NAME_MOST - len(ending) - 1] + dot + ending
    return name[:_NAME_MOST]


def _read(stream: Stream, most: int) -> bytes:
    content = bytearray()
    while piece := stream.read(2**20):
        content += piece
        if len(content) > most:
            raise UploadRefused("too_large")
    return bytes(content)


def _refuse_other_type(media_type: str, declared: str) -> None:
    known = {kind.media_type for kind in KINDS.values()} | {"text/html", "image/svg+xml", "application/javascript"}
    plain = declared.partition(";")[0].strip().lower()
    if plain in known and plain != media_type:
        raise UploadRefused("name_mismatch")
