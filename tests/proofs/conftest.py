"""A log to prove things of: real dossiers, or many positions that stand for events."""

import pytest


@pytest.fixture(autouse=True)
def own_key(tmp_path, monkeypatch):
    """Each test has keys of its own, and the others' are left alone."""
    from motcua.proofs import keys, queries

    queries.forget()  # what papers of other tests read
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(keys, "key_file", lambda: folder / "log.key")
    return folder / "log.key"


@pytest.fixture
def living_world(fresh_database):
    """The small province in a database of its own, where commits are real."""
    from support.world import make_world

    return make_world()


@pytest.fixture
def positions(request):
    """Appends positions with hashes of their numbers, as many as asked for; gives the hashes of the leaves so far."""
    if "fresh_database" not in request.fixturenames:
        request.getfixturevalue("db")
    from django.db import connection

    from motcua.law import merkle

    made: list[bytes] = []

    def add(count):
        first = len(made) + 1
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO dossiers_position (position, dossier_id, seq, hash) "
                "SELECT n, gen_random_uuid(), 1, sha256(n::text::bytea) FROM generate_series(%s, %s) n RETURNING hash",
                [first, first + count - 1],
            )
            made.extend(merkle.leaf_hashes(bytes(digest) for (digest,) in cursor.fetchall()))
        return made

    return add
