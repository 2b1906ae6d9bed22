"""Uploads: known by their content, refused when they run, hide or pretend, sealed on disk, opened by permission."""

import base64
import io
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from motcua.agencies.access import NotPermitted, Role, for_citizen, for_system
from motcua.files import commands, queries, vault
from motcua.files.inspect import MESSAGES, UploadRefused, recognise
from motcua.files.models import File
from motcua.files.vault import FileKey, VaultBroken
from motcua.persons.models import Access
from motcua.persons.queries import Verdict
from support.readers import make_tree, reader_at, staff_reader
from support.samples import BAD, GOOD, JPEG, PDF, PNG

SYSTEM = for_system("tests of files")
HERE = {"receiving_agency_id": 1, "competent_agency_id": 1}
database = pytest.mark.django_db


def store(content=PDF, name="Giấy khai sinh - Nguyễn Thử.pdf", declared=""):
    return commands.store_upload(io.BytesIO(content), name, declared)


def on_disk(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def read(file_id, reader=SYSTEM):
    return b"".join(queries.open_for(reader, file_id, **HERE, purpose="xem").chunks)


# -- what is accepted -------------------------------------------------------------------------------------------------


@database
@pytest.mark.parametrize("name", list(GOOD))
def test_real_files_of_every_kind_are_kept_and_come_back(name, vault_folder):
    content, kind = GOOD[name]
    kept = store(content, name)
    assert (kept.kind, kept.size, kept.name) == (kind, len(content), name)
    assert read(kept.id) == content


@database
@pytest.mark.parametrize("why", list(BAD))
def test_a_dangerous_or_broken_file_is_refused_with_its_reason_and_leaves_nothing(why, vault_folder):
    content, name, code = BAD[why]
    with pytest.raises(UploadRefused) as refusal:
        store(content, name)
    assert refusal.value.code == code
    assert refusal.value.message
    assert not File.objects.exists()
    assert on_disk(vault_folder) == []


def test_every_refusal_is_shown_by_a_bad_file():
    shown = {code for _, _, code in BAD.values()} | {"too_large", "kind_not_allowed", "infected", "not_scanned"}
    assert shown == set(MESSAGES)


@given(st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b""]), st.binary(max_size=300))
def test_no_bytes_make_the_inspection_fail_otherwise(magic, rest):
    try:
        assert recognise(magic + rest, "").code == "pdf" or magic == b"\xff\xd8\xff"
    except UploadRefused as refusal:
        assert refusal.code in MESSAGES


@database
def test_size_and_kinds_are_limited_by_settings(settings, vault_folder):
    settings.MOTCUA_UPLOAD_MAX_BYTES = len(PDF)
    store(PDF)
    settings.MOTCUA_UPLOAD_MAX_BYTES = len(PDF) - 1
    settings.MOTCUA_UPLOAD_KINDS = ("pdf",)
    with pytest.raises(UploadRefused, match="too_large"):
        store(PDF)
    settings.MOTCUA_UPLOAD_MAX_BYTES = 2**20
    with pytest.raises(UploadRefused, match="kind_not_allowed"):
        store(PNG, "a.png")
    assert File.objects.count() == 1


@database
def test_too_large_an_upload_is_not_read_to_its_end(settings):
    settings.MOTCUA_UPLOAD_MAX_BYTES = 2**20
    stream = io.BytesIO(bytes(10 * 2**20))
    with pytest.raises(UploadRefused, match="too_large"):
        commands.store_upload(stream, "a.pdf")
    assert stream.tell() <= 3 * 2**20


@database
@pytest.mark.parametrize("declared", ["text/html", "image/svg+xml", "image/png", "TEXT/HTML; charset=utf-8"])
def test_a_declared_type_that_contradicts_the_content_is_refused(declared):
    with pytest.raises(UploadRefused, match="name_mismatch"):
        store(PDF, "a.pdf", declared)


@database
@pytest.mark.parametrize("declared", ["application/pdf", "application/octet-stream", "", "application/x-pdf"])
def test_a_declared_type_that_says_nothing_else_is_fine(declared):
    assert store(PDF, "a.pdf", declared).kind == "pdf"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\An\\đơn.pdf", "đơn.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("bao\u202efdp.exe.pdf", "baofdp.exe.pdf"),
        ("\x00", "tep"),
        ("...", "tep"),
        ("d\u031bn.pdf", "d\u031bn.pdf"),
        ("o\u031bn.pdf", "\u01a1n.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 300, "x" * 150),
    ],
)
def test_a_name_is_made_safe(given_name, kept):
    assert commands.safe_name(given_name) == kept


@database
def test_a_name_without_an_ending_gets_that_of_its_content():
    assert store(JPEG, "ảnh thẻ").name == "ảnh thẻ.jpg"


# -- how it lies ------------------------------------------------------------------------------------------------------


