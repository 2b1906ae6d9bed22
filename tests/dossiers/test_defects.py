"""Each class of defects: made by acts, found by the search with its owner, and gone when it is put right."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.agencies.access import Role, for_system
from motcua.dossiers import asides, commands, defects
from motcua.dossiers.defects import Kind
from motcua.dossiers.models import Defect, Dossier
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import catch_up
from motcua.files.commands import store_upload
from motcua.law.dossier.vocabulary import Component, Pause, Ref, ReturnMethod
from support.world import PDF, POLICE, RESIDENCE, WARD

SYSTEM = for_system("test")
NOW = timezone.now()


def found(world, kind, reader=SYSTEM, at=None):
    """What the search finds of a class at a moment: (code, agency) pairs."""
    defects.search(at or timezone.now())
    views, after = defects.listed(reader, kind)
    assert after is None
    names = {number: code for code, number in world.agencies.items()}
    return {(view.code, names[view.agency_id]) for view in views}


def later(dossier, **span):
    """A moment that much after the dossier's original due time."""
    return Dossier.objects.get(pk=dossier).due_at_original + timedelta(**span)


def scan():
    kept = store_upload(io.BytesIO(PDF), "ban-quet.pdf")
    return Ref(str(kept.id), kept.commitment)


def test_late_without_an_apology_belongs_to_who_settles_it(world):
    answer = world.receive(RESIDENCE)
    assert found(world, Kind.LATE_WITHOUT_APOLOGY) == set()
    assert found(world, Kind.LATE_WITHOUT_APOLOGY, at=later(answer.dossier_id, minutes=1)) == {(answer.code, POLICE)}


def test_a_timely_apology_takes_it_away(world):
    answer = world.receive()
    due = Dossier.objects.get(pk=answer.dossier_id).due_at_original
    commands.appoint_again(
        world.reader(Role.LEADER), answer.dossier_id, due + timedelta(days=7), "Chậm", command_id=commands.new_id()
    )
    assert found(world, Kind.LATE_WITHOUT_APOLOGY, at=later(answer.dossier_id, days=1)) == set()


def test_waiting_for_the_applicant_is_not_late(world):
    answer = world.receive()
    commands.pause(
        world.reader(Role.CASE_OFFICER), answer.dossier_id, Pause.SUPPLEMENT, "Thiếu",
        command_id=commands.new_id(),
    )  # fmt: skip
    assert found(world, Kind.LATE_WITHOUT_APOLOGY, at=later(answer.dossier_id, days=30)) == set()


def test_a_wrong_return_stays_known(world):
    answer = world.receive()
    world.finish(answer.dossier_id)
    commands.return_result(
        world.reader(Role.DESK_OFFICER), answer.dossier_id, ReturnMethod.DESK, command_id=commands.new_id()
    )
    assert found(world, Kind.WRONG_RETURN) == set()
    asides.correct_error(world.reader(Role.LEADER), answer.dossier_id, "Sai năm sinh", command_id=commands.new_id())
    assert found(world, Kind.WRONG_RETURN) == {(answer.code, WARD)}


def test_an_error_corrected_before_the_return_is_no_wrong_return(world):
    answer = world.receive()
    world.finish(answer.dossier_id)
    asides.correct_error(world.reader(Role.LEADER), answer.dossier_id, "Sai năm sinh", command_id=commands.new_id())
    assert found(world, Kind.WRONG_RETURN) == set()


def test_a_step_that_nobody_takes_is_a_gap_until_somebody_does(world):
    answer = world.receive(RESIDENCE)
    tomorrow = timezone.now() + timedelta(hours=25)
    assert found(world, Kind.SLIP_GAP) == set()
    assert found(world, Kind.SLIP_GAP, at=tomorrow) == {(answer.code, POLICE)}
    officer = world.reader(Role.CASE_OFFICER, POLICE)
    commands.assign(officer, answer.dossier_id, officer.staff_id, command_id=commands.new_id())
    assert found(world, Kind.SLIP_GAP, at=tomorrow) == set()
    assert not Defect.objects.filter(kind=Kind.SLIP_GAP).exists()


