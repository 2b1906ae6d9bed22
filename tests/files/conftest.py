"""An own folder for the sealed bytes of each test."""

import pytest


@pytest.fixture(autouse=True)
def vault_folder(tmp_path, settings):
    """Where this test's sealed bytes lie."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT
