#!/usr/bin/env python3
"""Checks what the QR code of a Motcua paper says, without a network. Needs Python 3.9 and `cryptography` only.

    paper.py CODE --key KEY

CODE is the text that a telephone reads from the QR code: an address that ends with /G/ and many capitals. KEY is the
log's public key as you noted it once from a source that you trust, the same that verify.py takes; --key may be given
several times, when the key was renewed. Ends with status 0 if the signature holds, else 1 with the reason.

It shows that this installation issued such a paper, and which. Hold what it prints against the paper in your hand:
kind, dossier, agency and day. Whether the rest of it is unchanged, the page behind the QR code can tell.
"""

import argparse
import base64
import sys
from datetime import datetime, timedelta, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from verify import Wrong, demand, read_key, sha256

KINDS = {
    1: "receipt (Giấy tiếp nhận hồ sơ và hẹn trả kết quả)",
    2: "slip (Phiếu kiểm soát quá trình giải quyết hồ sơ)",
    3: "supplement (Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ)",
    4: "refusal (Phiếu từ chối)",
    5: "apology (Phiếu xin lỗi và hẹn lại)",
    6: "stop (Thông báo dừng giải quyết)",
}
VIETNAM = timezone(timedelta(hours=7))


def read(code):
    """The signed bytes and the signature: base32 without padding, the signature in the last 64 bytes."""
    text = code.strip().upper().rpartition("/")[2]
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raise Wrong("this is no statement of a paper: read the QR code again") from None
    demand(len(data) > 23 + 64 and data[0] == 1 and data[5] in KINDS, "this is no statement of a paper")
    return data[:-64], data[-64:]


def parts(payload):
    """Agency, dossier and the log's root, each with its length before it."""
    found, rest = [], payload[23:]
    while rest:
        found.append(rest[1 : 1 + rest[0]])
        rest = rest[1 + rest[0] :]
    demand(len(found) == 3, "the statement is cut off")
    return found[0].decode(), found[1].decode(), found[2].hex()


def check(code, keys):
    """Print what the code says, after its signature was checked."""
    payload, signature = read(code)
    for line in keys:
        name, public = read_key(line)
        if sha256(name.encode(), b"\n\x01", public)[:4] == payload[1:5]:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature, b"motcua-paper/1\0" + payload)
            except InvalidSignature:
                raise Wrong(f"the signature of {name} does not hold") from None
            break
    else:
        raise Wrong("none of the keys given signed this paper")
    agency, dossier, root = parts(payload)
    moment = datetime.fromtimestamp(int.from_bytes(payload[7:11], "big") * 60, VIETNAM)
    print(f"{KINDS[payload[5]]}, issue {payload[6]}")
    print(f"dossier {dossier}, agency {agency}, issued {moment:%H:%M %d/%m/%Y}")
    print(f"digest of what it says {payload[11:23].hex()}, root of the log {root or 'none'}")
    print(f"by {name}: signature holds")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code", metavar="CODE")
    parser.add_argument("--key", action="append", required=True, help="the log's public key")
    given = parser.parse_args()
    try:
        check(given.code, given.key)
    except Wrong as wrong:
        sys.exit(f"WRONG: {wrong}")
    except (ValueError, IndexError, UnicodeDecodeError) as error:
        sys.exit(f"WRONG: this is no statement of a paper: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
