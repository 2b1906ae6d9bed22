"""Looks for values in files in every spelling that a copy may hold them in, and inside whatever is packed."""

import base64
import gzip
import io
import json
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from motcua.law.vietnamese import unaccent

_MOST_PACKED = 64 * 2**20
# Databases keep whole pages of nothing, in which searching takes the longest.
_EMPTY, _SOME_EMPTY = re.compile(rb"\0{64,}"), bytes(64)
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


@dataclass(frozen=True)
class Found:
    """A value that was found: where, which, and how it was spelt."""

    place: str
    value: str
    spelling: str


def spellings(value: str) -> dict[str, bytes]:
    """The ways in which a value may lie in a file, in small ASCII letters, as `look` compares them."""
    composed, apart = unicodedata.normalize("NFC", value), unicodedata.normalize("NFD", value)
    plain = composed.encode()
    ways = {
        "utf-8": plain,
        "decomposed": apart.encode(),
        "without accents": unaccent(composed).encode(),
        "utf-16-le": composed.encode("utf-16-le"),
        "utf-16-be": composed.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "python's bytes": repr(plain)[2:-1].encode(),
        "octal": "".join(f"\\{byte:03o}" if byte > 127 else chr(byte) for byte in plain).encode(),
        "json": json.dumps(composed)[1:-1].encode(),
        "url": quote(composed, safe="").encode(),
        "form": quote_plus(composed).encode(),
        "html": composed.encode("ascii", "xmlcharrefreplace"),
        "in capitals": composed.upper().encode(),
        "in small letters": composed.lower().encode(),
    }
    return {name: text.lower() for name, text in ways.items()}


def in_base64(value: str) -> dict[str, bytes]:
    """The part of a value that stands whole in base64, wherever it begins within three bytes."""
    found = {}
    for place in range(3):
        whole = base64.b64encode(b"\0" * place + value.encode())
        start, end = (0, 2, 3)[place], len(whole) - 4
        found[f"base64 at {place}"] = whole[start:end]
        found[f"base64 for addresses at {place}"] = whole[start:end].replace(b"+", b"-").replace(b"/", b"_")
    return found


class Looker:
    """Knows the values, and looks through files, folders and bytes for them."""

    def __init__(self, values: dict[str, str]) -> None:
        small = {(name, way): text for name, value in values.items() for way, text in spellings(value).items()}
        self._small = _unique(small)
        exact = {(name, way): text for name, value in values.items() for way, text in in_base64(value).items()}
        self._exact = _unique(exact)

    def files(self, folder: Path) -> list[Found]:
        """Everything found in a folder's files and in their names."""
        found: list[Found] = []
        for path in sorted(folder.rglob("*")):
            place = str(path.relative_to(folder))
            found += self.bytes(place.encode(), f"name of {place}", packed=False)
            if path.is_file():
                found += self.bytes(path.read_bytes(), place)
        return found

    def bytes(self, content: bytes, place: str, *, packed: bool = True) -> list[Found]:
        """Everything found in some bytes, and in what is packed in them."""
        full = _EMPTY.sub(_SOME_EMPTY, content)
        lowered = full.lower()
        found = [Found(place, name, way) for (name, way), text in self._small.items() if text in lowered]
        found += [Found(place, name, way) for (name, way), text in self._exact.items() if text in full]
        if packed:
            for kind, inner in unpacked(content):
                found += self.bytes(inner, f"{place} ({kind})", packed=False)
        return found


def _unique(patterns: dict[tuple[str, str], bytes]) -> dict[tuple[str, str], bytes]:
    """One entry for each pattern, under the first name that it goes by."""
    firsts: dict[tuple[str, bytes], tuple[str, str]] = {}
    for key, text in patterns.items():
        firsts.setdefault((key[0], text), key)
    return {key: text for (_, text), key in firsts.items()}


def unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What lies packed in some bytes: archives and streams of gzip, xz and zlib, wherever they begin."""
    if content.startswith(b"PK\x03\x04") and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield f"zip: {name}", name.encode() + b"\n" + archive.read(name)
    if content.startswith(b"\x1f\x8b"):
        yield "gzip", gzip.decompress(content)
    if content.startswith(b"\xfd7zXZ"):
        yield "xz", lzma.decompress(content)
    whole = memoryview(content)
    for start in _ZLIB.finditer(content):
        inflated = _inflated(whole[start.start() :])
        if len(inflated) > 16:
            yield f"zlib at {start.start()}", inflated


def _inflated(data: memoryview) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_PACKED)
    except zlib.error:
        return b""
