"""A program holds a technical post: the table says what it may, its scopes say less, and it can never sign in."""

import pytest

from motcua.agencies import commands
from motcua.agencies.access import Act, NotPermitted, Role, for_client, for_staff
from motcua.agencies.models import Staff, User
from support.readers import make_tree

pytestmark = pytest.mark.django_db


def _post(roles=(Role.LEADER,), **values) -> int:
    return commands.keep_technical_post(username="api.w", name="Phần mềm Thử", agency_code="W", roles=roles, **values)


def test_a_program_may_do_what_its_post_may_and_no_more_than_its_scopes():
    tree = make_tree()
    reader = for_client(_post(), client="Phần mềm Thử", within=frozenset({Act.SEE}))
    own = {"receiving_agency_id": tree.ward, "competent_agency_id": tree.ward}
    assert reader.staff_id is not None
    assert reader.agency_id == tree.ward
    assert reader.may(Act.SEE, **own)
    assert not any(reader.may(act, **own) for act in Act if act is not Act.SEE)
    assert not reader.may(Act.SEE, receiving_agency_id=tree.elsewhere, competent_agency_id=tree.elsewhere)
    assert reader.scope(Act.ACT).nothing
    assert not reader.scope(Act.SEE).nothing


@pytest.mark.parametrize("act", list(Act))
def test_scopes_never_give_what_the_table_does_not(act):
    tree = make_tree()
    reader = for_client(_post(roles=[Role.ADMINISTRATOR]), client="x", within=frozenset(Act))
    assert not reader.may(act, receiving_agency_id=tree.ward, competent_agency_id=tree.ward)


def test_nobody_signs_in_as_a_program():
    make_tree()
    user = User.objects.get(staff__pk=_post())
    assert not user.is_active
    assert not user.has_usable_password()
    with pytest.raises(NotPermitted):
        for_staff(user)


def test_a_closed_post_ends_the_program():
    make_tree()
    staff = _post()
    _post(active=False)
    assert not Staff.objects.get(pk=staff).active
    with pytest.raises(NotPermitted):
        for_client(staff, client="x", within=frozenset(Act))
