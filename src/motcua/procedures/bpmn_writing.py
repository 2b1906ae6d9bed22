"""Writes a process as BPMN 2.0 with its diagram, so that other tools open and draw it, and ours reads it back equal.

A step is a user task in the lane of who does it, several outcomes are an exclusive gateway behind it, each outcome that
ends has an end event at the receiving desk. Codes, functions and minutes are attributes of our own namespace, which
other tools keep.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from motcua.law.process import End, Function, Place, Problem, Process, ProcessError, Step
from motcua.procedures import bpmn, wording
from motcua.procedures.bpmn_diagram import Box, Flow, Kind, Node, diagram
from motcua.procedures.layout import layered

_PREFIXES = {
    "bpmn": bpmn.MODEL,
    "bpmndi": bpmn.DIAGRAM,
    "dc": bpmn.COORDINATES,
    "di": bpmn.INTERCHANGE,
    "motcua": bpmn.OURS,
}
_SAFE = re.compile(r"[^A-Za-z0-9_.-]")
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PROCESS, _POOL, _PLANE = "Process_1", "Participant_1", "Collaboration_1"
_START = "StartEvent_1"
_DESK = (Place.RECEIVING, Function.DESK_OFFICER)
_KNOWN_STEP = frozenset({"code", "name", "function", "agency", "allotted_minutes", "outcomes"})
_KNOWN_OUTCOME = frozenset({"code", "name", "to"})
_KNOWN_PROCESS = frozenset({"code", "name", "start", "steps"})


def written(process: Process) -> bytes:
    """The process as a BPMN file in UTF-8; the same process gives the same bytes.

    Raises ProcessError for a process with defects, and for texts that XML cannot hold.
    """
    process.checked()
    data = process.to_data()
    for text in _texts(data):
        if found := _ILLEGAL.search(text):
            raise ProcessError((Problem("bad_text", value=repr(found[0])),))
    for prefix, address in _PREFIXES.items():
        ET.register_namespace(prefix, address)
    root = _Writer(process, data).definitions()
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def leaves(process: Process) -> list[tuple[Place, Function]]:
    """The lanes of a process from above: who does something, the receiving desk first, where it begins and ends."""
    used = {_DESK, *((step.place, step.function) for step in process.steps)}
    return [(place, function) for place in Place for function in Function if (place, function) in used]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)


class _Writer:
    """One file being written."""

    def __init__(self, process: Process, data: Mapping[str, Any]) -> None:
        self.process = process
        self.data = data
        self.tasks = _ids("Step", [step.code for step in process.steps])
        self.column = {code: layer + 1 for code, layer in layered(process).layer_of.items()}
        self.nodes = [Node(_START, Kind.EVENT, _lane(*_DESK), 0)]
        self.flows = [ET.Element(_model("sequenceFlow"), _ends("Flow_1", _START, self.tasks[process.start]))]
        self.elements = [ET.Element(_model("startEvent"), {"id": _START, "name": _("Tiếp nhận hồ sơ")})]
        for step, of in zip(process.steps, data["steps"], strict=True):
            self._step(step, of)

    def definitions(self) -> ET.Element:
        """The whole file."""
        root = ET.Element(
            _model("definitions"),
            {"id": "Definitions_1", "targetNamespace": "urn:motcua:processes", "exporter": "Motcua"},
        )
        plane = ET.SubElement(root, _model("collaboration"), {"id": _PLANE})
        attributes = {"id": _POOL, "name": self.process.name, "processRef": _PROCESS}
        ET.SubElement(plane, _model("participant"), attributes)
        root.append(self._process())
        root.append(self._diagram())
        return root

    def _process(self) -> ET.Element:
        attributes = {"id": _PROCESS, "name": self.process.name, "isExecutable": "false", bpmn.CODE: self.process.code}
        body = ET.Element(_model("process"), attributes | _extra(self.data, _KNOWN_PROCESS))
        for node in self.elements:
            for tag, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
                for flow in self.flows:
                    if flow.get(end) == node.get("id"):
                        ET.SubElement(node, _model(tag)).text = flow.get("id")
        body.append(self._lanes())
        body.extend(self.elements)
        body.extend(self.flows)
        return body

    def _step(self, step: Step, data: Mapping[str, Any]) -> None:
        """The task, the gateway behind it where it has several outcomes, the ends that they lead to, and the flows."""
        task, lane, column = self.tasks[step.code], _lane(step.place, step.function), self.column[step.code]
        attributes = {
            "id": task,
            "name": step.name,
            bpmn.CODE: step.code,
            bpmn.FUNCTION: step.function.value,
            bpmn.AGENCY: step.place.value,
            bpmn.MINUTES: str(step.allotted_minutes),
        }
        self.elements.append(ET.Element(_model("userTask"), attributes | _extra(data, _KNOWN_STEP)))
        self.nodes.append(Node(task, Kind.TASK, lane, column, step.name))
        source = task
        if len(step.outcomes) > 1:
            source = f"Gateway_{task}"
            gateway = {"id": source, "gatewayDirection": "Diverging"}
            self.elements.append(ET.Element(_model("exclusiveGateway"), gateway))
            self.nodes.append(Node(source, Kind.GATEWAY, lane, column, behind=task))
            self._flow(task, source, {})
        for outcome, more in zip(step.outcomes, data["outcomes"], strict=True):
            to = self._end(outcome.end, column + 1) if outcome.end else self.tasks[outcome.to]
            self._flow(source, to, {"name": outcome.name, bpmn.CODE: outcome.code} | _extra(more, _KNOWN_OUTCOME))

    def _end(self, end: End, column: int) -> str:
        """An end event for one outcome, at the receiving desk: each has its own, so that lines do not run together."""
        words = {End.GRANTED: _("Có kết quả"), End.REFUSED: _("Từ chối giải quyết")}
        id_ = f"EndEvent_{len(self.elements)}"
        attributes = {"id": id_, "name": words[end], bpmn.END: end.name.lower()}
        self.elements.append(ET.Element(_model("endEvent"), attributes))
        self.nodes.append(Node(id_, Kind.EVENT, _lane(*_DESK), column))
        return id_

    def _flow(self, source: str, target: str, attributes: Mapping[str, str]) -> None:
        ends = _ends(f"Flow_{len(self.flows) + 1}", source, target)
        self.flows.append(ET.Element(_model("sequenceFlow"), {**ends, **attributes}))

    def _lanes(self) -> ET.Element:
        """Lanes for the agencies, in each the lanes of its functions."""
        lanes = ET.Element(_model("laneSet"), {"id": "LaneSet_1"})
        inner: dict[Place, ET.Element] = {}
        for place, function in leaves(self.process):
            if place not in inner:
                attributes = {"id": f"Lane_{place.value}", "name": wording.place(place), bpmn.AGENCY: place.value}
                outer = ET.SubElement(lanes, _model("lane"), attributes)
                inner[place] = ET.SubElement(outer, _model("childLaneSet"), {"id": f"LaneSet_{place.value}"})
            id_ = _lane(place, function)
            attributes = {"id": id_, "name": wording.function(function), bpmn.FUNCTION: function.value}
            lane = ET.SubElement(inner[place], _model("lane"), attributes)
            for node in self.nodes:
                if node.lane == id_:
                    ET.SubElement(lane, _model("flowNodeRef")).text = node.id
        return lanes

    def _diagram(self) -> ET.Element:
        """Where everything stands, for tools that draw it."""
        flows = [
            Flow(flow.attrib["id"], flow.attrib["sourceRef"], flow.attrib["targetRef"], flow.get("name", ""))
            for flow in self.flows
        ]
        lanes = [(f"Lane_{place.value}", _lane(place, function)) for place, function in leaves(self.process)]
        drawn = diagram(self.nodes, flows, lanes, _POOL)
        root = ET.Element(f"{{{bpmn.DIAGRAM}}}BPMNDiagram", {"id": "BPMNDiagram_1"})
        plane = ET.SubElement(root, f"{{{bpmn.DIAGRAM}}}BPMNPlane", {"id": "BPMNPlane_1", "bpmnElement": _PLANE})
        for box in drawn.boxes:
            _shape(plane, box)
        for flow in flows:
            attributes = {"id": f"{flow.id}_di", "bpmnElement": flow.id}
            edge = ET.SubElement(plane, f"{{{bpmn.DIAGRAM}}}BPMNEdge", attributes)
            for x, y in drawn.routes[flow.id]:
                ET.SubElement(edge, f"{{{bpmn.INTERCHANGE}}}waypoint", {"x": str(x), "y": str(y)})
            if flow.id in drawn.labels:
                _bounds(ET.SubElement(edge, f"{{{bpmn.DIAGRAM}}}BPMNLabel"), drawn.labels[flow.id])
        return root


def _shape(plane: ET.Element, box: Box) -> None:
    attributes = {"id": f"{box.id}_di", "bpmnElement": box.id} | ({"isHorizontal": "true"} if box.lane else {})
    _bounds(ET.SubElement(plane, f"{{{bpmn.DIAGRAM}}}BPMNShape", attributes), box)


def _bounds(of: ET.Element, box: Box) -> None:
    bounds = {"x": str(box.x), "y": str(box.y), "width": str(box.width), "height": str(box.height)}
    ET.SubElement(of, f"{{{bpmn.COORDINATES}}}Bounds", bounds)


def _lane(place: Place, function: Function) -> str:
    return f"Lane_{place.value}_{function.value}"


def _ends(id_: str, source: str, target: str) -> dict[str, str]:
    return {"id": id_, "sourceRef": source, "targetRef": target}


def _model(name: str) -> str:
    return f"{{{bpmn.MODEL}}}{name}"


def _extra(data: Mapping[str, Any], known: frozenset[str]) -> dict[str, str]:
    """What a definition says beyond what has an attribute of its own."""
    more = {name: value for name, value in data.items() if name not in known}
    return {bpmn.DATA: json.dumps(more, ensure_ascii=False, sort_keys=True)} if more else {}


def _ids(prefix: str, codes: Sequence[str]) -> dict[str, str]:
    """An id that XML and other tools take for each code; two codes that look alike there are numbered."""
    ids: dict[str, str] = {}
    for code in codes:
        plain = f"{prefix}_{_SAFE.sub('_', code)}"
        taken, number = plain, 2
        while taken in ids.values():
            taken, number = f"{plain}_{number}", number + 1
        ids[code] = taken
    return ids
