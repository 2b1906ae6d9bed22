"""The verifier that outsiders use, as they use it: a process of its own, beside files that we wrote."""

import ast
import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.config.home import home
from motcua.dossiers import commands as dossiers
from motcua.dossiers.models import Dossier
from motcua.dossiers.worker import catch_up
from motcua.law import merkle
from motcua.proofs import commands, keys

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "docs" / "verifier" / "verify.py"


def test_the_verifier_is_short_and_stands_on_nothing_of_ours():
    source = PROGRAM.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 200
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


@pytest.fixture
def told(living_world):
    """A log of two dossiers under a first head, a third under the second, and an act that no head covers."""
    first = living_world.receive()
    living_world.finish(first.dossier_id)
    living_world.receive()
    catch_up()
    old = commands.sign()
    living_world.receive()
    catch_up()
    new = commands.sign()
    living_world.finish(living_world.receive().dossier_id)
    catch_up()
    return Dossier.objects.get(pk=first.dossier_id).code, old, new


@pytest.fixture
def motcua(fresh_database, own_key):
    """A verb of the command on the test's database."""

    def run(*arguments):
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        done = subprocess.run(
            [sys.executable, "-m", "motcua", *map(str, arguments)],
            env=kept | {"DATABASE_URL": fresh_database.url, "MOTCUA_HOME": str(home()), "LANG": "en_US.UTF-8"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def check(tmp_path):
    """Runs the verifier on texts; gives its status and all that it said."""

    def run(*texts, key=None):
        files = []
        for number, text in enumerate(texts):
            files.append(tmp_path / f"proof-{number}.json")
            files[-1].write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM), *map(str, files), *(["--key", key] if key else [])],
            cwd=tmp_path, capture_output=True, text=True, check=False, env={"PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_dossiers_proof_is_checked_by_a_stranger(told, motcua, check):
    code, _old, new = told
    status, proof, said = motcua("prove", "--dossier", code)
    assert status == 0, said
    status, said = check(proof, key=new.verifier_key)
    assert status == 0, said
    assert said.count("under the head") == 4
    assert said.endswith("everything holds\n")
    status, said = check(proof)
    assert status == 0
    assert "compare it" in said


def test_what_no_head_covers_yet_is_said(told, motcua, check):
    later = Dossier.objects.order_by("-id").first()
    status, proof, _said = motcua("prove", "--dossier", later.id)
    assert status == 0
    status, said = check(proof)
    assert (status, said.count("not yet under this head")) == (0, later.seq)


def test_one_position_growth_and_heads_are_checked_too(told, motcua, check):
    _code, old, new = told
    proofs = [
        motcua("prove", "--position", 2, "--against", old.size)[1],
        motcua("prove", "--growth", old.size)[1],
        motcua("prove")[1],
        new.note,
        json.dumps(old.to_data()),
    ]
    status, said = check(*proofs, key=new.verifier_key)
    assert status == 0, said
    assert f"from {old.size} to {new.size} positions the log only grew" in said
    assert said.count("signature holds") == 6


def test_published_inclusions_are_checked_too(told, check):
    from motcua.proofs import queries

    for position in (1, 5):
        status, said = check(queries.inclusion(position).to_data())
        assert status == 0, said


def _flipped(encoded):
    data = bytearray(base64.b64decode(encoded))
    data[-1] ^= 1
    return base64.b64encode(bytes(data)).decode()


def spoil_content(proof):
    event = proof["events"][1]
    event["canonical"] = event["canonical"].replace("handed_over", "handed_Over")


def spoil_content_and_hash(proof):
    spoil_content(proof)
    event = proof["events"][1]
    from hashlib import sha256

    event["hash"] = sha256(bytes.fromhex(event["previous"]) + event["canonical"].encode()).hexdigest()


def spoil_order(proof):
    proof["events"][1]["position"], proof["events"][2]["position"] = 3, 2


def spoil_path(proof):
    proof["events"][0]["path"].pop()


def lengthen_path(proof):
    proof["events"][0]["path"].append("00" * 32)


def move_outside(proof):
    proof["events"][0]["position"] = 99


def spoil_size(proof):
    proof["head"]["note"] = proof["head"]["note"].replace("\n8\n", "\n9\n")


def spoil_signature(proof):
    head, _, signature = proof["head"]["note"].rstrip().rpartition(" ")
    proof["head"]["note"] = f"{head} {_flipped(signature)}\n"


def take_another_key(proof):
    proof["head"]["key"] = keys.signed_note.verifier_key(proof["head"]["origin"], bytes(32))


def forget_the_note(proof):
    del proof["head"]["note"]


SPOILT = {
    spoil_content: "hash is not that of the content",
    spoil_content_and_hash: "does not lead to the head's root",
    spoil_order: "does not lead to the head's root",
    spoil_path: "too short",
    lengthen_path: "too long",
    move_outside: "lies outside the head",
    spoil_size: "signature of localhost/nhat-ky does not hold",
    spoil_signature: "signature of localhost/nhat-ky does not hold",
    take_another_key: "did not sign this head",
    forget_the_note: "no file of a log",
}


@pytest.mark.parametrize("deed", SPOILT, ids=lambda deed: deed.__name__)
def test_a_spoilt_proof_is_refused_with_the_reason(living_world, check, deed):
    from motcua.agencies.access import for_system
    from motcua.proofs import evidence

    first = living_world.receive()
    living_world.finish(first.dossier_id)
    living_world.receive()
    living_world.receive()
    catch_up()
    commands.sign()
    proof = evidence.of_dossier(for_system("test"), first.dossier_id)
    assert check(proof)[0] == 0
    deed(proof)
    status, said = check(proof)
    assert status == 1
    assert SPOILT[deed] in said


def test_heads_of_two_logs_do_not_grow_from_one_another(told, motcua, check):
    _code, old, new = told
    proof = json.loads(motcua("prove", "--growth", old.size)[1])
    for spoilt in (proof | {"path": proof["path"][:-1]}, proof | {"path": proof["path"][::-1]}, proof | {"path": []}):
        assert check(spoilt)[0] == 1
    turned = proof | {"old": proof["new"], "new": proof["old"]}
    assert "longer than the newer" in check(turned)[1]
    stranger = keys.renew()
    text = keys.signed_note.read(new.note)[0].text
    note = keys.signed_note.signed(text, stranger.sign(new.origin, text))
    status, said = check(note, key=new.verifier_key)
    assert (status, "did not sign this head" in said) == (1, True)


@pytest.mark.parametrize("size", [2, 3, 4, 7, 8])
def test_the_verifiers_proof_of_growth_is_that_of_the_rfc(check, positions, fresh_database, size):
    """Sizes around powers of two take different ways through the algorithm."""
    from motcua.proofs import queries

    for old in range(1, size):
        positions(old - len(positions(0)))
        commands.sign()
    positions(size - len(positions(0)))
    commands.sign()
    status, said = check(*(queries.consistency(old).to_data() for old in range(1, size + 1)))
    assert status == 0, said
    assert merkle.tree_hash(positions(0)) == queries.latest().root


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dossier", "no-such-code"], "There is no dossier no-such-code"),
        (["--position", "99"], "does not cover"),
        (["--growth", "3"], "No such head"),
        (["--position", "1", "--growth", "3"], "give one of"),
    ],
)
def test_what_cannot_be_proved_is_one_line(told, motcua, arguments, said):
    status, _proof, error = motcua("prove", *arguments)
    assert status in {1, 2}
    assert said in error
    assert "Traceback" not in error


