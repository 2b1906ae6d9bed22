"""Which circular's layout a paper follows: one template per form and legal basis, chosen by the paper's date."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from motcua.papers.forms import (
    AnyForm,
    Apology,
    ControlSlip,
    DossierRegister,
    Receipt,
    Refusal,
    StopNotice,
    SupplementRequest,
)

FOLDER = Path(__file__).parent / "forms"
# The folder of the templates that new papers are set with. Papers issued earlier name the folder of their day, which
# stays as it was: see docs/developer/papers.md.
VERSION = "v1"


class Basis(StrEnum):
    """A circular that prescribes forms. The values are those of a dossier's composition of legal bases."""

    TT01_2018 = "tt01-2018"
    TT03_2025 = "tt03-2025"


Timetable = Mapping[Basis, date]

# From which date on papers follow which circular. TT 01/2018 took effect on 06/01/2019 (Art. 23). TT 03/2025 is left to
# the operator, who enters its date once the desk has held our layouts against the circular's annex: they hold the
# fields that secondary sources name.
TIMETABLE: Timetable = MappingProxyType({Basis.TT01_2018: date(2019, 1, 6)})

# Every form under every circular: nothing falls back to another circular's layout. TT 01/2018 has no notice of a stop,
# so there it is a plain notice by Decree 30/2020.
TEMPLATES: Mapping[tuple[Basis, type[AnyForm]], str] = MappingProxyType(
    {
        (Basis.TT01_2018, Receipt): "tt01-2018-m01.typ",
        (Basis.TT01_2018, SupplementRequest): "tt01-2018-m02.typ",
        (Basis.TT01_2018, Refusal): "tt01-2018-m03.typ",
        (Basis.TT01_2018, Apology): "tt01-2018-m04.typ",
        (Basis.TT01_2018, StopNotice): "tt01-2018-stop.typ",
        (Basis.TT01_2018, ControlSlip): "tt01-2018-m05.typ",
        (Basis.TT01_2018, DossierRegister): "tt01-2018-m06.typ",
        (Basis.TT03_2025, Receipt): "tt03-2025-m01.typ",
        (Basis.TT03_2025, SupplementRequest): "tt03-2025-m02.typ",
        (Basis.TT03_2025, Refusal): "tt03-2025-m03.typ",
        (Basis.TT03_2025, Apology): "tt03-2025-m04.typ",
        (Basis.TT03_2025, StopNotice): "tt03-2025-m05.typ",
        (Basis.TT03_2025, ControlSlip): "tt03-2025-m06.typ",
        (Basis.TT03_2025, DossierRegister): "tt03-2025-m07.typ",
    }
)


class NoTemplateError(LookupError):
    """No template is known for this form under this circular, or the timetable names no circular at all."""


def basis_for(form: type[AnyForm], on: date, timetable: Timetable = TIMETABLE) -> Basis:
    """The newest circular of the timetable in force on `on`. Raises NoTemplateError for a form without a template.

    Papers dated before the first circular took effect (old dossiers printed again) follow the first. A dossier that
    names its circular needs no date: pass its `Basis` to `render` instead.
    """
    known = sorted((start, basis) for basis, start in timetable.items() if (basis, form) in TEMPLATES)
    if not known:
        raise NoTemplateError(f"no circular of the timetable has a template for {form.__name__}")
    in_force = [basis for start, basis in known if start <= on]
    return in_force[-1] if in_force else known[0][1]


def template_for(form: type[AnyForm], basis: Basis) -> str:
    """The template that sets this form under this circular, as a path below FOLDER. Raises NoTemplateError."""
    name = TEMPLATES.get((basis, form))
    if name is None:
        raise NoTemplateError(f"{form.__name__} has no template for {basis}")
    return f"{VERSION}/{name}"
