"""How a paper is kept: everything that it is set from as one short text, and when two papers say the same. Pure."""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from motcua.papers.render import Paper

# What changes from one hour to the next without saying anything else about the dossier.
_PASSING: Final = frozenset({"log_statement", "qr", "counted", "draft", "entry", "nth", "statement", "salt"})


def to_text(paper: Paper) -> str:
    """A paper as it is kept: everything that it is set from, small enough to keep a million of them."""
    data = {"template": paper.template, "made_at": paper.made_at.isoformat(), "data": paper.data}
    return b85encode(zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), 9)).decode()


def of_text(text: str) -> Paper:
    """The reverse of `to_text`."""
    found = json.loads(zlib.decompress(b85decode(text)))
    return Paper(found["template"], found["data"], datetime.fromisoformat(found["made_at"]))


def same(one: Paper, other: Paper) -> bool:
    """Whether two papers say the same by the same form, though set at other moments or by another version of it."""
    return _says(one) == _says(other)


def digest(paper: Paper, length: int) -> bytes:
    """The beginning of SHA-256 over what the paper says and its salt, which is kept with it and goes with it.

    Without the salt, 16 random bytes, a guess at what the paper says could be tried against the digest.
    """
    template, said = _says(paper)
    text = json.dumps([paper.data["salt"], template, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).digest()[:length]


def _says(paper: Paper) -> tuple[str, Mapping[str, Any]]:
    said = {name: value for name, value in paper.data.items() if name not in _PASSING}
    return paper.template.rpartition("/")[2], json.loads(json.dumps(said))
