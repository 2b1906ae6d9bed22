"""The longest way is exact on small loops, an upper bound on large ones, and found at once on every graph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law import ways

NODES = "abcdef"
graphs = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from([*NODES, "elsewhere"]), max_size=4))
weights = st.fixed_dictionaries({node: st.integers(0, 9) for node in NODES})


def slow(graph, weight, node, seen=()):
    """Every way that visits no node twice, tried."""
    onward = [slow(graph, weight, to, (*seen, node)) for to in graph[node] if to in graph and to not in (*seen, node)]
    return weight[node] + max(onward, default=0)


@given(graphs, weights)
def test_the_longest_way_is_that_of_trying_all(graph, weight):
    assert ways.longest(graph, weight, "a") == (slow(graph, weight, "a") if "a" in graph else 0)


@given(graphs, weights)
def test_where_not_all_ways_are_tried_nothing_longer_is_left_out(graph, weight):
    exact, ways.EXACT = ways.EXACT, 0
    try:
        assert ways.longest(graph, weight, "a") >= (slow(graph, weight, "a") if "a" in graph else 0)
    finally:
        ways.EXACT = exact


@pytest.mark.parametrize("size", [ways.EXACT, 60])
def test_a_graph_in_which_everything_leads_everywhere_is_measured_at_once(size):
    nodes = [f"n{number}" for number in range(size)]
    graph = dict.fromkeys(nodes, nodes)
    assert ways.longest(graph, dict.fromkeys(nodes, 2), "n0") == 2 * size


def test_beyond_a_large_loop_the_way_goes_on():
    ring = {f"n{number}": [f"n{(number + 1) % 20}"] for number in range(20)}
    graph = {"in": ["n0"], **ring, "n3": ["n4", "out"], "out": []}
    assert ways.longest(graph, dict.fromkeys(graph, 1), "in") == 22


@given(graphs)
def test_what_is_reached_is_reached_from_what_is_reached(graph):
    found = ways.reach(graph)
    for node, reached in found.items():
        assert node in reached
        assert reached == {node}.union(*(found[to] for to in graph[node] if to in graph))
