"""Recompute the tree from the positions and hold it against its tiles, its signed heads, and heads kept outside.

Runs within the snapshot of `dossiers.verify`, which holds the positions against the events. Reads the positions once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import connection

from motcua.dossiers.findings import Fault, Report
from motcua.law import merkle, signed_note
from motcua.law.merkle import Frontier
from motcua.law.signed_note import Checkpoint, NoteError
from motcua.proofs import keys, queries
from motcua.proofs.queries import SignedHead
from motcua.proofs.tiles import RISE, WIDTH, split

_POSITIONS = "SELECT position, hash FROM dossiers_position ORDER BY position"
_TILES = "SELECT index, width, hashes FROM proofs_tile WHERE level = %s ORDER BY index, width"
_KEYS = "SELECT key_id, public FROM proofs_key"


@dataclass(frozen=True, slots=True)
class GivenHead:
    """A head that somebody kept outside: where it came from, what it says, and the note."""

    source: str
    checkpoint: Checkpoint
    note: str


def read_given(source: str, text: str) -> GivenHead:
    """A head from a file: the note itself, or JSON that has one (a published head, a proof). Raises NoteError."""
    note = text
    if text.lstrip().startswith("{"):
        try:
            data = json.loads(text)
            note = str(data.get("head", data.get("new", data))["note"])
        except (ValueError, KeyError, TypeError):
            raise NoteError("not a signed tree head") from None
    return GivenHead(source, signed_note.read(note)[0], note)


@dataclass(slots=True)
class TreeCheck:
    """One recomputation of the tree; `given` are heads from outside that the log must extend."""

    given: Sequence[GivenHead] = ()
    size: int = 0
    _tops: list[bytes] = field(default_factory=list)
    _roots: dict[int, bytes] = field(default_factory=dict)
    _first_leaf: int = 0

    def __call__(self, report: Report) -> None:
        """Check everything, and add what is wrong to the report."""
        heads = queries.all_heads()
        self._walk(report, {head.size for head in heads} | {each.checkpoint.size for each in self.given})
        covered = max((head.size for head in heads), default=0)
        for level in range(1, 8):
            self._check_level(report, level)
        self._check_heads(report, heads)
        if covered and self.size >= covered:
            self._check_complete(report, covered)
        report.heads = len(heads) + len(self.given)

    def _walk(self, report: Report, sizes: set[int]) -> None:
        """Read the positions tile by tile, compare the leaves, and note the root of each size that is asked for."""
        frontier, wanted, stored = Frontier(), sorted(sizes), _Grouped(0)
        for index, row in enumerate(_rows()):
            begin = index * WIDTH
            self.size = begin + len(row)
            for width, hashes in stored.of(index):
                self._compare(report, begin, row, width, hashes)
            while wanted and wanted[0] <= self.size:
                upto = wanted.pop(0)
                self._roots[upto] = frontier.add(0, row[: upto - begin]).root
            if len(row) == WIDTH:
                self._tops.append(merkle.tree_hash(row))
                frontier = frontier.add(RISE, self._tops[-1:])
        if (beyond := stored.beyond()) is not None:
            report.add(Fault("log_shrank", position=self.size + 1, detail=f"the tree had {beyond} positions"))

    def _compare(self, report: Report, begin: int, row: list[bytes], width: int, hashes: bytes) -> None:
        """A stored tile of leaves against the positions; the first leaf that differs is named."""
        if hashes == b"".join(row[:width]):
            return
        pairs = zip(split(hashes), row, strict=False)
        first = next((place for place, (kept, found) in enumerate(pairs) if kept != found), None)
        if first is None:
            report.add(Fault("log_shrank", position=self.size + 1, detail=f"the tree had {begin + width} positions"))
            return
        self._first_leaf = min(self._first_leaf or begin + first + 1, begin + first + 1)
        report.add(Fault("leaf_differs", position=begin + first + 1))

    def _check_level(self, report: Report, level: int) -> None:
        """The tiles of a higher level must hold the roots of the tiles below."""
        nodes = merkle.parents(self._tops, RISE * (level - 1))
        for index, width, hashes in _tiles(level):
            if hashes != b"".join(nodes[index * WIDTH : index * WIDTH + width]):
                report.add(Fault("tile_differs", detail=f"level {level}, tile {index}"))

    def _check_complete(self, report: Report, covered: int) -> None:
        """Every tile that a signed head covers must be there, or a change below it could not be told."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT n FROM generate_series(0, %s) n "
                "WHERE NOT EXISTS (SELECT FROM proofs_tile WHERE level = 0 AND index = n AND width = 256) LIMIT 1",
                [covered // WIDTH - 1],
            )
            found = cursor.fetchone()
        if found:
            report.add(Fault("tile_missing", position=found[0] * WIDTH + 1, detail=f"level 0, tile {found[0]}"))

    def _check_heads(self, report: Report, heads: Sequence[SignedHead]) -> None:
        """Signed heads, kept here and outside, against the recomputed roots."""
        publics = _publics(report)
        good = 0
        for number, head in enumerate(heads, start=1):
            if head.number != number:
                report.add(Fault("head_missing", detail=f"number {number}"))
                break
        for head in heads:
            checkpoint = self._check_note(report, f"head {head.number}", head.note, publics)
            if checkpoint and (checkpoint.size, checkpoint.root, checkpoint.at) != (
                head.size, head.root, head.signed_at
            ):  # fmt: skip
                report.add(Fault("head_note_differs", detail=f"head {head.number}"))
            if self._check_root(report, f"head {head.number}", head.size, head.root, good):
                good = head.size
        held = 0
        for given in sorted(self.given, key=lambda each: each.checkpoint.size):
            said = given.checkpoint
            if self._check_note(report, given.source, given.note, publics):
                before = max((head.size for head in heads if self._was_before(head, said)), default=0)
                if self._check_root(report, given.source, said.size, said.root, max(before, held)):
                    held = said.size

    def _was_before(self, head: SignedHead, said: Checkpoint) -> bool:
        """Whether a head of ours was signed before one that was kept outside, and holds."""
        earlier = said.at is None or head.signed_at <= said.at
        return earlier and head.size < said.size and self._roots.get(head.size) == head.root

    def _check_note(self, report: Report, name: str, note: str, publics: dict[str, bytes]) -> Checkpoint | None:
        """What a note says, if one of our keys signed it."""
        try:
            checkpoint, text, signatures = signed_note.read(note)
        except NoteError as error:
            report.add(Fault("head_unreadable", detail=f"{name}: {error}"))
            return None
        if not any(keys.holds(public, each, text) for each in signatures for public in publics.values()):
            report.add(Fault("head_not_signed_here", detail=name))
            return None
        return checkpoint

    def _check_root(self, report: Report, name: str, size: int, root: bytes, good: int) -> bool:
        """The head's root; where it differs, the first position that can be bad lies after the last good head."""
        if size > self.size:
            report.add(Fault("log_shrank", position=self.size + 1, detail=f"{name} covers {size} positions"))
            return False
        if self._roots[size] == root:
            return True
        exact = self._first_leaf if good < self._first_leaf <= size else 0
        where = f"{name} of {size} positions; the first bad one is {exact or f'one of {good + 1} to {size}'}"
        report.add(Fault("head_differs", position=exact or good + 1, detail=where))
        return False


