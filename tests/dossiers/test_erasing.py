"""Erasing by order: what goes and what stays, who may, what is held, and what an older backup brings back."""

import io
import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers import commands, erasing, erasures, holds, queries
from motcua.dossiers.models import Dossier, Erasure, Event
from motcua.dossiers.verify import verify
from motcua.dossiers.wording import Refused
from motcua.dossiers.worker import catch_up
from motcua.files import commands as files_commands
from motcua.files.commands import store_upload, sweep
from motcua.files.models import File
from motcua.files.vault import place
from motcua.law.dossier.vocabulary import Component, Ref, ReturnMethod
from motcua.persons import commands as persons_commands
from motcua.persons import queries as persons
from motcua.persons.commands import NoSuchRecord
from motcua.persons.models import Record
from support.world import APPLICANT, PDF, POLICE, RESIDENCE

SYSTEM = for_system("tests of erasing")
ORDER = "12/QĐ-UBND"
OTHER = replace(APPLICANT, name="Trần Văn Khác", id_number="079190000099", phone="", email="")


@pytest.fixture(autouse=True)
def erasures_file(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.HOME = tmp_path
    return tmp_path / "erasures.jsonl"


@pytest.fixture
def keys(monkeypatch):
    """The data key does not lie in the folder of the test."""
    import base64

    monkeypatch.setenv("MOTCUA_DATA_KEY", base64.b64encode(bytes(32)).decode())


@pytest.fixture
def world(keys, living_world):
    return living_world


def ended(world, *, submitter=None, owner=APPLICANT, procedure=None):
    """A dossier handed in with a scan, finished and returned; its id."""
    scan = store_upload(io.BytesIO(PDF), "Đơn của Mẫu.pdf")
    desk = world.reader(Role.DESK_OFFICER)
    new = commands.NewDossier(
        procedure=procedure or "1.004873",
        owner=owner,
        submitter=submitter,
        components=(Component(1, originals=1, file=Ref(str(scan.id), scan.commitment)),),
        request="Xin cấp cho bà Mẫu",
    )
    dossier = commands.receive(desk, new, command_id=commands.new_id()).dossier_id
    where = POLICE if procedure == RESIDENCE else "W1"
    world.finish(dossier, agency=where)
    commands.return_result(desk, dossier, ReturnMethod.DESK, command_id=commands.new_id(), note="trả cho bà Mẫu")
    return dossier


def records_of(dossier):
    return {UUID(ref["id"]) for event in Event.objects.filter(dossier_id=dossier) for ref in _refs(event.data)}


def _refs(data):
    if isinstance(data, dict):
        if data.keys() == {"id", "commitment"}:
            return [data]
        return [ref for value in data.values() for ref in _refs(value)]
    return [ref for item in data for ref in _refs(item)] if isinstance(data, list) else []


def test_an_erased_dossier_has_no_record_no_file_and_no_index_and_still_verifies(world):
    dossier = ended(world, submitter=OTHER)
    (scan,) = File.objects.all()
    assert place(scan.pk).exists()
    gone = erasing.erase_dossier(world.reader(Role.LEADER), dossier, ORDER, early=True)
    assert (gone.records, gone.files) == (4, 1)
    assert not Record.objects.filter(sealed__isnull=False).exists()
    assert {row.erasure_order for row in Record.objects.all()} == {ORDER}
    scan.refresh_from_db()
    assert (scan.key_sealed, scan.name_sealed, scan.erasure_order) == (None, None, ORDER)
    assert not place(scan.pk).exists()
    for person in (APPLICANT, OTHER):
        assert persons.find_by_id_number(SYSTEM, person.id_number) == []
        assert persons.find_by_name_words(SYSTEM, person.name) == []
    catch_up()
    report = verify(records=True)
    assert report.sound
    assert report.erased == {ORDER: 4}
    assert Dossier.objects.get(pk=dossier).erased_at is not None


def test_the_log_says_by_which_order_and_nothing_about_anybody(world):
    dossier = ended(world)
    erasing.erase_dossier(world.reader(Role.LEADER), dossier, ORDER, early=True)
    last = queries.story(SYSTEM, dossier)[-1]
    assert (last.type, last.data) == ("erased", {"order": ORDER, "parts": [], "early": True, "again": False})
    assert last.actor_staff == world.reader(Role.LEADER).staff_id
    detail = queries.detail(SYSTEM, dossier, last.recorded_at)
    assert detail.state.erased_by == ORDER


def test_the_same_press_twice_erases_once(world):
    dossier, command = ended(world), commands.new_id()
    for _ in range(2):
        erasing.erase_dossier(world.reader(Role.LEADER), dossier, ORDER, early=True, command_id=command)
    assert Erasure.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "agency"), [(Role.DESK_OFFICER, "W1"), (Role.CASE_OFFICER, "W1"), (Role.LEADER, "W2"), (Role.LEADER, "P")]
)
def test_only_the_leader_of_the_agency_that_settled_it_erases_a_dossier(world, role, agency):
    dossier = ended(world)
    with pytest.raises((NotPermitted, Refused)):
        erasing.erase_dossier(world.reader(role, agency), dossier, ORDER, early=True)
    assert not Record.objects.filter(sealed__isnull=True).exists()
    assert not Erasure.objects.exists()


