"""The log only grows, for every role; and what a superuser changes all the same is found by `verify`."""

import psycopg
import pytest
from django.db import connection

from motcua.agencies.access import Role
from motcua.dossiers.models import Event
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import catch_up

LOG = ("dossiers_event", "dossiers_position", "dossiers_command")
CHANGES = {
    "update": "UPDATE {0} SET dossier_id = dossier_id",
    "delete": "DELETE FROM {0}",
    "truncate": "TRUNCATE {0}",
}


@pytest.fixture
def told(living_world):
    """Two dossiers, one finished, all placed and counted."""
    first = living_world.receive()
    living_world.finish(first.dossier_id)
    living_world.receive()
    catch_up()
    return living_world


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_the_log(told, fresh_database, role, table, change):
    with fresh_database.connect(role) as plain, pytest.raises(psycopg.errors.InsufficientPrivilege):
        plain.execute(CHANGES[change].format(table))
    assert Event.objects.count() == 6


def test_a_record_cannot_be_back_dated(told, fresh_database):
    with fresh_database.connect() as plain, pytest.raises(psycopg.errors.CheckViolation):
        plain.execute(
            "INSERT INTO dossiers_event "
            "(dossier_id, seq, type, version, recorded_at, command_id, data, prev_hash, hash) "
            "SELECT dossier_id, 100, type, version, recorded_at - interval '1 day', command_id, data, prev_hash, hash "
            "FROM dossiers_event LIMIT 1"
        )


def test_a_claim_without_a_ground_cannot_be_written(told, fresh_database):
    with fresh_database.connect() as plain, pytest.raises(psycopg.errors.CheckViolation):
        plain.execute(
            "INSERT INTO dossiers_event (dossier_id, seq, type, version, recorded_at, happened_at, command_id, data, "
            "prev_hash, hash) SELECT dossier_id, 100, type, version, clock_timestamp(), recorded_at, command_id, data, "
            "prev_hash, hash FROM dossiers_event LIMIT 1"
        )


_OPEN = "ALTER TABLE {0} DISABLE TRIGGER USER"
_LATE = "e USING dossiers_dossier d WHERE d.id = e.dossier_id AND d.status = 4"
TAMPERED = {
    "a changed word": ("UPDATE dossiers_event SET data = data || '{\"to_staff\": 9}' WHERE seq = 2", "hash_differs"),
    "a moved moment": ("UPDATE dossiers_event SET recorded_at = recorded_at - interval '1 hour'", "hash_differs"),
    "a lost event": ("DELETE FROM dossiers_event WHERE seq = 1", "gap_in_dossier"),
    "a cut tail": ("DELETE FROM dossiers_event WHERE type = 'finished'", "row_differs"),
    "a lost dossier": (f"DELETE FROM dossiers_event {_LATE}", "row_without_events"),
    "a lost position": ("DELETE FROM dossiers_position WHERE position = 2", "gap_in_positions"),
    "a changed row": ("UPDATE dossiers_dossier SET timeliness = 'overdue' WHERE status = 9", "row_differs"),
    "a changed state": ("UPDATE dossiers_dossier SET state = state || '{\"letters\": 1}'", "row_differs"),
    "a changed tally": ("UPDATE dossiers_dailytally SET received = received + 1", "tally_differs"),
    "a lost row": ("DELETE FROM dossiers_dossier WHERE status = 4", "dossier_without_row"),
}


@pytest.mark.parametrize("deed", TAMPERED)
def test_what_a_superuser_changes_is_found(told, fresh_database, deed):
    statement, kind = TAMPERED[deed]
    assert verify().sound
    with fresh_database.connect("owner") as plain:
        for table in ("dossiers_event", "dossiers_position"):
            plain.execute(_OPEN.format(table))
        plain.execute(statement)
        for table in ("dossiers_event", "dossiers_position"):
            plain.execute(_OPEN.format(table).replace("DISABLE", "ENABLE"))
    connection.close()
    report = verify()
    assert not report.sound
    assert kind in {fault.kind for fault in report.faults}


def test_verify_reads_only(told):
    before = Event.objects.count()
    report = verify()
    assert report.sound
    assert (report.dossiers, report.events, report.positions, report.unplaced) == (2, before, before, 0)


def test_verify_counts_claims(told):
    from datetime import datetime

    told.receive(at=datetime(2026, 11, 2, 8, 0))
    report = verify()
    assert report.sound
    assert report.claims == 2
    assert told.reader(Role.LEADER).agency_id
