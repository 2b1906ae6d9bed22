// Reads BPMN files with bpmn-moddle, which bpmn.io is built on, and prints for each what it found and how it writes it.
import { readFileSync } from "node:fs";
import { BpmnModdle } from "bpmn-moddle";

const NS = "urn:motcua:process:1";

function drawn(plane) {
  const shapes = {};
  for (const each of plane.planeElement) {
    if (!each.bpmnElement || !each.bpmnElement.id) throw new Error(`${each.id} draws nothing that the file has`);
    shapes[each.bpmnElement.id] = each.bounds ? [each.bounds.x, each.bounds.y, each.bounds.width, each.bounds.height]
      : each.waypoint.map((point) => [point.x, point.y]);
  }
  return shapes;
}

const found = [];
for (const path of process.argv.slice(2)) {
  const moddle = new BpmnModdle();
  const { rootElement, warnings } = await moddle.fromXML(readFileSync(path, "utf-8"));
  const body = rootElement.rootElements.find((each) => each.$type === "bpmn:Process");
  const lanes = {};
  const walk = (set) => (set?.lanes ?? []).forEach((lane) => {
    (lane.flowNodeRef ?? []).forEach((node) => { lanes[node.id] = lane.name; });
    walk(lane.childLaneSet);
  });
  (body.laneSets ?? []).forEach(walk);
  const flows = body.flowElements.filter((each) => each.$type === "bpmn:SequenceFlow");
  found.push({
    warnings: warnings.map((each) => each.message),
    elements: body.flowElements.map((each) => [each.$type, each.id, each.name ?? ""]),
    flows: flows.map((each) => [each.sourceRef.id, each.targetRef.id, each.name ?? ""]),
    own: body.flowElements.filter((each) => each.$type === "bpmn:UserTask").map((each) => ({ ...each.$attrs })),
    lanes,
    drawn: rootElement.diagrams?.length ? drawn(rootElement.diagrams[0].plane) : {},
    namespaces: Object.values(rootElement.$attrs).includes(NS),
    again: (await moddle.toXML(rootElement, { format: true })).xml,
  });
}
process.stdout.write(JSON.stringify(found));