@database
def test_neither_disk_nor_table_shows_the_content_or_the_name(vault_folder):
    kept = store()
    (path,) = on_disk(vault_folder)
    sealed = path.read_bytes()
    assert b"%PDF" not in sealed
    assert PDF[20:40] not in sealed
    assert "Nguy" not in str(path)
    row = File.objects.values().get()
    assert "Thử".encode() not in bytes(row["name_sealed"])
    assert kept.commitment == row["commitment"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@database
def test_the_same_content_twice_is_sealed_and_committed_differently(vault_folder):
    first, second = store(), store()
    assert first.commitment != second.commitment
    assert len({path.read_bytes() for path in on_disk(vault_folder)}) == 2


@pytest.mark.parametrize("size", [0, 1, 2**20 - 1, 2**20, 2**20 + 1, 3 * 2**20])
def test_sealed_bytes_come_back_for_sizes_around_a_piece(size):
    file_id, key, content = uuid4(), FileKey.new(), os.urandom(size)
    vault.write(file_id, key, content)
    pieces = list(vault.read(file_id, key, size))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 2**20


BIG = 2 * 2**20 + 100
PIECE = 2**20 + 16


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: data[:-1],
        lambda data: data[: 4 + PIECE],
        lambda data: data[:4] + data[4 + PIECE : 4 + 2 * PIECE] + data[4 : 4 + PIECE] + data[4 + 2 * PIECE :],
        lambda data: b"XXXX" + data[4:],
        lambda data: b"",
    ],
)
def test_a_changed_cut_or_shuffled_file_is_noticed(harm):
    file_id, key = uuid4(), FileKey.new()
    vault.write(file_id, key, os.urandom(BIG))
    path = vault.place(file_id)
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(VaultBroken):
        list(vault.read(file_id, key, BIG))


def test_one_files_bytes_do_not_open_as_another_of_the_same_key():
    first, second, key = uuid4(), uuid4(), FileKey.new()
    vault.write(first, key, b"one")
    vault.write(second, key, b"two")
    vault.place(second).write_bytes(vault.place(first).read_bytes())
    with pytest.raises(VaultBroken):
        list(vault.read(second, key, 3))


def test_a_missing_file_is_said_to_be_missing():
    with pytest.raises(VaultBroken):
        list(vault.read(uuid4(), FileKey.new(), 3))


# -- failures ---------------------------------------------------------------------------------------------------------


@database
def test_when_the_row_cannot_be_written_no_bytes_stay(vault_folder, monkeypatch):
    taken = store()
    before = on_disk(vault_folder)
    other = uuid4()
    monkeypatch.setattr(commands, "new_id", lambda: other)
    File.objects.filter(pk=taken.id).update(id=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        store()
    assert on_disk(vault_folder) == before


@database
def test_when_the_bytes_cannot_be_written_no_row_and_no_draft_stay(vault_folder):
    vault_folder.parent.mkdir(exist_ok=True)
    vault_folder.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="directory"):
        store()
    assert not File.objects.exists()


