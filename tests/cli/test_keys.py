"""`motcua keys`: what each key still opens, a new key while work goes on, and a key that is missing."""

import base64
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.agencies.access import for_system
from motcua.files.commands import store_upload
from motcua.files.models import File
from motcua.persons import queries as persons
from motcua.persons.commands import keep_applicant, keep_note
from motcua.persons.keys import ring
from motcua.persons.models import Record
from support.world import APPLICANT, PDF

MOTCUA = Path(sys.executable).with_name("motcua")
SYSTEM = for_system("tests of keys")


@pytest.fixture
def run(fresh_database, tmp_path, settings, monkeypatch):
    monkeypatch.delenv("MOTCUA_DATA_KEY", raising=False)
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"

    def _run(*arguments, code=0, **given):
        env = {**os.environ, "DATABASE_URL": fresh_database.url, "LC_ALL": "vi_VN.UTF-8", "MOTCUA_HOME": str(tmp_path)}
        command = [MOTCUA, "keys", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=env | given, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    return _run


def state(run, code=0):
    return [(key["state"], key["records"], key["files"]) for key in json.loads(run("--json", code=code))["keys"]]


def test_a_key_is_renewed_beside_people_at_work_and_everything_opens_and_is_found(run, tmp_path):
    person, note = keep_applicant(APPLICANT), keep_note("ghi chú")
    scan = store_upload(io.BytesIO(PDF), "a.pdf")
    assert state(run) == [("current", 2, 1)]
    before = ring().current.id
    run("--renew")
    assert ring().current.id != before  # this process was never told
    assert state(run) == [("current", 2, 1), ("older", 0, 0)]
    assert set(Record.objects.values_list("key_id", flat=True)) == {ring().current.id}
    assert File.objects.get().key_id == ring().current.id
    assert persons.find_by_id_number(SYSTEM, APPLICANT.id_number) == [person.record_id]
    wanted = {person.record_id: person.commitment, note.record_id: note.commitment}
    assert all(verdict.holds for verdict in persons.check_commitments(SYSTEM, wanted).values())
    assert scan.id
    assert sorted(path.stat().st_mode & 0o777 for path in (tmp_path / "keys").glob("data*.key")) == [0o600, 0o600]
    for older in (tmp_path / "keys").glob("data-*.key"):
        older.unlink()
    assert state(run) == [("current", 2, 1)]
    assert persons.find_by_name_words(SYSTEM, APPLICANT.name) == [person.record_id]


def test_secrets_and_answers_of_the_exchange_move_to_the_new_key(run, tmp_path):
    from uuid import uuid4

    from motcua.exchange import answers, commands, subscriptions
    from motcua.exchange.models import Subscription
    from motcua.exchange.sealing import unseal
    from support.world import make_world

    make_world()
    made = commands.open_client(name="Phần mềm", agency_code="W1", scopes=("dossiers:read",), roles=("desk_officer",))
    key = uuid4()
    answers.once(made.client_id, key, b"POST", lambda: (200, {"name": "bà Mẫu"}))
    line = subscriptions.subscribe(made.client_id, "https://example.vn/hook").id
    subscriptions.replace_secret(made.client_id, line)
    before = opened(Subscription.objects.get(), unseal)
    run("--renew")
    assert [key["answers"] for key in json.loads(run("--json"))["keys"]] == [2, 0]
    for older in (tmp_path / "keys").glob("data-*.key"):
        older.unlink()
    assert opened(Subscription.objects.get(), unseal) == before
    again = answers.once(made.client_id, key, b"POST", lambda: (500, {}))
    assert (again.repeated, again.body) == (True, {"name": "bà Mẫu"})


def opened(line, unseal):
    """Both signing secrets of a line."""
    return [unseal(bytes(each), line.pk.bytes, line.key_id) for each in (line.secret_sealed, line.former_sealed)]


def test_a_process_that_held_the_old_key_reads_what_the_new_one_sealed(run):
    held = ring()
    kept = keep_note("ghi chú")
    run("--renew")
    assert held.key(Record.objects.get(pk=kept.record_id).key_id).id == ring().current.id


def test_sealing_anew_goes_on_where_it_was_interrupted(run, tmp_path):
    from motcua.persons.commands import seal_anew
    from motcua.persons.keys import renew

    for number in range(5):
        keep_note(f"ghi chú {number}")
    renew()
    assert seal_anew(limit=2) == 2
    assert state(run) == [("current", 2, 0), ("older", 3, 0)]
    assert "đã mã hóa lại 3 dữ liệu" in run("--reseal")
    assert state(run) == [("current", 5, 0), ("older", 0, 0)]
    assert "không còn mã hóa gì" in run()


def test_a_missing_key_is_named_and_nothing_is_sealed_over(run, tmp_path):
    keep_note("ghi chú")
    name = ring().current.id
    (tmp_path / "keys" / "data.key").write_text(base64.b64encode(bytes([9]) * 32).decode())
    assert state(run, code=1) == [("current", 0, 0), ("missing", 1, 0)]
    assert name in run(code=1)
    assert name in run("--reseal", code=1)
    assert Record.objects.get().key_id == name


def test_a_key_of_the_environment_is_renewed_by_who_set_it(run):
    given = base64.b64encode(bytes([7]) * 32).decode()
    assert "MOTCUA_DATA_KEY" in run("--renew", code=1, MOTCUA_DATA_KEY=given)


def test_a_renewal_that_was_cut_short_leaves_one_key_under_two_names(run, tmp_path):
    keep_note("ghi chú")
    (tmp_path / "keys" / "data-20260101.key").hardlink_to(tmp_path / "keys" / "data.key")
    assert state(run) == [("current", 1, 0)]
