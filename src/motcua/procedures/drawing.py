"""A process as a drawing: cards in layers, outcomes as ports under each card, lines with right angles between them.

Pure geometry in pixels, without colours and without the wording of functions: pages draw it as SVG. Texts are broken to
the width of their card by the estimated width of letters, so that names of any length are shown whole.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from motcua.law.process import End, Process, Step
from motcua.law.vietnamese import unaccent
from motcua.procedures.layout import layered

CARD, PORT = 232, 116  # widths at least: of a card, and of each outcome under it
_PAD, _LINE, _SMALL_LINE = 12, 20, 16
_NAME, _SMALL = 14, 12  # sizes of type
_GAP, _TRACK, _MARGIN = 32, 14, 20
_PILL = 200
_START = "@start"
_ENDS = tuple(end.value for end in End)


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of text; `x` is their middle or beginning, `y` the baseline of each line."""

    x: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Port:
    """An outcome at the lower edge of a card; `lost` when it leads to no step."""

    x: int
    y: int
    width: int
    height: int
    text: Text
    lost: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A step, or a pill for the start or an end (`kind` "step", "start", "granted", "refused")."""

    code: str
    kind: str
    x: int
    y: int
    width: int
    height: int
    who: Text
    name: Text
    time: Text
    ports: tuple[Port, ...] = ()
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line from an outcome to what follows, as SVG path data, with its arrowhead; `back` when it leads back."""

    path: str
    arrow: str
    back: bool
    to: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to draw, within width and height."""

    width: int
    height: int
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a card beside the step's name: who does it, how long it may take, and whether it has a defect."""

    who: str
    time: str
    wrong: bool = False


def drawn(process: Process, words: Mapping[str, Words], names: Mapping[str, str]) -> Drawing:
    """The drawing of a process, defects or not; `names` are those of the start ("@start") and of the ends."""
    steps = layered(process).layers
    ends = [end for end in _ENDS if any(o.to == end for step in process.steps for o in step.outcomes)]
    rows = [
        [_pill(_START, names[_START])],
        *([_card(process, process.by_code[c], words[c]) for c in row] for row in steps),
    ]
    if ends:
        rows.append([_pill(end, names[end]) for end in ends])
    return _Plan(process, rows).drawing()


