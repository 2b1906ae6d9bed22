"""The small province that the tests of this room stand in."""

import pytest


@pytest.fixture
def world(db):
    """The small province, inside the test's transaction."""
    from support.world import make_world

    return make_world()
