"""Seals what sign-in keeps in the database (sessions, secrets of second factors) under a key that is not in it."""

import base64
import binascii
import os
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES: Final = 12


class Broken(ValueError):  # noqa: N818 - says what is the case
    """What was sealed was changed, or sealed for another use or under another signing key."""


def seal(plain: bytes, use: str) -> str:
    """The bytes under AES-256-GCM as text; they open for the same use only."""
    nonce = os.urandom(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _cipher(settings.SECRET_KEY, use).encrypt(nonce, plain, None)).decode()


def unseal(sealed: str, use: str) -> bytes:
    """The plain bytes again; raises Broken."""
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
        return _cipher(settings.SECRET_KEY, use).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None)
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise Broken(use) from error


@lru_cache(maxsize=8)
def _cipher(secret: str, use: str) -> AESGCM:
    """A key for each use, so that what is sealed for one is nothing to another."""
    return AESGCM(HKDF(SHA256(), 32, salt=b"motcua sign-in", info=use.encode()).derive(secret.encode()))
