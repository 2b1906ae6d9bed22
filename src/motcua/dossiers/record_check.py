"""Hold the records about persons against the commitments in the log: what was sealed then, or erased by an order."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from motcua.agencies.access import for_system
from motcua.dossiers.findings import Fault, Report, Where
from motcua.dossiers.refs import record_refs
from motcua.persons import queries as persons

_BATCH = 2000


class Commitments:
    """Gathers the references of events and checks them in batches; each record and commitment once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._reader = for_system("verification of the log")
        self._seen: set[tuple[UUID, str]] = set()
        self._waiting: dict[UUID, tuple[str, Where]] = {}

    def add(self, where: Where, data: Mapping[str, Any]) -> None:
        """Take in what an event refers to."""
        for record_id, commitment in record_refs(data):
            if (record_id, commitment) in self._seen:
                continue
            self._seen.add((record_id, commitment))
            if record_id in self._waiting:
                self.flush()
            self._waiting[record_id] = (commitment, where)
        if len(self._waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Check what is waiting."""
        wanted = {record_id: commitment for record_id, (commitment, _) in self._waiting.items()}
        for record_id, verdict in persons.check_commitments(self._reader, wanted).items():
            self._report.records += 1
            if verdict.erased_by:
                self._report.erased[verdict.erased_by] = self._report.erased.get(verdict.erased_by, 0) + 1
            elif not verdict.holds:
                self._report.add(Fault("record_differs", *self._waiting[record_id][1], detail=str(record_id)))
        self._waiting.clear()
