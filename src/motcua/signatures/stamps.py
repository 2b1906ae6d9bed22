"""The box that a signature shows on the paper, and where it stands: the seal at the head, a person's at the foot."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pikepdf

from motcua.law.dossier.vocabulary import SignedBy
from motcua.papers import render, wording
from motcua.papers.render import Paper
from motcua.papers.typeface import clean

FOLDER: Final = Path(__file__).parent
_MM: Final = 72 / 25.4
_SIZE: Final[Mapping[SignedBy, tuple[float, float]]] = {SignedBy.SEAL: (60.0, 9.4), SignedBy.PERSON: (54.0, 10.4)}
_A5: Final = 450.0  # points: an A5 page is narrower, an A4 page wider
_LEFT: Final = (21.0, 30.0)  # mm to the left of the text on A5 and A4, as in common.typ
_LINE: Final = (12.0, 16.5)  # points from the upper edge of the line "(Ký và ghi rõ họ tên)" to the box
_TOP: Final = 2.4  # mm from the page's edge to the seal: in the margin, where no form prints anything


@dataclass(frozen=True, slots=True)
class Stamp:
    """The box as a one-page PDF, and where it goes: page from 0; left, lower, right and upper edge in points."""

    picture: bytes
    page: int
    box: tuple[int, int, int, int]


def stamp(
    paper: Paper, content: bytes, by: SignedBy, name: str, organisation: str, at: datetime, *, test: bool
) -> Stamp | None:
    """The box of a signature on a paper, whose PDF is `content`; None where it has no place for a person's, as on the
    control slip.
    """
    width, height = _SIZE[by]
    place = _place(paper, content, by, width, height)
    if place is None:
        return None
    said = wording.local(at)
    lines = [("Ký số bởi", clean(name))]
    if by is SignedBy.PERSON and organisation and organisation != name:
        lines.append(("Cơ quan", clean(organisation)))
    data = {
        "width": width, "height": height, "test": test, "lines": lines, "at": f"{said:%d/%m/%Y %H:%M:%S} +07:00",
    }  # fmt: skip
    return Stamp(_drawn(data, at), *place)


def _place(
    paper: Paper, content: bytes, by: SignedBy, width: float, height: float
) -> tuple[int, tuple[int, int, int, int]] | None:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page_width, page_height = (float(edge) for edge in list(pdf.pages[0].mediabox)[2:])
    left, line = _LEFT[page_width > _A5], _LINE[page_width > _A5]
    if by is SignedBy.SEAL:
        return 0, _box(left * _MM, page_height - (_TOP + height) * _MM, width, height)
    found = render.sign_here(paper)
    if not found:
        return None
    number, middle, y = found[-1]  # the last of them is the office's; before it comes the applicant's
    return number, _box(middle - width * _MM / 2, page_height - y - line - height * _MM, width, height)


def _box(left: float, lower: float, width: float, height: float) -> tuple[int, int, int, int]:
    return round(left), round(lower), round(left + width * _MM), round(lower + height * _MM)


def _drawn(data: Mapping[str, Any], at: datetime) -> bytes:
    main = '#import "/stamp.typ": stamp\n#stamp(json("/data.json"))\n'
    files = {"main.typ": main.encode(), "data.json": json.dumps(data, ensure_ascii=False).encode()}
    return render.set_files(FOLDER, files, wording.local(at).replace(microsecond=0))
