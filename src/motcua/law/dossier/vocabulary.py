"""The words of a dossier's life: statuses, channels, grounds, references, refusals.

Statuses are the national list (status codes of the national public service portal) and one of our own.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Status(IntEnum):
    """The national status list, and SUSPENDED: the national list has one number for a pause and for an end."""

    REGISTERED = 1  # Mới đăng ký
    ACCEPTED = 2  # Được tiếp nhận
    REFUSED_AT_INTAKE = 3  # Không được tiếp nhận
    PROCESSING = 4  # Đang xử lý
    SUPPLEMENT_REQUESTED = 5  # Yêu cầu bổ sung giấy tờ
    PAYMENT_REQUESTED = 6  # Yêu cầu thực hiện nghĩa vụ tài chính
    WITHDRAWN = 7  # Công dân yêu cầu rút hồ sơ
    STOPPED = 8  # Dừng xử lý
    RESOLVED = 9  # Đã xử lý xong
    RETURNED = 10  # Đã trả kết quả
    SUSPENDED = 11  # Tạm dừng xử lý

    @property
    def national(self) -> int:
        """The number under which the national portal knows it."""
        return int(Status.STOPPED if self is Status.SUSPENDED else self)


PAUSED = frozenset({Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED, Status.SUSPENDED})
OPEN = frozenset({Status.REGISTERED, Status.ACCEPTED, Status.PROCESSING}) | PAUSED
FINISHED = frozenset({Status.RESOLVED, Status.RETURNED})  # the denominator of timeliness
TERMINAL = frozenset({Status.REFUSED_AT_INTAKE, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED})


class Channel(StrEnum):
    """How the dossier came in (Decree 61/2018, Art. 16)."""

    DIRECT = "direct"
    ONLINE = "online"
    POST = "post"


class ReturnMethod(StrEnum):
    """How the applicant wants the result (Art. 20)."""

    DESK = "desk"
    POST = "post"
    ONLINE = "online"


class Ground(StrEnum):
    """Why a moment earlier than the recording counts. Without a ground the law reads the recorded moment."""

    OFFLINE_COUNTER = "offline_counter"
    POST_SLIP = "post_slip"
    PAPER_REGISTER = "paper_register"
    IMPORTED_LOG = "imported_log"
    DEMONSTRATION = "demonstration"


class Pause(StrEnum):
    """What is waited for. Waiting for the applicant is never agency time; a suspension has its ground in law."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    SUSPENSION = "suspension"


class PaidBy(StrEnum):
    """How the applicant paid."""

    CASH = "cash"
    TRANSFER = "transfer"
    ONLINE = "online"


class SignedBy(StrEnum):
    """Whose signature it is: a person's, or the agency's seal."""

    PERSON = "person"
    SEAL = "seal"


class Result(StrEnum):
    """What the finished dossier brought (Art. 19.8: a refusal after appraisal is a result too)."""

    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ref:
    """A record that holds personal data or a file, named without a word of it.

    `commitment` is the hexadecimal HMAC-SHA256 of the record's content under the random key kept beside it.
    """

    id: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Component:
    """One paper handed in: its number in the procedure's list, and how many of each kind."""

    number: int
    originals: int = 0
    certified: int = 0
    copies: int = 0
    file: Ref | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that may not be done: the reason's code, the article that says so, and values for the message.

    `recorded`: that it was tried goes into the log, and nothing else.
    """

    code: str
    article: str = ""
    params: tuple[tuple[str, str], ...] = ()
    recorded: bool = False
