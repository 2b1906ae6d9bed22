"""Small real files of every kind: those that an upload accepts, and those that it must refuse, with the reason."""

import io
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript


def _picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((60, 40), 90).save(file, kind)
    return file.getvalue()


def _pdf(prepare=lambda writer: None) -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    prepare(writer)
    writer.write(file)
    return file.getvalue()


def _archive(parts: dict[str, str], claimed_size: int | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        if claimed_size is not None:
            archive.filelist[-1].file_size = claimed_size
    return file.getvalue()


OBJECTS = b"/Type /ObjStm /N 1 /First 4 /Filter"


def _object_stream_pdf(objects: bytes, dictionary: bytes = OBJECTS + b" /FlateDecode") -> bytes:
    """A PDF whose objects lie compressed in an object stream, as office programs write them."""
    data = zlib.compress(b"2 0 " + objects)
    return (
        b"%PDF-1.7\n1 0 obj\n<< " + dictionary + b" /Length " + str(len(data)).encode() + b" >>\nstream\n"
        + data + b"\nendstream\nendobj\ntrailer << /Root 2 0 R >>\n%%EOF\n"
    )  # fmt: skip


OFFICE_TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
MACRO_TYPES = "<Types><Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/></Types>"
DOCX = {"[Content_Types].xml": OFFICE_TYPES, "word/document.xml": "<w:document/>"}
XLSX = {"[Content_Types].xml": OFFICE_TYPES, "xl/workbook.xml": "<workbook/>"}
PDF, JPEG, PNG = _pdf(), _picture("JPEG"), _picture("PNG")
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"

GOOD = {
    "a.pdf": (PDF, "pdf"),
    "ảnh.JPG": (JPEG, "jpeg"),
    "scan.png": (PNG, "png"),
    "đơn.docx": (_archive(DOCX), "docx"),
    "bảng.xlsx": (_archive(XLSX), "xlsx"),
    "objects.pdf": (_object_stream_pdf(b"<< /Type /Catalog >>"), "pdf"),
    "telephone.jpg": (JPEG + b"\x00\x00\x00\x18ftypmp42" + bytes(2000), "jpeg"),
    "padded.png": (PNG + b"\x00\r\n", "png"),
}
BAD = {
    "nothing": (b"", "a.pdf", "empty"),
    "page": (HTML, "a.html", "unknown_kind"),
    "page called pdf": (HTML, "a.pdf", "unknown_kind"),
    "drawing": (SVG, "a.svg", "unknown_kind"),
    "windows program": (b"MZ" + bytes(600), "a.exe", "unknown_kind"),
    "linux program called picture": (b"\x7fELF" + bytes(600), "a.png", "unknown_kind"),
    "shell script": (b"#!/bin/sh\nrm -rf /\n", "a.pdf", "unknown_kind"),
    "plain text": ("họ tên".encode(), "a.txt", "unknown_kind"),
    "archive": (_archive({"a.txt": "x"}), "a.zip", "unknown_kind"),
    "broken archive": (b"PK\x03\x04" + bytes(100), "a.docx", "unknown_kind"),
    "pdf further down": (b"\n\n" + PDF, "a.pdf", "unknown_kind"),
    "program ending": (PDF, "giay.pdf.exe", "name_mismatch"),
    "picture called pdf": (PNG, "a.pdf", "name_mismatch"),
    "pdf with script": (_pdf(lambda w: w.add_open_action(JavaScript("app.alert(1)"))), "a.pdf", "pdf_active"),
    "pdf with hidden script name": (PDF + b"9 0 obj << /S /J#61vaScript >> endobj", "a.pdf", "pdf_active"),
    "pdf that starts a program": (PDF + b"9 0 obj << /S /Launch /F (cmd.exe) >> endobj", "a.pdf", "pdf_active"),
    "pdf with rendition script": (PDF + b"9 0 obj << /S /Rendition /JS 8 0 R >> endobj", "a.pdf", "pdf_active"),
    "pdf script in object stream": (_object_stream_pdf(b"<< /S /JavaScript /JS (1) >>"), "a.pdf", "pdf_active"),
    "pdf short script in object stream": (_object_stream_pdf(b"<< /JS 8 0 R >>"), "a.pdf", "pdf_active"),
    "pdf script behind a false stream": (
        PDF + b"% stream\n9 0 obj << /S /JavaScript >> endobj\n% endstream", "a.pdf", "pdf_active"
    ),
    "pdf object stream behind a false stream": (
        b"%PDF-1.7\n% stream\n" + _object_stream_pdf(b"<< /S /Launch >>")[9:], "a.pdf", "pdf_active"
    ),
    "pdf with a filter nobody looks into": (
        _object_stream_pdf(b"<<>>", OBJECTS + b" [/ASCIIHexDecode /FlateDecode]"), "a.pdf", "pdf_opaque"
    ),
    "pdf with an indirect filter": (
        _object_stream_pdf(b"<<>>", OBJECTS + b" 5 0 R"), "a.pdf", "pdf_opaque"
    ),
    "pdf with a predictor": (
        _object_stream_pdf(b"<<>>", b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        "a.pdf", "pdf_opaque",
    ),
    "pdf that swells": (_object_stream_pdf(bytes(65 * 2**20)), "a.pdf", "pdf_opaque"),
    "pdf with password": (_pdf(lambda w: w.encrypt("mat khau", algorithm="RC4-128")), "a.pdf", "pdf_encrypted"),
    "pdf that is an archive": (PDF + _archive({"a.js": "x"}), "a.pdf", "two_in_one"),
    "pdf that is a page": (b"%PDF-1.7\n" + HTML + PDF, "a.pdf", "two_in_one"),
    "picture that is a page": (
        JPEG[:2] + b"\xff\xfe\x00\x20<script>alert(1)</script>....." + JPEG[2:], "a.jpg", "two_in_one"
    ),
    "picture that is an archive": (JPEG + _archive({"a.js": "x"}), "a.jpg", "two_in_one"),
    "picture that is a pdf": (JPEG[:2] + b"\xff\xfe\x00\x10%PDF-1.7......" + JPEG[2:], "a.jpg", "two_in_one"),
    "png with a tail": (PNG + b"#!/bin/sh", "a.png", "two_in_one"),
    "half a png": (PNG[: len(PNG) // 2], "a.png", "image_broken"),
    "png with a wrong byte": (PNG[:60] + bytes([PNG[60] ^ 1]) + PNG[61:], "a.png", "image_broken"),
    "half a jpeg": (JPEG[: len(JPEG) // 2], "a.jpg", "image_broken"),
    "macro": (_archive(DOCX | {"word/vbaProject.bin": "x"}), "a.docx", "office_active"),
    "macro by type": (_archive(DOCX | {"[Content_Types].xml": MACRO_TYPES}), "a.docx", "office_active"),
    "embedded program": (_archive(DOCX | {"word/embeddings/oleObject1.bin": "x"}), "a.docx", "office_active"),
    "climbing names": (_archive(XLSX | {"../../x": "x"}), "a.xlsx", "office_broken"),
    "swelling document": (_archive(DOCX, claimed_size=201 * 2**20), "a.docx", "office_broken"),
    "document of thousands": (_archive(DOCX | dict.fromkeys(map(str, range(5_000)), "")), "a.docx", "office_broken"),
}  # fmt: skip
