"""Every role in every relation may do exactly what the table in the documents says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.agencies.access import (
    ALLOWED,
    Act,
    NotPermitted,
    Reader,
    Relation,
    Role,
    for_citizen,
    for_system,
    permissions_markdown,
)
from permissions.table import LETTERS, cells
from support.readers import make_tree, reader_at, staff_reader

ROWS = [(role, relation, {LETTERS[letter] for letter in letters}) for role, relation, letters in cells()]


def test_the_table_names_every_role_in_every_relation():
    assert {(role, relation) for role, relation, _ in ROWS} == set(ALLOWED)
    assert set(ALLOWED) == {(role, relation) for role in Role for relation in Relation}


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_member_of_staff_may_do_what_the_table_says_and_nothing_else(role):
    tree = make_tree()
    dossiers = {
        (Relation.OWN_DESK, "W"): (tree.ward, tree.elsewhere),
        (Relation.COMPETENT, "W"): (tree.elsewhere, tree.ward),
        (Relation.PARENT, "P"): (tree.ward, tree.elsewhere),
        (Relation.NONE, "W"): (tree.elsewhere, tree.department),
    }
    readers = {code: staff_reader(role, code) for code in ("W", "P")}
    wanted = {relation: acts for of, relation, acts in ROWS if of is role}
    for (relation, code), (receiving, competent) in dossiers.items():
        reader = readers[code]
        assert reader.relation(receiving, competent) is relation
        for act in Act:
            allowed = reader.may(act, receiving_agency_id=receiving, competent_agency_id=competent)
            assert allowed == (act in wanted[relation]), (role, relation, act)


def test_a_parent_of_the_competent_agency_is_a_parent_too():
    reader = reader_at(1, Role.LEADER, below=frozenset({2}))
    assert reader.relation(9, 2) is Relation.PARENT
    assert reader.relation(2, 9) is Relation.PARENT


def test_permission_is_the_union_over_all_relations_that_hold():
    reader = reader_at(1, Role.CASE_OFFICER)
    assert reader.relation(1, 1) is Relation.OWN_DESK
    assert reader.may(Act.ACT, receiving_agency_id=1, competent_agency_id=1)
    assert not reader.may(Act.ACT, receiving_agency_id=1, competent_agency_id=2)


def test_permission_is_the_union_over_roles():
    reader = reader_at(1, Role.ADMINISTRATOR, Role.DESK_OFFICER)
    assert reader.may(Act.SEE_ID, receiving_agency_id=1, competent_agency_id=2)


def independent_oracle(reader: Reader, act: Act, receiving: int, competent: int) -> bool:
    """The table read cell by cell, without relations as sets."""
    table = {(role, relation): acts for role, relation, acts in ROWS}
    for role in reader.roles:
        if receiving == reader.agency_id and act in table[role, Relation.OWN_DESK]:
            return True
        if competent == reader.agency_id and act in table[role, Relation.COMPETENT]:
            return True
        for agency in (receiving, competent):
            if agency in reader.descendant_agency_ids and act in table[role, Relation.PARENT]:
                return True
    return False


AGENCY = st.integers(1, 5)


@given(AGENCY, st.frozensets(st.sampled_from(Role)), st.frozensets(AGENCY), st.sampled_from(Act), AGENCY, AGENCY)
def test_may_and_the_scope_of_a_list_agree_with_an_independent_oracle(own, roles, below, act, receiving, competent):
    reader = reader_at(own, *roles, below=below - {own})
    scope = reader.scope(act)
    in_scope = scope.everything or receiving in scope.receiving or competent in scope.competent
    may = reader.may(act, receiving_agency_id=receiving, competent_agency_id=competent)
    assert may == in_scope == independent_oracle(reader, act, receiving, competent)


@pytest.mark.parametrize("act", list(Act))
def test_a_citizen_may_nothing_by_the_table_and_the_system_everything(act):
    citizen, system = for_citizen("abc"), for_system("follower of tallies")
    assert not citizen.may(act, receiving_agency_id=1, competent_agency_id=1)
    assert citizen.scope(act).nothing
    assert system.may(act, receiving_agency_id=1, competent_agency_id=2)
    assert system.scope(act).everything


def test_require_refuses_what_may_denies():
    reader = reader_at(1, Role.DESK_OFFICER)
    reader.require(Act.ACT, receiving_agency_id=1, competent_agency_id=2)
    with pytest.raises(NotPermitted):
        reader.require(Act.ACT, receiving_agency_id=2, competent_agency_id=1)


def test_a_reader_cannot_be_made_up():
    with pytest.raises(TypeError):
        Reader("system", object())


def test_the_system_reads_for_a_reason_only():
    with pytest.raises(ValueError, match="reason"):
        for_system("  ")


def test_a_citizens_token_does_not_show_in_the_readers_text():
    assert "s3cret" not in repr(for_citizen("s3cret"))


def test_the_documents_show_the_table_that_the_code_obeys():
    page = Path(__file__).parents[2] / "docs" / "permissions.md"
    assert permissions_markdown() in page.read_text(encoding="utf-8")


def test_the_table_as_markdown_says_yes_exactly_where_the_expected_table_does():
    cells = [line.strip("| ").split(" | ") for line in permissions_markdown().splitlines()[2:]]
    shown = {(row[0], row[1]): [cell == "yes" for cell in row[2:]] for row in cells}
    assert shown == {(role, relation): [act in acts for act in Act] for role, relation, acts in ROWS}
