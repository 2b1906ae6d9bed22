"""How long to wait before something that failed outside is tried again."""

from datetime import timedelta

FIRST = timedelta(seconds=10)
LONGEST = timedelta(hours=1)


def wait(tries: int, *, first: timedelta = FIRST, longest: timedelta = LONGEST) -> timedelta:
    """The pause after so many failed tries (at least one): it doubles each time up to the longest, without end."""
    doublings = min(max(tries, 1) - 1, 32)  # beyond that every pause is the longest, and the number need not grow
    return min(first * (1 << doublings), longest)
