"""A server that hangs in its recovery is noticed and ended; one that works or answers is left alone."""

import threading

import pytest

from motcua.config import stall
from motcua.config.embedded import Embedded
from motcua.config.stall import StallWatch, end
from motcua.config.trouble import Trouble


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    monkeypatch.setattr(stall, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(stall, "_STALL_SECONDS", 1.0)


def _ever_stalled(server: Embedded, looks: int) -> bool:
    watch, pause = StallWatch(server), threading.Event()
    return any(watch.is_stalled() or pause.wait(0.1) for _ in range(looks))


def test_a_server_that_waits_in_its_recovery_is_noticed_and_ended(tmp_path) -> None:
    with Embedded(tmp_path) as server:
        data = server.data
    (data / "recovery.signal").touch()
    waiting = Embedded(tmp_path, settings={"restore_command": "sleep 600", "hot_standby": "off"})
    troubles: list[Trouble] = []

    def start() -> None:
        try:
            waiting.join()
        except Trouble as trouble:
            troubles.append(trouble)

    starting = threading.Thread(target=start)
    starting.start()
    try:
        assert _ever_stalled(Embedded(tmp_path), 600)
    finally:
        end(Embedded(tmp_path))
        starting.join()
    assert len(troubles) == 1
    assert Embedded(tmp_path).running_pid() is None


def test_a_server_that_answers_is_never_stalled(tmp_path) -> None:
    with Embedded(tmp_path) as server:
        assert not _ever_stalled(server, 30)


def test_a_server_that_is_not_there_is_not_stalled(tmp_path) -> None:
    assert not _ever_stalled(Embedded(tmp_path), 5)
    end(Embedded(tmp_path))