def test_a_disk_that_fails_half_way_leaves_no_draft(vault_folder, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        vault.write(uuid4(), FileKey.new(), b"content")
    assert on_disk(vault_folder) == []


def test_the_sweep_takes_what_no_row_points_at_and_leaves_the_young_and_the_living(fresh_database, vault_folder):
    living, erased = store(), store()
    commands.erase(erased.id, "QĐ 1")
    vault.write(erased.id, FileKey.new(), b"left by a crash after the commit")
    try:
        with transaction.atomic():
            taken_back = store()
            raise DatabaseError("the dossier could not be kept")
    except DatabaseError:
        assert not File.objects.filter(pk=taken_back.id).exists()
    draft = vault.place(living.id).with_name(".abc.part")
    draft.write_bytes(b"half")
    assert commands.sweep() == 0
    assert len(on_disk(vault_folder)) == 4
    assert commands.sweep(older_than=timedelta(0)) == 3
    assert on_disk(vault_folder) == [vault.place(living.id)]
    assert read(living.id) == PDF


# -- who may open it --------------------------------------------------------------------------------------------------

DESK, CASE = Role.DESK_OFFICER, Role.CASE_OFFICER


@database
@pytest.mark.parametrize(
    ("role", "receiving", "competent", "opens"),
    [
        (DESK, 1, 2, True),
        (DESK, 2, 1, False),
        (CASE, 2, 1, True),
        (CASE, 1, 2, False),
        (Role.LEADER, 2, 1, True),
        (Role.LEADER, 3, 3, False),
        (Role.REFORM_OFFICER, 1, 1, False),
        (Role.ADMINISTRATOR, 1, 1, False),
        (Role.LEADER, 2, 2, False),
    ],
)
def test_files_open_for_who_the_table_lets_see_them(role, receiving, competent, opens):
    kept = store()
    tree = make_tree()
    reader = reader_at(1, role, below=frozenset({3}), staff_id=staff_reader(role, "W").staff_id)
    where = {"receiving_agency_id": receiving, "competent_agency_id": competent}
    assert tree.ward
    if opens:
        assert b"".join(queries.open_for(reader, kept.id, **where, purpose="xem").chunks) == PDF
        assert queries.files(reader, [kept.id], **where)[kept.id].name == kept.name
        assert (Access.objects.get().act, Access.objects.get().record_ids) == ("see_files", [kept.id])
        return
    for ask in (
        lambda: queries.open_for(reader, kept.id, **where, purpose="xem"),
        lambda: queries.files(reader, [kept.id], **where),
        lambda: queries.open_for(reader, uuid4(), **where, purpose="xem"),
    ):
        with pytest.raises(NotPermitted):
            ask()
    assert not Access.objects.exists()


@database
def test_a_citizens_token_opens_no_file():
    with pytest.raises(NotPermitted):
        queries.open_for(for_citizen("t"), store().id, **HERE, purpose="xem")


@database
def test_a_download_is_saved_and_never_run():
    kept = store(PDF, 'đơn "xin"; cấp\u2028lại.pdf')
    found = queries.open_for(SYSTEM, kept.id, **HERE)
    disposition = found.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.isascii()
    assert unquote(disposition.rpartition("''")[2]) == kept.name
    assert disposition.count('"') == 2
    assert "\n" not in disposition
    assert found.headers["Content-Type"] == found.media_type == "application/pdf"
    assert found.headers["Content-Length"] == str(len(PDF))
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in found.headers["Content-Security-Policy"]
    assert "no-store" in found.headers["Cache-Control"]


@database
def test_opening_takes_two_statements_and_a_list_one(django_assert_num_queries):
    kept = [store() for _ in range(3)]
    with django_assert_num_queries(2):
        queries.open_for(SYSTEM, kept[0].id, **HERE)
    with django_assert_num_queries(1):
        assert len(queries.files(SYSTEM, [item.id for item in kept], **HERE)) == 3


@database
def test_an_unknown_file_is_said_to_be_unknown():
    with pytest.raises(commands.NoSuchFile):
        queries.open_for(SYSTEM, uuid4(), **HERE)


# -- commitments, erasure, rotation -----------------------------------------------------------------------------------


@database
def test_a_commitment_holds_until_the_bytes_change(vault_folder):
    kept, missing = store(), uuid4()
    assert queries.check_commitments(SYSTEM, {kept.id: kept.commitment, missing: kept.commitment}) == {
        kept.id: Verdict(holds=True),
        missing: Verdict(holds=False),
    }
    path: Path = vault.place(kept.id)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert queries.check_commitments(SYSTEM, {kept.id: kept.commitment}) == {kept.id: Verdict(holds=False)}
    with pytest.raises(NotPermitted):
        queries.check_commitments(reader_at(1, Role.LEADER), {})


def test_an_erased_file_is_gone_but_for_the_order(fresh_database, vault_folder):
    kept = store()
    commands.erase(kept.id, "QĐ 7/QĐ-UBND")
    commands.erase(kept.id, "QĐ 8/QĐ-UBND")
    assert on_disk(vault_folder) == []
    row = File.objects.get()
    assert (row.key_sealed, row.name_sealed, row.erasure_order) == (None, None, "QĐ 7/QĐ-UBND")
    with pytest.raises(queries.FileErased) as refusal:
        queries.open_for(SYSTEM, kept.id, **HERE)
    assert refusal.value.order == "QĐ 7/QĐ-UBND"
    assert queries.files(SYSTEM, [kept.id], **HERE)[kept.id].name == ""
    verdicts = queries.check_commitments(SYSTEM, {kept.id: kept.commitment})
    assert verdicts[kept.id] == Verdict(holds=False, erased_by="QĐ 7/QĐ-UBND")


def test_an_erasure_taken_back_leaves_the_file_readable(fresh_database):
    kept = store()
    try:
        with transaction.atomic():
            commands.erase(kept.id, "QĐ 7")
            raise DatabaseError("the order could not be recorded")
    except DatabaseError:
        assert read(kept.id) == PDF


@database
def test_erasing_needs_an_order_and_a_file():
    kept = store()
    with pytest.raises(ValueError, match="order"):
        commands.erase(kept.id, "")
    with pytest.raises(commands.NoSuchFile):
        commands.erase(uuid4(), "QĐ 1")
    assert read(kept.id) == PDF


@database
def test_after_a_rotation_files_open_and_move_to_the_new_key(monkeypatch):
    old, new = (base64.b64encode(bytes([n]) * 32).decode() for n in (5, 6))
    monkeypatch.setenv("MOTCUA_DATA_KEY", old)
    kept = store()
    monkeypatch.setenv("MOTCUA_DATA_KEY", f"{new},{old}")
    assert read(kept.id) == PDF
    assert [commands.wrap_anew(), commands.wrap_anew()] == [1, 0]
    monkeypatch.setenv("MOTCUA_DATA_KEY", new)
    assert read(kept.id) == PDF
    assert queries.files(SYSTEM, [kept.id], **HERE)[kept.id].name == kept.name
