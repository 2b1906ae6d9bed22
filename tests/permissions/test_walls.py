"""Row-level security: a query without any condition gives each reader only what the table of permissions allows."""

import io
import os
import subprocess
import sys
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from motcua.agencies import walls
from motcua.agencies.access import for_staff
from motcua.agencies.roles import Relation, Role
from motcua.dossiers import belonging, commands, followers, queries
from motcua.dossiers.models import Bookmark, Command, DailyTally, Dossier, Event, Ticket
from motcua.dossiers.worker import catch_up
from motcua.files.commands import attach, store_upload
from motcua.files.models import File
from motcua.law.dossier.vocabulary import Component, Pause, Ref
from motcua.persons import keys
from motcua.persons.keys import KeyTrouble
from motcua.persons.models import Record
from motcua.reports.models import Part, Span
from permissions.table import TABLE, cells
from support.session import HOME
from support.world import APPLICANT, MARRIAGE, OTHER_WARD, PDF, POLICE, PROVINCE, RESIDENCE, WARD, World

SEAT = {Relation.OWN_DESK: WARD, Relation.COMPETENT: POLICE, Relation.PARENT: PROVINCE, Relation.NONE: OTHER_WARD}
GUARDED = {
    "dossiers_dossier", "dossiers_event", "dossiers_ticket", "dossiers_dailytally", "persons_record", "files_file",
    "reports_span", "reports_part",
    "papers_issue", "signatures_signedpaper",
}  # fmt: skip


@pytest.fixture
def dossier(world: World) -> UUID:
    """Received by the ward and settled by the police, with a scan, a submitter and notes of both agencies."""
    file = store_upload(io.BytesIO(PDF), "a.pdf")
    found = world.receive(
        RESIDENCE, submitter=APPLICANT, request="Đề nghị",
        components=(Component(1, originals=1, file=Ref(str(file.id), file.commitment)),),
    ).dossier_id  # fmt: skip
    officer = world.reader(Role.CASE_OFFICER, POLICE)
    commands.pause(officer, found, Pause.SUPPLEMENT, "- Tờ khai", command_id=commands.new_id())
    catch_up()
    return found


def counted() -> dict[str, int]:
    """How many rows each table gives when nobody asks for any condition."""
    tables = {"s": Dossier, "e": Event, "t": Ticket, "n": Record, "f": File, "d": DailyTally}
    return {name: model.objects.count() for name, model in tables.items()}


@pytest.mark.parametrize(("role", "relation"), [(role, relation) for role, relation, _letters in cells()])
def test_a_query_that_forgot_its_condition_gives_what_the_table_allows(world: World, dossier, role, relation):
    user = world.user(role, SEAT[relation])
    everything = counted()
    assert everything == {"s": 1, "e": everything["e"], "t": 1, "n": 4, "f": 1, "d": 1}
    letters = TABLE[role, relation]
    with walls.guarding():
        for_staff(user)
        found = counted()
    seen = "s" in letters
    # Figures are an agency's: the receiving one has received; the competent one has settled nothing yet.
    figures = seen and relation in (Relation.OWN_DESK, Relation.PARENT)
    assert found == {
        "s": seen, "e": everything["e"] * seen, "t": seen, "n": 4 * ("n" in letters), "f": "f" in letters, "d": figures,
    }  # fmt: skip


def test_a_connection_that_nobody_speaks_for_gives_nothing(dossier):
    assert all(counted().values())
    with walls.guarding():
        assert not any(counted().values())
    assert all(counted().values())


def test_the_lists_end_with_the_request(world: World, dossier):
    with walls.guarding():
        for_staff(world.user(Role.LEADER))
        assert Dossier.objects.exists()
        walls.lower()
        connection.connection.execute("SELECT set_config('motcua.reader', '', false)")
        assert not any(counted().values())
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f"coalesce(current_setting('{s}', true), '')" for s in walls.SETTINGS))
            assert not any(cursor.fetchone())


def test_the_lists_end_with_every_kind_of_answer(world: World, client, dossier):
    client.force_login(world.user(Role.LEADER))
    for address in ("/office/", f"/office/ho-so/{dossier}/", "/office/ho-so/x/", "/office/tiep-nhan/"):
        client.get(address)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('motcua.reader'), current_setting('motcua.see_receiving', true)")
            reader, listed = cursor.fetchone()
        assert (reader, listed or "") == ("system", "")


