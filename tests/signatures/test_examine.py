"""Whether a signature holds: every way in which it does not is told apart, and no changed byte goes unseen."""

import io
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from motcua.signatures import checking
from motcua.signatures.examine import examine
from motcua.signatures.reports import MESSAGES, Fault, Report, of_text, to_text
from motcua.signatures.testing import MARK, Authority
from support.signatures import AGENCY, PERSON, plain_pdf, signed_pdf

NOW = datetime.now(UTC)


def added_to(content: bytes) -> bytes:
    """The file with an increment that changes a page, as somebody would do who adds words to a signed paper."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = writer.root["/Pages"]["/Count"]
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_a_signature_that_holds_says_who_and_by_whom(keyring):
    report = examine(signed_pdf(keyring.person), keyring.anchors, NOW)
    (found,) = report.signatures
    assert report.holds
    assert (found.signer, found.issuer, found.level) == (f"{PERSON} ({MARK})", "CA THỬ NGHIỆM Một", "B-B")
    assert (found.whole, found.timestamped, found.test) == (True, False, True)
    assert abs(found.signed_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_two_signatures_on_one_paper_hold_both(keyring):
    report = examine(signed_pdf(keyring.seal, signed_pdf(keyring.person)), keyring.anchors, NOW)
    assert [each.fault for each in report.signatures] == [None, None]
    assert report.holds


FILES = {
    Fault.UNSIGNED: lambda _keys: plain_pdf(),
    Fault.EXPIRED: lambda keys: signed_pdf(keys.expired),
    Fault.UNKNOWN: lambda keys: signed_pdf(keys.unknown),
    Fault.NOT_YET: lambda keys: signed_pdf(
        keys.authority.person(PERSON, AGENCY, begin=NOW + timedelta(days=2), end=NOW + timedelta(days=9))
    ),
    Fault.USAGE: lambda keys: signed_pdf(keys.authority.cipher(PERSON)),
    Fault.PARTIAL: lambda keys: added_to(signed_pdf(keys.person)),
    Fault.CHANGED: lambda keys: signed_pdf(keys.person).replace(b"/MediaBox", b"/MediaBoy", 1),
    Fault.BROKEN: lambda keys: signed_pdf(keys.person)[:-400],
}


@pytest.mark.parametrize("fault", FILES)
def test_each_fault_is_told_apart_with_what_to_do(keyring, fault):
    report = examine(FILES[fault](keyring), keyring.anchors, NOW)
    assert report.fault is fault
    assert "Hãy" in report.message


def test_bytes_behind_the_end_are_seen(keyring):
    content = signed_pdf(keyring.person)
    for more in (b"\n", b"\n%x\n", b"%%EOF\n", plain_pdf()):
        assert not examine(content + more, keyring.anchors, NOW).holds


def test_a_seal_by_a_stranger_spoils_what_a_person_signed_well(keyring):
    report = examine(signed_pdf(keyring.unknown, signed_pdf(keyring.person)), keyring.anchors, NOW)
    assert [each.fault for each in report.signatures] == [None, Fault.UNKNOWN]
    assert report.fault is Fault.UNKNOWN


def test_without_an_anchor_nobody_is_known(keyring):
    assert examine(signed_pdf(keyring.person), [], NOW).fault is Fault.UNKNOWN


@lru_cache(maxsize=1)
def _sample() -> tuple[bytes, list[bytes]]:
    authority = Authority("CA THỬ NGHIỆM Ba")
    from support.signatures import der

    return signed_pdf(authority.person(PERSON, AGENCY)), [der(authority.identity)]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_changed_byte_anywhere_is_caught(data):
    content, anchors = _sample()
    start = content.index(b"/Contents <")
    envelope = st.integers(start, start + 3200)  # the only part that no digest covers
    where = data.draw(st.one_of(st.integers(0, len(content) - 1), envelope))
    changed = bytearray(content)
    changed[where] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[where]))
    assert not examine(bytes(changed), anchors, NOW).holds


def test_the_sample_itself_holds():
    content, anchors = _sample()
    assert examine(content, anchors, NOW).holds


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\x00" * 999, b"%PDF-1.7\n" + b"[" * 9000, b"PK\x03\x04" + bytes(50)]
)
def test_what_is_no_pdf_is_broken(content):
    assert examine(content, [], NOW).fault is Fault.BROKEN


def test_openssl_agrees_about_what_was_signed(keyring, tmp_path):
    content = signed_pdf(keyring.person)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        signature = pdf.Root.AcroForm.Fields[0].V
        (begin, one, two, rest) = (int(each) for each in signature.ByteRange)
        (tmp_path / "cms.der").write_bytes(bytes(signature.Contents).rstrip(b"\0") or b"")
    (tmp_path / "ca.pem").write_bytes(keyring.authority.identity.pem())
    command = [
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "content",
        "-CAfile", "ca.pem", "-purpose", "any", "-out", "out",
    ]  # fmt: skip
    assert shutil.which("openssl")
    for spoil, wanted in ((b"", 0), (b"x", 4)):
        (tmp_path / "content").write_bytes(content[begin : begin + one] + content[two : two + rest] + spoil)
        done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
        assert done.returncode == wanted, done.stderr


def test_the_process_apart_answers_the_same(keyring, signing_keys):
    for identity in (keyring.person, keyring.unknown):
        content = signed_pdf(identity)
        assert checking.check(content) == examine(content, keyring.anchors, NOW)
    assert checking.check(b"").fault is Fault.BROKEN


def test_a_file_that_takes_too_long_is_refused_and_stops_nothing(monkeypatch, settings, caplog):
    settings.MOTCUA_TRUST = None
    monkeypatch.setattr(checking, "_PATIENCE", 0.001)
    assert checking.check(b"%PDF-1.7").fault is Fault.BROKEN
    assert "memory and time" in caplog.text


def test_what_is_no_certificate_among_the_anchors_is_passed_over(signing_keys, settings, tmp_path, keyring, caplog):
    (tmp_path / "trust" / "notes.txt").write_text("x")
    (tmp_path / "trust" / "bad.pem").write_text("x")
    assert checking.anchors() == keyring.anchors
    assert "bad.pem" in caplog.text
    settings.MOTCUA_TRUST = str(tmp_path / "nowhere")
    assert checking.anchors() == []


def test_a_report_survives_the_way_between_processes(keyring):
    for report in (examine(signed_pdf(keyring.expired), keyring.anchors, NOW), Report((), Fault.UNSIGNED)):
        assert of_text(to_text(report)) == report


def test_every_fault_has_words():
    assert set(MESSAGES) == set(Fault)
