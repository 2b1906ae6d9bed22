"""The search itself: it finds a value in each spelling and each packing, or it would prove nothing."""

import base64
import gzip
import io
import json
import lzma
import unicodedata
import zipfile
import zlib
from urllib.parse import quote

import pytest

from leaks.looking import Looker

NAME, NUMBER = "Huỳnh Zkvơrta Mẫuxq", "987650012349"
LOOKER = Looker({"name": NAME, "number": NUMBER})


def zipped(text):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text)
    return target.getvalue()


HIDDEN = {
    "utf-8": f"x {NAME} y".encode(),
    "composed of parts": unicodedata.normalize("NFD", NAME).encode(),
    "without accents": b"HUYNH zkvorta Mauxq",
    "utf-16": NAME.encode("utf-16"),
    "utf-16, the other way": NAME.encode("utf-16-be"),
    "hex": b"\\x" + NAME.encode().hex().encode(),
    "hex in capitals": NAME.encode().hex().upper().encode(),
    "json": json.dumps({"name": NAME}).encode(),
    "an address": f"/tim/?q={quote(NAME)}".encode(),
    "an address with plus": quote(NAME).replace("%20", "+").encode(),
    "python's bytes": repr(NAME.encode()).encode(),
    "html": NAME.encode("ascii", "xmlcharrefreplace"),
    "capitals": NAME.upper().encode(),
    **{f"base64 after {n}": base64.b64encode(b"abc"[:n] + NAME.encode() + b"tail") for n in range(3)},
    "base64 for addresses": base64.urlsafe_b64encode(NUMBER.encode() + b"..."),
    "gzip": gzip.compress(NAME.encode()),
    "xz": lzma.compress(NAME.encode()),
    "zip": zipped(NAME),
    "a stream of zlib in the middle": b"PGDMP\0\1" + zlib.compress(f"COPY {NAME}\n".encode() * 3) + b"rest",
    "a number": NUMBER.encode(),
    "a number in utf-16": NUMBER.encode("utf-16-le"),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_value_is_found_however_it_is_written(how, tmp_path):
    assert LOOKER.bytes(HIDDEN[how], "here"), how
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file").write_bytes(b"\0" * 1000 + HIDDEN[how] if how[:2] in {"ut", "he", "js"} else HIDDEN[how])
    assert LOOKER.files(tmp_path), how


def test_a_value_in_the_name_of_a_file_is_found(tmp_path):
    (tmp_path / f"{NUMBER}.pdf").write_bytes(b"")
    assert [found.value for found in LOOKER.files(tmp_path)] == ["number"]


@pytest.mark.parametrize("content", [b"", b"Huynh Van A, 987650012", b"\x78\x9cnothing", bytes(range(256)) * 9])
def test_what_is_not_there_is_not_found(content):
    assert LOOKER.bytes(content, "here") == []
