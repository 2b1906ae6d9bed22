"""The values that requests and answers are made of, each with its bounds, so that the description says what holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from motcua.dossiers import marks

MOST_ID: Final = 2**53 - 1  # the largest whole number that every JSON reader keeps exactly
_FIRST, _LAST = 1900, 2199
# No control signs: they cannot be printed, and PostgreSQL refuses one of them. Lines may be broken.
LINE: Final = r"^[^\x00-\x1f\x7f]*$"
LINES: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _written(pattern: str) -> BeforeValidator:
    """Moments and days come written out; the checks behind this would also read a number as seconds."""
    form = re.compile(pattern)

    def checked(value: object) -> object:
        if isinstance(value, datetime | date) or (isinstance(value, str) and form.fullmatch(value)):
            return value
        raise PydanticCustomError("datetime_written", "not written out")

    return BeforeValidator(checked)


def _in_reach(value: datetime) -> datetime:
    """In UTC: PostgreSQL takes no offset of 16 hours or more."""
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("moment_range", "out of range") from None
    if not _FIRST <= moment.year <= _LAST:
        raise PydanticCustomError("moment_range", "out of range")
    return moment


def _day_in_reach(value: date) -> date:
    if not _FIRST <= value.year <= _LAST:
        raise PydanticCustomError("moment_range", "out of range")
    return value


def among(names: Iterable[str]) -> tuple[Any, Any]:
    """What makes a text one of these words, for checks and for the description: `Annotated[str, *among(…)]`."""
    known = sorted(names)

    def checked(value: str) -> str:
        if value not in known:
            raise PydanticCustomError("enum", "not one of them", {"expected": ", ".join(known)})
        return value

    return AfterValidator(checked), Field(json_schema_extra={"enum": list(known)})


def _mark(value: str) -> str:
    try:
        if value:
            marks.read(value)
    except ValueError:
        raise PydanticCustomError("mark", "not a mark") from None
    return value


Moment = Annotated[AwareDatetime, AfterValidator(_in_reach), _written(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.{0,25}")]
Day = Annotated[date, AfterValidator(_day_in_reach), _written(r"\d{4}-\d{2}-\d{2}")]
Key = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[0-9A-Za-z._/-]+$")]
Words = Annotated[str, Field(max_length=200, pattern=LINE)]
Line = Annotated[str, Field(max_length=300, pattern=LINE)]
Text = Annotated[str, Field(max_length=3000, pattern=LINES)]
Reason = Annotated[str, Field(min_length=1, max_length=3000, pattern=LINES)]
Mark = Annotated[str, Field(max_length=700, pattern=r"^[!-~]*$")]
DossierMark = Annotated[
    str, Field(max_length=80, pattern=r"^([1-9][0-9]{3}-[0-9T:.+-]{10,30}~[0-9a-f-]{36})?$"), AfterValidator(_mark)
]
Money = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
Purpose = Literal["settle", "verify", "contact", "correct", "complaint", "request"]
Reference = Annotated[str, Field(max_length=40, pattern=r"^([0-9A-Za-zÀ-ỹĐđ./_-]+)?$")]
Handle = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[A-Za-z0-9._:-]+$")]
Position = Annotated[int, Field(ge=0, le=MOST_ID)]
StaffId = Annotated[int, Field(ge=1, le=MOST_ID)]
Seq = Annotated[int, Field(ge=1, le=2**31 - 1)]
PageSize = Annotated[int, Field(ge=1, le=200)]


class Sent(Schema):
    """What comes in: nothing that is not described, so that a misspelt field is found and not passed over."""

    model_config = ConfigDict(extra="forbid")


class Told(Schema):
    """What goes out."""


class Error(Told):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(extra="allow")

    detail: str


class Problem(Told):
    """An answer that is not the one asked for (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str


def answers(model: Any, *statuses: int, success: int = 200) -> dict[int, Any]:
    """What an address answers: the model, the problems named, and those that any address may answer with."""
    return {success: model, **dict.fromkeys(sorted({401, 403, 422, 429, 500, 503, *statuses}), Problem)}
