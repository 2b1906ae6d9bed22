"""What a paper says of itself in its QR code: a few bytes signed by the log's key, that check without a network.

The signed bytes begin with a line and a zero byte that no signed head can have. How they are laid out is written for
everybody in docs/verifier/README.md; docs/verifier/paper.py reads them without anything of ours.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from motcua.papers.kinds import Kind

FORMAT: Final = 1
CONTEXT: Final = b"motcua-paper/1\0"
DIGEST: Final = 12  # bytes of the digest over what the paper says: nobody finds another text with the same 96 bits
ROOT: Final = 8
PATH: Final = "/G/"  # capitals, so that the whole address fits the QR code's denser alphabet
MOST_ORDINAL: Final = 255
_SIGNATURE: Final = 64
_FIXED: Final = 1 + 4 + 1 + 1 + 4 + DIGEST
_NUMBERS: Final[Mapping[Kind, int]] = MappingProxyType(
    {Kind.RECEIPT: 1, Kind.SLIP: 2, Kind.SUPPLEMENT: 3, Kind.REFUSAL: 4, Kind.APOLOGY: 5, Kind.STOP: 6}
)
_KINDS: Final = {number: kind for kind, number in _NUMBERS.items()}


class NotAStatement(ValueError):  # noqa: N818 - says what is the case
    """Text that no Motcua wrote into a QR code, or that was not read whole."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Which paper it is: its kind, its number among the issues of that kind, when it was issued, by which agency (its
    national identifier), for which dossier, the digest of what it says, and the root of the log that it names.
    """

    key_hash: bytes
    kind: Kind
    ordinal: int
    issued_at: datetime
    digest: bytes
    agency: str
    dossier: str
    root: bytes = b""

    def payload(self) -> bytes:
        """The bytes that are signed, after CONTEXT."""
        minute = int(self.issued_at.timestamp()) // 60
        head = bytes([FORMAT, *self.key_hash, _NUMBERS[self.kind], min(self.ordinal, MOST_ORDINAL)])
        tail = b"".join(bytes([len(part)]) + part for part in (self.agency.encode(), self.dossier.encode(), self.root))
        return head + minute.to_bytes(4, "big") + self.digest + tail


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement with its signature, as it was read; whether the signature holds is for `holds` to say."""

    statement: Statement
    payload: bytes
    signature: bytes

    def holds(self, keys: Iterable[bytes]) -> bool:
        """Whether one of these public keys signed it."""
        return any(_verified(key, self.signature, CONTEXT + self.payload) for key in keys)


def written(payload: bytes, signature: bytes) -> str:
    """A signed statement as capitals and digits."""
    return base64.b32encode(payload + signature).decode().rstrip("=")


def address(site: str, text: str) -> str:
    """The address that the QR code holds, wholly in capitals: scheme and host do not know the difference."""
    return f"{site.upper()}{PATH}{text}"


def read(text: str) -> Signed:
    """A statement from its text, or from the whole address; raises NotAStatement."""
    bare = text.strip().upper().rpartition("/")[2]
    try:
        data = base64.b32decode(bare + "=" * (-len(bare) % 8))
    except (binascii.Error, ValueError):
        raise NotAStatement from None
    # Another spelling of the same bytes is none: the last letter may hold bits that say nothing.
    if len(data) <= _FIXED + _SIGNATURE or written(data[:-_SIGNATURE], data[-_SIGNATURE:]) != bare:
        raise NotAStatement
    payload = data[:-_SIGNATURE]
    return Signed(_parsed(payload), payload, data[-_SIGNATURE:])


def _parsed(payload: bytes) -> Statement:
    if payload[0] != FORMAT or payload[5] not in _KINDS:
        raise NotAStatement
    minute = int.from_bytes(payload[7:11], "big")
    parts, rest = [], payload[_FIXED:]
    while rest:
        length = rest[0]
        parts.append(rest[1 : 1 + length])
        if len(parts[-1]) != length:
            raise NotAStatement
        rest = rest[1 + length :]
    if len(parts) != 3:
        raise NotAStatement
    try:
        agency, dossier = parts[0].decode(), parts[1].decode()
    except UnicodeDecodeError:
        raise NotAStatement from None
    moment = datetime.fromtimestamp(minute * 60, UTC)
    return Statement(
        payload[1:5], _KINDS[payload[5]], payload[6], moment, payload[11:_FIXED], agency, dossier, parts[2]
    )


def _verified(public: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature:
        return False
    return True