def test_the_desks_leader_does_not_erase_what_another_agency_settled(world):
    dossier = ended(world, procedure=RESIDENCE)
    with pytest.raises(Refused, match="not_your_function"):
        erasing.erase_dossier(world.reader(Role.LEADER), dossier, ORDER, early=True)
    erasing.erase_dossier(world.reader(Role.LEADER, POLICE), dossier, ORDER, early=True)


def test_an_open_dossier_is_not_erased_and_nothing_of_it_is_lost(world, erasures_file):
    dossier = world.receive().dossier_id
    with pytest.raises(Refused, match="not_in_this_status"):
        erasing.erase_dossier(SYSTEM, dossier, ORDER, early=True)
    assert not Record.objects.filter(sealed__isnull=True).exists()
    assert not erasures_file.exists()


def test_without_a_schedule_nothing_is_erased_but_early(world):
    with pytest.raises(Refused, match="kept_without_end"):
        erasing.erase_dossier(SYSTEM, ended(world), ORDER)


@pytest.mark.parametrize("order", ["", "  ", "theo đơn của bà Mẫu", "079190000012"])
def test_an_order_that_could_name_a_person_is_refused_and_nothing_goes(world, order):
    dossier = ended(world)
    with pytest.raises(Refused, match="order_needs_number"):
        erasing.erase_dossier(SYSTEM, dossier, order, early=True)
    assert not Record.objects.filter(sealed__isnull=True).exists()


# -- by person --------------------------------------------------------------------------------------------------------


def test_a_person_goes_whole_as_owner_and_alone_where_somebody_else_is_the_owner(world):
    own, others = ended(world), ended(world, owner=OTHER, submitter=APPLICANT)
    done = erasing.erase_person(SYSTEM, "0791 9000 0012", ORDER, early=True)
    assert {each.dossier_id for each in done.gone} == {own, others}
    assert (done.records, done.files) == (4, 1)
    assert persons.find_by_id_number(SYSTEM, APPLICANT.id_number) == []
    state = queries.detail(SYSTEM, others, datetime.now().astimezone()).state
    assert state.erased_by is None
    pair = {"receiving_agency_id": 1, "competent_agency_id": 1}
    assert persons.applicant(SYSTEM, UUID(state.intake.owner.id), **pair).name == OTHER.name
    assert persons.applicant(SYSTEM, UUID(state.intake.submitter.id), **pair).erased_by == ORDER
    catch_up()
    assert verify(records=True).sound


def test_what_was_recorded_of_a_person_by_mistake_goes_and_the_right_owner_stays(world):
    dossier = ended(world)
    desk = world.reader(Role.DESK_OFFICER)
    commands.correct_owner(desk, dossier, OTHER, command_id=commands.new_id())
    done = erasing.erase_person(SYSTEM, APPLICANT.id_number, ORDER, early=True)
    assert (done.records, done.kept) == (1, ())
    assert persons.find_by_id_number(SYSTEM, OTHER.id_number) != []
    assert queries.story(SYSTEM, dossier)[-1].data["parts"]


def test_a_leader_erases_a_person_within_the_own_agency_only(world):
    ended(world)
    done = erasing.erase_person(world.reader(Role.LEADER, "W2"), APPLICANT.id_number, ORDER, early=True)
    assert done.gone == ()
    assert persons.find_by_id_number(SYSTEM, APPLICANT.id_number) != []


def test_what_cannot_go_yet_is_named_and_the_rest_goes(world):
    ended(world)
    still_open = world.receive()
    done = erasing.erase_person(SYSTEM, APPLICANT.id_number, ORDER, early=True)
    assert len(done.gone) == 1
    assert [(code, refused.refusal.code) for code, refused in done.kept] == [(still_open.code, "not_in_this_status")]


