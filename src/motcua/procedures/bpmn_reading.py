"""Reads a process from a BPMN 2.0 file: our own back equal, those of other tools as far as they say what we can hold.

What is not understood is named, element by element, and left out; the definition then has a defect where it was, so
that nothing is published with a hole in it. A file cannot harm: no DTD, no entities, bounds for bytes, elements, depth.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError
from django.utils.translation import gettext as _

from motcua.law.process import End, Function, Place
from motcua.law.vietnamese import unaccent
from motcua.procedures import bpmn
from motcua.procedures.bpmn import BpmnError, Note, NoteKind, Read
from motcua.procedures.checking import LONGEST_CODE, MOST_STEPS

MOST_BYTES = 2 * 1024 * 1024
MOST_ELEMENTS = 20_000
DEEPEST = 64
MOST_NOTES = 200
LONGEST_DATA = 1_000
MOST_WAYS = 2_000  # lines followed from one step through gateways

_TASKS = frozenset({"task", "userTask", "manualTask"})
_OTHER_TASKS = frozenset({"serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"})
_PARTS = frozenset({"laneSet", "documentation", "extensionElements", "sequenceFlow", "ioSpecification", "property"})
_HARMLESS = frozenset(
    {"textAnnotation", "association", "group", "dataObject", "dataObjectReference", "dataStoreReference", "messageFlow"}
)
_REFUSED = re.compile(r"tu choi|khong du dieu kien|khong dat|khong chap|refus|reject|den(y|ied)|declin|fail")
_WORDS: Sequence[tuple[re.Pattern[str], Function, Place]] = (
    (
        re.compile(r"mot cua|tiep nhan|tra ket qua|\bdesk\b|front|recepti|receiv|counter"),
        Function.DESK_OFFICER,
        Place.RECEIVING,
    ),
    (
        re.compile(r"lanh dao|chu tich|giam doc|truong phong|\bleader\b|manager|director|\bhead\b|chair"),
        Function.LEADER,
        Place.COMPETENT,
    ),
    (
        re.compile(r"thu ly|chuyen vien|cong chuc|tham dinh|xu ly|giai quyet|case|officer|clerk|specialist|competent"),
        Function.CASE_OFFICER,
        Place.COMPETENT,
    ),
)
_PERFORMERS = frozenset({"assignee", "candidateGroups", "candidateUsers"})
_BARE = re.compile(r"[^a-z0-9]+")


def read(data: bytes) -> Read:
    """The definition that a file holds, with notes on what was not simply understood.

    Of a large file no more than MOST_BYTES + 1 bytes need be given. Raises BpmnError.
    """
    root = _parsed(data)
    if root.tag != _model("definitions"):
        raise BpmnError("not_bpmn", root.tag)
    bodies = [
        body for body in root.findall(_model("process")) if any(_local(each) in _TASKS | _OTHER_TASKS for each in body)
    ]
    if not bodies:
        raise BpmnError("no_process")
    return _Reader(root, bodies).read()


class _Bounded(ET.TreeBuilder):
    """Builds the tree of a file that is neither deep nor large."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.elements = 0

    def start(self, tag: str, attrs: dict[str, str]) -> ET.Element:
        """One element more."""
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise BpmnError("too_deep")
        return super().start(tag, attrs)

    def end(self, tag: str) -> ET.Element:
        """One level up."""
        self.depth -= 1
        return super().end(tag)


def _parsed(data: bytes) -> ET.Element:
    if len(data) > MOST_BYTES:
        raise BpmnError("too_large")
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except DefusedXmlException as error:
        raise BpmnError("hostile") from error
    except BpmnError:
        raise
    except (ParseError, LookupError, ValueError) as error:
        raise BpmnError("not_xml", error) from error
    return root


