"""The reports' tests work in the small province of `support.world`, or in three bare agencies with drawn lives."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.world import World


@pytest.fixture
def world(db: None) -> "World":
    """The small province, inside the test's transaction."""
    from support.world import make_world  # models cannot be imported while conftest files are read

    return make_world()
