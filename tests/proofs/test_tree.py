"""The tree over the log: whatever way it grew, its nodes are those of RFC 6962, and a few rows prove anything."""

import itertools

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.dossiers.followers import follow, follow_all
from motcua.dossiers.models import FollowerFault
from motcua.law import merkle
from motcua.proofs import commands, queries
from motcua.proofs.models import Tile
from motcua.proofs.tiles import LogBroken, Tiles

MANY = 70_000  # more than a tile of tiles: 65,536

pytestmark = pytest.mark.django_db


def _tiles():
    return {(tile.level, tile.index, tile.width): (bytes(tile.hashes), tile.root) for tile in Tile.objects.all()}


def _row(hashes):
    return b"".join(hashes)


def test_full_tiles_hold_the_trees_nodes_at_every_eighth_level(positions):
    leaves = positions(MANY)
    commands.grow(MANY)
    tiles = _tiles()
    assert len(tiles) == MANY // 256 + 1
    for index in (0, 1, 100, MANY // 256 - 1):
        row = leaves[index * 256 : (index + 1) * 256]
        assert tiles[0, index, 256] == (_row(row), merkle.tree_hash(row))
    tops = merkle.parents(leaves, 8)[:256]
    assert tiles[1, 0, 256] == (_row(tops), merkle.tree_hash(leaves[:65536]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 1500), max_size=6))
def test_a_tree_that_grew_in_pieces_is_the_same_tree(positions, cuts):
    positions(1500 - len(positions(0)))
    with transaction.atomic():
        for cut in sorted(cuts):
            commands.grow(cut)
        commands.grow(1500)
        grown = _tiles()
        transaction.set_rollback(True)
    assert sorted(grown) == [(0, index, 256) for index in range(5)]
    for (_level, index, _width), (hashes, top) in grown.items():
        row = positions(0)[index * 256 : (index + 1) * 256]
        assert (bytes(hashes), bytes(top)) == (_row(row), merkle.tree_hash(row))


def test_a_proof_reads_few_rows_and_leads_to_the_root(positions):
    leaves = positions(MANY)
    head = commands.sign()
    assert head.root == merkle.tree_hash(leaves)
    for index in (0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999):
        with CaptureQueriesContext(connection) as asked:
            proof = queries.inclusion(index + 1)
        assert merkle.holds_leaf(leaves[index], index, MANY, proof.path, head.root)
        assert merkle.leaf_hash(proof.hash) == leaves[index]
        assert len(asked) <= 7


def test_an_earlier_head_is_the_beginning_of_a_later_one(positions):
    heads = []
    for size in (1, 255, 256, 257, 65_535, 65_536, 65_537, MANY):
        positions(size - len(positions(0)))
        heads.append(commands.sign())
    for old, new in itertools.combinations(heads, 2):
        proof = queries.consistency(old.size, new.size)
        assert (proof.old, proof.new) == (old, new)
        assert merkle.only_grew(old.size, old.root, new.size, new.root, proof.path)
    with pytest.raises(queries.NoSuchPosition):
        queries.consistency(257, 256)
    with pytest.raises(queries.NoSuchHead):
        queries.consistency(258)


def test_every_root_can_be_had_from_the_tiles(positions):
    leaves = positions(600)
    commands.grow(600)
    for size in (1, 2, 255, 256, 257, 511, 512, 600):
        assert merkle.root(size, Tiles(size)) == merkle.tree_hash(leaves[:size])


def test_the_follower_reads_no_event_and_keeps_the_tree_up_to_the_log(positions):
    positions(700)
    with CaptureQueriesContext(connection) as asked:
        assert follow(commands.FOLLOWER, limit=300) == 300
    (read,) = [each["sql"] for each in asked if "dossiers_event" in each["sql"]]
    assert "e.type = ANY('{}'" in read
    assert Tile.objects.count() == 1
    assert follow_all(commands.FOLLOWER) == 400
    assert sorted(_tiles()) == [(0, 0, 256), (0, 1, 256)]
    assert follow_all(commands.FOLLOWER) == 0


def test_a_hole_in_the_positions_is_set_aside_and_never_built_over(positions):
    positions(300)
    follow_all(commands.FOLLOWER)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_position (position, dossier_id, seq, hash) "
            "SELECT n, gen_random_uuid(), 1, sha256('x') FROM generate_series(302, 600) n"
        )
    follow_all(commands.FOLLOWER)
    assert sorted(_tiles()) == [(0, 0, 256)]
    assert set(FollowerFault.objects.values_list("follower", "error")) == {("tree", "LogBroken")}
    with pytest.raises(LogBroken, match="position 301 is missing"):
        commands.sign()