class _Reader:
    """One process being read."""

    def __init__(self, root: ET.Element, bodies: Sequence[ET.Element]) -> None:
        self.body = bodies[0]
        self.notes: list[Note] = []
        for other in bodies[1:]:
            self._note(NoteKind.LEFT_OUT, "other_process", other)
        for each in root.findall(f"{_model('collaboration')}/{_model('messageFlow')}"):
            self._note(NoteKind.IGNORED, "unused", each)
        self.pool = next(
            (
                each.get("name", "")
                for each in root.iter(_model("participant"))
                if each.get("processRef", "").rpartition(":")[2] == self.body.get("id")
            ),
            "",
        )
        self.nodes = {each.get("id", ""): each for each in self.body if _local(each) not in _PARTS}
        self.flows = [each for each in self.body if _local(each) == "sequenceFlow"]
        self.leaving: dict[str, list[ET.Element]] = defaultdict(list)
        for flow in self.flows:
            self.leaving[flow.get("sourceRef", "")].append(flow)
        self.lanes = self._lane_words()
        self.codes = self._codes()

    def read(self) -> Read:
        """The definition and the notes."""
        name, code = _name(self.body), self.body.get(bpmn.CODE)
        if code is None:
            name = name or " ".join(self.pool.split()) or self.body.get("id", "")
            code = _slug(name) or "quy-trinh"
        steps = [self._step(self.nodes[id_]) for id_ in self.codes]
        self._name_the_rest()
        definition = {
            **_extra(self.body),
            "code": code,
            "name": name,
            "start": self._start(),
            "steps": steps,
        }
        return Read(definition, tuple(self.notes))

    # -- steps --------------------------------------------------------------------------------------------------------

    def _codes(self) -> dict[str, str]:
        """The code of each step, by the id of its task, in the order of the file."""
        codes: dict[str, str] = {}
        tasks = {id_: node for id_, node in self.nodes.items() if _local(node) in _TASKS | _OTHER_TASKS}
        if len(tasks) > MOST_STEPS:
            raise BpmnError("too_many_steps", len(tasks))
        given = {node.get(bpmn.CODE) for node in tasks.values()}
        for id_, node in tasks.items():
            own = node.get(bpmn.CODE)
            codes[id_] = (
                own if own is not None else _free(_slug(node.get("name", "")) or "buoc", {*codes.values(), *given})
            )
        return codes

    def _step(self, node: ET.Element) -> dict[str, Any]:
        if _local(node) in _OTHER_TASKS:
            self._note(NoteKind.ASSUMED, "kind_of_task", node)
        function, place = self._who(node)
        return {
            **_extra(node),
            "code": self.codes[node.get("id", "")],
            "name": _name(node),
            "function": function,
            "agency": place,
            "allotted_minutes": self._minutes(node),
            "outcomes": self._outcomes(node),
        }

    def _minutes(self, node: ET.Element) -> int:
        given = node.get(bpmn.MINUTES, "")
        if re.fullmatch(r"-?\d{1,9}", given, re.ASCII):
            return int(given)
        self._note(NoteKind.ASSUMED, "no_minutes", node)
        return 0

    def _who(self, node: ET.Element) -> tuple[str, str]:
        """Function and agency: our own attributes, else words in the names of lanes and performers, else assumed."""
        function, place = node.get(bpmn.FUNCTION, ""), node.get(bpmn.AGENCY, "")
        if function in set(Function) and place in set(Place):
            return function, place
        performers = [value for name, value in node.attrib.items() if name.rpartition("}")[2] in _PERFORMERS]
        for words in (*performers, *self.lanes.get(node.get("id", ""), ())):
            plain = unaccent(words)
            for pattern, meant, at in _WORDS:
                if pattern.search(plain):
                    return meant.value, at.value
        self._note(NoteKind.ASSUMED, "who", node)
        return Function.CASE_OFFICER.value, Place.COMPETENT.value

    def _lane_words(self) -> Mapping[str, list[str]]:
        """For each node the names of its lanes, the innermost first, then that of the pool."""
        words: dict[str, list[str]] = {}

        def walk(lane: ET.Element, outer: list[str]) -> None:
            names = [lane.get("name", ""), *outer]
            for ref in lane.findall(_model("flowNodeRef")):
                id_ = (ref.text or "").strip().rpartition(":")[2]
                if len(names) > len(words.get(id_, ())):
                    words[id_] = names
            for inner in lane.findall(f"{_model('childLaneSet')}/{_model('lane')}"):
                walk(inner, names)

        for lane in self.body.findall(f"{_model('laneSet')}/{_model('lane')}"):
            walk(lane, [self.pool])
        return words

    # -- ways ---------------------------------------------------------------------------------------------------------

    def _outcomes(self, node: ET.Element) -> list[dict[str, Any]]:
        ways = self._ways(node)
        if len(ways) > 1 and len(self._outgoing(node)) > 1:
            self._note(NoteKind.ASSUMED, "fork", node)
        outcomes: list[dict[str, Any]] = []
        given = {flow.get(bpmn.CODE) for flow, _name, _to in ways}
        for flow, name, to in ways:
            called = name or ("" if bpmn.CODE in flow.attrib else self._name_of(to))
            own, taken = flow.get(bpmn.CODE), {*given, *(each["code"] for each in outcomes)}
            code = own if own is not None else _free(_slug(called) or "ket-qua", taken)
            outcomes.append({**_extra(flow), "code": code, "name": called, "to": to})
        return outcomes

    def _ways(self, node: ET.Element) -> list[tuple[ET.Element, str, str]]:
        """The ways out of a node: the flow that decided, the names on the way, and the step or end it comes to."""
        ways: list[tuple[ET.Element, str, str]] = []
        waiting: list[tuple[ET.Element, str, tuple[str, ...]]] = [
            (flow, "", (node.get("id", ""),)) for flow in reversed(self._outgoing(node))
        ]
        for _followed in range(MOST_WAYS):
            if not waiting:
                break
            flow, names, seen = waiting.pop()
            id_, name = flow.get("targetRef", ""), _name(flow)
            names = f"{names} – {name}" if names and name else names or name
            target = self.nodes.get(id_)
            if target is None:
                self._note(NoteKind.LEFT_OUT, "flow_nowhere", flow)
            elif _local(target) == "exclusiveGateway":
                if id_ in seen:
                    self._note(NoteKind.LEFT_OUT, "gateway_loop", target)
                    continue
                waiting += [(each, names, (*seen, id_)) for each in reversed(self._outgoing(target))]
            elif _local(target) == "endEvent":
                ways.append((flow, names, self._end(target).value))
            else:
                ways.append((flow, names, self.codes.get(id_, f"?{id_}")))
        return ways

    def _outgoing(self, node: ET.Element) -> list[ET.Element]:
        """The flows that leave a node, in the order that the node names them."""
        id_ = node.get("id", "")
        named = [(each.text or "").strip().rpartition(":")[2] for each in node.findall(_model("outgoing"))]
        place = {flow: index for index, flow in enumerate(named)}
        return sorted(self.leaving[id_], key=lambda flow: place.get(flow.get("id", ""), len(place)))

    def _end(self, node: ET.Element) -> End:
        given = node.get(bpmn.END, "")
        if given in {end.name.lower() for end in End}:
            return End[given.upper()]
        refused = bool(_REFUSED.search(unaccent(node.get("name", ""))))
        self._note(NoteKind.ASSUMED, "refused" if refused else "granted", node)
        return End.REFUSED if refused else End.GRANTED

    def _name_of(self, to: str) -> str:
        """What an outcome without a name is called: what it leads to."""
        ends = {End.GRANTED.value: _("Có kết quả"), End.REFUSED.value: _("Từ chối giải quyết")}
        names = {code: _name(self.nodes[id_]) for id_, code in self.codes.items()}
        return ends.get(to) or names.get(to) or _("Chuyển tiếp")

    def _start(self) -> str:
        starts = [node for node in self.nodes.values() if _local(node) == "startEvent"]
        for other in starts[1:]:
            self._note(NoteKind.LEFT_OUT, "other_start", other)
        if starts:
            ways = self._ways(starts[0])
            if len(ways) > 1:
                self._note(NoteKind.LEFT_OUT, "start_forks", starts[0])
            return ways[0][2] if ways else ""
        self._note(NoteKind.ASSUMED, "no_start", self.body)
        reached = {flow.get("targetRef") for flow in self.flows}
        return next((code for id_, code in self.codes.items() if id_ not in reached), "")

    # -- notes --------------------------------------------------------------------------------------------------------

    def _name_the_rest(self) -> None:
        """Names each element that is neither a step nor part of a way."""
        understood = _TASKS | _OTHER_TASKS | {"exclusiveGateway", "startEvent", "endEvent"}
        for node in self.nodes.values():
            if _local(node) in _HARMLESS:
                self._note(NoteKind.IGNORED, "unused", node)
            elif _local(node) not in understood:
                self._note(NoteKind.LEFT_OUT, "not_known", node)

    def _note(self, kind: NoteKind, code: str, node: ET.Element) -> None:
        note = Note(kind, code, _local(node), node.get("id", ""), node.get("name", ""))
        if len(self.notes) < MOST_NOTES and note not in self.notes:
            self.notes.append(note)


def _model(name: str) -> str:
    return f"{{{bpmn.MODEL}}}{name}"


def _local(node: ET.Element) -> str:
    """The name of an element without its namespace; one of a foreign namespace keeps it."""
    tag = str(node.tag)
    return tag.removeprefix(f"{{{bpmn.MODEL}}}")


def _name(node: ET.Element) -> str:
    """The name of an element: as it is in our own export, in one line where another tool broke it."""
    name = node.get("name", "")
    return name if bpmn.CODE in node.attrib else " ".join(name.split())


def _slug(text: str) -> str:
    return _BARE.sub("-", unaccent(text)).strip("-")[:LONGEST_CODE].strip("-")


def _free(code: str, taken: set[str | None]) -> str:
    """The code, numbered where it is taken."""
    free, number = code, 2
    while free in taken:
        ending = f"-{number}"
        free, number = code[: LONGEST_CODE - len(ending)] + ending, number + 1
    return free


def _extra(node: ET.Element) -> dict[str, Any]:
    """What our own export kept beyond the attributes; what is no JSON object says nothing."""
    try:
        found = json.loads(node.get(bpmn.DATA, "{}")[:LONGEST_DATA])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
