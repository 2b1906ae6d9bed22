"""A file's key and name, wrapped by the data key for the file's row."""

from __future__ import annotations

from uuid import UUID

from motcua.files.vault import FileKey
from motcua.persons.keys import DataKey


def seal_key(file_id: UUID, key: FileKey, data_key: DataKey) -> bytes:
    """The file's key, wrapped."""
    return data_key.seal(key.secret, b"file key:" + file_id.bytes)


def open_key(file_id: UUID, sealed: bytes, data_key: DataKey) -> FileKey:
    """The file's key; raises KeyTrouble."""
    return FileKey(data_key.open(sealed, b"file key:" + file_id.bytes))


def seal_name(file_id: UUID, name: str, data_key: DataKey) -> bytes:
    """The name that the person gave the file: it often names the person."""
    return data_key.seal(name.encode(), b"file name:" + file_id.bytes)


def open_name(file_id: UUID, sealed: bytes, data_key: DataKey) -> str:
    """The name; raises KeyTrouble."""
    return data_key.open(sealed, b"file name:" + file_id.bytes).decode()
