"""The small province, and rates wide enough for who asks thousands of things in a second."""

import pytest


@pytest.fixture
def world(db, settings):
    """The small province."""
    from support.world import make_world

    settings.MOTCUA_RATE_PERCENT = 100_000
    return make_world()
