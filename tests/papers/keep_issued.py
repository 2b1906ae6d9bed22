"""Adds papers of the present templates, and the hashes of the present typesetter, to what test_versions holds.

    PYTHONPATH=tests .venv/bin/python tests/papers/keep_issued.py

Nothing that is kept is ever changed: where a paper kept earlier now says other words, it stops.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

from motcua.papers.bases import VERSION, Basis
from motcua.papers.forms import Copy
from motcua.papers.keeping import of_text, to_text
from motcua.papers.render import engine, prepare, typeset
from papers.reading import text_of
from papers.samples import ORDINARY

FILE = Path(__file__).parent / "issued.json"


def main() -> int:
    """Writes the file; 1 when a paper kept earlier says other words now."""
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    for basis in Basis:
        for form in ORDINARY:
            paper = prepare(form, basis=basis, copies=(Copy.CUSTOMER, Copy.KEPT))
            name = f"{VERSION} {basis} {type(form).__name__}"
            kept.setdefault(name, {"paper": to_text(paper), "words": "", "files": {}})
    for name, each in kept.items():
        pdf = typeset(of_text(each["paper"]))
        words = sha256(text_of(pdf).encode()).hexdigest()
        if each["words"] not in ("", words):
            sys.stderr.write(f"{name} says other words than when it was issued\n")
            return 1
        each["words"] = words
        each["files"].setdefault(engine(), sha256(pdf).hexdigest())
    FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
