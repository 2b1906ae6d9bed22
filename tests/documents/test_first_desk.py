"""The file on the page about a desk of one's own really makes a desk that can receive."""

import pytest

from documents.pages import ROOT, files
from motcua.agencies.access import Role, for_staff
from motcua.agencies.models import Agency, AgencyKind, User
from motcua.dossiers import commands
from motcua.dossiers.models import Dossier

_PAGE = ROOT / "docs" / "operator" / "first-desk.md"


@pytest.fixture
def desk(db, capsys) -> dict[str, str]:
    """The desk of the page, made twice beside the small province; the passwords printed last."""
    from support.world import make_world

    make_world()
    for _ in range(2):
        exec(files(_PAGE)["desk.py"], {})
    return dict(line.split() for line in capsys.readouterr().out.splitlines())


def test_the_desk_of_the_page_receives_and_settles(desk) -> None:
    from support.world import APPLICANT, MARRIAGE

    readers = [for_staff(User.objects.get(username=username)) for username in ("hoa.tran", "nam.le")]
    new = commands.NewDossier(procedure=MARRIAGE, owner=APPLICANT)
    answer = commands.receive(readers[0], new, command_id=commands.new_id())
    commands.hand_over(readers[1], answer.dossier_id, "trinh-ky", command_id=commands.new_id())
    assert answer.code.startswith("H98.01-")
    assert Dossier.objects.get(pk=answer.dossier_id).holder_function == Role.LEADER


def test_running_the_file_again_makes_nothing_twice_and_prints_passwords_that_work(desk) -> None:
    assert Agency.objects.filter(identifier__startswith="H98").count() == 2
    assert set(desk) == {"hoa.tran", "nam.le", "minh.pham"}
    for username, password in desk.items():
        assert User.objects.get(username=username).check_password(password)


def test_the_page_names_every_kind_of_agency_and_every_role() -> None:
    text = _PAGE.read_text(encoding="utf-8")
    assert [value for value in (*AgencyKind.values, *Role) if f"`{value}`" not in text] == []
