"""What was lost beside the log is made anew from it; records about persons are held against their commitments."""

import pytest
from django.db import connection

from motcua.dossiers import rebuild
from motcua.dossiers.models import DailyTally, Dossier
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import catch_up
from motcua.persons.commands import erase
from motcua.persons.models import Record


@pytest.fixture
def told(living_world):
    """Three dossiers, one finished, one with a request and a note; all placed and counted."""
    living_world.finish(living_world.receive().dossier_id)
    living_world.receive(request="Xin cấp gấp")
    living_world.receive()
    catch_up()
    return living_world


def tallied():
    return sorted(DailyTally.objects.values_list("agency_id", "procedure_code", "day", "received", "early", "on_time"))


def test_lost_and_changed_rows_come_back_equal(told, fresh_database):
    before = sorted(Dossier.objects.values_list())
    with fresh_database.connect("owner") as plain:
        plain.execute("DELETE FROM dossiers_dossier WHERE status = 9")
        plain.execute("UPDATE dossiers_dossier SET step = 'elsewhere', bucket = 2")
    connection.close()
    assert not verify().sound
    assert rebuild.rebuild_rows(rebuild.all_dossiers()) == 3
    assert sorted(Dossier.objects.values_list()) == before
    assert verify().sound


def test_tallies_are_counted_anew(told, fresh_database):
    before = sorted(
        DailyTally.objects.values_list("agency_id", "procedure_code", "day", "received", "early", "on_time")
    )
    DailyTally.objects.update(received=99)
    rebuild.rebuild_tallies()
    catch_up()
    assert tallied() == before
    assert verify().sound


def test_records_hold_what_the_log_committed_to(told):
    report = verify(records=True)
    assert report.sound
    assert report.records == 4
    assert report.erased == {}


def test_an_erased_record_is_named_by_its_order_and_the_chain_still_verifies(told):
    erase(Record.objects.filter(kind="note").get().pk, "12/QĐ")
    report = verify(records=True)
    assert report.sound
    assert report.erased == {"12/QĐ": 1}


def test_records_exchanged_or_lost_are_found(told, fresh_database):
    first, second = Record.objects.filter(kind="applicant").order_by("pk")[:2]
    with fresh_database.connect("owner") as plain:
        plain.execute("UPDATE persons_record SET sealed = %s WHERE id = %s", [bytes(first.sealed), second.pk])
        plain.execute("DELETE FROM persons_record WHERE kind = 'note'")
    connection.close()
    assert verify().sound  # the log itself is as it was
    report = verify(records=True)
    assert [fault.kind for fault in report.faults] == ["record_differs"] * 2
