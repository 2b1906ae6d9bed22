"""A process is published only when no dossier can be stranded in it; every defect is named with its step."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.dossier_world import BOTH, LINEAR, LOOP
from motcua.law.process import End, Function, Outcome, Place, Problem, Process, ProcessError, Step


def step(code, *targets, minutes=60):
    outcomes = tuple(Outcome(f"o{number}", "xong", to) for number, to in enumerate(targets))
    return Step(code, code, Function.CASE_OFFICER, Place.COMPETENT, minutes, outcomes)


def process(*steps, start="a"):
    return Process("p", "p", start, steps)


GRANTED = End.GRANTED.value


@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        ((step("a", "b"), step("b", GRANTED)), ()),
        ((step("a", GRANTED, "a"),), ()),
        ((step("a", "b"), step("b", "a", End.REFUSED.value)), ()),
        ((step("b", GRANTED),), (Problem("unknown_start", value="a"),)),
        ((), (Problem("unknown_start", value="a"),)),
        ((step("a", GRANTED), step("a", GRANTED)), (Problem("duplicate_step", "a"),)),
        (
            (step("a", "b", GRANTED), step("b")),
            (Problem("dead_end", "b"),),
        ),
        (
            (step("a", "b", GRANTED), step("b", "c"), step("c", "b")),
            (Problem("dead_end", "b"), Problem("dead_end", "c")),
        ),
        ((step("a", "a"),), (Problem("dead_end", "a"),)),
        ((step("a", GRANTED), step("b", "a")), (Problem("unreachable", "b"),)),
        ((step("a", GRANTED), step("b", "b")), (Problem("unreachable", "b"), Problem("dead_end", "b"))),
        ((step("a", GRANTED, "nowhere"),), (Problem("unknown_target", "a", "nowhere"),)),
        ((step("a", GRANTED, "@elsewhere"),), (Problem("unknown_target", "a", "@elsewhere"),)),
        ((step("a", GRANTED, minutes=-1),), (Problem("negative_allotment", "a", "-1"),)),
        ((step("a", "", GRANTED), step("", GRANTED)), (Problem("bad_step_code", ""),)),
        ((step("a", GRANTED), step(GRANTED, GRANTED)), (Problem("bad_step_code", GRANTED),)),
    ],
)  # fmt: skip
def test_each_defect_is_named_with_its_step(steps, problems):
    assert set(process(*steps).problems()) == set(problems)
    if problems:
        with pytest.raises(ProcessError) as caught:
            process(*steps).checked()
        assert set(caught.value.problems) == set(problems)
        for problem in problems:
            assert str(problem) in str(caught.value)
    else:
        assert process(*steps).checked() == process(*steps)


def test_two_outcomes_of_one_code_are_a_defect():
    twice = Step("a", "a", Function.LEADER, Place.COMPETENT, 0, (Outcome("ok", "x", GRANTED), Outcome("ok", "y", "a")))
    assert process(twice).problems() == (Problem("duplicate_outcome", "a", "ok"),)


@pytest.mark.parametrize("known", [LINEAR, LOOP, BOTH])
def test_a_definition_survives_its_written_form(known):
    assert Process.from_data(json.loads(json.dumps(known.to_data()))) == known


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("code",), ..., "missing_key"),
        (("steps",), ..., "missing_key"),
        (("steps", 0, "function"), ..., "missing_key"),
        (("steps", 0, "outcomes", 0, "to"), ..., "missing_key"),
        (("steps", 0, "function"), "janitor", "bad_value"),
        (("steps", 0, "agency"), "moon", "bad_value"),
        (("steps", 0, "agency"), ["competent"], "bad_value"),
        (("steps", 0, "allotted_minutes"), "480", "bad_value"),
        (("steps", 0, "allotted_minutes"), True, "bad_value"),
        (("steps", 0, "allotted_minutes"), 1.5, "bad_value"),
        (("steps", 0, "code"), None, "bad_value"),
        (("steps", 0, "outcomes", 0, "name"), 7, "bad_value"),
        (("name",), None, "bad_value"),
        (("steps",), "handle", "bad_value"),
        (("steps",), 5, "bad_value"),
        (("steps", 0), "handle", "bad_value"),
        (("steps", 0, "outcomes"), None, "bad_value"),
        (("start",), "nowhere", "unknown_start"),
        (("steps", 1, "outcomes", 0, "to"), "nowhere", "unknown_target"),
        (("steps", 0, "allotted_minutes"), -1, "negative_allotment"),
    ],
)
def test_bad_data_is_refused_with_a_code_and_never_with_another_exception(path, value, code):
    data = deepcopy(LINEAR.to_data())
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    with pytest.raises(ProcessError) as caught:
        Process.from_data(data)
    assert code in [problem.code for problem in caught.value.problems]


def test_data_that_is_no_definition_at_all_is_refused_too():
    for data in ([], "process", None, 7):
        with pytest.raises(ProcessError):
            Process.from_data(data)


@pytest.mark.parametrize(
    ("known", "minutes"),
    [(LINEAR, 720), (LOOP, 960), (BOTH, 570), (process(step("a", "b", "c"), step("b", "d", minutes=10), step(
        "c", "d", minutes=90), step("d", GRANTED, "a", minutes=5)), 155), (process(), 0)],
)  # fmt: skip
def test_the_longest_way_counts_no_step_twice(known, minutes):
    assert known.longest_simple_minutes() == minutes


@pytest.mark.parametrize(("known", "ways"), [(LINEAR, {"handle": 1, "sign": 1}), (LOOP, {"handle": 2, "sign": 1}),
                                             (BOTH, {"scan": 3, "handle": 2, "stamp": 1})])  # fmt: skip
def test_the_shortest_way_counts_the_steps_to_the_nearest_end(known, ways):
    assert known.shortest_way == ways


def test_an_outcome_knows_whether_it_is_an_end():
    assert LINEAR.by_code["handle"].outcome("refuse").end == End.REFUSED
    assert LINEAR.by_code["handle"].outcome("done").end is None
    assert LINEAR.by_code["handle"].outcome("nothing") is None
    assert LINEAR.step("nowhere") is None


CODES = "abcdef"
targets = st.sampled_from([*CODES, *(end.value for end in End), "nowhere"])
graphs = st.dictionaries(st.sampled_from(CODES), st.tuples(st.lists(targets, max_size=3), st.integers(0, 5)))


@given(graphs)
def test_reachability_dead_ends_and_lengths_agree_with_walking_every_way(graph):
    built = process(*(step(code, *to, minutes=minutes) for code, (to, minutes) in graph.items()))
    ways = list(simple_ways(graph, "a")) if "a" in graph else []
    assert built.reachable == {code for way in ways for code in way}
    assert built.longest_simple_minutes() == max((sum(graph[code][1] for code in way) for way in ways), default=0)
    nearest = {
        code: min(
            (len(way) for way in simple_ways(graph, code) if any(to.startswith("@") for to in graph[way[-1]][0])),
            default=None,
        )
        for code in graph
    }
    assert built.shortest_way == {code: length for code, length in nearest.items() if length}
    found = {(problem.code, problem.step) for problem in built.problems()}
    assert {step for code, step in found if code == "dead_end"} == {code for code, way in nearest.items() if not way}
    unreachable = set(graph) - built.reachable if "a" in graph else set()
    assert {step for code, step in found if code == "unreachable"} == unreachable


def simple_ways(graph, code, seen=()):
    """Every way from a step that visits no step twice, the slow way."""
    way = (*seen, code)
    yield way
    for to in set(graph[code][0]):
        if to in graph and to not in way:
            yield from simple_ways(graph, to, way)


def test_the_way_to_grant_passes_by_the_refusals():
    data = {
        "code": "x",
        "name": "X",
        "start": "a",
        "steps": [
            {
                "code": code,
                "name": code,
                "function": "case_officer",
                "agency": "competent",
                "allotted_minutes": 1,
                "outcomes": [{"code": "on", "name": "on", "to": to}, {"code": "no", "name": "no", "to": "@refused"}],
            }
            for code, to in (("a", "b"), ("b", "c"), ("c", "@granted"))
        ]
        + [
            {
                "code": "only-refusal",
                "name": "only-refusal",
                "function": "leader",
                "agency": "competent",
                "allotted_minutes": 1,
                "outcomes": [{"code": "no", "name": "no", "to": "@refused"}],
            }
        ],
    }
    data["steps"][0]["outcomes"].append({"code": "doubt", "name": "doubt", "to": "only-refusal"})
    process = Process.from_data(data)
    assert process.shortest_way == {"a": 1, "b": 1, "c": 1, "only-refusal": 1}
    assert process.way_to_grant == {"a": 3, "b": 2, "c": 1, "only-refusal": 1}
