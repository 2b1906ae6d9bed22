"""What a dossier waits for, as lists need it."""

from enum import IntEnum

from motcua.law.dossier.vocabulary import PAUSED, Status


class Bucket(IntEnum):
    """Kept in the row; the order of the numbers is not a promise, their meaning is."""

    WORK = 0  # the agency has something to do
    WAITING = 1  # the applicant is waited for
    READY = 2  # the result lies at the desk
    CLOSED = 3


def bucket(status: Status) -> Bucket:
    """The bucket of a status."""
    if status in PAUSED:
        return Bucket.WAITING
    if status == Status.RESOLVED:
        return Bucket.READY
    return Bucket.WORK if status in (Status.REGISTERED, Status.ACCEPTED, Status.PROCESSING) else Bucket.CLOSED
