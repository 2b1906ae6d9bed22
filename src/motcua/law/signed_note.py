"""The text form of a tree head: a checkpoint in a signed note, as C2SP specifies them, with one more line for the time.

Specifications: C2SP signed-note and tlog-checkpoint. Pure: the signatures themselves are made and checked elsewhere.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

ED25519 = b"\x01"
_TIME = "time "
_SIGNED = "— "
_NAME = re.compile(r"[^\s+]+")


class NoteError(ValueError):
    """Text that is no signed tree head; says which part is wrong."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of signature: who signed by name and by the four bytes that tell the key, and the signature itself."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a tree head says: whose log, how many leaves, which root, and when it was signed, if it says so."""

    origin: str
    size: int
    root: bytes
    at: datetime | None

    @property
    def text(self) -> str:
        """The lines that are signed, each with its end."""
        time = () if self.at is None else (_TIME + self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),)
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *time)
        return "".join(f"{line}\n" for line in lines)


def is_name(text: str) -> bool:
    """Whether this can name a log or a key: no white space, no plus sign, not empty."""
    return _NAME.fullmatch(text) is not None


def key_hash(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature tells its Ed25519 key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The public key as one line of text: name, hash and key."""
    return f"{name}+{key_hash(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def read_verifier_key(line: str) -> tuple[str, bytes]:
    """The name and the public key (32 bytes) of such a line; raises NoteError."""
    name, _, rest = line.strip().partition("+")
    stored, _, encoded = rest.partition("+")
    key = _decoded(encoded, "the key")
    if len(key) != 33 or key[:1] != ED25519:
        raise NoteError("the key is not an Ed25519 key")
    if key_hash(name, key[1:]).hex() != stored:
        raise NoteError("the key's name and hash do not belong together")
    return name, key[1:]


def signed(text: str, *signatures: Signature) -> str:
    """The whole note: the text, an empty line, one line for each signature."""
    lines = (
        f"{_SIGNED}{each.name} {base64.b64encode(each.key_hash + each.signature).decode()}\n" for each in signatures
    )
    return f"{text}\n{''.join(lines)}"


def read(note: str) -> tuple[Checkpoint, str, tuple[Signature, ...]]:
    """What a note says, the text that was signed, and its signatures; raises NoteError."""
    head, empty, tail = note.rpartition("\n\n")
    lines = head.split("\n")
    if not empty or len(lines) < 3:
        raise NoteError("not a signed tree head")
    origin, size, root, *more = lines
    if not (size.isascii() and size.isdigit() and str(int(size)) == size):
        raise NoteError("the size is not a number")
    time = next((line.removeprefix(_TIME) for line in more if line.startswith(_TIME)), None)
    checkpoint = Checkpoint(origin, int(size), _decoded(root, "the root"), _moment(time))
    signatures = tuple(_signature(line) for line in tail.splitlines() if line.startswith(_SIGNED))
    if len(checkpoint.root) != 32 or not signatures:
        raise NoteError("the root or the signature is missing")
    return checkpoint, f"{head}\n", signatures


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_SIGNED).partition(" ")
    data = _decoded(encoded, "the signature")
    return Signature(name, data[:4], data[4:])


def _decoded(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"{what} is not base64") from None


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise NoteError("the time is not a moment") from None
