"""Turns what a decision publishes into what a visitor can use: limits, fees, papers and paragraphs in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from motcua.law.worktime import LimitError, TimeLimit, Unit
from motcua.procedures.content import Channel, Component, ComponentKind, Content, Fee, Filing, Limit
from motcua.ui import formats

NOTHING = re.compile(r"^\W*(không có thông tin|không có|không|không quy định)\W*$", re.IGNORECASE)
LONGEST = 200  # characters of a paper's name that a list shows at once
BULLET = re.compile(r"^\s*([-–—•*+])\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list when `items` is not empty."""

    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee in words, and the published remark on it: its beginning and its rest."""

    words: str
    note: str
    rest: str


@dataclass(frozen=True, slots=True)
class Way:
    """One row of the table of ways to file: how, how long, how much."""

    channel: str
    icon: str
    limit: str
    fees: tuple[FeeLine, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to bring, with what to do with it and how many."""

    name: str
    rest: str  # what follows when the published text is too long for a list
    what: str
    count: str
    form: str


@dataclass(frozen=True, slots=True)
class PaperCase:
    """The papers of one case; an empty name means every case."""

    name: str
    papers: tuple[Paper, ...]


def says_something(text: str) -> bool:
    """False for empty text and for the published ways of saying nothing."""
    return bool(text.strip()) and not NOTHING.match(text)


def blocks(text: str) -> tuple[Block, ...]:
    """Published text as paragraphs and lists: a line that begins with a dash, plus, star or dot is a list item."""
    found: list[Block] = []
    items: list[str] = []
    for raw in text.splitlines():
        line = " ".join(raw.split())
        if not line:
            continue
        if BULLET.match(line):
            items.append(BULLET.sub("", line))
            continue
        if items:
            found.append(Block(items=tuple(items)))
            items = []
        found.append(Block(text=line))
    if items:
        found.append(Block(items=tuple(items)))
    return tuple(found)


def limit_words(limit: Limit | None) -> str:
    """A time limit in the words of the reader's language; as published when not understood; "" when not stated."""
    if limit is None:
        return ""
    if limit.text is None:
        return limit.raw if says_something(limit.raw) else ""
    try:
        parsed = TimeLimit.parse(limit.text)
    except LimitError:
        return limit.raw
    if parsed.unit is Unit.SAME_DAY:
        return _("Trong ngày")
    amount = Fraction(parsed.amount)
    number = formats.number(float(amount), 0 if amount.denominator == 1 else 1)
    return _unit_words(parsed.unit, 1 if amount == 1 else 2) % {"count": number}


def _unit_words(unit: Unit, plural: int) -> str:
    # Each call is spelt out, since the message tool can only collect literal texts.
    return {
        Unit.WORKING_DAY: ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", plural),
        Unit.DAY: ngettext("%(count)s ngày", "%(count)s ngày", plural),
        Unit.WORKING_HOUR: ngettext("%(count)s giờ làm việc", "%(count)s giờ làm việc", plural),
        Unit.HOUR: ngettext("%(count)s giờ", "%(count)s giờ", plural),
        Unit.MONTH: ngettext("%(count)s tháng", "%(count)s tháng", plural),
    }[unit]


def fee_words(fee: Fee) -> str:
    """A fee in plain words, with what it is paid for ("/trang"); as published when it was not understood."""
    if fee.free or fee.amount == 0:
        return _("Miễn phí")
    unit = fee.note if fee.note.startswith("/") else ""
    if fee.amount is None:
        return _("Do Hội đồng nhân dân tỉnh quy định") if fee.set_by_council else f"{fee.raw}{unit}"
    money = f"{formats.money(fee.amount)}{unit}"
    if fee.set_by_council:
        return _("%(money)s; mức cụ thể do Hội đồng nhân dân tỉnh quy định") % {"money": money}
    return money


