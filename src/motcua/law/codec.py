"""Frozen dataclasses to JSON-able data and back, so that events and states have one written form.

Fields that are None are left out: a later optional field then changes no old record. Moments are written in UTC
with their offset. Supported: str, int, bool, datetime, StrEnum/IntEnum, nested dataclasses, tuples of these,
JSON data (`Any`), and `X | None` of each.
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Convert = Callable[[Any], Any] | None


class CodecError(ValueError):
    """Data that does not have the written form of the type; the message names type and field."""


def to_data(value: Any) -> dict[str, Any]:
    """The written form of a dataclass instance."""
    data: dict[str, Any] = {}
    for name, encode, _ in _fields(type(value)):
        item = getattr(value, name)
        if item is not None:
            data[name] = item if encode is None else encode(item)
    return data


def from_data(kind: type[T], data: Mapping[str, Any]) -> T:
    """Read an instance of `kind`; raises CodecError for unknown, missing or malformed fields."""
    fields = _fields(kind)
    try:
        values = {
            name: data[name] if decode is None else decode(data[name]) for name, _, decode in fields if name in data
        }
        if len(values) != len(data):
            raise CodecError(f"{kind.__name__}: unknown fields {sorted(set(data) - set(values))}")
        return kind(**values)
    except CodecError:
        raise
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise CodecError(f"{kind.__name__}: {error}") from error


_KNOWN: dict[type, tuple[tuple[str, _Convert, _Convert], ...]] = {}


def _fields(kind: type) -> tuple[tuple[str, _Convert, _Convert], ...]:
    """Name, writer and reader of each field of a dataclass, worked out once."""
    found = _KNOWN.get(kind)
    if found is None:
        hints = get_type_hints(kind)
        for field in dataclasses.fields(kind):
            if NoneType in get_args(hints[field.name]) and field.default is not None:
                raise TypeError(f"{kind.__name__}.{field.name} is left out when None, so None must be its default")
        found = tuple((field.name, *_converters(hints[field.name])) for field in dataclasses.fields(kind))
        _KNOWN[kind] = found
    return found


def _converters(hint: Any) -> tuple[_Convert, _Convert]:
    """How to write and to read one field; None stands for 'as it is'."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (item for item in get_args(hint) if item is not NoneType)
    if get_origin(hint) is tuple:
        encode, decode = _converters(get_args(hint)[0])
        return (
            list if encode is None else lambda items: [encode(item) for item in items],
            tuple if decode is None else lambda items: tuple(decode(item) for item in items),
        )
    if hint is datetime:
        return _write_moment, _read_moment
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return to_data, lambda data: from_data(hint, data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda item: item.value, hint
    return None, None


def _write_moment(moment: datetime) -> str:
    if moment.tzinfo is None:  # Python would take it for the machine's own zone
        raise CodecError(f"moment without offset: {moment.isoformat()}")
    return moment.astimezone(UTC).isoformat()


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise CodecError(f"moment without offset: {text}")
    return moment.astimezone(UTC)
