"""Where the steps of a process stand when it is drawn: in layers from the start to the ends, with few crossings.

Each outcome that does not lead back goes to a later layer. Layers are counted from 0; steps that the start does not
reach stand last in theirs, so that a draft with defects can be drawn.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from motcua.law.process import Process

_SWEEPS = 3


@dataclass(frozen=True, slots=True)
class Layered:
    """The codes of the steps by layer, each in its order, and the edges (step, to) that lead back to where one was."""

    layers: tuple[tuple[str, ...], ...]
    back: frozenset[tuple[str, str]]

    @property
    def layer_of(self) -> Mapping[str, int]:
        """The layer of each step."""
        return {code: number for number, layer in enumerate(self.layers) for code in layer}


def layered(process: Process) -> Layered:
    """The layers of a process, whatever its defects."""
    back, order = _walked(process)
    depth: dict[str, int] = {}
    for code in order:  # what comes before a step stands before it in the order
        earlier = [
            depth[each] for each in order if each in depth and code in process.onward[each] and (each, code) not in back
        ]
        depth[code] = max(earlier, default=-1) + 1
    layers: dict[int, list[str]] = defaultdict(list)
    for code in order:
        layers[depth[code]].append(code)
    found = [layers[number] for number in sorted(layers)]
    for _ in range(_SWEEPS):
        _order(process, found)
    for layer in found:
        layer.sort(key=lambda code: code not in process.reachable)
    return Layered(tuple(tuple(layer) for layer in found), frozenset(back))


def _walked(process: Process) -> tuple[set[tuple[str, str]], list[str]]:
    """The edges that lead back on a walk in depth, and the steps so that all others lead forward."""
    back: set[tuple[str, str]] = set()
    done: list[str] = []
    starts = ([process.start] if process.start in process.by_code else []) + list(process.by_code)
    seen: set[str] = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(process.onward[start]))]
        while path:
            code, onward = path[-1]
            to = next(onward, None)
            if to is None:
                done.append(code)
                path.pop()
            elif to in (each for each, _rest in path):
                back.add((code, to))
            elif to not in seen:
                seen.add(to)
                path.append((to, iter(process.onward[to])))
    return back, done[::-1]


def _order(process: Process, layers: list[list[str]]) -> None:
    """Brings each layer into the order of what leads to it, so that lines cross less; ties stay as they are."""
    place = {code: index / max(len(layer), 1) for layer in layers for index, code in enumerate(layer)}
    for layer in layers[1:]:
        weight = {}
        for code in layer:
            before = [
                place[each] + _port(process, each, code) for each in process.onward if code in process.onward[each]
            ]
            weight[code] = sum(before) / len(before) if before else place[code]
        layer.sort(key=weight.__getitem__)
        place |= {code: index / len(layer) for index, code in enumerate(layer)}


def _port(process: Process, code: str, to: str) -> float:
    """A little for outcomes further right, so that targets stand in the order of the outcomes that lead to them."""
    outcomes = process.by_code[code].outcomes
    return next(index for index, outcome in enumerate(outcomes) if outcome.to == to) / (100 * len(outcomes))
