"""How much faster Typst sets an A5 receipt (form M01) than WeasyPrint does from HTML; the goal is 30 times.

Both print the same form with the same content in one process, warm: Typst with its template read, WeasyPrint with its
style sheet parsed and its fonts found; both draw the QR code each time. Measured twice: a new applicant each time, as
at a counter (everything the applicant brings differs; the desk, the procedure, its list and the day's appointment are
those of the one before), and the same receipt again, where Typst may use what it remembers. Typst's file is tagged for
screen readers; WeasyPrint writes no tags unless told to, and the ratio is taken without.

Times are those of the processor, all threads together, so that a busy machine does not decide.
"""

import base64
import html
import io
import os
import platform
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version

import pypdf
import weasyprint
from rig.receipts import RECEIPT, applicants
from weasyprint.text.fonts import FontConfiguration

from motcua.papers import qr, wording
from motcua.papers.forms import Receipt
from motcua.papers.render import render

GOAL = 30
ROUNDS, TYPST_A_ROUND, WEASYPRINT_A_ROUND = 7, 60, 5
STYLE = """
@page { size: 148mm 210mm; margin: 13mm 11mm 11mm 21mm }
body { font: 8.6pt/1.15 serif; margin: 0 } p { margin: 0 0 0.6mm; padding-left: 4mm; text-indent: -4mm }
.head, .band, .sign { display: grid; text-align: center; column-gap: 3mm }
.head { grid-template-columns: 1fr 60mm; font-size: 8.2pt } .head p, .band p, .sign p { padding: 0; text-indent: 0 }
.band { grid-template-columns: 25mm 1fr 19mm; margin: 2mm 0 } .band h1 { font-size: 12.4pt; margin: 0 }
.band img { width: 19mm; height: 19mm } .band small { font-size: 6.6pt } .motto { border-bottom: 0.5pt solid }
.rule { border-top: 0.5pt solid; width: 15mm; margin: 1mm auto }
table { border-collapse: collapse; width: 100%; font-size: 8pt }
td, th { border: 0.5pt solid; padding: 0.8mm 1.4mm } td:nth-child(2) { width: 58% }
.due { border: solid; border-width: 0.8pt 0; padding: 1.9mm 0; margin: 2.4mm 0 }
.due b { display: block; font-size: 14.6pt; text-align: center }
.sign { grid-template-columns: 1fr 1fr; margin-top: 4mm }
.sign .name { margin-top: 11.5mm; font-weight: bold } .notes { font-size: 7.5pt }
"""


def page(form: Receipt) -> str:
    """The same receipt as HTML."""
    e = html.escape
    code, head = e(form.dossier_code), form.head
    picture = base64.b64encode(qr.svg(form.qr_url).encode()).decode()
    rows = "".join(
        f"<tr><td>{number}<td>{e(item.name)}<td>{item.originals or '–'}"
        f"<td>{item.certified or '–'}<td>{item.copies or '–'}"
        for number, item in enumerate(form.components, start=1)
    )
    return f"""<!doctype html><html lang="vi">
<title>Giấy tiếp nhận hồ sơ và hẹn trả kết quả {code}</title><body>
<div class="head"><div><p>{e(head.parent_agency.upper())}
<p><b>{e(head.desk_name.upper())}</b><div class="rule"></div></div>
<div><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b>
<p><b class="motto">Độc lập - Tự do - Hạnh phúc</b></div>
<p>Số: {e(head.document_number or "")}
<p><i>{e(head.place)}, {wording.day_long(head.date)}</i></div>
<div class="band"><div><img alt="" src="data:image/svg+xml;base64,{picture}"><br><small>{code}</small></div>
<div><h1>GIẤY TIẾP NHẬN HỒ SƠ<br>VÀ HẸN TRẢ KẾT QUẢ</h1>
<p>Mã hồ sơ: <b>{code}</b>
<p><i>(Liên: Giao khách hàng)</i></div>
<div><p>Quyển số: {e(form.register_book or "")}
<p>Số thứ tự: {e(form.register_serial or "")}</div></div>
<p>Bộ phận tiếp nhận và trả kết quả: <b>{e(head.desk_name)}</b>
<p>Tiếp nhận hồ sơ của: <b>{e(form.owner_name)}</b>
<p>Số CMND/CCCD/Hộ chiếu: {e(form.id_number or "")}<p>Địa chỉ: {e(form.address or "")}
<p>Số điện thoại: {e(form.phone or "")} Email: {e(form.email or "")}
<p>Nội dung yêu cầu giải quyết: <b>{e(form.request_content)}</b><p>1. Thành phần hồ sơ nộp gồm:
<table><thead><tr><th>TT<th>Thành phần hồ sơ<th>Bản chính<th>Bản chứng thực<th>Bản photo</thead><tbody>{rows}</table>
<p>2. Số lượng hồ sơ: <b>{form.set_count}</b> (bộ)
<p>3. Thời gian giải quyết hồ sơ theo quy định là: <b>{e(form.legal_limit)}</b>
<p>4. Thời gian nhận hồ sơ: {wording.clock_long(form.received_at)}, {wording.day_long(form.received_at)}
<div class="due">5. Thời gian trả kết quả giải quyết hồ sơ:
<b>{wording.clock_long(form.appointed_at)}, {wording.day_long(form.appointed_at)}</b></div>
<p>6. Đăng ký nhận kết quả tại: {e(form.return_method)}
<p>Vào Sổ theo dõi hồ sơ, Quyển số: {e(form.register_book or "")}, Số thứ tự: {e(form.register_serial or "")}.
<div class="sign"><div><p><b>NGƯỜI NỘP HỒ SƠ</b><p><i>(Ký và ghi rõ họ tên)</i>
<p class="name">{e(form.owner_name)}</div>
<div><p><b>NGƯỜI TIẾP NHẬN HỒ SƠ</b><p><i>(Ký và ghi rõ họ tên)</i>
<p class="name">{e(form.receiver_name or "")}</div></div>
<div class="notes"><b>Ghi chú:</b>
<p>– Giấy này được lập thành 2 liên: một liên kèm Phiếu kiểm soát quá trình giải quyết hồ sơ, lưu tại Bộ phận Một cửa;
một liên giao cho tổ chức, cá nhân nộp hồ sơ.
<p>– Tổ chức, cá nhân có thể đăng ký nhận kết quả tại Bộ phận Một cửa hoặc tại nhà (trụ sở) qua dịch vụ bưu chính.
</div>"""