def test_the_key_is_printed_and_renewed_by_a_command(told, fresh_database, tmp_path):
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment = kept | {"DATABASE_URL": fresh_database.url, "MOTCUA_HOME": str(tmp_path / "new")}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "motcua", "log-key", *arguments],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert run().returncode == 1
    first = run("--renew").stdout
    assert run().stdout == first
    assert run("--renew").stdout != first
    assert keys.signed_note.read_verifier_key(first)[0] == "localhost/nhat-ky"


def test_a_reader_proves_only_what_they_may_see(told):
    from motcua.agencies.access import for_citizen
    from motcua.dossiers.circumstances import NoSuchDossier
    from motcua.proofs import evidence

    dossier = Dossier.objects.first()
    with pytest.raises(NoSuchDossier):
        evidence.of_dossier(for_citizen("00" * 16), dossier.id)
    with pytest.raises(NoSuchDossier):
        evidence.of_position(for_citizen("00" * 16), 1)
    assert dossiers.new_id() != dossier.id


def test_check_tells_the_last_head_and_an_alarm(told, motcua, fresh_database):
    _code, _old, new = told
    status, said, error = motcua("check")
    assert status == 0, error
    assert f"signed head: {new.size} {new.short_root}" in said
    with fresh_database.connect("owner") as plain:
        plain.execute("ALTER TABLE dossiers_position DISABLE TRIGGER USER")
        plain.execute("DELETE FROM dossiers_position WHERE position >= %s", [new.size])
    status, said, _error = motcua("check")
    assert (status, "ALARM: the log does not extend what was signed (log_shrank)" in said) == (1, True)
    report = json.loads(motcua("check", "--json")[1])
    assert (report["quiet"], report["heads"]["alarm"], report["heads"]["size"]) == (False, "log_shrank", new.size)
    status, _said, error = motcua("sign-head")
    assert (status, "Not signed" in error) == (1, True)
