"""Where the elements of a BPMN file stand when a tool draws it: lanes one below another, the way from left to right.

Nodes stand in columns. Between two columns lies a channel in which lines go up and down, each on its own track, and
before the next column room for the names of the lines; lines that pass other columns run below everything. So no line
runs through a node, and no name lies upon another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from motcua.procedures.drawing import wrapped

HEAD = 30  # the band at the left of a pool and of a lane that holds its name
TASK, LEAST, EVENT, GATEWAY = 160, 80, 36, 50
_LINE, _SIZE = 16, 12
_BESIDE = 50  # between a task and its gateway
_LEFT = 3 * HEAD + 24
_GAP, _EVENT_GAP = 40, 60  # below a task; below an event, whose name stands there
_TRACK = 14
_LABEL, _LABEL_HEIGHT = 130, 42  # room for the name of a line, three lines of it, above the line
Point = tuple[int, int]


class Kind(StrEnum):
    """What a node is drawn as."""

    TASK = "task"
    EVENT = "event"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Node:
    """A node in a lane and a column; a gateway stands right of the task that it is `behind`."""

    id: str
    kind: Kind
    lane: str
    column: int
    name: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A line from one node to another, with its name."""

    id: str
    source: str
    target: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """The place of an element; pools and lanes are drawn as lanes."""

    id: str
    x: int
    y: int
    width: int
    height: int
    lane: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """All boxes, pools and lanes before what is in them; the bends of each line; where the names of lines stand."""

    boxes: tuple[Box, ...]
    routes: Mapping[str, Sequence[Point]]
    labels: Mapping[str, Box]


def diagram(nodes: Sequence[Node], flows: Sequence[Flow], lanes: Sequence[tuple[str, str]], pool: str) -> Diagram:
    """The diagram of a process; `lanes` are pairs of an outer and an inner lane, from above."""
    return _Plan(nodes, flows, lanes).diagram(pool)


