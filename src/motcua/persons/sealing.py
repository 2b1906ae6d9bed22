"""How a record about a person becomes sealed bytes, index tokens and a commitment, and how it is opened again."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from motcua.law.vietnamese import unaccent
from motcua.persons.identity import ApplicantData, ApplicantKind, IdKind, Sex, normal_id
from motcua.persons.keys import KEY_BYTES, DataKey, Ring, digest
from motcua.persons.models import RecordKind, new_id

_MOST_WORDS: Final = 40  # a name of 200 letters has no more words worth finding


@dataclass(frozen=True, slots=True)
class Sealed:
    """A record ready to be stored, in the order of the table's columns, and the commitment for the event."""

    id: UUID
    kind: str
    sealed: bytes
    key_id: str
    id_index: bytes | None
    name_index: list[int]
    commitment: str


def seal_applicant(data: ApplicantData, key: DataKey) -> Sealed:
    """Seals an applicant, who must be in the one spelling that `identity.normalised` gives."""
    id_index = digest(key.id_index, data.id_number.encode()) if data.id_number else None
    return _seal(RecordKind.APPLICANT, applicant_body(data), key, id_index, name_tokens(data.name, key))


def seal_note(text: str, key: DataKey) -> Sealed:
    """Seals free text about a person; it is found by nothing but its id."""
    return _seal(RecordKind.NOTE, _canonical({"text": text}), key, None, [])


def open_record(record_id: UUID, kind: str, sealed: bytes, key: DataKey) -> tuple[bytes, bytes]:
    """The record's own key and its canonical body; raises KeyTrouble."""
    plain = key.open(sealed, _context(record_id, kind))
    return plain[:KEY_BYTES], plain[KEY_BYTES:]


def reseal(record_id: UUID, kind: str, sealed: bytes, old: DataKey, ring: Ring) -> Sealed:
    """The same record under the current data key; its own key and so its commitment stay as they are."""
    own_key, body = open_record(record_id, kind, sealed, old)
    new = ring.current
    id_index, words = None, []
    if kind == RecordKind.APPLICANT:
        data = read_applicant(body)
        id_index = digest(new.id_index, data.id_number.encode()) if data.id_number else None
        words = name_tokens(data.name, new)
    envelope = new.seal(own_key + body, _context(record_id, kind))
    return Sealed(record_id, kind, envelope, new.id, id_index, words, commitment(own_key, body))


def commitment(own_key: bytes, body: bytes) -> str:
    """HMAC-SHA256 of the canonical body under the record's own random key: what an event holds instead of the data."""
    return digest(own_key, body).hex()


def id_token(number: str, key: DataKey) -> bytes:
    """What the index holds for an id number."""
    return digest(key.id_index, normal_id(number).encode())


def name_tokens(text: str, key: DataKey) -> list[int]:
    """What the index holds for the words of a name, without diacritics: 64 bits of a keyed digest each."""
    tokens = {_word_token(key, word) for word in text.split()[:_MOST_WORDS]}
    return sorted(token for token in tokens if token is not None)


def applicant_body(data: ApplicantData) -> bytes:
    """The canonical bytes of an applicant: sorted keys, no blanks, empty values left out."""
    values = {
        "kind": data.kind.value,
        "name": data.name,
        "id_number": data.id_number,
        "id_kind": data.id_kind.value if data.id_kind else "",
        "birth_date": data.birth_date.isoformat() if data.birth_date else "",
        "sex": data.sex.value if data.sex else "",
        "address": data.address,
        "phone": data.phone,
        "email": data.email,
    }
    return _canonical({name: value for name, value in values.items() if value})


def read_applicant(body: bytes) -> ApplicantData:
    """The applicant in canonical bytes."""
    values: dict[str, Any] = json.loads(body)
    return ApplicantData(
        kind=ApplicantKind(values["kind"]),
        name=values["name"],
        id_number=values.get("id_number", ""),
        id_kind=IdKind(values["id_kind"]) if "id_kind" in values else None,
        birth_date=date.fromisoformat(values["birth_date"]) if "birth_date" in values else None,
        sex=Sex(values["sex"]) if "sex" in values else None,
        address=values.get("address", ""),
        phone=values.get("phone", ""),
        email=values.get("email", ""),
    )


def read_note(body: bytes) -> str:
    """The text in canonical bytes."""
    return str(json.loads(body)["text"])


@lru_cache(maxsize=4_096)  # a few hundred words make most names
def _word_token(key: DataKey, word: str) -> int | None:
    bare = unaccent(word)
    return int.from_bytes(digest(key.name_index, bare.encode())[:8], "big", signed=True) if bare else None


def _seal(kind: str, body: bytes, key: DataKey, id_index: bytes | None, words: list[int]) -> Sealed:
    record_id, own_key = new_id(), os.urandom(KEY_BYTES)
    envelope = key.seal(own_key + body, _context(record_id, kind))
    return Sealed(record_id, str(kind), envelope, key.id, id_index, words, commitment(own_key, body))


def _context(record_id: UUID, kind: str) -> bytes:
    return b"record:" + record_id.bytes + str(kind).encode()


def _canonical(values: dict[str, str]) -> bytes:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