def test_one_reader_after_another_leaves_nothing_behind(world: World, dossier):
    with walls.guarding():
        for_staff(world.user(Role.LEADER))
        assert Dossier.objects.exists()
        for_staff(world.user(Role.LEADER, OTHER_WARD))
        assert not any(counted().values())


def test_a_transaction_taken_back_closes_what_it_opened(world: World, dossier):
    with walls.guarding():
        with transaction.atomic():
            for_staff(world.user(Role.LEADER))
            transaction.set_rollback(True)
        assert not any(counted().values())


def test_nobody_changes_or_removes_a_row_that_is_not_given_to_them(world: World, dossier):
    with walls.guarding():
        for_staff(world.user(Role.LEADER, OTHER_WARD))
        assert Dossier.objects.update(code="X") == 0
        assert Record.objects.update(name_index=[]) == 0
        for_staff(world.user(Role.LEADER))
        assert DailyTally.objects.all().delete()[0] == 0


def test_a_receipt_opens_its_own_dossier_without_any_reader(world: World, dossier):
    token = queries.ticket(world.reader(Role.DESK_OFFICER), dossier)
    code = Dossier.objects.get().code
    with walls.guarding():
        tracked = queries.tracking(_citizen(token))
        assert tracked is not None
        assert tracked == queries.tracking_by_code(_citizen(""), code)
        assert tracked.code == code
        assert queries.tracking(_citizen("00" * 16)) is None


def _citizen(token: str):
    from motcua.agencies.access import for_citizen

    return for_citizen(token)


