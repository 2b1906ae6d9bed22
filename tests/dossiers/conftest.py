"""The small province that the tests of this room stand in."""

import pytest


@pytest.fixture
def world(db):
    """The small province, inside the test's transaction."""
    from support.world import make_world

    return make_world()


@pytest.fixture
def living_world(fresh_database):
    """The small province in a database of its own, where commits are real."""
    from support.world import make_world

    return make_world()
