"""The map of a process: nothing lies upon anything else, nothing is cut off, every outcome has its line."""

import itertools
import re
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.law.process import Process
from motcua.procedures.drawing import Words, drawn, wrapped
from motcua.procedures.layout import layered
from procedures.processes import LONG, STARTER, processes

NAMES = {"@start": "Tiếp nhận hồ sơ", "@granted": "Có kết quả", "@refused": "Từ chối"}


def draw(process: Process):
    words = {step.code: Words("Công chức thụ lý, cơ quan giải quyết", "240 phút") for step in process.steps}
    return drawn(process, words, NAMES)


def points(path: str) -> list[tuple[int, int]]:
    """Every point that a path names."""
    numbers = [int(each) for each in re.findall(r"-?\d+", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@given(processes())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_cards_lie_apart_and_everything_within_the_drawing(process):
    found = draw(process)
    for number, card in enumerate(found.cards):
        assert card.x >= 0 and card.x + card.width <= found.width
        assert card.y >= 0 and card.y + card.height <= found.height
        for other in found.cards[number + 1 :]:
            beside = card.x + card.width <= other.x or other.x + other.width <= card.x
            assert beside or card.y + card.height <= other.y or other.y + other.height <= card.y
        for port in card.ports:
            assert card.x <= port.x and port.x + port.width <= card.x + card.width
            assert port.y + port.height == card.y + card.height
    for line in found.lines:
        assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in points(line.path))


@given(processes())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_outcome_has_a_line_that_begins_under_it_and_ends_on_what_follows(process):
    found = draw(process)
    assert len(found.lines) == 1 + sum(len(step.outcomes) for step in process.steps)
    cards = {card.code: card for card in found.cards}
    begins = {(port.x + port.width // 2, card.y + card.height) for card in found.cards for port in card.ports}
    for line in found.lines[1:]:
        assert points(line.path)[0] in begins
    for line in found.lines:
        x, y = points(line.path)[-1]
        card = cards[line.to]
        assert y == card.y and card.x < x < card.x + card.width


@given(processes())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_line_runs_through_a_card(process):
    found = draw(process)
    for line in found.lines:
        corners = points(line.path)
        for (ax, ay), (bx, by) in itertools.pairwise(corners):
            for card in found.cards:
                across = min(ax, bx) < card.x + card.width and max(ax, bx) > card.x
                assert not (across and min(ay, by) < card.y + card.height and max(ay, by) > card.y)


@given(processes())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_lines_to_different_steps_cross_but_do_not_lie_upon_one_another(process):
    spans = []
    for line in draw(process).lines:
        corners = points(line.path)
        for (ax, ay), (bx, by) in itertools.pairwise(corners):
            assert ax == bx or ay == by
            spans.append((ax == bx, ax if ax == bx else ay, *sorted((ay, by) if ax == bx else (ax, bx)), line.to))
    for number, (upright, at, low, high, to) in enumerate(spans):
        for other in spans[number + 1 :]:
            if (upright, at) == other[:2] and to != other[4]:
                assert min(high, other[3]) <= max(low, other[2])


@given(processes())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_layers_go_forward_but_for_what_leads_back(process):
    found = layered(process)
    place = found.layer_of
    assert sorted(place) == sorted(process.by_code)
    assert place[process.start] == 0
    for code, onward in process.onward.items():
        for to in onward:
            assert (place[to] <= place[code]) == ((code, to) in found.back)


def test_a_draft_with_every_defect_is_drawn_too():
    data = deepcopy(STARTER[0])
    data["start"] = "nowhere"
    data["steps"][0]["outcomes"][0]["to"] = "gone"
    data["steps"].append(data["steps"][0] | {"code": "", "outcomes": []})
    data["steps"].append(data["steps"][0] | {"code": "@granted", "name": ""})
    data["steps"].append(data["steps"][1])
    found = draw(Process.read(data))
    assert any(port.lost for card in found.cards for port in card.ports)
    assert not any(line.to == "gone" for line in found.lines)


def test_a_long_name_is_shown_whole():
    data = deepcopy(STARTER[1])
    data["steps"][0]["name"] = LONG
    data["steps"][0]["outcomes"][0]["name"] = LONG
    found = draw(Process.read(data))
    card = next(card for card in found.cards if card.code == data["steps"][0]["code"])
    assert " ".join(words for _y, words in card.name.lines) == LONG
    assert " ".join(words for _y, words in card.ports[0].text.lines) == LONG
    assert len(card.name.lines) > 3
    assert max(y for y, _words in card.ports[0].text.lines) <= card.y + card.height


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("Ký", ["Ký"]),
        ("Lãnh đạo ký", ["Lãnh đạo", "ký"]),
        ("Nghiêngngảnghiêng ngả", ["Nghiêngng", "ảnghiêng", "ngả"]),
    ],
)
def test_texts_are_broken_between_words_and_within_them_only_where_they_must(text, lines):
    assert wrapped(text, 80, 14) == lines


@given(st.text(st.sampled_from("aáệ mWiI.đĐ"), max_size=60), st.integers(10, 200))
def test_breaking_loses_no_letter(text, width):
    found = wrapped(text, width, 12)
    assert "".join(found).replace(" ", "") == "".join(text.split())


@pytest.mark.parametrize("definition", STARTER, ids=lambda each: each["code"])
def test_the_starters_processes_fit_a_desktop(definition):
    assert draw(Process.from_data(definition)).width < 900