# -- held -------------------------------------------------------------------------------------------------------------


def test_a_held_dossier_is_not_erased_until_the_hold_is_lifted(world):
    dossier, leader = ended(world), world.reader(Role.LEADER)
    hold = holds.hold_dossier(leader, dossier, order="3/CV-TA", reason="Tòa án yêu cầu giữ hồ sơ của bà Mẫu")
    with pytest.raises(Refused) as refused:
        erasing.erase_dossier(leader, dossier, ORDER, early=True)
    assert refused.value.refusal.code == "held"
    assert "3/CV-TA" in str(refused.value.message)
    (standing,) = holds.standing(leader)
    assert (standing.order, standing.reason) == ("3/CV-TA", "Tòa án yêu cầu giữ hồ sơ của bà Mẫu")
    holds.lift(leader, hold, order="4/CV-TA", reason="Tòa án đã xét xong")
    assert holds.standing(leader) == ()
    erasing.erase_dossier(leader, dossier, ORDER, early=True)


def test_a_held_person_is_held_in_every_dossier_however_the_number_is_written(world):
    dossiers = [ended(world), ended(world, owner=OTHER, submitter=APPLICANT)]
    holds.hold_person(SYSTEM, "079 190 000 012", order="3/CV-TA", reason="Giữ")
    for dossier in dossiers:
        with pytest.raises(Refused, match="held"):
            erasing.erase_dossier(SYSTEM, dossier, ORDER, early=True)
    done = erasing.erase_person(SYSTEM, APPLICANT.id_number, ORDER, early=True)
    assert done.gone == ()
    assert {refused.refusal.code for _, refused in done.kept} == {"held"}
    erasing.erase_person(SYSTEM, OTHER.id_number, ORDER, early=True)


def test_a_hold_outlives_a_new_data_key(world, monkeypatch):
    import base64

    dossier = ended(world)
    holds.hold_person(SYSTEM, APPLICANT.id_number, order="3/CV-TA", reason="Giữ")
    old, new = (base64.b64encode(bytes([n]) * 32).decode() for n in (0, 1))
    monkeypatch.setenv("MOTCUA_DATA_KEY", f"{new},{old}")
    while persons_commands.seal_anew() + files_commands.wrap_anew():
        continue
    assert holds.know_again() == 1
    assert holds.know_again() == 0
    monkeypatch.setenv("MOTCUA_DATA_KEY", new)
    with pytest.raises(Refused, match="held"):
        erasing.erase_dossier(SYSTEM, dossier, ORDER, early=True)


@pytest.mark.parametrize(("starts", "until", "holding"), [(-3, -1, False), (-3, 0, True), (1, None, False)])
def test_a_hold_holds_on_its_days(world, starts, until, holding):
    from datetime import timedelta

    from motcua.law.dossier.reckoning import VIETNAM

    today = datetime.now(VIETNAM).date()
    dossier = ended(world)
    holds.hold_dossier(
        SYSTEM, dossier, order="3/CV-TA", reason="Giữ", starts=today + timedelta(days=starts),
        until=None if until is None else today + timedelta(days=until),
    )  # fmt: skip
    assert bool(holds.held([(dossier, ())])) == holding


def test_who_may_not_lead_places_and_lifts_no_hold(world):
    dossier = ended(world)
    for reader in (world.reader(Role.DESK_OFFICER), world.reader(Role.LEADER, "W2")):
        with pytest.raises(NotPermitted):
            holds.hold_dossier(reader, dossier, order="3/CV-TA", reason="Giữ")
    hold = holds.hold_dossier(world.reader(Role.LEADER), dossier, order="3/CV-TA", reason="Giữ")
    with pytest.raises(NotPermitted):
        holds.lift(world.reader(Role.LEADER, "W2"), hold, order="4/CV-TA", reason="Bỏ")
    with pytest.raises(NoSuchRecord):
        holds.hold_person(world.reader(Role.LEADER, "W2"), APPLICANT.id_number, order="3/CV-TA", reason="Giữ")
    with pytest.raises(LookupError):
        holds.lift(SYSTEM, uuid4(), order="4/CV-TA", reason="Bỏ")


def test_a_hold_is_lifted_once(world):
    hold = holds.hold_dossier(SYSTEM, ended(world), order="3/CV-TA", reason="Giữ")
    holds.lift(SYSTEM, hold, order="4/CV-TA", reason="Bỏ")
    with pytest.raises(Refused, match="hold_lifted"):
        holds.lift(SYSTEM, hold, order="5/CV-TA", reason="Bỏ")


