"""QR codes for papers: an address with a random token becomes an SVG picture."""

from collections.abc import Iterable, Iterator

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
        raise AddressTooLongError(f"the QR's address has {len(url)} characters; shorten the site's public address")
    side = len(code.matrix)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(code.matrix) for x, length in _runs(row))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"><path d="{path}"/></svg>'


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin in a row and how many stand together (segno's own SVG writer takes longer)."""
    start = None
    end = 0
    for end, dark in enumerate(row):
        if dark and start is None:
            start = end
        elif not dark and start is not None:
            yield start, end - start
            start = None
    if start is not None:
        yield start, end + 1 - start
