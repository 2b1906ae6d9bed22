"""Opens one uploaded file, in a process of its own that may use little memory and time, and says what is wrong with it.

Started by `opening`, which hands the file over on standard input; answers with one code of `inspect.MESSAGES`, or
`ok`. Should a file get the better of a library here, it finds no key and no connection in this process, and may open
neither files nor sockets.

python -I -m motcua.files.opener KIND PAGES PIXELS < file
"""

from __future__ import annotations

import importlib
import io
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

MEMORY: Final = 1024 * 2**20  # bytes of address space
SECONDS: Final = 20  # of processor time


class Limits(NamedTuple):
    """The most pages and pixels that a file may have."""

    pages: int
    pixels: int


class Refused(Exception):  # noqa: N818 - says what is the case
    """The file is refused; `args[0]` is the code."""


def confine() -> None:
    """Takes from this process what looking into a file does not need; the libraries must have been imported before."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # those that are open already


# -- pdf --------------------------------------------------------------------------------------------------------------

# ISO 32000-2, 12.6.4: actions that run, start, send or fetch something. Going to a page or a web address is no such.
_ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound", "/GoTo3DView"}
)
_ACTIVE_KEYS: Final = frozenset({"/JS", "/JavaScript", "/RichMedia", "/RichMediaContent", "/XFA"})
_ATTACHED: Final = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF"})
_DEEPEST: Final = 60
_STREAM_MOST: Final = 64 * 2**20  # bytes of one unpacked stream that is no picture
_STREAMS_MOST: Final = 256 * 2**20  # of all of them
_SWELLING: Final = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})


def open_pdf(content: bytes, limits: Limits) -> None:
    """Counts the pages, looks into every object, and unpacks every stream up to its bound."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refused("pdf_encrypted")
            if not 1 <= len(pdf.pages) <= limits.pages:
                raise Refused("pdf_pages" if len(pdf.pages) else "pdf_broken")
            budget = _STREAMS_MOST
            for each in pdf.objects:
                _look(each, 0)
                if isinstance(each, pikepdf.Stream):
                    budget -= _unpacked(each, min(_STREAM_MOST, budget), limits)
    except pikepdf.PasswordError:
        raise Refused("pdf_encrypted") from None
    except pikepdf.PdfError:
        raise Refused("pdf_broken") from None


def _look(each: Any, depth: int) -> None:
    """Refuses what runs, sends or hides, anywhere in an object; others that it names are looked at by themselves."""
    if depth > _DEEPEST:
        raise Refused("pdf_opaque")
    for key, value in _inside(each):
        if key in _ACTIVE_KEYS or (key == "/S" and str(value) in _ACTIONS):
            raise Refused("pdf_active")
        if key in _ATTACHED or (key == "/Type" and str(value) in _ATTACHED):
            raise Refused("pdf_attachment")
        if not getattr(value, "is_indirect", False):
            _look(value, depth + 1)


def _inside(each: Any) -> Iterator[tuple[str, Any]]:
    import pikepdf

    if isinstance(each, pikepdf.Stream | pikepdf.Dictionary):
        yield from (each.stream_dict if isinstance(each, pikepdf.Stream) else each).items()
    elif isinstance(each, pikepdf.Array):
        yield from (("", value) for value in each)


def _unpacked(stream: Any, most: int, limits: Limits) -> int:
    """The unpacked size of a stream, at most `most`; of a picture only its declared pixels count."""
    filters = _filters(stream.get("/Filter"))
    if sum(name in _SWELLING for name in filters) > 1:
        raise Refused("pdf_opaque")  # packed twice: nothing honest is, and each layer swells a thousandfold
    if stream.get("/Subtype") == "/Image":
        if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > limits.pixels:
            raise Refused("pixels")
        return 0
    raw = stream.read_raw_bytes()
    if filters[:1] not in (["/FlateDecode"], ["/Fl"]):
        return len(raw)
    size, unpacking, rest = 0, zlib.decompressobj(), raw
    try:
        while rest and not unpacking.eof and size <= most:
            size += len(unpacking.decompress(rest, 2**20))
            rest = unpacking.unconsumed_tail
    except zlib.error:
        return size  # a viewer shows what came before the fault
    if size > most:
        raise Refused("pdf_opaque")
    return size


