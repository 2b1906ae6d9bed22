"""A procedure as one source states it, and the rule by which what several sources state becomes one content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from motcua.procedures.content import Confidence, Content, content_from_data, content_to_data


class Source(StrEnum):
    """Where a record comes from, in rising order of how much it is trusted to know."""

    LIST = "portal-list"  # the portal's list: names, fields, agencies
    STARTER = "starter"  # the everyday procedures that come with the program
    FULL = "portal-full"  # the portal's full records
    LOCAL = "local"  # a decision of the installation's own province

    @property
    def rank(self) -> int:
        """Position in that order; it is stored with the version."""
        return list(Source).index(self)


@dataclass(frozen=True)
class ProcedureRecord:
    """What a source states of one procedure: only the parts that it knows, in the shape of `content_to_data`."""

    code: str
    parts: Mapping[str, Any]
    source: Source
    everyday: bool = False

    def __post_init__(self) -> None:
        # Every part checked and every default filled in, so that equal contents have equal hashes.
        object.__setattr__(self, "parts", content_to_data(content_from_data(self.parts)))


@dataclass(frozen=True)
class Doubt:
    """A value of a record that was kept as it stands, or left out, and why."""

    field: str
    reason: str
    value: str = ""


@dataclass(frozen=True)
class Reading:
    """A record with what could not be understood in it."""

    record: ProcedureRecord
    doubts: tuple[Doubt, ...] = field(default_factory=tuple)


def record_of(code: str, content: Content, source: Source, *, everyday: bool = False) -> ProcedureRecord:
    """The record of a whole content; its empty parts are parts that the source does not know."""
    return ProcedureRecord(code, content_to_data(content), source, everyday)


def merged(current: Mapping[str, Any], current_rank: int, record: ProcedureRecord) -> dict[str, Any]:
    """The current content with what the record knows.

    A source of lower rank only fills parts that are empty; one of the same or a higher rank replaces the parts that it
    knows, so a row of a list never wipes a full record. A time limit that was resolved stays when the new source shows
    the same raw value without unit.
    """
    if not current:
        return dict(record.parts)
    data = dict(current)
    fills_only = record.source.rank < current_rank
    for name, value in record.parts.items():
        if not fills_only or not data.get(name):
            data[name] = value
    if not fills_only and "filings" in record.parts:
        data["filings"] = _with_resolved(current.get("filings", ()), record.parts["filings"])
    return data


def _with_resolved(old: Any, new: Any) -> list[dict[str, Any]]:
    known = {
        (filing["channel"], filing["limit"]["raw"]): filing["limit"]
        for filing in old
        if filing["limit"].get("confidence") == Confidence.RESOLVED
    }
    result = []
    for filing in new:
        key = (filing["channel"], filing["limit"]["raw"])
        stays = filing["limit"].get("text") is None and key in known
        result.append({**filing, "limit": known[key]} if stays else filing)
    return result
