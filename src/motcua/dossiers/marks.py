"""Keyset marks: where one page of a list ended, as a text that an address can carry and a person may change."""

from datetime import UTC, datetime
from uuid import UUID


def mark(moment: datetime, key: UUID) -> str:
    """The mark of a row that is ordered by a moment and then by its id."""
    return f"{moment.isoformat()}~{key}"


def read(text: str) -> tuple[datetime, UUID]:
    """The moment, in UTC, and the id of a mark; raises ValueError for a text that is none.

    PostgreSQL takes no offset of 16 hours or more, which Python does.
    """
    moment, _, key = text.partition("~")
    found = datetime.fromisoformat(moment)
    if found.tzinfo is None:
        raise ValueError("a mark's moment has an offset")
    try:
        return found.astimezone(UTC), UUID(key)
    except OverflowError:
        raise ValueError("a mark's moment is within the calendar") from None
