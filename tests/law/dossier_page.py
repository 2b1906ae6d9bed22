"""The tables of docs/developer/dossier.md, made from the code; run it to print them after a change."""

import dataclasses
import sys

from motcua.law.dossier.commands import Command, Receive, Register
from motcua.law.dossier.events import EVENT_TYPES
from motcua.law.dossier.permitting import ALLOWED, BY, BY_FILER, EITHER, ON_STEP
from motcua.law.dossier.vocabulary import FINISHED, OPEN, PAUSED, Status
from motcua.law.process import Place

PLACES = {Place.RECEIVING: "the receiving desk", Place.COMPETENT: "the competent agency"}
OTHERWISE = {
    "AnswerConsultation": "case officer or leader, the agency that was asked or the competent one",
    "Relocate": "leader, the agency that took the other's place",
}


def commands_table() -> str:
    """Command, what it does, the statuses in which it may be given, who may, the article."""
    rows = ["| command | meaning | in status | who may | article |", "|---|---|---|---|---|"]
    for kind in Command.__args__:
        statuses, article = ALLOWED.get(kind, (frozenset(), "NĐ 61/2018, Điều 16, 17"))
        allowed = ", ".join(str(int(status)) for status in sorted(statuses)) or "–"
        rows.append(f"| `{kind.__name__}` | {_meaning(kind)} | {allowed} | {_who(kind)} | {article or '–'} |")
    return "\n".join(rows)


def events_table() -> str:
    """Event type, version, what it means, what it carries."""
    rows = ["| event | version | meaning | fields |", "|---|---|---|---|"]
    for kind in EVENT_TYPES:
        fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(kind))
        rows.append(f"| `{kind.TYPE}` | {kind.VERSION} | {_meaning(kind)} | {fields} |")
    return "\n".join(rows)


def statuses_table() -> str:
    """Number and name of each status, and what kind it is of."""
    kinds = {"open": OPEN, "waiting": PAUSED, "finished": FINISHED}
    rows = ["| status | name | kind |", "|---|---|---|"]
    for status in Status:
        names = ", ".join(name for name, members in kinds.items() if status in members) or "ended"
        rows.append(f"| {int(status)} | {status.name.lower()} | {names} |")
    return "\n".join(rows)


def _meaning(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())


def _who(kind: type) -> str:
    filer = "; the system that filed it online" if kind in BY_FILER or kind is Register else ""
    if kind in (Register, Receive):
        return f"desk officer, the receiving desk{filer}"
    if kind in BY:
        place, function = BY[kind]
        return f"{function.value.replace('_', ' ')}, {PLACES[place]}{filer}"
    if kind in EITHER:
        functions = ", ".join(sorted(function.value.replace("_", " ") for function in EITHER[kind]))
        return f"{functions}, the receiving desk or the competent agency"
    if kind in ON_STEP:
        return "whoever the step asks for"
    return OTHERWISE.get(kind.__name__, "an import only")


if __name__ == "__main__":
    sys.stdout.write("\n\n".join([statuses_table(), commands_table(), events_table(), ""]))
