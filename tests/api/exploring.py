"""Walks the whole description with schemathesis, with ids and codes of the small province mixed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events

DESCRIPTION = "/api/v1/openapi.json"
# What "no server error and no undocumented answer" means, and what a description is worth nothing without.
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "ignored_auth", "missing_required_header", "unsupported_method",
    "allow_header_conformance",
)  # fmt: skip
# What is not mixed with known values is wrong where the maker meant it to be, and must be refused.
STRICT = (*CHECKS, "negative_data_rejection")


@dataclass
class Found:
    """What a walk came to: how many cases, their answers by status, and every failure with the request it came to."""

    seed: int
    cases: int = 0
    addresses: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        said = f"seed {self.seed}, {self.cases} cases, {len(self.addresses)} addresses, {len(self.failures)} failures"
        return f"{said}\nanswers: {statuses}"


def known_world() -> tuple[dict[str, list[Any]], Callable[[], str]]:
    """The small province with dossiers in several states, and tokens of a client with every role and every scope."""
    from motcua.agencies.access import Role
    from motcua.dossiers.worker import catch_up
    from motcua.exchange import commands
    from motcua.exchange.scopes import Scope
    from support.world import MARRIAGE, OTHER_WARD, POLICE, RESIDENCE, WARD, make_world

    world = make_world()
    made = commands.open_client(
        name="Người thử", agency_code=WARD, scopes=list(Scope), roles=list(Role), per_minute=10_000_000
    )
    dossiers = [world.receive().dossier_id for _ in range(3)] + [world.receive(RESIDENCE).dossier_id]
    world.finish(dossiers[1])
    catch_up()
    known = {
        "dossier_id": [str(each) for each in dossiers],
        "procedure": [MARRIAGE, RESIDENCE],
        "code": [WARD, POLICE, MARRIAGE, "vn"],
        "desk": [WARD, OTHER_WARD],
        "agency": [WARD, POLICE],
        "outcome": ["trinh-ky", "ky"],
        "staff": [world.second_case_officer],
    }
    return known, lambda: commands.issue_token(made.client_id, list(Scope)).token


def walk(
    app: Any, *, seed: int, known: Mapping[str, Iterable[Any]], token: str = "", seconds: int = 0, examples: int = 3
) -> Found:
    """Sends cases to every address; `seconds` goes on fuzzing until they are spent, else so many examples for each."""
    schema = schemathesis.openapi.from_wsgi(
        DESCRIPTION, app, config=_config(seed, token, seconds, examples, CHECKS if known else STRICT)
    )
    _mix_in(schema, {name: list(values) for name, values in known.items()})
    found = Found(seed)
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(found, event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.failures.append(f"{getattr(event, 'label', 'engine')}: {getattr(event, 'info', event)}")
    return found


def _config(seed: int, token: str, seconds: int, examples: int, checks: Iterable[str]) -> SchemathesisConfig:
    long = bool(seconds)
    phases = {name: {"enabled": long} for name in ("examples", "coverage", "stateful")}
    values: dict[str, Any] = {
        "seed": seed,
        "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
        "checks": {"enabled": False, **{name: {"enabled": True} for name in checks}},
        "phases": phases,
        "continue-on-failure": True,
    }
    if token:
        values["headers"] = {"Authorization": f"Bearer {token}"}
    if seconds:
        values["max-time"] = seconds
    return SchemathesisConfig.from_dict(values)


def _mix_in(schema: Any, known: Mapping[str, list[Any]]) -> None:
    """Puts a known value in place of two in three that were made up; which, follows from the made-up one."""

    def mixed(values: Any) -> Any:
        if isinstance(values, dict):
            return {name: _chosen(known.get(name), value, mixed) for name, value in values.items()}
        return [mixed(each) for each in values] if isinstance(values, list) else values

    for place in ("path_parameters", "query", "body"):

        def hook(_context: Any, value: Any) -> Any:
            return mixed(value)

        hook.__name__ = f"map_{place}"
        schema.hook(hook)


def _chosen(values: list[Any] | None, made: Any, mixed: Callable[[Any], Any]) -> Any:
    lot = crc32(repr(made).encode())
    if not values or lot % 3 == 0:
        return mixed(made)
    return values[lot // 3 % len(values)]


def _note(found: Found, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    found.cases += len(recorder.interactions)
    if recorder.label:
        found.addresses.add(recorder.label)
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
    for case_id, checks in recorder.checks.items():
        failed = [check for check in checks if check.status is Status.FAILURE]
        request = recorder.interactions[case_id].request if case_id in recorder.interactions else None
        said = f"{request.method} {request.uri} {request.encoded_body!r:.300}" if request else ""
        for check in failed:
            why = check.failure_info.failure if check.failure_info else ""
            found.failures.append(f"{recorder.label}: {check.name}: {why!s:.600}\n  {said}")
