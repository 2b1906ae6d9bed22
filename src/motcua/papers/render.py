"""Turns forms into PDF/A-2b with Typst: data go in as JSON, never as code, and the same form gives the same bytes."""

import json
import logging
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pikepdf
import typst

from motcua.papers import qr, typeface, wording
from motcua.papers.bases import FOLDER, TIMETABLE, Basis, Timetable, basis_for, template_for
from motcua.papers.checks import Checked
from motcua.papers.forms import AnyForm, Copy, DossierRegister
from motcua.papers.typeface import breakable, unprintable

logger = logging.getLogger(__name__)

STANDARD: Final = "a-2b"  # PDF/A-2b (ISO 19005-2, level B): what archives take in
_COUNT = re.compile(rb"/Count (\d+)")


class RenderError(RuntimeError):
    """Typst refused a template: a fault of ours, not of the data. Carries the template's name, no personal data."""


class UnprintableTextError(ValueError):
    """A field holds characters the typeface lacks; `field` is its path in the form, `characters` are the culprits."""

    def __init__(self, field: str, characters: str) -> None:
        points = ", ".join(f"U+{ord(char):04X}" for char in characters)
        super().__init__(f"{field}: cannot be printed in Latin type: {points}; write it in Latin letters")
        self.field = field
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Paper:
    """A form made ready for the typesetter; set again from this alone it comes out the same.

    `template` is a path below the templates' folder, its version first; `data` is JSON; `made_at` the file's date.
    """

    template: str
    data: Mapping[str, Any]
    made_at: datetime


def render(
    form: AnyForm,
    *,
    copies: Sequence[Copy] = (Copy.CUSTOMER,),
    basis: Basis | None = None,
    timetable: Timetable = TIMETABLE,
    made_at: datetime | None = None,
    draft: bool = False,
) -> bytes:
    """The form as a PDF/A-2b, one set of pages for each of `copies`, each with its own page numbers; see `prepare`.

    Raises UnprintableTextError, NoTemplateError, qr.AddressTooLongError, RenderError.
    """
    return typeset(prepare(form, copies=copies, basis=basis, timetable=timetable, made_at=made_at, draft=draft))


def prepare(
    form: AnyForm,
    *,
    copies: Sequence[Copy] = (Copy.CUSTOMER,),
    basis: Basis | None = None,
    timetable: Timetable = TIMETABLE,
    made_at: datetime | None = None,
    draft: bool = False,
) -> Paper:
    """The form with its template chosen and its fields as text, before anything is set.

    `basis` names the circular whose layout it has; without it `timetable` and the date in the form's head decide. A
    `draft` is marked as a preview. Without `made_at` (an aware moment) the file is dated by the form's head, and
    depends on the form alone, byte for byte. Raises UnprintableTextError, NoTemplateError, qr.AddressTooLongError.
    """
    if not copies:
        raise ValueError("a paper needs at least one copy")
    chosen = basis or basis_for(type(form), form.head.date, timetable)
    made = made_at or datetime.combine(form.head.date, time(), wording.VIETNAM)
    # Typst takes no zone by name, only an offset.
    data = payload(form, copies, draft=draft)
    return Paper(template_for(type(form), chosen), data, made.astimezone(wording.VIETNAM))


def typeset(paper: Paper) -> bytes:
    """One paper as a PDF/A-2b. Raises RenderError."""
    pdf = _compile([paper.template], paper.data, paper.made_at)
    if not paper.data["counted"] and _page_count(pdf) > len(paper.data["copies"]):
        # Only now are page numbers needed. Counting makes Typst lay out every page twice; nearly all papers have one.
        pdf = _compile([paper.template], {**paper.data, "counted": True}, paper.made_at)
    return pdf


def typeset_many(papers: Sequence[Paper], title: str) -> bytes:
    """Many papers in one PDF/A-2b, in their order, each with a bookmark of its code and page numbers of its own.

    Dated by the latest of them. Raises RenderError, and ValueError for none.
    """
    if not papers:
        raise ValueError("a file of many papers needs at least one")
    templates = sorted({paper.template for paper in papers})
    listed = [
        {
            **paper.data,
            "nth": str(place),
            "entry": paper.data.get("dossier_code") or str(place + 1),
            "template": templates.index(paper.template),
        }
        for place, paper in enumerate(papers)
    ]
    made = max(paper.made_at for paper in papers)
    pdf = _compile(templates, {"title": title, "papers": listed}, made)
    over = _overflowing(pdf, listed)
    if over:
        for place in over:
            listed[place]["counted"] = True
        pdf = _compile(templates, {"title": title, "papers": listed}, made)
    return pdf


