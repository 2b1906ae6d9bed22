"""The key that signs the heads: one Ed25519 key in a file outside the database, with the older ones beside it.

A superuser of the database cannot sign in the log's name without the machine's files. So the key is made at the first
head and never silently a second time: losing it is told, and a new one is made by `motcua log-key --renew` only.
"""

import base64
import binascii
import hashlib
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.translation import gettext as _

from motcua.config import home
from motcua.config.trouble import Tellable
from motcua.law import signed_note
from motcua.law.signed_note import Signature


class LogKeyTrouble(Tellable):
    """The key that signs heads is missing, open to others or unreadable; the text says where and what to do."""


@dataclass(frozen=True)
class Signer:
    """A private key and what is known of it in public."""

    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """A short name for the key."""
        return key_id(self.public)

    def sign(self, name: str, text: str) -> Signature:
        """Its signature under a note's text, in the name of the log."""
        return Signature(name, signed_note.key_hash(name, self.public), self.private.sign(text.encode()))


def key_id(public: bytes) -> str:
    """The short name of a public key: the first sixteen hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def key_file() -> Path:
    """Where the key lies; older ones are `log-*.key` beside it."""
    return home.key_path("log")


def signer() -> Signer | None:
    """The key, if there is one; raises LogKeyTrouble when its file cannot be used."""
    path = key_file()
    return _from_file(path) if path.exists() else None


def older() -> tuple[Signer, ...]:
    """The keys that were renewed, as far as their files are still there."""
    return tuple(_from_file(path) for path in sorted(key_file().parent.glob("log-*.key")))


def make() -> Signer:
    """The key, made now unless another process was first."""
    path = key_file()
    home.make_private(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return _from_file(path)
    finally:
        draft.unlink()
    return _from_file(path)


def renew() -> Signer:
    """A new key; the present one, if it is there, is kept beside it under the time of its end."""
    path = key_file()
    if path.exists():
        path.rename(path.with_name(f"log-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.key"))
    return make()


def holds(public: bytes, signature: Signature, text: str) -> bool:
    """Whether a signature is this key's under this text, in the name that it bears."""
    if signature.key_hash != signed_note.key_hash(signature.name, public):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature.signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _from_file(path: Path) -> Signer:
    if path.stat().st_mode & 0o077:
        raise LogKeyTrouble(_("Tệp khóa %(path)s cho người khác đọc. Hãy chạy: chmod 600 %(path)s") % {"path": path})
    try:
        private = base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
        return Signer(Ed25519PrivateKey.from_private_bytes(private))
    except (binascii.Error, ValueError):
        raise LogKeyTrouble(_("%(where)s phải là 32 byte dạng base64.") % {"where": path}) from None
