"""An upload is opened by a process of its own, which it may exhaust without harm and in which nothing is found."""

import subprocess
import sys

import pytest

from motcua.files import opening
from motcua.files.inspect import MESSAGES, UploadRefused
from motcua.files.opening import try_to_open
from support.samples import GOOD, PDF, _large_picture

BOUNDS = {"pages": 500, "pixels": 100_000_000}


@pytest.mark.parametrize(("kind", "content"), [("pdf", PDF), ("png", _large_picture(100, 100)[:-20])])
def test_whatever_is_cut_off_is_refused_in_words_or_opened(kind, content) -> None:
    for end in range(0, len(content), max(1, len(content) // 8)):
        try:
            try_to_open(kind, content[:end], **BOUNDS)
        except UploadRefused as refusal:
            assert refusal.code in MESSAGES


def test_a_picture_that_needs_more_memory_than_there_is_is_refused(caplog) -> None:
    with pytest.raises(UploadRefused, match="image_broken"):
        try_to_open("png", _large_picture(60_000, 60_000), pages=1, pixels=10**12)
    assert "within its memory and time" in caplog.text


def test_a_file_that_takes_for_ever_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", 0.001)
    with pytest.raises(UploadRefused, match="pdf_opaque"):
        try_to_open("pdf", PDF, **BOUNDS)


@pytest.mark.parametrize(("pages", "pixels", "code"), [(0, 10**8, "pdf_pages"), (1, 10, "")])
def test_the_bounds_are_those_of_the_installation(pages, pixels, code) -> None:
    if code:
        with pytest.raises(UploadRefused, match=code):
            try_to_open("pdf", PDF, pages=pages, pixels=pixels)
    else:
        try_to_open("pdf", PDF, pages=pages, pixels=pixels)
        with pytest.raises(UploadRefused, match="pixels"):
            try_to_open("jpeg", GOOD["ảnh.JPG"][0], pages=pages, pixels=pixels)


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        ("os.write(1, b'x' * 10)", ""),
        ("open('/etc/hostname').read()", "Too many open files"),
        ("open('{folder}/x', 'w')", "Too many open files"),
        ("socket.socket()", "Too many open files"),
        ("os.truncate('{folder}/there', 10)", "File too large"),
        ("bytes(2**31)", "MemoryError"),
    ],
)
def test_the_process_that_opens_files_finds_no_secrets_and_no_way_out(tmp_path, attempt, error) -> None:
    (tmp_path / "there").touch()
    looking = f"""
import os, socket
from motcua.files.opener import confine
confine()
assert not [name for name in os.environ if name != "LC_CTYPE"]
{attempt.format(folder=tmp_path)}
"""
    done = subprocess.run([sys.executable, "-I", "-c", looking], env={}, capture_output=True, text=True, check=False)
    assert bool(done.returncode) == bool(error), done.stderr
    assert error in done.stderr
