"""Ways through a graph of steps: what reaches what, and the longest way, in bounded time on any graph.

A graph gives for each node those that follow it. Edges to nodes that the graph does not have are passed over.
"""

from collections.abc import Mapping, Sequence

Graph = Mapping[str, Sequence[str]]

EXACT = 10  # nodes that may lie on loops of one another and still have every way among them tried


def reach(graph: Graph) -> dict[str, frozenset[str]]:
    """For each node everything that can be reached from it, itself included."""
    return {node: reached(graph, node) for node in graph}


def reached(graph: Graph, node: str) -> frozenset[str]:
    """Everything that can be reached from one node of the graph, itself included."""
    seen, stack = {node}, [node]
    while stack:
        for onward in graph[stack.pop()]:
            if onward in graph and onward not in seen:
                seen.add(onward)
                stack.append(onward)
    return frozenset(seen)


def longest(graph: Graph, weight: Mapping[str, int], start: str) -> int:
    """The largest sum of weights over ways from the start that visit no node twice; 0 for an unknown start.

    Where more than EXACT nodes lie on loops of one another it is an upper bound: each of these is counted once, be
    there such a way or not, because trying all of them would take for ever.
    """
    if start not in graph:
        return 0
    from_each = reach(graph)
    loops = {node: frozenset(to for to in from_each[node] if node in from_each[to]) for node in from_each[start]}
    best: dict[str, int] = {}
    # What reaches less lies further down, or in the same loop.
    for node in sorted(loops, key=lambda each: len(from_each[each])):
        loop = loops[node]
        onward = {each: _onward(graph, each, loop, best) for each in loop}
        if len(loop) > EXACT:
            best[node] = sum(weight[each] for each in loop) + max(onward.values())
        else:
            best[node] = _longest_within(graph, weight, node, onward)
    return best[start]


def _onward(graph: Graph, node: str, loop: frozenset[str], best: Mapping[str, int]) -> int:
    """The longest way on from a node that leaves its loop at once."""
    return max((best[to] for to in graph[node] if to in graph and to not in loop), default=0)


def _longest_within(graph: Graph, weight: Mapping[str, int], entry: str, onward: Mapping[str, int]) -> int:
    """The longest way that enters a loop at this node, goes round in it without a repetition, and goes on."""
    longest_yet = 0
    states = {(frozenset({entry}), entry)}
    while states:
        following = set()
        for seen, node in states:
            longest_yet = max(longest_yet, sum(weight[each] for each in seen) + onward[node])
            following |= {(seen | {to}, to) for to in graph[node] if to in onward and to not in seen}
        states = following
    return longest_yet
