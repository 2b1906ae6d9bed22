"""Turns a form into a PDF with Typst: the data go in as JSON, never as code, and the same form gives the same bytes."""

import json
import logging
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from motcua.papers import qr, wording
from motcua.papers.bases import FOLDER, TIMETABLE, Basis, Timetable, basis_for, template_for
from motcua.papers.checks import Checked
from motcua.papers.forms import AnyForm, Copy, DossierRegister
from motcua.papers.typeface import breakable, unprintable

logger = logging.getLogger(__name__)

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


def render(
    form: AnyForm,
    *,
    copies: Sequence[Copy] = (Copy.CUSTOMER,),
    basis: Basis | None = None,
    timetable: Timetable = TIMETABLE,
    made_at: datetime | None = None,
) -> bytes:
    """The form as a PDF, one set of pages for each of `copies`, each with its own page numbers.

    `basis` forces a circular's layout; otherwise `timetable` and the date in the form's head decide. Without `made_at`
    (an aware moment) the file carries no date of making and depends on the form alone, byte for byte.
    Raises UnprintableTextError, NoTemplateError, qr.AddressTooLongError, RenderError.
    """
    if not copies:
        raise ValueError("render needs at least one copy")
    chosen = basis or basis_for(type(form), form.head.date, timetable)
    template = template_for(type(form), chosen)
    data = payload(form, copies, dated=made_at is not None)
    pdf = _compile(template, data, made_at)
    if not data["counted"] and _page_count(pdf) > len(copies):
        # Only now are page numbers needed. Counting makes Typst lay out every page twice; nearly all papers have one.
        pdf = _compile(template, data | {"counted": True}, made_at)
    return pdf


def sources(template: Path, data: Mapping[str, object]) -> dict[str, bytes]:
    """What Typst is given, by file name, in the templates' folder: a fixed main file, and the data as JSON beside it.

    Not through `sys.inputs`: they belong to Typst's library, and a new value there makes it forget all it has laid out.
    """
    main = f'#import "/{template.name}": paper\n#paper(json("/data.json"))\n'
    return {"main.typ": main.encode(), "data.json": json.dumps(data, ensure_ascii=False).encode()}


def _compile(template: Path, data: Mapping[str, object], made_at: datetime | None) -> bytes:
    files: Any = sources(template, data)  # the wheel takes files by name, its type stubs do not say so
    with _compiler(FOLDER) as compiler:
        try:
            pdf, warnings = compiler.compile_with_warnings(input=files, timestamp=made_at)
        except typst.TypstError as error:
            raise RenderError(f"{template.name}: {error}") from error
    for warning in warnings:
        logger.warning("%s: %s", template.name, warning)
    if not isinstance(pdf, bytes):
        raise RenderError(f"{template.name}: Typst gave no PDF")
    return pdf


def _page_count(pdf: bytes) -> int:
    """How many pages a file of Typst's has, read off the root of its page tree, which is never compressed."""
    return max((int(found) for found in _COUNT.findall(pdf)), default=0)


def payload(form: AnyForm, copies: Sequence[Copy], *, dated: bool = False) -> dict[str, object]:
    """What a template receives: the form's fields as text ready to print, dates in words and figures, the QR as SVG."""
    data = _fields(form, "")
    data["copies"] = [copy.value for copy in copies]
    data["dated"] = dated
    data["counted"] = isinstance(form, DossierRegister)  # its pages are always numbered
    url = getattr(form, "qr_url", None)
    data["qr"] = qr.svg(url) if url else None
    data.pop("qr_url", None)
    return data


def _fields(item: Checked, path: str) -> dict[str, object]:
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
    # Only the wheel's own fonts: a paper must look the same on every machine, whatever is installed there.
    return typst.Fonts(include_system_fonts=False)


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
