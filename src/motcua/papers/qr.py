"""QR codes for papers: an address with a random token, or with a signed statement, becomes an SVG picture."""

import re
from collections.abc import Iterable
from functools import lru_cache

import segno

# Any of the eight masks of ISO/IEC 18004 is valid and readable; trying all eight to find the prettiest costs
# six times the rest of the work, more than setting the whole receipt.
MASK = 3
# 49 modules a side: on the 19 mm square of the forms a module is 0.39 mm, which a phone reads from arm's length.
MAX_VERSION = 8
# 57 modules a side, 0.33 mm each: for addresses with a statement, which need to be read from a hand's breadth only.
MAX_DENSE = 10

LONGEST = 152  # bytes that a code of that version holds at correction level M

_DARK = re.compile("1+")


class AddressTooLongError(ValueError):
    """The address does not fit a QR code that still reads well at the size printed on the forms."""


def with_head(url: str, short_root: str | None) -> str:
    """The tracking address with the root of the log that the paper prints, so that its page compares the two.

    Where the code would become too fine for it, the address alone.
    """
    longer = f"{url}?n={short_root}" if short_root else url
    return longer if len(longer.encode()) <= LONGEST else url


def svg(url: str) -> str:
    """The QR code of `url` (byte mode, correction level M or better) as SVG text without margin.

    Raises AddressTooLongError above about 150 characters. What the address says is the caller's business: a random
    token, never a name or a code that can be guessed (TT 01/2018 Art. 16).
    """
    return _picture(modules(url))


def dense_svg(address: str) -> str:
    """The same for an address of capitals, digits and `$%*+-./:` only, in the code's denser alphabet.

    Raises AddressTooLongError above about 310 characters, ValueError for other characters.
    """
    code = segno.make_qr(address, error="m", mask=MASK, mode="alphanumeric")
    if int(code.version) > MAX_DENSE:
        raise AddressTooLongError(f"the QR's address has {len(address)} characters; shorten the site's public address")
    return _picture(["".join("1" if dark else "0" for dark in row) for row in code.matrix])


def _picture(rows: Iterable[str]) -> str:
    rows = list(rows)
    path = "".join(
        f"M{run.start()} {y}h{run.end() - run.start()}v1h{run.start() - run.end()}z"
        for y, row in enumerate(rows)
        for run in _DARK.finditer(row)
    )
    side = len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"><path d="{path}"/></svg>'


def modules(url: str) -> list[str]:
    """The code row by row, "1" for a dark module. Raises AddressTooLongError.

    With length and mask fixed, placing and error correction are linear over GF(2): flipping one bit of the address
    flips the same modules whatever else it says. So the code of a new token is that of a known address of the same site
    and length with those modules flipped, a tenth of the work of coding anew; segno says once which modules they are.
    """
    address = url.encode()
    stem = address[: address.rfind(b"/") + 1]
    side, bits = _code(stem.ljust(len(address), b"0"))
    for position in range(len(stem), len(address)):
        difference = address[position] ^ 0x30
        while difference:
            lowest = difference & -difference
            bits ^= _flips(len(address), position, lowest)
            difference ^= lowest
    text = f"{bits:0{side * side}b}"
    return [text[start : start + side] for start in range(0, side * side, side)]


@lru_cache(maxsize=64)
def _code(address: bytes) -> tuple[int, int]:
    """Side of an address's code and its modules as one number, the first module in the highest place."""
    code = segno.make_qr(address, error="m", mask=MASK, mode="byte")
    if int(code.version) > MAX_VERSION:
        raise AddressTooLongError(f"the QR's address has {len(address)} characters; shorten the site's public address")
    return len(code.matrix), int("".join("1" if dark else "0" for row in code.matrix for dark in row), 2)


@lru_cache(maxsize=8192)
def _flips(length: int, position: int, bit: int) -> int:
    """The modules that one bit of the byte at `position` in an address of `length` bytes flips."""
    plain = bytearray(b"0" * length)
    _, before = _code(bytes(plain))
    plain[position] ^= bit
    _, after = _code.__wrapped__(bytes(plain))
    return before ^ after