def engine() -> str:
    """What sets papers: the typesetter's version and the typeface's bytes. Alike, the same paper has the same bytes."""
    return _engine()


@cache
def _engine() -> str:
    digest = sha256()
    for path in sorted(typeface.FOLDER.glob("*.ttf")):
        digest.update(path.read_bytes())
    return f"typst {version('typst')}, {typeface.FAMILY.lower()} {digest.hexdigest()[:16]}"


def sources(templates: Sequence[str], data: Mapping[str, Any]) -> dict[str, bytes]:
    """What Typst is given, by file name, in the templates' folder: a fixed main file, and the data as JSON beside it.

    Not through `sys.inputs`: they belong to Typst's library, and a new value there makes it forget all it has laid out.
    """
    if "papers" in data:
        names = [f"paper-{place}" for place in range(len(templates))]
        imports = [f'#import "/{path}": paper as {name}\n' for path, name in zip(templates, names, strict=True)]
        main = (
            f'{"".join(imports)}#let data = json("/data.json")\n#let papers = ({", ".join(names)},)\n'
            '#set document(title: data.title, author: "Motcua", date: auto)\n'
            "#for d in data.papers { papers.at(d.template)(d) }\n"
        )
    else:
        main = f'#import "/{templates[0]}": paper\n#paper(json("/data.json"))\n'
    return {"main.typ": main.encode(), "data.json": json.dumps(data, ensure_ascii=False).encode()}


def one_copy(paper: Paper) -> Paper:
    """The applicant's copy alone: a file that is signed needs no second one for the desk."""
    copies = [copy for copy in paper.data["copies"] if copy == Copy.CUSTOMER] or paper.data["copies"][:1]
    return replace(paper, data={**paper.data, "copies": copies})


def sign_here(paper: Paper) -> list[tuple[int, float, float]]:
    """Where the paper leaves room for signatures, in their order: the page from 0, and the middle of the line above.

    In points from the page's left upper corner to the line's upper edge. Raises RenderError.
    """
    files: Any = sources([paper.template], paper.data)
    files["main.typ"] += (
        b"#context [#metadata(query(<sign-here>).map(each => { let at = each.location().position()\n"
        b"(page: at.page, x: at.x.pt(), y: at.y.pt()) })) <places>]\n"
    )
    options: Any = {"root": FOLDER, "font_paths": _fonts(), "ignore_system_fonts": True}
    try:
        found = json.loads(typst.query(files, "<places>", field="value", one=True, **options))
    except typst.TypstError as error:
        raise RenderError(f"{paper.template}: {error}") from error
    ends = zip(found[::2], found[1::2], strict=True)  # the line's beginning and its end
    return [(begun["page"] - 1, (begun["x"] + ended["x"]) / 2, float(begun["y"])) for begun, ended in ends]