def _filters(given: Any) -> list[str]:
    import pikepdf

    if given is None:
        return []
    return [str(name) for name in given] if isinstance(given, pikepdf.Array) else [str(given)]


# -- pictures ---------------------------------------------------------------------------------------------------------


def open_picture(content: bytes, limits: Limits) -> None:
    """Counts the pixels by the picture's head, then unpacks it whole: half a picture is none."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "MPO")) as picture:
            if picture.width * picture.height > limits.pixels:
                raise Refused("pixels")
            if picture.format == "PNG" and getattr(picture, "n_frames", 1) > 1:
                raise Refused("image_moving")
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except (OSError, SyntaxError, ValueError, zlib.error):
        raise Refused("image_broken") from None


# -- office documents -------------------------------------------------------------------------------------------------

_UNPACKED_MOST: Final = 200 * 2**20
_XML_MOST: Final = 32 * 2**20  # of one part that is looked into
# What is fetched or started when the document is opened; a link that somebody must click is not.
_FETCHED = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External[\"'])"
    rb"(?=[^>]*Type\s*=\s*[\"'][^\"']*/(attachedTemplate|oleObject|frame|subDocument|package)[\"'])",
    re.IGNORECASE,
)
_EXCHANGE = re.compile(
    rb"(instrText[^>]*>\s*|w:instr\s*=\s*[\"']\s*|<ddeLink\b|=\s*)DDE(AUTO)?\b|<ddeLink\b", re.IGNORECASE
)
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)\b", re.IGNORECASE)


def open_office(content: bytes, _limits: Limits) -> None:
    """Unpacks every part, whatever size it claims, and looks into those that are XML."""
    budget = _UNPACKED_MOST
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
                budget -= _read_part(archive, part, budget, look=xml)
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError, EOFError, OSError):
        raise Refused("office_broken") from None


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: int, *, look: bool) -> int:
    size, kept = 0, []
    with archive.open(part) as opened:
        while piece := opened.read(2**20):
            size += len(piece)
            if size > budget or (look and size > _XML_MOST):
                raise Refused("office_broken")
            if look:
                kept.append(piece)
    text = b"".join(kept).replace(b"\x00", b"")  # UTF-16 reads as ASCII then, for what is looked for
    if _ENTITIES.search(text) or _FETCHED.search(text) or _EXCHANGE.search(text):
        raise Refused("office_active")
    return size


OPENERS: Final[Mapping[str, Callable[[bytes, Limits], None]]] = {
    "pdf": open_pdf,
    "jpeg": open_picture,
    "png": open_picture,
    "docx": open_office,
    "xlsx": open_office,
}
# Pillow imports its usual formats when it opens the first picture, zipfile its oldest code page.
_PICTURES: Final = tuple(f"PIL.{name}ImagePlugin" for name in ("Bmp", "Gif", "Jpeg", "Mpo", "Png", "Ppm"))
_OFFICE: Final = ("encodings.cp437",)
_LIBRARIES: Final[Mapping[str, Sequence[str]]] = {
    "pdf": ("pikepdf",),
    "jpeg": _PICTURES,
    "png": _PICTURES,
    "docx": _OFFICE,
    "xlsx": _OFFICE,
}


def main(kind: str, pages: str, pixels: str) -> None:
    """Reads the file from standard input and writes the code."""
    content = sys.stdin.buffer.read()
    for module in _LIBRARIES[kind]:
        importlib.import_module(module)
    confine()
    try:
        OPENERS[kind](content, Limits(int(pages), int(pixels)))
    except Refused as refused:
        sys.stdout.write(str(refused.args[0]))
        return
    sys.stdout.write("ok")


if __name__ == "__main__":
    main(*sys.argv[1:])
