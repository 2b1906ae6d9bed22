"""The tree is that of RFC 6962: held against the text itself, against another's implementation and known hashes."""

import hashlib

import pytest
import tamperlog.merkle as other
from hypothesis import given, settings
from hypothesis import strategies as st
from tamperlog.errors import ProofError

from motcua.law import merkle
from properties import merkle_oracle as rfc

# The leaves and roots by which Certificate Transparency's own programs test themselves.
_LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def leaves(count):
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


def source(data):
    """The nodes of a tree as something that keeps them would give them: each by its level and index."""
    rows = [merkle.leaf_hashes(data)]
    while len(rows[-1]) > 1:
        rows.append(merkle.parents(rows[-1]))
    return lambda level, index: rows[level][index]


sizes = st.integers(1, 300)


@st.composite
def in_a_tree(draw):
    size = draw(sizes)
    return draw(st.integers(0, size - 1)), size


@st.composite
def grown(draw):
    new = draw(sizes)
    return draw(st.integers(1, new)), new


@pytest.mark.parametrize(("count", "root"), list(enumerate(_ROOTS, start=1)))
def test_roots_are_those_that_certificate_transparency_publishes(count, root):
    data = [bytes.fromhex(leaf) for leaf in _LEAVES[:count]]
    assert merkle.tree_hash(merkle.leaf_hashes(data)).hex() == root


def test_an_empty_tree_has_the_hash_of_nothing():
    assert merkle.tree_hash([]) == merkle.root(0, source([])) == rfc.mth([])


@given(sizes)
def test_the_root_is_that_of_the_rfc_and_of_another(size):
    data = leaves(size)
    hashes = merkle.leaf_hashes(data)
    expected = rfc.mth(data)
    assert merkle.tree_hash(hashes) == merkle.root(size, source(data)) == expected
    assert other.merkle_root(hashes) == expected


@given(in_a_tree())
def test_a_leafs_path_is_that_of_the_rfc_and_leads_to_the_root_for_both(given_):
    index, size = given_
    data = leaves(size)
    path = merkle.inclusion(index, size, source(data))
    root, leaf = rfc.mth(data), merkle.leaf_hash(data[index])
    assert path == rfc.path(index, data)
    assert merkle.holds_leaf(leaf, index, size, path, root)
    other.verify_inclusion(index, size, leaf, path, root)


@given(grown())
def test_a_proof_of_growth_is_that_of_the_rfc_and_holds_for_both(given_):
    old, new = given_
    data = leaves(new)
    path = merkle.consistency(old, new, source(data))
    old_root, new_root = rfc.mth(data[:old]), rfc.mth(data)
    assert path == rfc.proof(old, data)
    assert merkle.only_grew(old, old_root, new, new_root, path)
    other.verify_consistency(old, old_root, new, new_root, path)


def _spoilt(data, hashes):
    """Another list of hashes: one bit flipped, one left out, one too many, or two swapped."""
    kind = data.draw(st.sampled_from(["bit", "less", "more", "swap"] if hashes else ["more"]))
    at = data.draw(st.integers(0, max(len(hashes) - 1, 0)))
    if kind == "more":
        return [*hashes[:at], bytes(32), *hashes[at:]]
    if kind == "less":
        return [*hashes[:at], *hashes[at + 1 :]]
    if kind == "swap":
        return [*hashes[:at], *hashes[at + 1 :], hashes[at]]
    bit = data.draw(st.integers(0, 255))
    flipped = bytes(b ^ (1 << bit % 8 if place == bit // 8 else 0) for place, b in enumerate(hashes[at]))
    return [*hashes[:at], flipped, *hashes[at + 1 :]]


def _refused(check, *arguments):
    try:
        check(*arguments)
    except ProofError:
        return True
    return False


@given(in_a_tree(), st.data())
def test_a_spoilt_path_leads_nowhere_and_both_say_so(given_, data):
    index, size = given_
    tree = leaves(size)
    path, root, leaf = rfc.path(index, tree), rfc.mth(tree), merkle.leaf_hash(tree[index])
    spoilt = _spoilt(data, path)
    assert merkle.holds_leaf(leaf, index, size, spoilt, root) == (spoilt == path)
    assert _refused(other.verify_inclusion, index, size, leaf, spoilt, root) == (spoilt != path)


@given(in_a_tree(), st.data())
def test_a_path_holds_for_its_own_leaf_place_size_and_root_only(given_, data):
    index, size = given_
    tree = leaves(size)
    path, root, leaf = rfc.path(index, tree), rfc.mth(tree), merkle.leaf_hash(tree[index])
    assert not merkle.holds_leaf(merkle.leaf_hash(b"another"), index, size, path, root)
    assert not merkle.holds_leaf(leaf, index, size, path, bytes(32))
    elsewhere = data.draw(st.integers(-2, size + 2))
    assert merkle.holds_leaf(leaf, elsewhere, size, path, root) == (elsewhere == index)


@given(grown(), st.data())
def test_a_spoilt_proof_of_growth_shows_nothing_and_both_say_so(given_, data):
    old, new = given_
    tree = leaves(new)
    path, old_root, new_root = rfc.proof(old, tree), rfc.mth(tree[:old]), rfc.mth(tree)
    spoilt = _spoilt(data, path)
    assert merkle.only_grew(old, old_root, new, new_root, spoilt) == (spoilt == path)
    assert _refused(other.verify_consistency, old, old_root, new, new_root, spoilt) == (spoilt != path)


@given(grown(), st.integers(0, 299))
def test_a_log_whose_past_was_changed_cannot_show_that_it_only_grew(given_, place):
    old, new = given_
    tree = leaves(new)
    changed = list(tree)
    changed[place % old] = b"something else"
    path = rfc.proof(old, changed)
    assert not merkle.only_grew(old, rfc.mth(tree[:old]), new, rfc.mth(changed), path)


@given(st.lists(st.integers(0, 40), max_size=8))
def test_a_frontier_grows_piece_by_piece_into_the_same_tree(pieces):
    tree, frontier = leaves(sum(pieces)), merkle.Frontier()
    for piece in pieces:
        begin = frontier.size
        frontier = frontier.add(0, merkle.leaf_hashes(tree[begin : begin + piece]))
        assert frontier.root == rfc.mth(tree[: frontier.size])
        assert len(frontier.hashes) == frontier.size.bit_count()


@settings(max_examples=30)
@given(st.integers(0, 6), st.integers(0, 3), st.integers(0, 15))
def test_whole_subtrees_are_added_as_one(subtree_count, level, rest):
    width = 1 << level
    tree = leaves(subtree_count * width + rest)
    tops = merkle.parents(merkle.leaf_hashes(tree[: subtree_count * width]), level)
    frontier = merkle.Frontier().add(level, tops).add(0, merkle.leaf_hashes(tree[subtree_count * width :]))
    assert frontier == merkle.Frontier().add(0, merkle.leaf_hashes(tree))


def test_a_subtree_cannot_be_added_across_its_border():
    odd = merkle.Frontier().add(0, merkle.leaf_hashes(leaves(3)))
    with pytest.raises(ValueError, match="3 leaves"):
        odd.add(1, [bytes(32)])


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (0, 0)])
def test_there_is_no_proof_of_growth_from_nothing_or_backwards(old, new):
    with pytest.raises(ValueError, match="no beginning"):
        merkle.consistency(old, new, source(leaves(4)))
    assert not merkle.only_grew(old, rfc.mth([]), new, rfc.mth([]), [])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_path_to_a_leaf_outside(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(index, size, source(leaves(4)))
