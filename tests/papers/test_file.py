"""The PDF file itself: the same every time, small, titled, without a warning, from any thread."""

import io
import logging
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from motcua.papers import wording
from motcua.papers.bases import Basis
from motcua.papers.forms import Copy
from motcua.papers.render import RenderError, render
from papers.reading import pages, squeeze, text_of
from papers.samples import CODE, LONG, ORDINARY, RECEIPT

BOTH_COPIES = (Copy.KEPT, Copy.CUSTOMER)


@pytest.mark.parametrize("form", ORDINARY + LONG, ids=lambda form: type(form).__name__)
def test_typst_has_nothing_to_warn_about(form, caplog):
    with caplog.at_level(logging.WARNING, logger="motcua.papers.render"):
        render(form, copies=BOTH_COPIES)
        render(form, basis=Basis.TT03_2025)
    assert caplog.messages == []


def test_the_same_form_gives_the_same_bytes():
    assert render(RECEIPT) == render(RECEIPT)
    moment = datetime(2026, 11, 18, 1, 5, tzinfo=UTC)
    stamped = render(RECEIPT, made_at=moment)
    assert stamped == render(RECEIPT, made_at=moment)
    assert pypdf.PdfReader(io.BytesIO(stamped)).metadata.creation_date == moment
    of_the_head = pypdf.PdfReader(io.BytesIO(render(RECEIPT))).metadata.creation_date
    assert of_the_head == datetime(2026, 11, 18, tzinfo=wording.VIETNAM)


def test_another_process_gives_the_same_bytes():
    program = """
import sys
from motcua.papers.render import render
from papers.samples import RECEIPT
sys.stdout.buffer.write(render(RECEIPT))
"""
    tests = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], cwd=tests, capture_output=True, check=True)
    assert done.stdout == render(RECEIPT)


def test_the_file_names_its_title_and_language_but_no_person():
    reader = pypdf.PdfReader(io.BytesIO(render(RECEIPT)))
    assert reader.metadata.title == f"Giấy tiếp nhận hồ sơ và hẹn trả kết quả {CODE}"
    assert reader.trailer["/Root"]["/Lang"].startswith("vi")
    assert "Mẫu" not in "".join(str(value) for value in reader.metadata.values())


def test_only_the_letters_used_are_in_the_file():
    pdf = render(RECEIPT)
    fonts = pages(pdf)[0]["/Resources"]["/Font"]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert all(re.match(r"/[A-Z]{6}\+Tinos", name) for name in names), names
    assert len(pdf) < 60_000


def test_eight_threads_print_each_its_own_receipt():
    names = [f"Nguyễn Thị Mẫu số {number}." for number in range(80)]
    with ThreadPoolExecutor(8) as threads:
        texts = list(threads.map(lambda name: text_of(render(replace(RECEIPT, owner_name=name))), names))
    assert [name for name, text in zip(names, texts, strict=True) if squeeze(f"hồ sơ của: {name}") not in text] == []


def test_a_broken_template_is_reported_by_its_name(tmp_path, monkeypatch):
    (tmp_path / "broken.typ").write_text("#panic()")
    monkeypatch.setattr("motcua.papers.render.template_for", lambda form, basis: "broken.typ")
    monkeypatch.setattr("motcua.papers.render.FOLDER", tmp_path)
    with pytest.raises(RenderError, match=r"broken\.typ"):
        render(RECEIPT)
