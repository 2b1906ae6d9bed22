"""The worker: places committed events in order, lets every follower read on, and performs what is done by time."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event, Thread

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from motcua.dossiers.duties import perform_due
from motcua.dossiers.followers import Follower, follow, registered
from motcua.dossiers.pulse import beat
from motcua.dossiers.sequencer import place

_LOG = logging.getLogger(__name__)
_LARGE = 10_000


def turn(followers: Sequence[Follower] | None = None, limit: int = 1000) -> int:
    """One turn: place what is committed, let each follower (by default all) read on; returns how much was done."""
    return place(5 * limit) + sum(follow(each, limit) for each in (registered() if followers is None else followers))


def catch_up(followers: Sequence[Follower] | None = None) -> None:
    """Turn until there is nothing left to do, in larger runs than beside people at work."""
    while turn(followers, limit=_LARGE):
        continue


def catch_up_with_much(followers: Sequence[Follower] | None = None) -> None:
    """The same for millions of committed events: the followers read while others are still being placed."""
    with ThreadPoolExecutor(1) as pool:
        placing = pool.submit(_place_the_rest)
        while not placing.done():
            if not sum(follow(each, _LARGE) for each in (registered() if followers is None else followers)):
                wait([placing], timeout=0.2)
        placing.result()
    catch_up(followers)


def _place_the_rest() -> None:
    try:
        while place(5 * _LARGE):
            continue
    finally:
        connections.close_all()


def work(stopping: Event, *, idle: float = 0.5) -> None:
    """Turn until `stopping` is set, resting `idle` seconds when there is nothing to do.

    What is done by time has a thread of its own: a mail server that does not answer holds back no follower.
    """
    beside = Thread(target=_repeat, args=(perform_due, stopping, idle), name="duties", daemon=True)
    beside.start()
    _repeat(_turn_and_tell, stopping, idle)
    beside.join(timeout=10)


def _turn_and_tell() -> int:
    done = turn()
    beat()
    return done


def _repeat(do: Callable[[], int], stopping: Event, idle: float) -> None:
    """Do it until told to stop. A lost connection is waited out: the database may restart under the worker."""
    while not stopping.is_set():
        try:
            done = do()
        except (OperationalError, InterfaceError):
            _LOG.warning("the database does not answer; trying again")
            close_old_connections()
            done = 0
        if not done:
            stopping.wait(idle)
    connections.close_all()
