"""Many papers in one PDF: each as it is alone, with a bookmark and page numbers of its own."""

from dataclasses import replace

import pikepdf
import pytest

from motcua.papers.bases import Basis
from motcua.papers.forms import Copy
from motcua.papers.render import prepare, typeset, typeset_many
from papers.reading import pages, squeeze
from papers.samples import LONG, LONG_RECEIPT, ORDINARY, RECEIPT, REGISTER, SUPPLEMENT

BOTH = (Copy.CUSTOMER, Copy.KEPT)
TITLE = "Giấy tờ hồ sơ"


def said(pdf: bytes) -> list[str]:
    """What each page says."""
    return [squeeze(page.extract_text()) for page in pages(pdf)]


@pytest.mark.parametrize("basis", Basis)
def test_each_paper_says_what_it_says_alone(basis):
    ready = [prepare(form, copies=BOTH, basis=basis) for form in (*ORDINARY, *LONG, *ORDINARY)]
    assert said(typeset_many(ready, TITLE)) == [page for paper in ready for page in said(typeset(paper))]


def test_pages_are_counted_for_each_copy_of_each_long_paper_and_for_no_short_one():
    ready = [prepare(form, copies=BOTH) for form in (RECEIPT, LONG_RECEIPT, SUPPLEMENT, LONG_RECEIPT, RECEIPT)]
    texts = said(typeset_many(ready, TITLE))
    long = ["Trang1/3" in text or "Trang2/3" in text or "Trang3/3" in text for text in texts]
    assert long == [False] * 2 + [True] * 6 + [False] * 2 + [True] * 6 + [False] * 2


def test_a_file_of_many_has_a_bookmark_for_each_copy_and_one_title():
    codes = [f"H55.24-261118-{number:04d}" for number in range(1, 6)]
    ready = [prepare(replace(RECEIPT, dossier_code=code), copies=BOTH) for code in codes]
    import io

    with pikepdf.open(io.BytesIO(typeset_many(ready, TITLE))) as file:
        with file.open_outline() as outline:
            assert [item.title for item in outline.root] == [code for code in codes for _ in BOTH]
        assert str(file.docinfo["/Title"]) == TITLE
    assert all(sum(code in text for text in said(typeset_many(ready, TITLE))) == 2 for code in codes)


def test_the_same_papers_give_the_same_bytes():
    ready = [prepare(form, copies=BOTH) for form in (*ORDINARY, *LONG)]
    assert typeset_many(ready, TITLE) == typeset_many(ready, TITLE)


def test_a_register_among_papers_keeps_its_pages():
    texts = said(typeset_many([prepare(RECEIPT), prepare(REGISTER), prepare(LONG_RECEIPT)], TITLE))
    assert len(texts) == 1 + 1 + 3
    assert "SỔTHEODÕIHỒSƠ" in texts[1]


def test_none_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        typeset_many([], TITLE)
