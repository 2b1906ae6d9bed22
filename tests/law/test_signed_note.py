"""The text of a tree head is what C2SP specifies, and anything else is refused with the part that is wrong."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law import signed_note
from motcua.law.signed_note import Checkpoint, NoteError, Signature

# The key of a running log of this kind: that of the checksums of Go's modules.
EXAMPLE = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
HEAD = Checkpoint("example.vn/nhat-ky", 7, bytes(range(32)), datetime(2026, 11, 22, 5, 4, 3, tzinfo=UTC))
NOTE = signed_note.signed(HEAD.text, Signature("example.vn/nhat-ky", b"abcd", bytes(64)))


def test_a_head_reads_as_lines_that_a_person_can_read():
    assert HEAD.text == (
        "example.vn/nhat-ky\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\ntime 2026-11-22T05:04:03Z\n"
    )
    assert f"{HEAD.text}\n— example.vn/nhat-ky YWJjZ{'A' * 86}=\n" == NOTE


def test_what_was_written_is_read_back():
    assert signed_note.read(NOTE) == (HEAD, HEAD.text, (Signature("example.vn/nhat-ky", b"abcd", bytes(64)),))


def test_a_head_of_another_program_without_a_time_is_read_too():
    plain = Checkpoint("example.com/foo", 0, bytes(32), None)
    checkpoint, text, _signatures = signed_note.read(signed_note.signed(plain.text, Signature("a", b"abcd", b"x")))
    assert (checkpoint, text) == (plain, plain.text)


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("\n\n", "\n", "not a signed tree head"),
        ("\n7\n", "\n07\n", "the size"),
        ("\n7\n", "\n-7\n", "the size"),
        ("\nAAECAw", "\nAAEC", "the root"),
        ("\nAAECAwQ", "\n*AECAwQ", "the root"),
        ("Z\n", "\n", "the time"),
        ("— ", "- ", "signature is missing"),
        (" YWJj", " *WJj", "the signature"),
    ],
)
def test_a_spoilt_head_is_refused_with_its_part(before, after, wrong):
    with pytest.raises(NoteError, match=wrong):
        signed_note.read(NOTE.replace(before, after, 1))


@given(st.text())
def test_any_other_text_is_refused_and_nothing_else_happens(text):
    with pytest.raises(NoteError):
        signed_note.read(text)


def test_a_key_is_one_line_which_is_read_back():
    line = signed_note.verifier_key("example.vn/nhat-ky", bytes(range(32)))
    assert signed_note.read_verifier_key(line) == ("example.vn/nhat-ky", bytes(range(32)))


def test_the_key_of_a_running_log_is_read():
    name, public = signed_note.read_verifier_key(EXAMPLE)
    assert signed_note.verifier_key(name, public) == EXAMPLE


@pytest.mark.parametrize(
    "line", ["", "a+b", EXAMPLE.replace("sum", "sun"), EXAMPLE[:-4], EXAMPLE.replace("+Ac", "+Bc")]
)
def test_a_line_that_is_no_key_is_refused(line):
    with pytest.raises(NoteError):
        signed_note.read_verifier_key(line)


@pytest.mark.parametrize(("name", "good"), [("a.vn/nhat-ky", True), ("", False), ("a b", False), ("a+b", False)])
def test_a_log_has_a_name_without_blanks_and_plus_signs(name, good):
    assert signed_note.is_name(name) is good
