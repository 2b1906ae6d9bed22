"""Runs what the signing library does in turns to its end, whoever asks: from a thread, a process, or within a loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


def finished(begin: Callable[[], Coroutine[Any, Any, _Answer]]) -> _Answer:
    """The answer of a coroutine, on a loop and in a thread of its own: the caller's may have one that runs."""
    with ThreadPoolExecutor(1, thread_name_prefix="signing") as pool:
        return pool.submit(lambda: asyncio.run(begin())).result()