def test_papers_without_their_scan_are_the_desks(world):
    answer = world.receive(RESIDENCE)
    in_two_days = timezone.now() + timedelta(days=2)
    assert found(world, Kind.NO_SCAN) == set()  # the desk has a day for it
    assert found(world, Kind.NO_SCAN, at=in_two_days) == {(answer.code, WARD)}
    scans = (Component(1, file=scan()), Component(2, file=scan()))
    asides.digitise(world.reader(Role.DESK_OFFICER), answer.dossier_id, components=scans, command_id=commands.new_id())
    assert found(world, Kind.NO_SCAN, at=in_two_days) == set()


def test_no_scan_is_missed_where_the_rules_of_its_day_ask_for_none(world, settings):
    settings.MOTCUA_DIGITISE = False
    world.receive()
    assert found(world, Kind.NO_SCAN, at=timezone.now() + timedelta(days=2)) == set()


def test_a_result_on_paper_only_is_found_and_its_scan_mends_it(world):
    answer = world.receive()
    world.finish(answer.dossier_id)
    in_two_days = timezone.now() + timedelta(days=2)
    assert found(world, Kind.NO_RESULT_FILE, at=in_two_days) == {(answer.code, WARD)}
    asides.digitise(world.reader(Role.DESK_OFFICER), answer.dossier_id, result=scan(), command_id=commands.new_id())
    assert found(world, Kind.NO_RESULT_FILE, at=in_two_days) == set()


def test_a_scan_is_a_file_and_no_record_of_a_person(living_world):
    world = living_world
    dossier = world.receive().dossier_id
    asides.digitise(
        world.reader(Role.DESK_OFFICER), dossier, components=(Component(1, file=scan()),), result=scan(),
        command_id=commands.new_id(),
    )  # fmt: skip
    catch_up()
    assert verify().sound


def test_demonstrations_do_not_bury_what_is_real(world):
    world.receive(at=timezone.localtime(NOW - timedelta(days=3)).replace(tzinfo=None, hour=9))
    assert found(world, Kind.NO_SCAN) == set()


def test_a_desk_that_enters_nothing_is_named_until_it_does(world):
    in_ten_days = timezone.now() + timedelta(days=10)
    silent = {agency for _code, agency in found(world, Kind.SILENT_DESK)}
    assert WARD in silent
    world.receive()
    assert WARD not in {agency for _code, agency in found(world, Kind.SILENT_DESK)}
    assert WARD in {agency for _code, agency in found(world, Kind.SILENT_DESK, at=in_ten_days)}


def test_everybody_sees_the_own_agencys_and_those_below(world):
    answer = world.receive(RESIDENCE)
    at = later(answer.dossier_id, minutes=1)
    kind = Kind.LATE_WITHOUT_APOLOGY
    assert found(world, kind, world.reader(Role.LEADER, POLICE), at) == {(answer.code, POLICE)}
    own = world.receive()
    assert found(world, kind, world.reader(Role.LEADER, "P"), later(own.dossier_id, minutes=1)) == {(own.code, WARD)}
    assert found(world, kind, world.reader(Role.LEADER, "W2"), at) == set()
    assert defects.counted(world.reader(Role.LEADER, "W2")) == tuple(
        each for each in defects.counted(SYSTEM) if each.agency_id == world.agencies["W2"]
    )


def test_searching_again_keeps_what_stands_and_says_what_is_new_and_gone(world):
    answer = world.receive()
    at = later(answer.dossier_id, minutes=1)
    first = defects.search(at)
    kept = set(Defect.objects.values_list("id", flat=True))
    again = defects.search(at)
    assert first.new == first.standing == again.standing == len(kept)
    assert (again.new, again.gone) == (0, 0)
    assert set(Defect.objects.values_list("id", flat=True)) == kept
    commands.withdraw(world.reader(Role.DESK_OFFICER), answer.dossier_id, "", command_id=commands.new_id())
    assert defects.search(at).gone >= 1


def test_pages_hold_each_defect_once(world):
    codes = {world.receive().code for _ in range(5)}
    at = timezone.now() + timedelta(hours=25)
    defects.search(at)
    seen, after = [], ""
    while after is not None:
        views, after = defects.listed(SYSTEM, Kind.SLIP_GAP, after=after, limit=2)
        seen += [view.code for view in views]
    assert sorted(seen) == sorted(codes)
    with pytest.raises(ValueError, match="nothing"):
        defects.listed(SYSTEM, Kind.SLIP_GAP, after="nothing")
