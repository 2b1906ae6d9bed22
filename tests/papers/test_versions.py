"""Templates that papers were issued by never change again, and papers kept in a file come out as they were issued."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from motcua.papers.bases import FOLDER, VERSION, Basis
from motcua.papers.keeping import of_text
from motcua.papers.render import engine, typeset
from papers.reading import text_of
from papers.samples import ORDINARY

# The hash of each folder of templates that papers may have been issued by. To change a template, copy the newest folder
# to the next number, change that, set bases.VERSION and add the new hash here: docs/developer/papers.md.
FOLDERS = {
    "v1": "8d025d14a22480d1a54a5a8a91ab533b004bcef521cb8f59af7c6017cec0d3fb",
}
# Papers as an installation keeps them; written by `python tests/papers/keep_issued.py`, which only adds.
KEPT = json.loads((Path(__file__).parent / "issued.json").read_text(encoding="utf-8"))


def hash_of(folder: Path) -> str:
    digest = sha256()
    for path in sorted(folder.glob("*.typ")):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def test_no_template_that_papers_were_issued_by_has_changed():
    assert {folder.name: hash_of(folder) for folder in FOLDER.glob("v*")} == FOLDERS
    assert max(FOLDERS, key=lambda name: int(name[1:])) == VERSION


@pytest.mark.parametrize("name", KEPT)
def test_a_paper_issued_earlier_comes_out_byte_for_byte(name):
    """A new typesetter or typeface sets other bytes: the words are held all the same, and its hash is added."""
    kept = KEPT[name]
    pdf = typeset(of_text(kept["paper"]))
    assert sha256(text_of(pdf).encode()).hexdigest() == kept["words"]
    assert sha256(pdf).hexdigest() == kept["files"][engine()]


def test_a_paper_of_every_form_and_circular_is_kept():
    wanted = {f"{VERSION} {basis} {type(form).__name__}" for basis in Basis for form in ORDINARY}
    assert wanted <= set(KEPT)
