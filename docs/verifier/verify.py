#!/usr/bin/env python3
"""Checks what a Motcua log publishes: signed heads, and proofs against them. Needs Python 3.9 and `cryptography` only.

    verify.py FILE… [--key KEY]

FILE is a head (the signed text, or JSON with it), a proof of events, of one position, or that the log only grew. KEY is
the log's public key as you noted it once from a source that you trust: the line itself or a file with it. Without --key
the signature is held against the key that the file names, which shows that the file is whole, not whose it is.
Ends with status 0 if everything holds, else 1 with the reason. Nothing here is Motcua's: it follows RFC 6962 (tree),
RFC 8032 (signature) and C2SP signed-note and tlog-checkpoint (text of a head).
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """Something does not hold; the text says what."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def demand(condition, what):
    if not condition:
        raise Wrong(what)


# -- heads ------------------------------------------------------------------------------------------------------------


def read_key(line):
    """Name and public key of `name+hash+base64(1 ‖ key)`."""
    name, _, rest = line.strip().partition("+")
    stored, _, encoded = rest.partition("+")
    key = base64.b64decode(encoded, validate=True)
    demand(len(key) == 33 and key[:1] == b"\x01", "the key is not an Ed25519 key")
    demand(sha256(name.encode(), b"\n", key)[:4].hex() == stored, "the key's name and hash do not belong together")
    return name, key[1:]


def read_head(note, key_line):
    """Size and root of a signed head, after its signature was checked."""
    text, empty, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    demand(empty and len(lines) >= 3, "this is no signed head")
    name, public = read_key(key_line)
    key_hash = sha256(name.encode(), b"\n\x01", public)[:4]
    for line in signatures.splitlines():
        signer, _, encoded = line.removeprefix("— ").partition(" ")
        data = base64.b64decode(encoded, validate=True)
        if line.startswith("— ") and signer == name and data[:4] == key_hash:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(data[4:], f"{text}\n".encode())
            except InvalidSignature:
                raise Wrong(f"the signature of {name} does not hold") from None
            break
    else:
        raise Wrong(f"the key of {name} ({key_hash.hex()}) did not sign this head")
    root = base64.b64decode(lines[2], validate=True)
    demand(lines[1].isdigit() and len(root) == 32, "the head's size or root is malformed")
    when = next((line[5:] for line in lines[3:] if line.startswith("time ")), "unknown time")
    print(f"head of {lines[0]}: {lines[1]} positions, {when}, root {root.hex()}: signature holds")
    return int(lines[1]), root


# -- the tree (RFC 6962; the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2) ------------------------------------


def walk(index, last, path, steps):
    """Climb from a leaf's index to the root; `steps` is told for each hash of the path on which side it stands."""
    for each in path:
        demand(last, "the path is too long")
        if index & 1 or index == last:
            steps(each, True)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            steps(each, False)
        index, last = index >> 1, last >> 1
    demand(last == 0, "the path is too short")


def check_inclusion(position, event_hash, path, size, root):
    demand(1 <= position <= size, f"position {position} lies outside the head")
    found = sha256(b"\0", event_hash)

    def step(other, on_the_left):
        nonlocal found
        found = sha256(b"\1", other, found) if on_the_left else sha256(b"\1", found, other)

    walk(position - 1, size - 1, path, step)
    demand(found == root, f"position {position}: the path does not lead to the head's root")


def check_growth(old, old_root, new, new_root, path):
    demand(0 < old <= new, "the older head is longer than the newer one")
    if old == new:
        demand(not path and old_root == new_root, "two heads of one size have different roots")
        return
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    hashes = list(path) if index else [old_root, *path]
    demand(path, "the proof is empty")
    first = second = hashes[0]

    def step(other, on_the_left):
        nonlocal first, second
        if on_the_left:
            first, second = sha256(b"\1", other, first), sha256(b"\1", other, second)
        else:
            second = sha256(b"\1", second, other)

    walk(index, last, hashes[1:], step)
    demand(first == old_root, "the proof does not lead to the older head's root")
    demand(second == new_root, "the proof does not lead to the newer head's root")


# -- files ------------------------------------------------------------------------------------------------------------


def check_events(events, size, root):
    """Each event's hash, its place under the head, and its link to the event before it in the same dossier."""
    hashes = {}
    for event in events:
        content, previous = event["canonical"].encode(), bytes.fromhex(event["previous"])
        digest = sha256(previous, content)
        dossier, seq, kind, _version, recorded = json.loads(content)[:5]
        demand(digest.hex() == event["hash"], f"{dossier}, event {seq}: the hash is not that of the content")
        before = bytes(32) if seq == 1 else hashes.get((dossier, seq - 1), previous)
        demand(before == previous, f"{dossier}, event {seq}: it does not follow the one before it")
        hashes[dossier, seq] = digest
        check_inclusion(event["position"], digest, [bytes.fromhex(each) for each in event["path"]], size, root)
        print(f"position {event['position']}: {kind} of {recorded}, event {seq} of {dossier}: under the head")


def check(text, key):
    """Check one file; returns True when the signature was held against a key given by hand."""
    if not text.lstrip().startswith("{"):
        demand(key, "a bare head does not say its key: give it with --key")
        read_head(text, key)
        return True
    data = json.loads(text)
    heads = [data["old"], data["new"]] if "old" in data else [data.get("head", data)]
    read = [read_head(head["note"], key or head["key"]) for head in heads]
    path = [bytes.fromhex(each) for each in data.get("path", ())]
    if "old" in data:
        (old, old_root), (new, new_root) = read
        check_growth(old, old_root, new, new_root, path)
        print(f"from {old} to {new} positions the log only grew")
    elif "events" in data:
        check_events(data["events"], *read[0])
        for each in data.get("uncovered", ()):
            print(f"event {each['seq']} is not yet under this head: ask again later")
    elif "position" in data:
        check_inclusion(data["position"], bytes.fromhex(data["hash"]), path, *read[0])
        print(f"position {data['position']}: event with hash {data['hash']}: under the head")
    return bool(key)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--key", help="the log's public key, or a file that holds it")
    given = parser.parse_args()
    try:
        key = Path(given.key).read_text(encoding="utf-8") if given.key and Path(given.key).is_file() else given.key
        trusted = [check(path.read_text(encoding="utf-8"), key) for path in given.files]
    except Wrong as wrong:
        sys.exit(f"WRONG: {wrong}")
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        sys.exit(f"WRONG: this is no file of a log: {type(error).__name__}: {error}")
    print("everything holds" if all(trusted) else "everything holds, by the key that the file itself names: compare it")


if __name__ == "__main__":
    main()
