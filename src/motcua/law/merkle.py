"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, proofs that a leaf is in it or that it only grew. Pure.

Whoever holds a proof and a root needs nothing else. Nodes are named by level and index: (0, i) is leaf i, counted from
0, and (k, i) is the root over the 2^k leaves from i · 2^k on. Only perfect subtrees are nodes; they never change again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
EMPTY = hashlib.sha256().digest()

Nodes = Callable[[int, int], bytes]
"""Gives the hash of a perfect subtree by its level and index."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds `data`."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return hashlib.sha256(b"\1" + left + right).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """The hashes of many leaves; `leaf_hash` without its call, since a log has millions."""
    sha256 = hashlib.sha256
    return [sha256(b"\0" + data).digest() for data in leaves]


def parents(hashes: Sequence[bytes], levels: int = 1) -> list[bytes]:
    """The nodes so many levels above these; only perfect ones, so a remainder on the right gives none."""
    sha256 = hashlib.sha256
    row = list(hashes)
    for _ in range(levels):
        pairs = iter(row)
        row = [sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
    return row


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree in its shortest form: its size, and the roots of the perfect subtrees it falls into, left to right."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def add(self, level: int, hashes: Iterable[bytes]) -> "Frontier":
        """The tree with whole subtrees of 2^level leaves at its end; its size must be a multiple of that."""
        if self.size % (1 << level):
            raise ValueError(f"a tree of {self.size} leaves takes no subtree of level {level} at its end")
        sha256 = hashlib.sha256
        stack, count = list(self.hashes), self.size >> level
        for each in hashes:
            carried = each
            count += 1
            for _ in range((count & -count).bit_length() - 1):
                carried = sha256(b"\1" + stack.pop() + carried).digest()
            stack.append(carried)
        return Frontier(count << level, tuple(stack))

    @property
    def root(self) -> bytes:
        """The tree's hash; that of the empty tree is the hash of nothing."""
        return _folded(self.hashes) if self.hashes else EMPTY


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """The root over these hashes of leaves."""
    return Frontier().add(0, hashes).root


def subtrees(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The perfect subtrees, by level and index, that the leaves from `begin` to before `end` fall into, left to right.

    `begin` must be a multiple of the smallest power of two that holds the range, as it is for every node of a tree.
    """
    while begin < end:
        level = (end - begin).bit_length() - 1
        yield level, begin >> level
        begin += 1 << level


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the first `size` leaves."""
    return _range(0, size, nodes) if size else EMPTY


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """PATH(index, D[size]) of section 2.1.1: the hashes that lead from a leaf to the root, lowest first."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range(middle, end, nodes))
            end = middle
        else:
            path.append(_range(begin, middle, nodes))
            begin = middle
    return path[::-1]


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """PROOF(old, D[new]) of section 2.1.2: the hashes that show the first `old` leaves at the beginning of the tree."""
    if not 0 < old <= new:
        raise ValueError(f"{old} leaves are no beginning of {new}")
    path, begin, end, whole = [], 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range(middle, end, nodes))
            end = middle
        else:
            path.append(_range(begin, middle, nodes))
            begin, whole = middle, False
    if not whole:
        path.append(_range(begin, end, nodes))
    return path[::-1]


def holds_leaf(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from the hash of leaf `index` to the root of `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(each, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, each)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def only_grew(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `old` leaves is the beginning of that of `new` (RFC 9162, 2.1.4.2)."""
    if not path or not 0 < old < new:
        return 0 < old == new and not path and old_root == new_root
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    steps = iter(path if position else (old_root, *path))
    first = second = next(steps)
    for each in steps:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, each)
        position, last = position >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(count: int) -> int:
    """The largest power of two smaller than `count`, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _range(begin: int, end: int, nodes: Nodes) -> bytes:
    return _folded([nodes(level, index) for level, index in subtrees(begin, end)])


def _folded(hashes: Sequence[bytes]) -> bytes:
    """The root over subtrees that shrink from left to right."""
    found = hashes[-1]
    for each in reversed(hashes[:-1]):
        found = node_hash(each, found)
    return found
