"""What somebody who owns the database can do to the log, and that each deed is found, with the first bad position.

Two times each deed is done. Plainly: events, positions, rows and figures are changed so that they fit one another, and
`verify` alone finds it by the tree. Thoroughly: the tree and its heads are thrown away too and made anew by our own
worker, so that nothing inside the database tells anything; then yesterday's published head does.
"""

import itertools
import json
import os
import subprocess
import sys
from uuid import UUID

import pytest
from django.db import connection, transaction

from motcua.config.home import home
from motcua.dossiers.chain import GENESIS, Entry, canonical_data, link
from motcua.dossiers.findings import Report
from motcua.dossiers.models import Position
from motcua.dossiers.rebuild import all_dossiers, rebuild_rows, rebuild_tallies
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import catch_up
from motcua.law import signed_note
from motcua.proofs import commands, keys, queries
from motcua.proofs.verify import TreeCheck, read_given

GUARDED = ("dossiers_event", "dossiers_position", "dossiers_command", "proofs_tile", "proofs_head", "proofs_key")
COLUMNS = """dossier_id, seq, type, version, recorded_at, happened_at, ground, actor_staff, actor_agency, command_id"""


@pytest.fixture
def log(living_world):
    """Yesterday three dossiers, their head published; today two more and a second head: 16 events in all."""
    for _ in range(2):
        living_world.finish(living_world.receive().dossier_id)
    living_world.receive()
    catch_up()
    yesterday = commands.sign()
    living_world.finish(living_world.receive().dossier_id)
    living_world.receive()
    catch_up()
    commands.sign()
    assert yesterday.size == 10
    return yesterday


@pytest.fixture
def superuser(fresh_database):
    """Somebody before whom no guard holds."""
    connection.close()
    with fresh_database.connect("owner") as plain:
        plain.autocommit = True
        for table in GUARDED:
            plain.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield plain


def rebuild():
    """Make rows and figures fit the log as it is now."""
    connection.close()
    rebuild_rows(all_dossiers())
    rebuild_tallies()
    catch_up()


def where(plain, position):
    """The dossier and number of the event at a position."""
    return plain.execute("SELECT dossier_id, seq FROM dossiers_position WHERE position = %s", [position]).fetchone()


def rehash(plain, dossier_id):
    """Make a dossier's chain, its positions and its head fit its events again."""
    previous = GENESIS
    sql = f"SELECT {COLUMNS}, data FROM dossiers_event WHERE dossier_id = %s ORDER BY seq"
    for *values, data in plain.execute(sql, [dossier_id]).fetchall():
        digest = link(previous, Entry(*values, canonical_data(data)))
        key = (dossier_id, values[1])
        plain.execute(
            "UPDATE dossiers_event SET prev_hash = %s, hash = %s WHERE dossier_id = %s AND seq = %s",
            [previous, digest, *key],
        )
        plain.execute("UPDATE dossiers_position SET hash = %s WHERE dossier_id = %s AND seq = %s", [digest, *key])
        previous = digest
    plain.execute("UPDATE dossiers_dossier SET head_hash = %s WHERE id = %s", [previous, dossier_id])


def cut(plain, condition, *values):
    """Remove events with their positions, and close the gap that they leave."""
    plain.execute(f"DELETE FROM dossiers_position WHERE {condition}", values)
    plain.execute(f"DELETE FROM dossiers_event WHERE {condition}", values)
    plain.execute(
        "WITH n AS (SELECT position AS old, row_number() OVER (ORDER BY position) AS new FROM dossiers_position), "
        "gone AS (DELETE FROM dossiers_position p USING n WHERE p.position = n.old AND n.old <> n.new "
        "RETURNING n.new, p.dossier_id, p.seq, p.hash) "
        "INSERT INTO dossiers_position (position, dossier_id, seq, hash) "
        "SELECT new + 1000000, dossier_id, seq, hash FROM gone"
    )
    plain.execute("UPDATE dossiers_position SET position = position - 1000000 WHERE position > 1000000")
    orphans = "NOT IN (SELECT dossier_id FROM dossiers_event)"
    plain.execute(f"DELETE FROM dossiers_dossier WHERE id {orphans}")
    plain.execute(f"DELETE FROM dossiers_ticket WHERE dossier_id {orphans}")
    plain.execute("UPDATE dossiers_bookmark SET position = (SELECT max(position) FROM dossiers_position)")


def change_a_byte(plain):
    dossier_id, seq = where(plain, 4)
    plain.execute(
        "UPDATE dossiers_event SET actor_agency = actor_agency + 1 WHERE dossier_id = %s AND seq = %s",
        [dossier_id, seq],
    )
    return 4


def cut_the_tail(plain):
    keys = [where(plain, position) for position in (9, 10)]
    cut(plain, "(dossier_id, seq) IN ((%s, %s), (%s, %s))", *(value for key in keys for value in key))
    return 9


