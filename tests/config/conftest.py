"""The small province, for tests of what every room goes through."""

import pytest


@pytest.fixture
def world(db):
    """The small province, inside the test's transaction."""
    from support.world import make_world

    return make_world()
