"""Every paper is PDF/A-2b, as veraPDF finds it, and what that asks for is seen in the file."""

import io
from dataclasses import replace

import pikepdf
import pytest

from motcua.papers.bases import TEMPLATES, Basis
from motcua.papers.forms import Copy
from motcua.papers.render import prepare, render, typeset_many
from papers.samples import LONG, ORDINARY, RECEIPT
from support import verapdf

BOTH = (Copy.KEPT, Copy.CUSTOMER)


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """What veraPDF says of every form under every circular, short and long, of a preview and of many in one file."""
    folder = tmp_path_factory.mktemp("papers")
    made = {
        f"{basis}-{type(form).__name__}-{length}": render(form, basis=basis, copies=BOTH)
        for basis in Basis
        for length, forms in (("ordinary", ORDINARY), ("long", LONG))
        for form in forms
    }
    made["preview"] = render(RECEIPT, draft=True)
    made["bulk"] = typeset_many([prepare(form, copies=BOTH) for form in (*ORDINARY, *LONG)], "Giấy tờ hồ sơ")
    made["broken"] = _with_a_script(render(RECEIPT))
    files = []
    for name, content in made.items():
        files.append(folder / f"{name}.pdf")
        files[-1].write_bytes(content)
    return verapdf.broken("2b", files)


def _with_a_script(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as file:
        file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        target = io.BytesIO()
        file.save(target)
    return target.getvalue()


def test_every_form_under_every_circular_is_pdf_a_2b(checked):
    faults = {name: said for name, said in checked.items() if said and name != "broken.pdf"}
    assert faults == {}
    assert len(checked) == 2 * len(TEMPLATES) + 3


def test_the_validator_does_find_what_is_wrong(checked):
    assert any(said.startswith("6.5.1-1: ") for said in checked["broken.pdf"]), checked["broken.pdf"]


@pytest.mark.parametrize("form", ORDINARY, ids=lambda form: type(form).__name__)
def test_a_paper_says_what_it_is_and_carries_nothing_that_acts(form):
    with pikepdf.open(io.BytesIO(render(form))) as file, file.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert not file.is_encrypted
        assert not {"/AA", "/OpenAction", "/AcroForm"} & set(file.Root.keys())
        assert not {"/JavaScript", "/EmbeddedFiles"} & set(file.Root.get("/Names", {}).keys())
        assert len(file.trailer.ID) == 2


def test_papers_that_differ_have_ids_that_differ():
    found = set()
    for form in (RECEIPT, replace(RECEIPT, owner_name="Lê Khác Thử")):
        with pikepdf.open(io.BytesIO(render(form))) as file:
            found.add(tuple(map(bytes, file.trailer.ID)))
    assert len(found) == 2