def drop_a_dossier(plain):
    dossier_id, _seq = where(plain, 5)
    first = plain.execute("SELECT min(position) FROM dossiers_position WHERE dossier_id = %s", [dossier_id])
    (position,) = first.fetchone()
    cut(plain, "dossier_id = %s", dossier_id)
    return position


def reorder(plain):
    """An event of one dossier changes places with one of another."""
    rows = plain.execute("SELECT position, dossier_id, seq, hash FROM dossiers_position ORDER BY position").fetchall()
    pairs = itertools.pairwise(rows)
    (first, *one), (second, *other) = next((a, b) for a, b in pairs if a[1] != b[1])
    put = "UPDATE dossiers_position SET dossier_id = %s, seq = %s, hash = %s WHERE position = %s"
    plain.execute("DELETE FROM dossiers_position WHERE position = %s", [second])
    plain.execute(put, [*other, first])
    plain.execute("INSERT INTO dossiers_position VALUES (%s, %s, %s, %s)", [second, *one])
    return first


def back_date(plain):
    """The whole dossier was taken in a day earlier."""
    dossier_id, _seq = where(plain, 3)
    plain.execute(
        "UPDATE dossiers_event SET recorded_at = recorded_at - interval '1 day' WHERE dossier_id = %s", [dossier_id]
    )
    rehash(plain, dossier_id)
    return plain.execute("SELECT min(position) FROM dossiers_position WHERE dossier_id = %s", [dossier_id]).fetchone()[
        0
    ]


def rehash_a_chain(plain):
    """The officer of one act becomes another, and everything that follows fits again."""
    dossier_id, seq = where(plain, 3)
    plain.execute(
        "UPDATE dossiers_event SET actor_staff = actor_staff + 1 WHERE dossier_id = %s AND seq = %s",
        [dossier_id, seq],
    )
    rehash(plain, dossier_id)
    return 3


DEEDS = (change_a_byte, cut_the_tail, drop_a_dossier, reorder, back_date, rehash_a_chain)


def found(*given):
    connection.close()
    return verify(also=[TreeCheck([read_given(head.origin, head.note) for head in given])])


def test_a_log_that_nobody_touched_is_sound(log):
    report = found(log)
    assert report.sound, report.faults
    assert (report.heads, report.first_bad_position) == (3, 0)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_a_deed_is_found_by_verify_alone(log, superuser, deed):
    position = deed(superuser)
    rebuild()
    report = found()
    assert not report.sound
    assert report.first_bad_position == position, report.faults
    expected = {"hash_differs"} if deed is change_a_byte else {"leaf_differs", "head_differs"}
    assert expected <= {fault.kind for fault in report.faults}


def forget_the_tree(plain):
    """Throw the tree and its heads away and let the worker make new ones, with the right key even."""
    for table in ("proofs_delivery", "proofs_head", "proofs_key", "proofs_tile"):
        plain.execute(f"DELETE FROM {table}")
    connection.close()
    catch_up()
    commands.sign()


@pytest.mark.parametrize("deed", DEEDS[1:], ids=lambda deed: deed.__name__)
def test_a_deed_that_leaves_no_trace_inside_is_found_by_yesterdays_head(log, superuser, deed):
    position = deed(superuser)
    rebuild()
    forget_the_tree(superuser)
    assert found().sound
    report = found(log)
    assert {fault.kind for fault in report.faults} == {"head_differs"}
    (fault,) = report.faults
    assert fault.position == report.first_bad_position == 1 <= position <= log.size
    assert fault.detail == f"localhost/nhat-ky of {log.size} positions; the first bad one is one of 1 to {log.size}"


def test_two_published_heads_tell_between_which_of_them_the_past_was_changed(log, superuser):
    later = queries.latest()
    dossier_id, seq = where(superuser, 12)
    superuser.execute("UPDATE dossiers_event SET actor_staff = 1 WHERE dossier_id = %s AND seq = %s", [dossier_id, seq])
    rehash(superuser, dossier_id)
    rebuild()
    forget_the_tree(superuser)
    report = found(log, later)
    (fault,) = report.faults
    assert (fault.kind, fault.position) == ("head_differs", log.size + 1)
    assert fault.detail.endswith(f"one of {log.size + 1} to {later.size}")


@pytest.fixture
def backup(fresh_database, database_server):
    """Copies the database as a backup, and puts the copy in its place later."""
    names = []

    def take():
        connection.close()
        names.append(f"{fresh_database.name}_old")
        database_server.execute(f'CREATE DATABASE "{names[-1]}" TEMPLATE "{fresh_database.name}"')

    yield take, lambda: database_server.use(names[-1])
    database_server.use(fresh_database.name)
    for name in names:
        database_server.drop(name)