def _rows() -> Iterator[list[bytes]]:
    """The leaves' hashes in rows of 256, up to the first hole in the positions."""
    connection.ensure_connection()
    with connection.connection.cursor(name="tree_positions", binary=True) as cursor:
        cursor.itersize = 20 * WIDTH
        cursor.execute(_POSITIONS)
        row: list[bytes] = []
        for expected, (position, digest) in enumerate(cursor, start=1):
            if position != expected:
                break
            row.append(digest)
            if len(row) == WIDTH:
                yield merkle.leaf_hashes(row)
                row = []
        if row:
            yield merkle.leaf_hashes(row)


def _tiles(level: int) -> Iterator[tuple[int, int, bytes]]:
    connection.ensure_connection()
    with connection.connection.cursor(name=f"tree_tiles_{level}", binary=True) as cursor:
        cursor.itersize = 200
        cursor.execute(_TILES, [level])
        yield from cursor


class _Grouped:
    """Stored tiles by their index, read along with the positions."""

    def __init__(self, level: int) -> None:
        self._groups = groupby(_tiles(level), key=lambda tile: tile[0])
        self._index, self._tiles = self._next()

    def _next(self) -> tuple[int | None, list[tuple[int, bytes]]]:
        for index, group in self._groups:
            return index, [(width, hashes) for _index, width, hashes in group]
        return None, []

    def of(self, index: int) -> list[tuple[int, bytes]]:
        """The tiles kept for this index; to be asked for in ascending order."""
        if self._index != index:
            return []
        found = self._tiles
        self._index, self._tiles = self._next()
        return found

    def beyond(self) -> int | None:
        """How many positions the tiles that were not asked for cover; None when there are none."""
        most = None
        while self._index is not None:
            most = self._index * WIDTH + self._tiles[-1][0]
            self._index, self._tiles = self._next()
        return most


def _publics(report: Report) -> dict[str, bytes]:
    """The public keys by their ids, which must be their own."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        found: dict[str, Any] = {key: bytes(public) for key, public in cursor.fetchall()}
    for key, public in found.items():
        if keys.key_id(public) != key:
            report.add(Fault("key_differs", detail=key))
    return found
