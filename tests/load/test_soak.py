"""Sixty outright kills under load lose nothing, double nothing and leave a sound log; `make soak` does a thousand."""

from load.soak import soak


def test_sixty_kills_of_web_worker_and_database_lose_nothing_that_was_acknowledged(tmp_path) -> None:
    tmp_path.chmod(0o711)
    faults, told = soak(tmp_path / "var", kills=60, seed=20261122)
    assert faults == []
    assert "60 kills" in told