def test_an_older_backup_is_found_by_yesterdays_head(living_world, backup):
    take, put_back = backup
    living_world.finish(living_world.receive().dossier_id)
    catch_up()
    kept = commands.sign()
    take()
    living_world.receive()
    catch_up()
    yesterday = commands.sign()
    put_back()
    assert found().sound
    report = found(yesterday)
    (fault,) = report.faults
    assert (fault.kind, fault.position) == ("log_shrank", kept.size + 1)
    for _ in range(3):  # it goes on as if nothing had been
        living_world.receive()
    catch_up()
    commands.sign()
    report = found(yesterday)
    (fault,) = report.faults
    assert (fault.kind, fault.position) == ("head_differs", kept.size + 1)
    assert fault.detail.endswith(f"one of {kept.size + 1} to {yesterday.size}")


def test_a_head_that_another_key_signed_proves_nothing(log, superuser, own_key):
    stranger = keys.renew()
    text = signed_note.read(log.note)[0].text
    forged = read_given("forged.txt", signed_note.signed(text, stranger.sign(log.origin, text)))
    report = verify(also=[TreeCheck([forged])])
    assert [(fault.kind, fault.detail) for fault in report.faults] == [("head_not_signed_here", "forged.txt")]


SPOILT = {
    "a head taken out": ("DELETE FROM proofs_head WHERE number = 1", "head_missing"),
    "a head's size": ("UPDATE proofs_head SET size = size - 1 WHERE number = 1", "head_note_differs"),
    "a head's root": ("UPDATE proofs_head SET root = sha256(root) WHERE number = 1", "head_differs"),
    "a head's note": ("UPDATE proofs_head SET note = replace(note, 'time 2', 'time 3')", "head_not_signed_here"),
    "no note": ("UPDATE proofs_head SET note = ''", "head_unreadable"),
    "a key": ("UPDATE proofs_key SET public = sha256(public)", "key_differs"),
    "a leaf in a tile": ("UPDATE proofs_tile SET hashes = set_byte(hashes, 40, 1)", "leaf_differs"),
}


@pytest.mark.parametrize("deed", SPOILT)
def test_what_is_changed_in_the_tree_itself_is_found_too(log, superuser, deed):
    statement, kind = SPOILT[deed]
    superuser.execute(statement)
    assert kind in {fault.kind for fault in found().faults}


LARGE = {
    "a tile taken out": ("DELETE FROM proofs_tile WHERE level = 0 AND index = 7", "tile_missing", 7 * 256 + 1),
    "a node above": ("UPDATE proofs_tile SET hashes = set_byte(hashes, 40, 1) WHERE level = 1", "tile_differs", 0),
    "a position": ("UPDATE dossiers_position SET hash = sha256(hash) WHERE position > 69990", "leaf_differs", 69_991),
    "the end": ("DELETE FROM dossiers_position WHERE position > 66000", "log_shrank", 66_001),
    "a hole": ("DELETE FROM dossiers_position WHERE position = 300", "log_shrank", 300),
}


@pytest.mark.parametrize("deed", LARGE)
def test_a_large_tree_is_held_against_its_tiles(fresh_database, positions, deed):
    statement, kind, position = LARGE[deed]
    positions(70_000)
    commands.sign()
    untouched, report = Report(), Report()
    with transaction.atomic():
        TreeCheck()(untouched)
    assert (untouched.fault_count, untouched.heads) == (0, 1)
    connection.close()
    with fresh_database.connect("owner") as plain:
        for table in GUARDED:
            plain.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        plain.execute(statement)
    with transaction.atomic():
        TreeCheck()(report)
    assert kind in {fault.kind for fault in report.faults}
    assert report.first_bad_position == position


def test_the_command_reads_heads_from_files_and_names_the_first_bad_position(log, superuser, fresh_database, tmp_path):
    position = rehash_a_chain(superuser)
    rebuild()
    note, published, other = tmp_path / "head.txt", tmp_path / "head.json", tmp_path / "other.txt"
    note.write_text(log.note, encoding="utf-8")
    published.write_text(json.dumps(log.to_data()), encoding="utf-8")
    other.write_text("nothing of the kind", encoding="utf-8")

    def run(*arguments):
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "-m", "motcua", "verify", *map(str, arguments)],
            env=kept | {"DATABASE_URL": fresh_database.url, "MOTCUA_HOME": str(home())},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = run("--head", note, "--head", published, "--processes", "2")
    assert done.returncode == 1, done.stderr
    assert f"first bad position: {position}" in done.stdout
    assert f"head_differs: position={position} head.json of 10 positions" in done.stdout
    assert json.loads(run("--json", "--head", note).stdout)["first_bad_position"] == position
    refused = run("--head", other)
    assert (refused.returncode, "other.txt" in refused.stderr) == (2, True)


def test_several_processes_find_what_one_finds(log, superuser):
    change_a_byte(superuser)
    superuser.execute("UPDATE dossiers_dailytally SET received = received + 1")
    superuser.execute("DELETE FROM dossiers_ticket")
    connection.close()
    alone, together = verify(processes=1), verify(processes=2)
    assert not alone.sound
    assert together.to_data() | {"faults": []} == alone.to_data() | {"faults": []}
    assert set(together.faults) == set(alone.faults)
    assert UUID(alone.faults[0].dossier_id) in set(Position.objects.values_list("dossier_id", flat=True))
