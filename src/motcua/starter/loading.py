"""What the loaders of starter data share: reading a packaged file of facts once and knowing when it is already in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from django.db import transaction

from motcua.places.commands import note_loaded
from motcua.places.queries import loaded_digest


@dataclass(frozen=True)
class LoadResult:
    """Whether a file was loaded now (False: it was already in) and how many rows of each kind it brought."""

    loaded: bool
    counts: Mapping[str, int] = field(default_factory=dict)


def facts(name: str) -> dict[str, Any]:
    """The packaged file `name` of starter data as JSON."""
    value = json.loads(_bytes(name))
    if not isinstance(value, dict):
        raise ValueError(f"starter data {name}: expected a JSON object")
    return value


def load_once(name: str, revision: int, work: Callable[[dict[str, Any]], Mapping[str, int]]) -> LoadResult:
    """Do `work` with the packaged file unless this very file was loaded before, in one transaction.

    `revision` is raised by hand when the loader itself changes what it writes.
    """
    digest = hashlib.sha256(_bytes(name) + b"#%d" % revision).hexdigest()
    if loaded_digest(name) == digest:
        return LoadResult(False)
    with transaction.atomic():
        counts = work(facts(name))
        note_loaded(name, digest)
    return LoadResult(True, counts)


def _bytes(name: str) -> bytes:
    return files("motcua.starter").joinpath("data", name).read_bytes()