def test_every_guarded_table_is_guarded_for_the_application_and_open_to_its_owner(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, relforcerowsecurity FROM pg_class WHERE relrowsecurity")
        found = dict(cursor.fetchall())
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE cmd = 'SELECT'")
        assert {name for (name,) in cursor.fetchall()} == set(found)
    assert set(found) >= GUARDED
    assert not any(found.values())  # migrations and dumps are the owner's


def test_doors_past_the_wall_are_the_applications_alone(db):
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE')
            FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace""")
        doors = cursor.fetchall()
    assert {name for name, _config, _public in doors} >= {
        "persons_named",
        "dossiers_behind_token",
        "papers_behind_digest",
        "signatures_behind_digest",
    }
    for name, config, public in doors:
        assert not public, name
        assert config == ["search_path=public, pg_temp"], name


def test_a_web_process_reads_nothing_before_somebody_signs_in(living_world, fresh_database):
    living_world.receive()
    assert Dossier.objects.count() == 1
    program = "import motcua.config.wsgi; from motcua.dossiers.models import Dossier; print(Dossier.objects.count())"
    environment = os.environ | {"DATABASE_URL": fresh_database.url, "MOTCUA_HOME": str(HOME)}
    asked = subprocess.run(
        [sys.executable, "-c", program], check=False, env=environment, capture_output=True, text=True
    )
    assert asked.stdout.strip() == "0", asked.stderr


def test_an_officers_name_search_finds_own_people_only(world: World, dossier):
    from motcua.persons import queries as persons

    with walls.guarding():
        found = persons.find_by_name_words(for_staff(world.user(Role.DESK_OFFICER)), APPLICANT.name)
        assert len(found) == 2
        assert persons.find_by_name_words(for_staff(world.user(Role.DESK_OFFICER, OTHER_WARD)), APPLICANT.name) == []


def test_a_day_of_work_leaves_figures_that_their_agency_reads(world: World, dossier):
    from motcua.dossiers import figures

    today = timezone.localdate()
    with walls.guarding():
        reader = for_staff(world.user(Role.LEADER))
        assert [row.received for row in figures.tallies(reader, today, today)] == [1]
        assert figures.as_of().recorded_at is not None


def test_records_that_were_kept_without_agencies_learn_them_from_the_log(world: World, dossier):
    unknown = {"receiving_agency_id": None, "competent_agency_id": None}
    Record.objects.update(**unknown)
    File.objects.update(**unknown)
    Bookmark.objects.filter(pk=belonging.NAME).update(position=0)
    catch_up()
    pair = (world.agencies[WARD], world.agencies[POLICE])
    for model in (Record, File):
        assert set(model.objects.values_list("receiving_agency_id", "competent_agency_id")) == {pair}


def test_a_file_stays_with_the_dossier_that_it_first_hung_on(world: World, dossier):
    file = File.objects.get()
    attach([file.pk], receiving_agency_id=1, competent_agency_id=1)
    file.refresh_from_db()
    assert file.receiving_agency_id == world.agencies[WARD]


def test_metrics_tell_how_late_a_follower_is_though_nobody_signs_in_to_ask(world: World, dossier, client):
    Bookmark.objects.update(position=0)
    shown = client.get("/metrics").content.decode()
    late = [line.rpartition(" ")[2] for line in shown.splitlines() if line.startswith("motcua_follower_lag_seconds{")]
    assert len(late) == len(followers.registered())
    assert all(float(value) > 0 for value in late)


def test_a_lost_data_key_is_not_made_anew_by_a_process_that_may_read_no_record(world: World, dossier, tmp_path):
    with walls.guarding():
        assert not Record.objects.exists()
        with pytest.raises(KeyTrouble, match=r"data\.key"):
            keys._read_ring("", tmp_path / "data.key")
    assert not (tmp_path / "data.key").exists()


def test_a_command_id_of_somebody_elses_dossier_gives_nothing_away(world: World, dossier):
    first = Command.objects.filter(dossier_id=dossier).earliest("last_seq")
    new = commands.NewDossier(MARRIAGE, APPLICANT, components=(Component(1, originals=1), Component(2, copies=1)))
    with walls.guarding():
        stranger = for_staff(world.user(Role.DESK_OFFICER, OTHER_WARD))
        with pytest.raises(commands.Refused) as refused:
            commands.receive(stranger, new, command_id=first.pk)
    assert refused.value.refusal.code == "command_id_reused"


def test_who_took_part_is_given_to_themselves_and_to_who_follows_officers(world: World, dossier):
    """And that an agency took part, to who may see its figures; spans to who may see what the agency settles."""
    own = world.posts[WARD, Role.DESK_OFFICER]
    seen = {}
    for role, agency in ((Role.DESK_OFFICER, WARD), (Role.CASE_OFFICER, WARD), (Role.LEADER, WARD),
                         (Role.INSPECTOR, PROVINCE), (Role.LEADER, PROVINCE), (Role.LEADER, POLICE)):  # fmt: skip
        user = world.user(role, agency)
        with walls.guarding():
            for_staff(user)
            seen[role, agency] = (
                sorted(Part.objects.filter(agency_id=world.agencies[WARD]).values_list("staff_id", flat=True)),
                Span.objects.count(),
            )
    spans = Span.objects.count()
    assert seen == {
        (Role.DESK_OFFICER, WARD): ([0, own], 0),
        (Role.CASE_OFFICER, WARD): ([0], 0),
        (Role.LEADER, WARD): ([0, own], 0),
        (Role.INSPECTOR, PROVINCE): ([own], 0),
        (Role.LEADER, PROVINCE): ([0], 0),
        (Role.LEADER, POLICE): ([], spans),
    }
    assert spans == 2  # until papers were asked for, and since


def test_a_signed_paper_is_given_to_who_may_see_its_dossier(world: World, dossier):
    from hashlib import sha256

    from motcua.signatures.models import SignedPaper
    from motcua.signatures.queries import kept_file, signers_of

    SignedPaper.objects.create(
        dossier_id=dossier, file_id=dossier, kind="receipt", ordinal=1, by="seal", signer="Con dấu", level="B-B",
        fingerprint="00" * 32, digest=sha256(PDF).digest(), receiving_agency_id=world.agencies[WARD],
        competent_agency_id=world.agencies[POLICE],
    )  # fmt: skip
    for role, relation, letters in cells():
        user = world.user(role, SEAT[relation])
        with walls.guarding():
            for_staff(user)
            assert SignedPaper.objects.exists() is ("s" in letters), (role, relation)
    from motcua.papers.kinds import Kind

    with walls.guarding():
        assert not SignedPaper.objects.exists()
        assert kept_file(PDF).kind is Kind.RECEIPT
        assert [name for _by, name, _at in signers_of(dossier, Kind.RECEIPT, 1)] == ["Con dấu"]
