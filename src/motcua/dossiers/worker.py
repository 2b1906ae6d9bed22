"""The worker: places committed events in order and lets every follower read on, until it is told to stop."""

import logging
from collections.abc import Sequence
from threading import Event

from django.db import OperationalError, close_old_connections

from motcua.dossiers import tallies
from motcua.dossiers.followers import Follower, follow
from motcua.dossiers.sequencer import place

_LOG = logging.getLogger(__name__)

FOLLOWERS: Sequence[Follower] = (tallies.FOLLOWER,)


def turn(followers: Sequence[Follower] = FOLLOWERS, limit: int = 1000) -> int:
    """One turn: place what is committed, let each follower read on; returns how much was done."""
    return place(5 * limit) + sum(follow(follower, limit) for follower in followers)


def catch_up(followers: Sequence[Follower] = FOLLOWERS) -> None:
    """Turn until there is nothing left to do, in larger runs than beside people at work."""
    while turn(followers, limit=10_000):
        continue


def work(stopping: Event, *, idle: float = 0.5) -> None:
    """Turn until `stopping` is set, resting `idle` seconds when there is nothing to do.

    A lost connection is waited out: the database may restart under the worker.
    """
    while not stopping.is_set():
        try:
            done = turn()
        except OperationalError:
            _LOG.warning("the database does not answer; trying again")
            close_old_connections()
            done = 0
        if not done:
            stopping.wait(idle)
