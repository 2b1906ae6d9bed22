"""Reads a printed paper back: its text, its type sizes, its picture."""

import io
import re
import unicodedata

import pypdf
import typst
from PIL import Image

from motcua.papers import bases, typeface
from motcua.papers.bases import Basis
from motcua.papers.forms import AnyForm
from motcua.papers.render import Paper, prepare, sources


def pages(pdf: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeeze(text: str) -> str:
    """Text without any blank: a name may be broken over lines, where the extractor adds or drops blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def text_of(pdf: bytes) -> str:
    return "".join(squeeze(page.extract_text()) for page in pages(pdf))


def largest_type(pdf: bytes) -> str:
    """All text set in the largest size of the first page."""
    pieces: list[tuple[float, str]] = []

    def visit(text, user_matrix, text_matrix, font, size):
        pieces.append((round(abs(text_matrix[0] * user_matrix[0]) * size, 2), text))

    pages(pdf)[0].extract_text(visitor_text=visit)
    biggest = max(size for size, text in pieces if text.strip())
    return squeeze("".join(text for size, text in pieces if size == biggest))


def pictures(form: AnyForm, ppi: float, basis: Basis = Basis.TT01_2018) -> list[Image.Image]:
    """The pages of a form as grey images, set by Typst itself."""
    return pictures_of(prepare(form, basis=basis), ppi)


def pictures_of(paper: Paper, ppi: float) -> list[Image.Image]:
    """The pages of a paper as grey images."""
    found = typst.compile(
        sources([paper.template], paper.data),
        root=bases.FOLDER,
        format="png",
        ppi=ppi,
        font_paths=[typeface.FOLDER],
        ignore_system_fonts=True,
        timestamp=paper.made_at,
    )
    return [Image.open(io.BytesIO(page)).convert("L") for page in (found if isinstance(found, list) else [found])]


def ink(image: Image.Image) -> Image.Image:
    """Where a picture is dark: 255 for ink, 0 for paper."""
    return image.point(lambda value: 255 if value < 128 else 0)
