"""Which circular's template a paper follows."""

from datetime import date
from typing import get_args

import pytest

from motcua.papers.bases import FOLDER, TEMPLATES, TIMETABLE, VERSION, Basis, NoTemplateError, basis_for, template_for
from motcua.papers.forms import AnyForm, Apology, Component, DossierRegister, Receipt, SupplementRequest

BOTH = {Basis.TT01_2018: date(2019, 1, 6), Basis.TT03_2025: date(2025, 9, 15)}


@pytest.mark.parametrize(
    ("form", "on", "timetable", "basis"),
    [
        (Receipt, date(2026, 11, 18), TIMETABLE, Basis.TT01_2018),
        (Receipt, date(2026, 11, 18), BOTH, Basis.TT03_2025),
        (Receipt, date(2025, 9, 15), BOTH, Basis.TT03_2025),
        (Receipt, date(2025, 9, 14), BOTH, Basis.TT01_2018),
        (Apology, date(2026, 11, 18), BOTH, Basis.TT03_2025),
        (DossierRegister, date(2018, 1, 1), BOTH, Basis.TT01_2018),
    ],
)
def test_the_date_of_the_paper_chooses_the_newest_circular_with_a_template(form, on, timetable, basis):
    assert basis_for(form, on, timetable) is basis


def test_a_timetable_without_a_circular_is_refused():
    with pytest.raises(NoTemplateError, match="SupplementRequest"):
        basis_for(SupplementRequest, date(2026, 1, 1), {})


def test_no_form_is_without_a_layout_under_any_circular():
    assert set(TEMPLATES) == {(basis, form) for basis in Basis for form in get_args(AnyForm)}
    assert len(set(TEMPLATES.values())) == len(TEMPLATES)


def test_something_that_is_no_form_has_no_template():
    with pytest.raises(NoTemplateError, match="tt03-2025"):
        template_for(Component, Basis.TT03_2025)


def test_every_template_named_in_the_table_is_there_and_none_besides():
    named = {FOLDER / template_for(form, basis) for basis, form in TEMPLATES}
    assert set((FOLDER / VERSION).glob("tt*.typ")) == named
