"""Loads the starter procedures: 35 everyday ones of a commune, and internal processes for those most used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from motcua.procedures.commands import publish_process, put_procedures
from motcua.procedures.records import ProcedureRecord, Source
from motcua.starter.loading import LoadResult, load_once

FILE = "procedures.json"
_REVISION = 1


def load(*, echo: Callable[[str], None] | None = None) -> LoadResult:
    """Put the starter procedures and processes in; does nothing when this file is already in.

    What was imported from the national portal meanwhile stays: the starter only fills what is missing there.
    """

    def work(facts: dict[str, Any]) -> Mapping[str, int]:
        if echo is not None:
            echo("procedures")
        results = put_procedures(records(facts))
        published = [
            publish_process(item["definition"], procedure_code=item["procedure"]) for item in facts["processes"]
        ]
        return {
            "procedures": len(results),
            "created": sum(result.outcome == "created" for result in results),
            "processes": len(published),
        }

    return load_once(FILE, _REVISION, work)


def records(facts: Mapping[str, Any]) -> list[ProcedureRecord]:
    """The procedures of the file of facts as records."""
    found = []
    for item in facts["procedures"]:
        parts = {name: value for name, value in item.items() if name != "code"}
        found.append(ProcedureRecord(item["code"], parts, Source.STARTER, everyday=True))
    return found