def text_of(pdf: bytes) -> str:
    """What a PDF says, without blanks (the two programs break lines in different places)."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", "".join(found.extract_text() for found in pages)))


def fields(form: Receipt) -> list[str]:
    """Everything both papers must say: the form's values and its printed words, tag by tag."""
    words = re.sub(r"<title>.*?</title>|<[^>]*>", "\n", page(form))
    return [re.sub(r"\s+", "", html.unescape(line)) for line in words.splitlines() if line.strip()]


def milliseconds(make: Callable[[Receipt], bytes], forms: Sequence[Receipt]) -> float:
    """Mean processor time of one receipt."""
    began = time.process_time()
    for form in forms:
        make(form)
    return (time.process_time() - began) / len(forms) * 1000


def compare(title: str, choose: Callable[[int], list[Receipt]], peer: Callable[[Receipt], bytes]) -> float:
    """Prints both times and gives the ratio; the best of several rounds, turn and turn about, so that a machine that is
    busy with something else for a moment does not decide."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(milliseconds(render, choose(TYPST_A_ROUND)))
        theirs.append(milliseconds(peer, choose(WEASYPRINT_A_ROUND)))
    ratio = min(theirs) / min(ours)
    print(f"{title}: Typst {min(ours):.2f} ms, WeasyPrint {min(theirs):.1f} ms, ratio {ratio:.1f}")
    return ratio


def same_paper(name: str, pdf: bytes) -> bool:
    """Whether a PDF says every field and every printed word of the receipt; prints what it lacks."""
    text = text_of(pdf)
    wanted = fields(RECEIPT)
    missing = [field for field in wanted if field not in text]
    print(f"{name}: {len(wanted) - len(missing)} of {len(wanted)} texts found", *missing)
    return not missing


def main() -> int:
    """Measures and prints; 1 when the two papers do not say the same, so that unlike is never compared."""
    fonts = FontConfiguration()
    style = weasyprint.CSS(string=STYLE, font_config=fonts)

    def with_weasyprint(form: Receipt, *, tags: bool = False) -> bytes:
        document = weasyprint.HTML(string=page(form))
        return bytes(document.write_pdf(stylesheets=[style], font_config=fonts, pdf_tags=tags))

    alike = [same_paper("Typst", render(RECEIPT)), same_paper("WeasyPrint", with_weasyprint(RECEIPT))]
    if not all(alike):
        return 1
    versions = ", ".join(f"{package} {version(package)}" for package in ("typst", "segno", "weasyprint"))
    print(f"{os.cpu_count()} CPUs, {platform.machine()}, Python {platform.python_version()}, {versions}")
    ratio = compare("A5 receipt, a new applicant each time", applicants, with_weasyprint)
    compare("A5 receipt, the same one again", lambda count: [RECEIPT] * count, with_weasyprint)
    compare("A new applicant, both files tagged", applicants, partial(with_weasyprint, tags=True))
    print(f"goal: at least {GOAL} times for a new applicant: {'reached' if ratio >= GOAL else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
