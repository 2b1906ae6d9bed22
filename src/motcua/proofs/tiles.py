"""Read nodes of the tree from its tiles; what lies to the right of the last full tile is read from the positions.

A proof in a log of millions needs a handful of rows: one tile for each eight levels, on the way to the leaf and along
the right edge.
"""

from django.db import connection

from motcua.law import merkle

WIDTH = 256
RISE = 8  # levels of the tree from one level of tiles to the next

_FULL = "SELECT hashes FROM proofs_tile WHERE level = %s AND index = %s AND width = 256"
_ROOTS = """
SELECT root FROM proofs_tile WHERE level = %s AND index >= %s AND index < %s AND width = 256 ORDER BY index
"""
_LEAVES = "SELECT position, hash FROM dossiers_position WHERE position > %s AND position <= %s ORDER BY position"
_SIZE = "SELECT coalesce(max(position), 0) FROM dossiers_position"


class LogBroken(RuntimeError):  # noqa: N818 - says what is the case
    """Positions or tiles are missing: what the tree stands on is not whole. `motcua verify` tells where."""


class Tiles:
    """The nodes of the tree over the first `size` positions, by level and index; each tile is read once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of a perfect subtree. Raises LogBroken."""
        base, rise = divmod(level, RISE)
        first = index << rise
        row = self.row(base, first // WIDTH)
        hashes = row[first % WIDTH : first % WIDTH + (1 << rise)]
        if len(hashes) < 1 << rise:
            raise LogBroken(f"the tree lacks nodes of tile {first // WIDTH} at level {base}")
        return merkle.parents(hashes, rise)[0]

    def row(self, level: int, index: int) -> list[bytes]:
        """The nodes of one tile, as many as there are."""
        if (level, index) not in self._read:
            self._read[level, index] = self._nodes(level, index)
        return self._read[level, index]

    def _nodes(self, level: int, index: int) -> list[bytes]:
        begin = index * WIDTH
        if (begin + WIDTH) << (RISE * level) <= self._size:
            with connection.cursor() as cursor:
                cursor.execute(_FULL, [level, index])
                found = cursor.fetchone()
            if found:
                return split(bytes(found[0]))
        if level == 0:
            return leaves(begin, min(begin + WIDTH, self._size))
        return roots(level - 1, begin, min(begin + WIDTH, self._size >> (RISE * level)))


def leaves(begin: int, end: int) -> list[bytes]:
    """The leaves' hashes from `begin` to before `end`, counted from 0, out of the positions. Raises LogBroken."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [begin, end])
        rows = cursor.fetchall()
    for expected, (position, _hash) in enumerate(rows, start=begin + 1):
        if position != expected:
            raise LogBroken(f"position {expected} is missing")
    if len(rows) != end - begin:
        raise LogBroken(f"position {begin + len(rows) + 1} is missing")
    return merkle.leaf_hashes(bytes(digest) for _position, digest in rows)


def roots(level: int, begin: int, end: int) -> list[bytes]:
    """The roots of the full tiles of a level from `begin` to before `end`. Raises LogBroken."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOTS, [level, begin, end])
        found = [bytes(root) for (root,) in cursor.fetchall()]
    if len(found) != end - begin:
        raise LogBroken(f"of the tiles {begin} to {end} at level {level} only {len(found)} are there")
    return found


def split(hashes: bytes) -> list[bytes]:
    """Hashes that are kept as one run of bytes."""
    return [hashes[start : start + merkle.HASH_BYTES] for start in range(0, len(hashes), merkle.HASH_BYTES)]


def placed() -> int:
    """How many positions the log has."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZE)
        return int(cursor.fetchone()[0])
