"""Read a stored event of any version: old versions are lifted by pure functions, one step at a time.

`UPCASTERS[(type, version)]` turns the data of that version into the data of the next one. An entry is never removed
and never changed; the golden files of the tests hold every type and version for ever.
"""

from collections.abc import Callable, Mapping
from typing import Any

from motcua.law import codec
from motcua.law.dossier.events import BY_TYPE, Event

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}


class UnknownEventError(ValueError):
    """An event type or version this release cannot read: the log was written by a newer one."""


def read(
    type_: str, version: int, data: Mapping[str, Any], upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS
) -> Event:
    """The event of a stored type, version and data; raises UnknownEventError or codec.CodecError."""
    kind = BY_TYPE.get(type_)
    if kind is None or version > kind.VERSION:
        raise UnknownEventError(f"{type_} version {version}")
    lifted = dict(data)
    for step in range(version, kind.VERSION):
        if (type_, step) not in upcasters:
            raise UnknownEventError(f"{type_} version {step} has no upcaster")
        lifted = upcasters[type_, step](lifted)
    return codec.from_data(kind, lifted)


def write(event: Event) -> tuple[str, int, dict[str, Any]]:
    """An event as stored: its type, its version and its data."""
    return event.TYPE, event.VERSION, codec.to_data(event)
