"""The statement in a paper's QR code: small, scannable as printed, signed, and checkable without us."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFilter

from motcua.agencies.access import Role, for_system
from motcua.dossiers import commands as dossiers
from motcua.dossiers import erasing
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.vocabulary import ReturnMethod
from motcua.papers import commands, issued, keeping, qr, statement, verifying
from motcua.papers.kinds import Kind
from motcua.papers.models import Issue
from motcua.papers.render import one_copy, typeset
from motcua.papers.statement import CONTEXT, NotAStatement, Statement
from motcua.papers.verifying import NotOurs
from motcua.persons.identity import mask_name
from motcua.proofs import commands as proofs
from motcua.proofs import keys, queries
from papers.reading import pictures_of
from support.world import APPLICANT, World

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
SAID = Statement(
    b"\1\2\3\4", Kind.APOLOGY, 3, datetime(2026, 11, 22, 9, 41, tzinfo=UTC), bytes(range(12)), "H55.24",
    "H55.24-261118-0007", b"\x4f\x2a\x9c\x1b\xe3\xd0\x5a\x77",
)  # fmt: skip
SITE = "https://motcua.tanan.example.vn"
CHECKER = Path(__file__).parents[2] / "docs" / "verifier" / "paper.py"


def text_of(said: Statement) -> str:
    payload = said.payload()
    return statement.written(payload, KEY.sign(CONTEXT + payload))


def url(token: str) -> str:
    return f"{SITE}/t/{token}"


@pytest.fixture
def signed_world(world: World, tmp_path, monkeypatch) -> World:
    """The small province with a log whose head was signed, so that papers can be."""
    monkeypatch.setattr(keys, "key_file", lambda: tmp_path / "log.key")
    queries.forget()
    world.receive()
    catch_up()
    proofs.sign()
    queries.forget()
    return world


def issue(world: World, kind: Kind = Kind.RECEIPT, **values):
    dossier = world.receive(**values).dossier_id
    catch_up()
    return commands.issue(world.reader(Role.DESK_OFFICER), kind, dossier, url)


# -- the bytes --------------------------------------------------------------------------------------------------------


def test_a_statement_says_what_it_was_given():
    signed = statement.read(statement.address(SITE, text_of(SAID)))
    assert signed.statement == SAID
    assert signed.holds([PUBLIC])
    assert not signed.holds([])
    assert not signed.holds([bytes(32)])


@given(st.data())
def test_another_byte_anywhere_is_another_statement_or_none(data):
    payload = SAID.payload()
    whole = bytearray(payload + KEY.sign(CONTEXT + payload))
    where = data.draw(st.integers(0, len(whole) - 1))
    whole[where] ^= data.draw(st.integers(1, 255))
    try:
        signed = statement.read(statement.written(bytes(whole[:-64]), bytes(whole[-64:])))
    except NotAStatement:
        return
    assert not signed.holds([PUBLIC])


@given(st.data())
def test_another_letter_anywhere_is_another_statement_or_none(data):
    text = text_of(SAID)
    where = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").filter(lambda other: other != text[where]))
    try:
        signed = statement.read(text[:where] + letter + text[where + 1 :])
    except NotAStatement:
        return
    assert not signed.holds([PUBLIC])


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text):
    with pytest.raises(NotAStatement):
        statement.read(text)


def test_what_is_signed_can_be_no_head_of_the_log():
    from motcua.law import signed_note

    with pytest.raises((signed_note.NoteError, UnicodeDecodeError)):
        signed_note.read((CONTEXT + SAID.payload()).decode("latin-1") + "\n\n— x AAAA\n")


# -- the code as printed ----------------------------------------------------------------------------------------------


def test_the_address_fits_a_code_that_reads_well():
    address = statement.address(SITE, text_of(SAID))
    assert len(address) < 262  # what a code of 53 modules a side holds in its denser alphabet
    assert 'width="53"' in qr.dense_svg(address)
    with pytest.raises(qr.AddressTooLongError):
        qr.dense_svg("A" * 312)
    with pytest.raises(ValueError, match=r"."):
        qr.dense_svg("small letters")


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_telephone_reads_the_code_of_a_printed_receipt(signed_world, dpi):
    found = issue(signed_world)
    picture = pictures_of(found.paper, dpi)[0]
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == statement.address(SITE, found.paper.data["statement"])
    assert verifying.by_statement(code.text).dossier_id == found.dossier_id


def test_a_creased_grey_print_still_reads(signed_world):
    found = issue(signed_world)
    picture = pictures_of(found.paper, 200)[0].filter(ImageFilter.GaussianBlur(0.8)).rotate(4, fillcolor=255)
    picture = picture.point(lambda shade: 60 + shade * 0.6)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [
        statement.address(SITE, found.paper.data["statement"])
    ]


# -- issued and found again -------------------------------------------------------------------------------------------


def test_an_issued_paper_is_found_by_its_statement(signed_world):
    issued_paper = issue(signed_world)
    found = verifying.by_statement(issued_paper.paper.data["statement"])
    assert (found.kind, found.ordinal, found.newest, found.holds) == (Kind.RECEIPT, 1, True, True)
    assert found.agency == "Ủy ban nhân dân phường Tân An"
    assert found.name == "N*** T*** M***" == mask_name(APPLICANT.name)
    assert found.root_known is True
    assert abs(found.issued_at - datetime.now(UTC)) < timedelta(minutes=2)
    assert APPLICANT.name not in repr(found)


def test_a_paper_with_a_statement_comes_out_again_byte_for_byte(signed_world):
    first = issue(signed_world)
    again = issued.one(signed_world.reader(Role.DESK_OFFICER), first.dossier_id, Kind.RECEIPT, 1)
    assert typeset(again.paper) == typeset(first.paper)
    assert len(keeping.to_text(first.paper)) < 9000
    same = commands.issue(signed_world.reader(Role.DESK_OFFICER), Kind.RECEIPT, first.dossier_id, url)
    assert same.ordinal == 1  # salt and statement are new each time, and say nothing new


def test_an_older_issue_says_that_there_is_a_newer_one(signed_world):
    first = issue(signed_world, Kind.SLIP)
    signed_world.hand_over(first.dossier_id, Role.CASE_OFFICER, "trinh-ky")
    second = commands.issue(signed_world.reader(Role.DESK_OFFICER), Kind.SLIP, first.dossier_id, url)
    assert verifying.by_statement(second.paper.data["statement"]).newest
    old = verifying.by_statement(first.paper.data["statement"])
    assert (old.newest, old.latest, old.holds) == (False, 2, True)


def test_a_statement_that_we_did_not_sign_is_not_ours(signed_world):
    text = issue(signed_world).paper.data["statement"]
    said = statement.read(text).statement
    for other in (text_of(said), text_of(SAID), "", "x", text[:-8], f"{SITE}/t/{'0' * 32}"):
        with pytest.raises(NotOurs):
            verifying.by_statement(other)


def test_a_record_that_somebody_exchanged_does_not_hold(signed_world, monkeypatch):
    text = issue(signed_world).paper.data["statement"]
    read = keeping.of_text

    def other(kept: str):
        paper = read(kept)
        return replace(paper, data={**paper.data, "owner_name": "Người Khác"})

    monkeypatch.setattr("motcua.papers.verifying.keeping.of_text", other)
    assert not verifying.by_statement(text).holds


def test_what_was_erased_is_said_to_be_erased(signed_world):
    found = issue(signed_world)
    desk = signed_world.reader(Role.DESK_OFFICER)
    signed_world.finish(found.dossier_id)
    dossiers.return_result(desk, found.dossier_id, ReturnMethod.DESK, command_id=dossiers.new_id())
    erasing.erase_dossier(for_system("test"), found.dossier_id, "12/QĐ-UBND", early=True)
    catch_up()
    after = verifying.by_statement(found.paper.data["statement"])
    assert (after.erased, after.holds, after.name, after.comparable) == (True, False, "", False)


def test_without_a_signed_head_or_its_key_the_code_leads_to_the_tracking_page(world, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "key_file", lambda: tmp_path / "log.key")
    queries.forget()
    bare = issue(world)
    assert "statement" not in bare.paper.data
    assert Issue.objects.get().digest is None
    proofs.sign()
    queries.forget()
    (tmp_path / "log.key").chmod(0o644)
    assert "statement" not in issue(world).paper.data
    (tmp_path / "log.key").unlink()
    assert "statement" not in issue(world).paper.data


# -- the file itself --------------------------------------------------------------------------------------------------


def test_a_file_is_known_by_the_statement_in_it(signed_world):
    found = issue(signed_world)
    for paper in (found.paper, one_copy(found.paper)):
        content = typeset(paper)
        seen = verifying.by_file(content)
        assert seen.dossier_id == found.dossier_id
        assert seen.comparable
        assert verifying.same_bytes(seen, content, signed=False)
        assert not verifying.same_bytes(seen, content + b"\n", signed=False)
        assert not verifying.same_bytes(seen, content[:-1] + b"x", signed=True)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"no pdf at all"])
def test_a_file_that_says_nothing_is_nobodys(signed_world, content):
    assert verifying.by_file(content) is None


def test_a_file_of_a_draft_is_nobodys(signed_world):
    bare = replace(issue(signed_world).paper)
    data = {name: value for name, value in bare.data.items() if name != "statement"}
    assert verifying.by_file(typeset(replace(bare, data=data))) is None


# -- without us -------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CHECKER), *arguments], check=False, capture_output=True, text=True, timeout=60
    )


def test_the_program_that_stands_alone_agrees(signed_world):
    found = issue(signed_world)
    line = queries.public_keys()[0].line
    code = statement.address(SITE, found.paper.data["statement"])
    done = run(code, "--key", line)
    assert done.returncode == 0, done.stderr
    for words in (found.paper.data["dossier_code"], "receipt", "H99.01", "issue 1", "signature holds"):
        assert words in done.stdout
    other = code[:-20] + ("A" if code[-20] != "A" else "B") + code[-19:]
    spoiled = run(other, "--key", line)
    assert spoiled.returncode == 1
    assert "WRONG" in spoiled.stderr
    assert run("HTTPS://X/G/AAAA", "--key", line).returncode == 1


def test_the_programs_kinds_are_ours():
    text = CHECKER.read_text(encoding="utf-8")
    numbers = {str(kind): number for kind, number in statement._NUMBERS.items()}
    assert set(numbers) == {kind.value for kind in Kind}
    for kind, number in numbers.items():
        assert f'{number}: "{kind}' in text