def set_files(folder: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
    """A PDF/A of the file `main.typ` among these, with templates of a folder of its own. Raises RenderError."""
    given: Any = dict(files)
    with _compiler(folder) as compiler:
        try:
            pdf = compiler.compile(input=given, timestamp=made_at, pdf_standards=STANDARD)
        except typst.TypstError as error:
            raise RenderError(f"{folder.name}: {error}") from error
    if not isinstance(pdf, bytes):
        raise RenderError(f"{folder.name}: Typst gave no PDF")
    return pdf


def _compile(templates: Sequence[str], data: Mapping[str, Any], made_at: datetime) -> bytes:
    files: Any = sources(templates, data)  # the wheel takes files by name, its type stubs do not say so
    named = ", ".join(templates)
    with _compiler(FOLDER) as compiler:
        try:
            pdf, warnings = compiler.compile_with_warnings(input=files, timestamp=made_at, pdf_standards=STANDARD)
        except typst.TypstError as error:
            raise RenderError(f"{named}: {error}") from error
    for warning in warnings:
        logger.warning("%s: %s", named, warning)
    if not isinstance(pdf, bytes):
        raise RenderError(f"{named}: Typst gave no PDF")
    return pdf


def _page_count(pdf: bytes) -> int:
    """How many pages a file of Typst's has, read off the root of its page tree, which is never compressed."""
    return max((int(found) for found in _COUNT.findall(pdf)), default=0)


def _overflowing(pdf: bytes, listed: Sequence[Mapping[str, Any]]) -> list[int]:
    """Which papers have a copy of more than one page, told by the bookmark at each copy's beginning."""
    copies = [place for place, data in enumerate(listed) for _ in data["copies"]]
    if _page_count(pdf) == len(copies):
        return []
    with pikepdf.open(BytesIO(pdf)) as file:
        numbers = {page.obj.objgen: number for number, page in enumerate(file.pages)}
        starts = [numbers[page] for page in _bookmarked(file)]
        starts.append(len(file.pages))
    long = (place for place, (begun, after) in zip(copies, pairwise(starts), strict=True) if after - begun > 1)
    return sorted({place for place in long if not listed[place]["counted"]})


def _bookmarked(file: pikepdf.Pdf) -> Iterator[tuple[int, int]]:
    """The pages that a file's bookmarks lead to, in their order."""
    item: pikepdf.Object | None = file.Root.Outlines.First
    while item is not None:
        yield item.Dest[0].objgen
        item = item.get("/Next")


def payload(form: AnyForm, copies: Sequence[Copy], *, draft: bool = False) -> dict[str, Any]:
    """What a template receives: the form's fields as text ready to print, dates in words and figures, the QR as SVG."""
    data = _fields(form, "")
    of_pages = isinstance(form, DossierRegister)  # a book: its pages are always numbered, and there is one of it
    data["copies"] = [copy.value for copy in (copies[:1] if of_pages else copies)]
    data["draft"] = draft
    data["counted"] = of_pages
    data["entry"], data["nth"] = None, "0"
    url = getattr(form, "qr_url", None)
    data["qr"] = qr.svg(url) if url else None
    data.pop("qr_url", None)
    return data


def printable(item: Checked) -> dict[str, Any]:
    """The fields of any checked form as text ready to print, for a template of another room. See `payload`."""
    return _fields(item, "")


def _fields(item: Checked, path: str) -> dict[str, Any]:
    kind: type = type(item)
    return {name: _printable(getattr(item, name), f"{path}{name}") for name in _names(kind)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _printable(value: object, path: str) -> object:
    match value:
        case None | bool() | int():
            return value
        case str():
            return _text(value, path)
        case datetime():
            return {
                "day": wording.day_long(wording.local(value)),
                "day_short": wording.day_short(wording.local(value)),
                "clock": wording.clock_long(value),
                "clock_short": wording.clock_short(value),
            }
        case date():
            return {"day": wording.day_long(value), "day_short": wording.day_short(value)}
        case tuple():
            return [_printable(entry, f"{path}[{position}]") for position, entry in enumerate(value)]
        case Checked():
            return _fields(value, f"{path}.")
    raise TypeError(f"{path}: {type(value).__name__} has no printed form")


def _text(value: str, path: str) -> str:
    missing = unprintable(value)
    if missing:
        raise UnprintableTextError(path, missing)
    return breakable(value)


@cache
def _fonts() -> typst.Fonts:
    # Only our own: a paper must look the same on every machine, whatever is installed there.
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[typeface.FOLDER])
    if typeface.FAMILY not in found.families():
        raise RenderError(f"{typeface.FAMILY} is not in {typeface.FOLDER}: build it (python -m motcua.ui.build)")
    return found


@cache
def _idle(folder: Path) -> deque[typst.Compiler]:
    return deque()


@contextmanager
def _compiler(folder: Path) -> Iterator[typst.Compiler]:
    """A compiler of this folder's templates that nobody else uses meanwhile.

    A compiler refuses a second thread while it works (Typst itself runs without the interpreter's lock), so there are
    as many as papers were ever printed at once; a warm one spares reading fonts and templates anew.
    """
    idle = _idle(folder)
    try:
        compiler = idle.pop()
    except IndexError:
        compiler = typst.Compiler(root=folder, font_paths=_fonts(), ignore_system_fonts=True)
    try:
        yield compiler
    finally:
        idle.append(compiler)
