"""QR codes for papers: an address with a random token becomes an SVG picture."""

import io

import segno

# Any of the eight masks of ISO/IEC 18004 is valid and readable; trying all eight to find the prettiest costs
# six times the rest of the work, more than setting the whole receipt.
MASK = 3
# 49 modules a side: on the 21 mm square of the forms a module is 0.43 mm, which a phone reads from arm's length.
MAX_VERSION = 8


class AddressTooLongError(ValueError):
    """The address does not fit a QR code that still reads well at the size printed on the forms."""


def svg(url: str) -> str:
    """The QR code of `url` (byte mode, correction level M or better) as SVG text without margin.

    Raises AddressTooLongError above about 150 characters. What the address says is the caller's business: a random
    token, never a name or a code that can be guessed (TT 01/2018 Art. 16).
    """
    code = segno.make_qr(url, error="m", mask=MASK)
    if int(code.version) > MAX_VERSION:
        raise AddressTooLongError(
            f"the address behind the QR has {len(url)} characters; shorten the site's public address"
        )
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue().decode("ascii")