@pytest.mark.parametrize("table", ["dossiers_hold", "dossiers_heldnumber", "dossiers_erasure"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0}"])
@pytest.mark.parametrize("role", ["app", "owner"])
def test_nobody_changes_what_was_held_or_erased(world, fresh_database, table, change, role):
    with fresh_database.connect(role) as plain, pytest.raises(psycopg.Error, match=r"refused|permission|referenced"):
        plain.execute(change.format(table))


# -- after a restoration ----------------------------------------------------------------------------------------------


def test_an_older_backup_does_not_bring_anybody_back(world, fresh_database, tmp_path, erasures_file):
    from motcua.config import backup, database
    from motcua.config.migrating import bring_up_to_date

    dossier = ended(world)
    still_open = world.receive().dossier_id
    catch_up()
    backup.dump(tmp_path / "before.dump", database.entry("owner", url=fresh_database.url))
    commands.withdraw(world.reader(Role.DESK_OFFICER), still_open, "", command_id=commands.new_id())
    erasing.erase_person(SYSTEM, APPLICANT.id_number, ORDER, early=True)
    assert len(list(erasures.in_file(erasures_file))) == 2

    server, name = fresh_database.server, f"{fresh_database.name}_again"
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        backup.restore(tmp_path / "before.dump", database.entry("owner", url=server.for_database(name)))
        server.use(name, "owner")
        bring_up_to_date()
        server.use(name)
        assert len(persons.find_by_id_number(SYSTEM, APPLICANT.id_number)) == 2  # back again
        done = erasing.erase_again(SYSTEM, erasures.in_file(erasures_file))
        assert done.records == 3 + 1
        assert persons.find_by_id_number(SYSTEM, APPLICANT.id_number) == []
        assert not Record.objects.filter(sealed__isnull=False).exists()
        assert queries.story(SYSTEM, dossier)[-1].data["again"] is True
        assert queries.detail(SYSTEM, still_open, datetime.now().astimezone()).state.is_open
        catch_up()
        report = verify(records=True)
        assert report.sound
        assert report.erased == {ORDER: 4}
        assert erasing.erase_again(SYSTEM, erasures.in_file(erasures_file)).gone == ()
        assert Erasure.objects.count() == 2
    finally:
        server.use(fresh_database.name)
        server.drop(name)


def test_files_that_a_restoration_brought_back_go_again(world, erasures_file):
    dossier = ended(world)
    (scan,) = File.objects.all()
    sealed = place(scan.pk).read_bytes()
    erasing.erase_dossier(SYSTEM, dossier, ORDER, early=True)
    place(scan.pk).write_bytes(sealed)
    erasing.erase_again(SYSTEM, erasures.in_file(erasures_file))
    assert not place(scan.pk).exists()


def test_the_worker_completes_the_file_from_the_table_and_cuts_off_half_a_line(world, erasures_file):
    first, second = ended(world), ended(world)
    erasing.erase_dossier(SYSTEM, first, ORDER, early=True)
    erasing.erase_dossier(SYSTEM, second, ORDER, early=True)
    whole = erasures_file.read_text(encoding="utf-8")
    erasures_file.write_text(whole[:-40], encoding="utf-8")
    assert len(list(erasures.in_file(erasures_file))) == 1
    assert erasures.complete_file() == 1
    assert erasures_file.read_text(encoding="utf-8") == whole
    assert erasures.complete_file() == 0
    erasures_file.unlink()
    assert erasures.complete_file() == 2


def test_the_file_holds_ids_and_orders_only(world, erasures_file):
    erasing.erase_dossier(SYSTEM, ended(world), ORDER, early=True)
    (line,) = erasures_file.read_text(encoding="utf-8").splitlines()
    data = json.loads(line)
    assert set(data) == {"id", "order", "dossier", "records", "files", "early", "parts"}
    assert data["order"] == ORDER
    assert len(data["records"]) == 3
    assert erasures_file.stat().st_mode & 0o077 == 0


def test_a_file_that_is_none_is_named_with_its_line(tmp_path):
    (tmp_path / "other").write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        list(erasures.in_file(tmp_path / "other"))


def test_files_whose_upload_was_taken_back_are_swept_by_the_worker(world):
    from datetime import timedelta

    from motcua.dossiers.duties import registered

    assert {"files.sweep", "erasures.file"} <= {duty.name for duty in registered()}
    stray = place(uuid4())
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    assert sweep(timedelta(0)) == 1
    assert not stray.exists()