class _Plan:
    """Places everything, first up and down, then from left to right."""

    def __init__(self, nodes: Sequence[Node], flows: Sequence[Flow], lanes: Sequence[tuple[str, str]]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.lanes = lanes
        self.short = [flow for flow in flows if self.nodes[flow.target].behind]
        self.flows = [flow for flow in flows if not self.nodes[flow.target].behind]
        self.standing = [node for node in nodes if not node.behind]
        self.entries: dict[str, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            self.entries[flow.target].append(flow)
        self.columns = 1 + max(node.column for node in nodes)
        self.far = [flow for flow in self.flows if self._column(flow.target) != self._column(flow.source) + 1]
        self.depths, self.middles = self._rows()
        self.lefts = self._lefts()
        self.boxes = {node.id: self._box(node) for node in nodes}

    def diagram(self, pool: str) -> Diagram:
        """The whole."""
        for flows in self.entries.values():
            flows.sort(key=lambda flow: self.middles[self._owner(flow.source)])
        width = max(box.x + box.width for box in self.boxes.values()) + 60
        frame = self._frame(pool, width)
        routes = {flow.id: self._route(flow) for flow in self.flows} | {
            flow.id: self._next(flow) for flow in self.short
        }
        labels = {flow.id: self._label(flow) for flow in self.flows if flow.name}
        return Diagram((*frame, *self.boxes.values()), routes, labels)

    def _owner(self, id_: str) -> str:
        """The node itself, or the task that a gateway stands behind."""
        return self.nodes[id_].behind or id_

    def _column(self, id_: str) -> int:
        return self.nodes[self._owner(id_)].column

    def _height(self, node: Node) -> int:
        if node.kind is Kind.EVENT:
            return EVENT
        text = _LINE * len(wrapped(node.name, TASK - 16, _SIZE)) + 24
        return max(LEAST, text, _LABEL_HEIGHT * len(self.entries[node.id]))

    def _rows(self) -> tuple[dict[str, int], dict[str, int]]:
        """How deep each lane is, and the middle of each node."""
        stacks: dict[tuple[str, int], list[Node]] = defaultdict(list)
        for node in self.standing:
            stacks[node.lane, node.column].append(node)
        room = {
            node.id: self._height(node) + (_EVENT_GAP if node.kind is Kind.EVENT else _GAP) for node in self.standing
        }
        depths = {inner: LEAST + _GAP for _outer, inner in self.lanes}
        for (lane, _column), stack in stacks.items():
            depths[lane] = max(depths[lane], sum(room[node.id] for node in stack))
        middles, top = {}, 0
        for _outer, lane in self.lanes:
            for column in range(self.columns):
                stack = stacks.get((lane, column), [])
                y = top + (depths[lane] - sum(room[node.id] for node in stack)) // 2
                for node in stack:
                    middles[node.id] = y + room[node.id] // 2
                    y += room[node.id]
            top += depths[lane]
        self.floor = top
        if self.far:
            depths[self.lanes[-1][1]] += _TRACK * (len(self.far) + 2)
        return depths, middles

    def _lefts(self) -> list[int]:
        """Where each column begins, and from where on lines go up and down behind it."""
        self.behind: list[int] = []
        self.tracks: list[list[tuple[str, str]]] = []
        lefts, x = [], _LEFT
        for column in range(self.columns):
            lefts.append(x)
            here = [node for node in self.nodes.values() if self._column(node.id) == column]
            x += TASK if any(node.kind is Kind.TASK for node in here) else EVENT
            x += _BESIDE + GATEWAY if any(node.kind is Kind.GATEWAY for node in here) else 0
            self.behind.append(x + _TRACK)
            leaving = [(flow.id, "out") for flow in self.flows if self._column(flow.source) == column]
            coming = [(flow.id, "in") for flow in self.far if self._column(flow.target) == column + 1]
            self.tracks.append(leaving + coming)
            x += _TRACK * (len(self.tracks[column]) + 1) + _LABEL + 12
        return lefts

    def _box(self, node: Node) -> Box:
        left, middle = self.lefts[self._column(node.id)], self.middles[self._owner(node.id)]
        if node.kind is Kind.GATEWAY:
            return Box(node.id, left + TASK + _BESIDE, middle - GATEWAY // 2, GATEWAY, GATEWAY)
        width, height = (EVENT, EVENT) if node.kind is Kind.EVENT else (TASK, self._height(node))
        return Box(node.id, left, middle - height // 2, width, height)

    def _frame(self, pool: str, width: int) -> list[Box]:
        """The pool, the outer lanes, and in each the inner ones."""
        boxes = [Box(pool, 0, 0, width, sum(self.depths.values()), lane=True)]
        y = 0
        for outer in dict.fromkeys(outer for outer, _inner in self.lanes):
            inner = [lane for at, lane in self.lanes if at == outer]
            boxes.append(Box(outer, HEAD, y, width - HEAD, sum(self.depths[lane] for lane in inner), lane=True))
            for lane in inner:
                boxes.append(Box(lane, 2 * HEAD, y, width - 2 * HEAD, self.depths[lane], lane=True))
                y += self.depths[lane]
        return boxes

    def _entry(self, flow: Flow) -> Point:
        """Where a line comes to its node: at the left, in the order of where the lines come from."""
        box, flows = self.boxes[flow.target], self.entries[flow.target]
        return box.x, box.y + box.height * (2 * flows.index(flow) + 1) // (2 * len(flows))

    def _track(self, column: int, flow: Flow, side: str) -> int:
        return self.behind[column] + _TRACK * self.tracks[column].index((flow.id, side))

    def _route(self, flow: Flow) -> list[Point]:
        box = self.boxes[flow.source]
        x, y = box.x + box.width, box.y + box.height // 2
        to_x, to_y = self._entry(flow)
        out = self._track(self._column(flow.source), flow, "out")
        if flow not in self.far:
            return [(x, y), (to_x, to_y)] if y == to_y else [(x, y), (out, y), (out, to_y), (to_x, to_y)]
        floor = self.floor + _TRACK * (self.far.index(flow) + 1)
        into = self._track(self._column(flow.target) - 1, flow, "in")
        return [(x, y), (out, y), (out, floor), (into, floor), (into, to_y), (to_x, to_y)]

    def _next(self, flow: Flow) -> list[Point]:
        """From a task straight to its gateway."""
        source, target = self.boxes[flow.source], self.boxes[flow.target]
        y = target.y + target.height // 2
        return [(source.x + source.width, y), (target.x, y)]

    def _label(self, flow: Flow) -> Box:
        """Room for a line's name, above its last piece."""
        x, y = self._entry(flow)
        height = min(_LABEL_HEIGHT - 2, 14 * len(wrapped(flow.name, _LABEL - 12, 11)))
        return Box(flow.id, x - _LABEL - 4, y - height - 2, _LABEL - 12, height)
