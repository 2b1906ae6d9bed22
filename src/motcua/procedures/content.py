"""What a version of a procedure says: its parts by Decree 63/2010, Article 8, as values that go to JSON and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """Way of filing (cách thức thực hiện): at the desk, online, by public post."""

    DIRECT = "direct"
    ONLINE = "online"
    POST = "post"


class Confidence(StrEnum):
    """How a time limit came to be known."""

    PUBLISHED = "published"  # number and unit stand in the source
    RESOLVED = "resolved"  # the source lacks the unit or the number; supplied, with the reason in `note`
    RAW = "raw"  # not understood, kept as it stands


class ComponentKind(StrEnum):
    """What the applicant does with a paper: hand it in, show it, hand it in where the case asks for it."""

    SUBMIT = "submit"
    PRESENT = "present"
    SUBMIT_IF = "submit_if"


@dataclass(frozen=True)
class Limit:
    """Time limit (thời hạn giải quyết): `text` is what `worktime.TimeLimit.parse` reads, None if not understood."""

    raw: str
    text: str | None = None
    confidence: Confidence = Confidence.RAW
    note: str = ""


@dataclass(frozen=True)
class Fee:
    """One fee or charge (phí, lệ phí): whole đồng, free, or set by the province's council; else only `raw` is known."""

    raw: str
    amount: int | None = None
    free: bool = False
    set_by_council: bool = False
    note: str = ""

    @property
    def understood(self) -> bool:
        """Is the sum known, or known to be nothing or to be set by the council?"""
        return self.amount is not None or self.free or self.set_by_council


@dataclass(frozen=True)
class Filing:
    """One way of filing with its limit and fees; a channel has several when the table has a row for each case."""

    channel: Channel
    limit: Limit
    fees: tuple[Fee, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Component:
    """One paper of the dossier (thành phần hồ sơ); `case` names the case that it belongs to, empty for all."""

    no: int
    name: str
    kind: ComponentKind = ComponentKind.SUBMIT
    originals: int = 0
    copies: int = 0
    form: str = ""
    case: str = ""


@dataclass(frozen=True)
class Result:
    """A result of settlement (kết quả) and its code in the national list, if it has one."""

    name: str
    code: str = ""


@dataclass(frozen=True)
class LegalBasis:
    """A legal document that the procedure rests on (căn cứ pháp lý)."""

    name: str
    number: str = ""


@dataclass(frozen=True)
class Content:
    """All parts of one version. Texts are as published; empty means that the source does not say."""

    name: str = ""
    field: str = ""
    issuer: str = ""
    levels: tuple[str, ...] = ()
    legal_class: str = ""
    objects: tuple[str, ...] = ()
    authority: str = ""
    agencies: tuple[str, ...] = ()
    coordinating: str = ""
    receiving_address: str = ""
    decision: str = ""
    steps: str = ""
    filings: tuple[Filing, ...] = ()
    filing_text: str = ""
    components: tuple[Component, ...] = ()
    components_text: str = ""
    set_count: int | None = None
    results: tuple[Result, ...] = ()
    results_text: str = ""
    forms: tuple[str, ...] = ()
    conditions: str = ""
    legal_bases: tuple[LegalBasis, ...] = ()
    legal_text: str = ""
    related: tuple[str, ...] = ()
    source_url: str = ""
    unclear: tuple[str, ...] = ()

    def filings_for(self, channel: str) -> tuple[Filing, ...]:
        """The published rows of one channel, in their order."""
        return tuple(filing for filing in self.filings if filing.channel == channel)

    def limit_for(self, channel: str) -> Limit | None:
        """The first understood limit of the channel, else of any channel, else None."""
        ordered = [*self.filings_for(channel), *self.filings]
        return next((filing.limit for filing in ordered if filing.limit.text is not None), None)


PARTS: tuple[str, ...] = tuple(item.name for item in fields(Content))


def content_to_data(content: Content) -> dict[str, Any]:
    """The content as JSON-able data; parts that say nothing are left out."""
    data: dict[str, Any] = {}
    for name in PARTS:
        value = getattr(content, name)
        if value in ("", (), None):
            continue
        data[name] = [_item(item) for item in value] if isinstance(value, tuple) else value
    return data


def _item(value: Any) -> Any:
    """An entry of a part: a text as it is, a value as its fields; dataclasses.asdict, which copies deeply, is slow."""
    if isinstance(value, str):
        return value
    data = dict(value.__dict__)
    if isinstance(value, Filing):
        data["limit"] = dict(value.limit.__dict__)
        data["fees"] = [dict(fee.__dict__) for fee in value.fees]
    return data


def content_from_data(data: Mapping[str, Any]) -> Content:
    """Read content back; raises ValueError naming a part that does not exist, TypeError for a wrong shape."""
    unknown = sorted(set(data) - set(PARTS))
    if unknown:
        raise ValueError(f"unknown parts of a procedure: {', '.join(unknown)}")
    values: dict[str, Any] = dict(data)
    for name in ("levels", "objects", "agencies", "forms", "related", "unclear"):
        values[name] = tuple(data.get(name, ()))
    values["filings"] = tuple(_filing(item) for item in data.get("filings", ()))
    values["components"] = tuple(_component(item) for item in data.get("components", ()))
    values["results"] = tuple(Result(**item) for item in data.get("results", ()))
    values["legal_bases"] = tuple(LegalBasis(**item) for item in data.get("legal_bases", ()))
    return Content(**values)


def content_hash(data: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of the content."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _filing(item: Mapping[str, Any]) -> Filing:
    limit = dict(item["limit"])
    limit["confidence"] = Confidence(limit.get("confidence", Confidence.RAW))
    fees = tuple(Fee(**fee) for fee in item.get("fees", ()))
    return Filing(Channel(item["channel"]), Limit(**limit), fees, item.get("note", ""))


def _component(item: Mapping[str, Any]) -> Component:
    return Component(**{**item, "kind": ComponentKind(item.get("kind", ComponentKind.SUBMIT))})
