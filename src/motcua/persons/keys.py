"""The data key from outside the database and what is derived from it; older keys still open what they sealed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from motcua.config.trouble import Tellable

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class KeyTrouble(Tellable):
    """The data key is missing, open to others or not the one that sealed this; the text says where and what to do."""


@dataclass(frozen=True)
class DataKey:
    """One data key and the keys derived from it, one for each use, so that no use tells anything about another."""

    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """A name for the key that tells nothing about it: kept beside everything it seals."""
        return self._derived("key id").hex()[:16]

    @cached_property
    def cipher(self) -> AESGCM:
        """For sealing. Random 96-bit nonces stay safe for 2^32 sealings under one key."""
        return AESGCM(self._derived("seal"))

    @cached_property
    def id_index(self) -> bytes:
        """For the index of id numbers."""
        return self._derived("id index")

    @cached_property
    def name_index(self) -> bytes:
        """For the index of words in names."""
        return self._derived("name index")

    def _derived(self, use: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=b"motcua", info=use.encode()).derive(self.secret)

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Nonce and AES-256-GCM ciphertext; it opens only in the same context (the row's id and the column)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes; raises KeyTrouble when they were changed, moved to another row or sealed by another key."""
        try:
            return self.cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
        except InvalidTag:
            raise KeyTrouble(
                _("Dữ liệu đã mã hóa bị thay đổi hoặc không thuộc dòng này. Hãy chạy motcua verify.")
            ) from None


@dataclass(frozen=True)
class Ring:
    """The current data key and, after a rotation, the older ones."""

    current: DataKey
    older: tuple[DataKey, ...] = ()

    @cached_property
    def all(self) -> tuple[DataKey, ...]:
        """Every key, the current one first."""
        return (self.current, *self.older)

    @cached_property
    def _by_id(self) -> Mapping[str, DataKey]:
        return {key.id: key for key in self.all}

    def key(self, key_id: str) -> DataKey:
        """The key of that name; raises KeyTrouble naming it when it is not here.

        A key that was renewed while this process runs is looked for once more where keys lie.
        """
        found = self._by_id.get(key_id)
        if found is None and (key_file().exists() or os.environ.get("MOTCUA_DATA_KEY", "").strip()):
            _read_ring.cache_clear()
            found = ring()._by_id.get(key_id)
        if found is None:
            raise KeyTrouble(
                _("Thiếu khóa dữ liệu %(id)s. Hãy đặt lại khóa cũ vào %(path)s hoặc MOTCUA_DATA_KEY.")
                % {"id": key_id, "path": key_file()}
            )
        return found


def key_file() -> Path:
    """Where the current data key lies when the environment does not give it; older ones are `data-*.key` beside it."""
    return Path(settings.HOME) / "keys" / "data.key"


def ring() -> Ring:
    """The keys of this installation, read again only when something in their folder has changed.

    From MOTCUA_DATA_KEY (base64 of 32 bytes; older keys after commas), else from files that only their owner may read.
    A key is made at first use, but never for a database that already holds sealed rows. Raises KeyTrouble.
    """
    path = key_file()
    changed = path.parent.stat().st_mtime_ns if path.parent.exists() else 0
    return _read_ring(os.environ.get("MOTCUA_DATA_KEY", ""), path, changed)


def renew() -> DataKey:
    """Makes a new current data key; the one before it stays beside it as `data-<moment>.key` and opens what it sealed.

    Every process takes it up by itself. Raises KeyTrouble when the environment gives the key: who set it there must.
    """
    if os.environ.get("MOTCUA_DATA_KEY", "").strip():
        raise KeyTrouble(
            _("Khóa dữ liệu nằm ở MOTCUA_DATA_KEY: hãy đặt khóa mới trước, khóa cũ sau dấu phẩy, rồi khởi động lại.")
        )
    ring()  # a first key is made, or its absence told, before it is renewed
    path = key_file()
    draft = _draft(path)
    try:
        older = path.with_name(f"data-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.key")
        older.hardlink_to(path)  # never without a name: a crash here leaves one key under two
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)
    _read_ring.cache_clear()
    return ring().current


def digest(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA256."""
    return hmac.digest(key, text, hashlib.sha256)


@lru_cache(maxsize=8)
def _read_ring(given: str, path: Path, _changed: int = 0) -> Ring:
    if given.strip():
        keys = [DataKey(_decoded(text, "MOTCUA_DATA_KEY")) for text in given.split(",")]
        return Ring(keys[0], tuple(keys[1:]))
    if not path.exists():
        _make(path)
    older = sorted(path.parent.glob("data-*.key"))
    current = _from_file(path)
    # One key may stand under two names, should a renewal have been cut short.
    kept = {key.id: key for key in map(_from_file, older) if key.id != current.id}
    return Ring(current, tuple(kept.values()))


def _from_file(path: Path) -> DataKey:
    if path.stat().st_mode & 0o077:
        raise KeyTrouble(_("Tệp khóa %(path)s cho người khác đọc. Hãy chạy: chmod 600 %(path)s") % {"path": path})
    return DataKey(_decoded(path.read_text(encoding="ascii", errors="replace"), str(path)))


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyTrouble(_("%(where)s phải là 32 byte dạng base64.") % {"where": where})
    return key


def _make(path: Path) -> None:
    from django.db import connection  # the tables are needed only when there is no key yet

    with connection.cursor() as cursor:
        cursor.execute("SELECT persons_any_sealed()")
        in_use = cursor.fetchone()[0]
    if in_use:
        raise KeyTrouble(
            _("Không có khóa dữ liệu %(path)s nhưng cơ sở dữ liệu đã có dữ liệu mã hóa. Hãy đặt lại khóa từ bản lưu.")
            % {"path": path}
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return  # another process was first: its key holds
    finally:
        draft.unlink()


def _draft(path: Path) -> Path:
    """A new random key on the disk, under a name that nobody reads yet."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
