"""Applicants as they come in and go out, and the checks that a desk would make."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from motcua.api.fields import LINE, Day, Line, Sent, Told, Words
from motcua.api.problems import at, invalid
from motcua.persons.identity import ApplicantData, ApplicantKind, IdKind, Sex, check_normalised, normalised
from motcua.persons.queries import Applicant

Short = Annotated[str, Field(max_length=60, pattern=LINE)]


class Person(Sent):
    """An applicant: everything but kind and name may be missing."""

    kind: ApplicantKind
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=LINE)]
    id_number: Short = ""
    id_kind: IdKind | None = None
    birth_date: Day | None = None
    sex: Sex | None = None
    address: Line = ""
    phone: Short = ""
    email: Words = ""

    def data(self, pointer: str) -> ApplicantData:
        """The data as rooms know them; raises a problem that names what is wrong under the pointer."""
        data = normalised(ApplicantData(**self.dict()))
        if errors := check_normalised(data):
            raise invalid(at(f"{pointer}/{each.field}", each.message) for each in errors)
        return data


class Shown(Told):
    """An applicant as the client's post may see it; what may not be seen, or is not known, is empty."""

    record: UUID
    kind: ApplicantKind | None
    name: str | None
    id_number: str
    id_kind: IdKind | None
    birth_date: date | None
    sex: Sex | None
    address: str
    phone: str
    email: str
    masked: bool
    erased_by: str


def shown(applicant: Applicant) -> dict[str, Any]:
    """One applicant as it goes out."""
    names = (
        "kind", "name", "id_number", "id_kind", "birth_date", "sex", "address", "phone", "email", "masked", "erased_by",
    )  # fmt: skip
    return {"record": applicant.record_id, **{name: getattr(applicant, name) for name in names}}
