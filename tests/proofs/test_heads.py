"""Signed heads: what they say, by which key, and that none is signed that does not extend the one before."""

import base64
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from motcua.dossiers.worker import catch_up
from motcua.law import merkle, signed_note
from motcua.law.signed_note import Signature
from motcua.proofs import commands, keys, queries
from motcua.proofs.commands import LogRewritten
from motcua.proofs.keys import LogKeyTrouble
from motcua.proofs.models import Head, Key

rolled_back = pytest.mark.django_db


def _holders(head):
    """Whose signatures stand under a head and are theirs."""
    _checkpoint, text, signatures = signed_note.read(head.note)
    publics = {bytes(public): key for key, public in Key.objects.values_list("key_id", "public")}
    return [[key for public, key in publics.items() if keys.holds(public, signature, text)] for signature in signatures]


@rolled_back
def test_nothing_is_signed_of_an_empty_log(own_key):
    assert commands.sign() is None
    assert queries.latest() is None
    assert not own_key.exists()


@rolled_back
def test_a_head_says_whose_log_how_long_which_root_and_when(positions, own_key):
    leaves = positions(300)
    head = commands.sign()
    checkpoint, text, (signature,) = signed_note.read(head.note)
    assert checkpoint.origin == head.origin == "localhost/nhat-ky"
    assert (checkpoint.size, checkpoint.root) == (head.size, head.root) == (300, merkle.tree_hash(leaves))
    assert checkpoint.at == head.signed_at
    assert signature.name == head.origin
    Ed25519PublicKey.from_public_bytes(head.public).verify(signature.signature, text.encode())
    assert signed_note.read_verifier_key(head.verifier_key) == (head.origin, head.public)
    assert own_key.stat().st_mode & 0o777 == 0o600
    assert queries.latest() == queries.head_of(300) == queries.head_by_root(head.root[:8]) == head


@rolled_back
def test_a_log_that_has_not_grown_is_not_signed_again(positions):
    positions(10)
    assert commands.sign().number == 1
    assert commands.sign() is None
    positions(1)
    assert commands.sign().number == 2
    assert Head.objects.count() == 2


@rolled_back
def test_a_renewed_key_signs_at_once_and_the_old_one_beside_it(positions, own_key):
    positions(10)
    first = commands.sign()
    renewed = keys.renew()
    second = commands.sign()
    assert (second.size, second.key_id) == (10, renewed.id)
    assert _holders(second) == [[renewed.id], [first.key_id]]
    positions(1)
    assert _holders(commands.sign()) == [[renewed.id]]
    assert {each.line for each in queries.public_keys()} == {first.verifier_key, second.verifier_key}
    assert [file.stat().st_mode & 0o777 for file in own_key.parent.iterdir()] == [0o600, 0o600]


@rolled_back
def test_a_lost_key_is_told_and_replaced_by_a_persons_word_only(positions, own_key):
    positions(10)
    first = commands.sign()
    own_key.unlink()
    positions(1)
    with pytest.raises(LogKeyTrouble, match="--renew"):
        commands.sign()
    keys.renew()
    head = commands.sign()
    assert head.key_id != first.key_id
    assert _holders(head) == [[head.key_id]]


@rolled_back
@pytest.mark.parametrize("text", ["", "AAAA", "not base64 at all"])
def test_a_key_file_that_is_none_is_named(own_key, text):
    own_key.write_text(text)
    own_key.chmod(0o600)
    with pytest.raises(LogKeyTrouble, match=r"log\.key"):
        keys.signer()


@rolled_back
def test_a_key_that_others_may_read_is_refused(positions, own_key):
    positions(1)
    commands.sign()
    own_key.chmod(0o644)
    with pytest.raises(LogKeyTrouble, match="chmod 600"):
        commands.sign()


def test_two_processes_that_make_the_key_get_the_same(own_key):
    assert keys.make().id == keys.make().id
    assert [file.name for file in own_key.parent.iterdir()] == ["log.key"]


def test_a_signature_of_another_key_or_name_or_text_is_none(own_key):
    signer = keys.make()
    signature = signer.sign("a", "text\n")
    assert keys.holds(signer.public, signature, "text\n")
    assert not keys.holds(signer.public, signature, "Text\n")
    assert not keys.holds(signer.public, Signature("b", signature.key_hash, signature.signature), "text\n")
    assert not keys.holds(keys.renew().public, signature, "text\n")


def test_the_signature_of_another_programs_note_holds():
    """The example of Go's package of signed notes."""
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    name, public = signed_note.read_verifier_key(key)
    signed = base64.b64decode(line)
    assert keys.holds(public, Signature(name, signed[:4], signed[4:]), text)
    assert signed_note.signed(text, Signature(name, signed[:4], signed[4:])) == f"{text}\n— {name} {line}\n"


TAMPERED = {
    "a cut tail": ("DELETE FROM dossiers_position WHERE position > 6", "log_shrank"),
    "another hash": ("UPDATE dossiers_position SET hash = sha256(hash) WHERE position = 2", "log_differs"),
    "another order": (
        "UPDATE dossiers_position a SET hash = b.hash FROM dossiers_position b "
        "WHERE (a.position, b.position) IN ((3, 4), (4, 3))",
        "log_differs",
    ),
}


@pytest.mark.parametrize("deed", TAMPERED)
def test_a_log_that_is_no_extension_is_never_signed_again(living_world, fresh_database, deed):
    statement, kind = TAMPERED[deed]
    for _ in range(4):
        living_world.receive()
    catch_up()
    head = commands.sign()
    assert (head.size, queries.alarm()) == (8, None)
    with fresh_database.connect("owner") as plain:
        plain.execute("ALTER TABLE dossiers_position DISABLE TRIGGER USER")
        plain.execute(statement)
    connection.close()
    living_world.receive()
    with pytest.raises(LogRewritten, match=kind):
        commands.sign()
    assert queries.alarm().kind == kind
    assert queries.latest() == head


@rolled_back
def test_the_last_head_of_each_day_is_listed_latest_first(positions):
    positions(4)
    commands.sign()
    key = Key.objects.get()
    moments = ["2026-11-20T10:00Z", "2026-11-20T16:59Z", "2026-11-20T17:00Z"]  # the last one is past midnight
    for size, at in enumerate(moments, start=1):
        note = f"log\n{size}\n"
        Head.objects.create(number=size + 10, size=size, root=bytes(32), signed_at=at, key=key, note=note)
    assert [head.size for head in queries.by_day(before=date(2026, 11, 21))] == [2]
    assert [head.size for head in queries.by_day(before=date(2026, 11, 22))] == [3, 2]
    assert [head.size for head in queries.by_day(before=date(2026, 11, 22), limit=1)] == [3]


@rolled_back
def test_what_papers_print_is_read_once_a_minute(positions, django_assert_num_queries, monkeypatch):
    positions(1)
    head = commands.sign()
    with django_assert_num_queries(1):
        assert [queries.remembered(), queries.remembered()] == [head, head]
    positions(1)
    later = commands.sign()
    assert queries.remembered() == head
    monkeypatch.setattr(queries, "_REMEMBERED", 0.0)
    assert queries.remembered() == later