def wrapped(text: str, width: int, size: int) -> list[str]:
    """The text in lines no wider than this; a word that is wider is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if _width(joined, size) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while _width(line, size) > width:
            cut = next(n for n in range(len(line), 0, -1) if n == 1 or _width(line[:n], size) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line or not lines else lines


_NARROW, _WIDE = frozenset("iljtfr.,:;'|!()[]-"), frozenset("mw@%")


def _width(text: str, size: int) -> float:
    """The estimated width of a text in Be Vietnam Pro, on the side of caution."""
    total = 0.0
    for sign in text:
        base = unaccent(sign)
        narrow, wide = not base or base in _NARROW, base in _WIDE
        total += 0.36 if narrow else 0.92 if wide else 0.74 if sign.isupper() else 0.6
    return total * size


def _text(x: int, top: int, lines: Sequence[str], step: int) -> Text:
    return Text(x, tuple((top + step * (number + 1) - 4, line) for number, line in enumerate(lines)))


def _card(process: Process, step: Step, words: Words) -> Card:
    """A card at 0, 0; the plan moves it to its place."""
    count = len(step.outcomes)
    width = max(CARD, PORT * count)
    inner = width - 2 * _PAD
    who = wrapped(words.who, inner, _SMALL)
    name = wrapped(step.name, inner, _NAME)
    time = wrapped(words.time, inner, _SMALL)
    y = _PAD // 2
    texts: list[Text] = []
    for lines, height in ((who, _SMALL_LINE), (name, _LINE), (time, _SMALL_LINE)):
        texts.append(_text(_PAD, y, lines, height))
        y += height * len(lines)
    y += _PAD // 2
    ports, below = _ports(process, step, width, y)
    told, called, lasts = texts
    return Card(step.code, "step", 0, 0, width, y + below, told, called, lasts, ports, words.wrong)


def _ports(process: Process, step: Step, width: int, y: int) -> tuple[tuple[Port, ...], int]:
    """The outcomes side by side from this height on, and how high they are."""
    if not step.outcomes:
        return (), 0
    each = width // len(step.outcomes)
    texts = [wrapped(outcome.name, each - 12, _SMALL) for outcome in step.outcomes]
    height = max(len(lines) for lines in texts) * _SMALL_LINE + 10
    ports = []
    for number, (outcome, lines) in enumerate(zip(step.outcomes, texts, strict=True)):
        x = number * each
        last = width - x if number == len(step.outcomes) - 1 else each
        lost = outcome.end is None and outcome.to not in process.by_code
        ports.append(Port(x, y, last, height, _text(x + last // 2, y + 3, lines, _SMALL_LINE), lost))
    return tuple(ports), height


def _pill(kind: str, name: str) -> Card:
    lines = wrapped(name, _PILL - 2 * _PAD, _NAME)
    text = _text(_PILL // 2, _PAD // 2, lines, _LINE)
    nothing = Text(0, ())
    return Card(kind, kind.removeprefix("@"), 0, 0, _PILL, _LINE * len(lines) + _PAD + 2, nothing, text, nothing)


def _moved(card: Card, x: int, y: int) -> Card:
    """The card with all that is in it, moved."""

    def text(each: Text) -> Text:
        return Text(each.x + x, tuple((line_y + y, line) for line_y, line in each.lines))

    ports = tuple(replace(port, x=port.x + x, y=port.y + y, text=text(port.text)) for port in card.ports)
    return replace(card, x=x, y=y, who=text(card.who), name=text(card.name), time=text(card.time), ports=ports)


@dataclass(frozen=True, slots=True)
class _Run:
    """A line before it has its place: from the port of a card to another card, beside them where rows lie between."""

    origin: str
    port: int
    to: str
    row: int
    target: int

    @property
    def side(self) -> str:
        """Where it passes other rows: forward on the left, back on the right, to the next row by neither."""
        return "" if self.target == self.row + 1 else "left" if self.target > self.row else "right"

    @property
    def leaves(self) -> tuple[str, str, int]:
        """Its track in the channel below where it begins: those to the sides lie above the others."""
        return ("side" if self.side else "straight", self.origin, self.port)

    @property
    def bus(self) -> tuple[str, str]:
        """What it shares with others on the same side that lead to the same card."""
        return (self.side, self.to)


class _Plan:
    """Places rows of cards below one another, and the lines in the channels between them and beside them."""

    def __init__(self, process: Process, rows: list[list[Card]]) -> None:
        self.process = process
        self.row_of = {card.code: number for number, row in enumerate(rows) for card in row}
        self.runs = self._runs(rows)
        self.buses = list(dict.fromkeys(run.bus for run in self.runs if run.side))
        self.tracks = {channel: self._tracks(channel) for channel in range(len(rows))}
        self.left = _MARGIN * (1 + sum(side == "left" for side, _ in self.buses))
        self.right = self.left + max(sum(card.width + _GAP for card in row) - _GAP for row in rows)
        self.tops: list[int] = []
        self.cards = {card.code: card for card in self._placed(rows)}
        self.entries = self._entries()

    def drawing(self) -> Drawing:
        """The drawing, in which lines cross but do not lie upon one another."""
        width = self.right + _MARGIN * (1 + sum(side == "right" for side, _ in self.buses))
        below = self.tops[-1] if self.tracks[len(self.tracks) - 1] else 0
        height = max(below, 2 + max(card.y + card.height for card in self.cards.values()))
        return Drawing(width, height, tuple(self.cards.values()), tuple(self._line(run) for run in self.runs))

    def _runs(self, rows: list[list[Card]]) -> list[_Run]:
        runs = []
        if self.process.start in self.row_of:
            runs.append(_Run(_START, 0, self.process.start, 0, self.row_of[self.process.start]))
        for number, row in enumerate(rows):
            for card in row:
                for port, outcome in enumerate(self.process.by_code[card.code].outcomes if card.ports else ()):
                    if self.row_of.get(outcome.to):  # nothing leads to row 0, where the start stands
                        runs.append(_Run(card.code, port, outcome.to, number, self.row_of[outcome.to]))
        return runs

    def _tracks(self, channel: int) -> list[object]:
        """What runs from side to side in the channel below a row, from above: to the sides, across, from the sides."""
        leaving = sorted(run.leaves for run in self.runs if run.row == channel)
        coming = dict.fromkeys(run.bus for run in self.runs if run.side and run.target == channel + 1)
        return [*leaving, *coming]

    def _placed(self, rows: list[list[Card]]) -> list[Card]:
        """The cards of all rows, each row in the middle, with room below it for its tracks."""
        placed, y = [], 2
        for number, row in enumerate(rows):
            self.tops.append(y)
            x = self.left + (self.right - self.left - sum(card.width + _GAP for card in row) + _GAP) // 2
            for card in row:
                placed.append(_moved(card, x, y))
                x += card.width + _GAP
            y += max(card.height for card in row) + _TRACK * (len(self.tracks[number]) + 2)
        self.tops.append(y)
        return placed

    def _entries(self) -> dict[tuple[str, object], int]:
        """Where lines come down upon a card, side by side in the order of where they come from."""
        comers: dict[str, dict[object, int]] = defaultdict(dict)
        for run in self.runs:
            far = {"left": -1, "right": self.right + _MARGIN}
            comers[run.to][self._comer(run)] = far.get(run.side) or self._port(run)[0]
        entries = {}
        for to, found in comers.items():
            card = self.cards[to]
            leaving = {self._port(run)[0] for run in self.runs if run.row == self.row_of[to] - 1}
            for number, comer in enumerate(sorted(found, key=lambda each: found[each]), start=1):
                x = card.x + card.width * number // (len(found) + 1)
                while x in leaving and x != found[comer]:  # else it would lie upon a line that begins right above
                    x += 3
                entries[to, comer] = x
        return entries

    def _comer(self, run: _Run) -> object:
        return run.bus if run.side else (run.origin, run.port)

    def _port(self, run: _Run) -> tuple[int, int]:
        """Where a line begins: the middle of its port, or of a pill."""
        card = self.cards[run.origin]
        if not card.ports:
            return card.x + card.width // 2, card.y + card.height
        port = card.ports[run.port]
        return port.x + port.width // 2, card.y + card.height

    def _track(self, channel: int, key: object) -> int:
        """The height of a track, counted up from the row below."""
        tracks = self.tracks[channel]
        return self.tops[channel + 1] - _TRACK * (len(tracks) - tracks.index(key) + 1)

    def _line(self, run: _Run) -> Line:
        x, y = self._port(run)
        entry, top = self.entries[run.to, self._comer(run)], self.cards[run.to].y
        out = self._track(run.row, run.leaves)
        points = [(x, y), (x, out)]
        if run.side:
            index = [bus for bus in self.buses if bus[0] == run.side].index(run.bus) + 1
            beside = self.left - _MARGIN * index if run.side == "left" else self.right + _MARGIN * index
            into = self._track(run.target - 1, run.bus)
            points += [(beside, out), (beside, into), (entry, into)]
        elif x != entry:
            points.append((entry, out))
        points.append((entry, top))
        arrow = f"M{entry} {top}l-4 -8h8z"
        return Line(_path(points), arrow, run.side == "right", run.to)


def _path(points: Sequence[tuple[int, int]]) -> str:
    """SVG path data with corners rounded where there is room."""
    data = f"M{points[0][0]} {points[0][1]}"
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        reach = min(6, (abs(ax - bx) + abs(ay - by)) // 2, (abs(cx - bx) + abs(cy - by)) // 2)
        sx, sy = bx + reach * _sign(ax - bx), by + reach * _sign(ay - by)
        ex, ey = bx + reach * _sign(cx - bx), by + reach * _sign(cy - by)
        data += f"L{sx} {sy}Q{bx} {by} {ex} {ey}"
    return f"{data}L{points[-1][0]} {points[-1][1]}"


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