def fee_summary(filings: Iterable[Filing]) -> str:
    """One line over all fees: free, one sum, a range, or "see the table"; "" when nothing is stated."""
    fees = [fee for filing in filings for fee in filing.fees]
    if not fees:
        return ""
    words = list(dict.fromkeys(fee_words(fee) for fee in fees))
    if len(words) == 1 and len(words[0]) <= 60:
        return words[0]
    amounts = [0 if fee.free else fee.amount for fee in fees]
    if all(amount is not None for amount in amounts):
        low, high = min(a for a in amounts if a is not None), max(a for a in amounts if a is not None)
        if low == 0:
            return _("Miễn phí đến %(high)s, tùy trường hợp") % {"high": formats.money(high)}
        return _("%(low)s đến %(high)s, tùy trường hợp") % {"low": formats.money(low), "high": formats.money(high)}
    return _("Tùy trường hợp, xem bảng dưới")


def limit_summary(content: Content) -> str:
    """How long it takes at the desk, in words; "" when not stated."""
    return limit_words(content.limit_for(Channel.DIRECT)) or next(
        (words for filing in content.filings if (words := limit_words(filing.limit))), ""
    )


def ways(content: Content) -> tuple[Way, ...]:
    """The ways to file, at the desk first."""
    names = {
        Channel.DIRECT: (_("Nộp tại quầy"), "landmark"),
        Channel.ONLINE: (_("Nộp trực tuyến"), "globe"),
        Channel.POST: (_("Gửi bưu điện"), "send"),
    }
    found = []
    for channel in (Channel.DIRECT, Channel.ONLINE, Channel.POST):
        for filing in content.filings_for(channel):
            fees = tuple(dict.fromkeys(_fee_line(fee) for fee in filing.fees))
            name, icon = names[channel]
            found.append(Way(name, icon, limit_words(filing.limit), fees, filing.note))
    return tuple(found)


def _fee_line(fee: Fee) -> FeeLine:
    note, rest = shortened("" if fee.note.startswith("/") else fee.note)
    return FeeLine(fee_words(fee), note, rest)


def remarks(content: Content) -> tuple[str, ...]:
    """Why a limit stands here otherwise than it was published, each reason once."""
    return tuple(dict.fromkeys(filing.limit.note for filing in content.filings if filing.limit.note))


def papers(components: Iterable[Component]) -> tuple[PaperCase, ...]:
    """The papers by case, those of every case first; the order within a case is the published one."""
    cases: dict[str, list[Paper]] = {}
    for component in components:
        cases.setdefault(component.case, []).append(_paper(component))
    ordered = sorted(cases, key=bool)  # stable: keeps the published order of the named cases
    return tuple(PaperCase(BULLET.sub("", name).rstrip(": "), tuple(cases[name])) for name in ordered)


def _paper(component: Component) -> Paper:
    what = {
        ComponentKind.SUBMIT: pgettext("paper", "Nộp"),
        ComponentKind.PRESENT: pgettext("paper", "Mang theo để xuất trình"),
        ComponentKind.SUBMIT_IF: pgettext("paper", "Nộp nếu thuộc trường hợp này"),
    }[component.kind]
    counts = []
    if component.originals:
        count = component.originals
        counts.append(ngettext("%(count)s bản chính", "%(count)s bản chính", count) % {"count": count})
    if component.copies:
        count = component.copies
        counts.append(ngettext("%(count)s bản sao", "%(count)s bản sao", count) % {"count": count})
    # One original is what everybody expects; saying it on each line would only hide the lines that differ.
    usual = component.kind is ComponentKind.PRESENT or (component.originals, component.copies) == (1, 0)
    name, rest = shortened(BULLET.sub("", component.name))
    return Paper(name, rest, what, "" if usual else ", ".join(counts), component.form)


def shortened(text: str) -> tuple[str, str]:
    """The text's beginning that fits a list, and its rest ("" when all fits); cut where a clause ends if possible."""
    if len(text) <= LONGEST:
        return text, ""
    ends = [match.end() for match in re.finditer(r"[.;:,)](?=\s)", text[:LONGEST])]
    cut = next((end for end in reversed(ends) if end > LONGEST // 3), 0) or text.rfind(" ", 0, LONGEST)
    return text[:cut].rstrip(), text[cut:].lstrip()
