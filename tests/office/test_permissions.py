"""Over HTTP every role in every relation sees and does exactly what the table of permissions says."""

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.agencies.access import Relation, Role
from motcua.dossiers import queries
from papers.reading import squeeze, text_of
from support.world import APPLICANT, OTHER_WARD, PDF, POLICE, PROVINCE, RESIDENCE, WARD, World

# Written from the law and the design, not from the code: the letters are see, name, id, files, act.
EXPECTED = """
               own_desk  competent  parent  none
desk_officer   snifa     sn         -       -
case_officer   s         snifa      -       -
leader         snifa     snifa      s       -
reform_officer s         s          s       -
administrator  -         -          -       -
"""
# The dossier is received by the ward and settled by the police; from where each relation to it is seen.
SEAT = {
    Relation.OWN_DESK: WARD,
    Relation.COMPETENT: POLICE,
    Relation.PARENT: PROVINCE,
    Relation.NONE: OTHER_WARD,
}
NAME, NUMBER, REQUEST = APPLICANT.name, APPLICANT.id_number, "Nhập khẩu về ở cùng con"


def cells():
    header, *lines = EXPECTED.strip().splitlines()
    for line in lines:
        role, *letters = line.split()
        for relation, cell in zip(header.split(), letters, strict=True):
            yield Role(role), Relation(relation), frozenset(cell.strip("-"))


@pytest.fixture
def case(world: World, client, intake_data):
    """A dossier with a scan, and who reads it in this test."""
    client.force_login(world.user(Role.DESK_OFFICER))
    scan = SimpleUploadedFile("ct01.pdf", PDF, "application/pdf")
    data = intake_data(request=REQUEST, **{"p1-scan": scan, "owner-address": APPLICANT.address})
    answer = client.post(f"/office/tiep-nhan/{RESIDENCE}/", data | {"p2-originals": "1"})
    found = UUID(re.search(r"[0-9a-f-]{36}", answer.headers["Location"])[0])
    file = queries.story(world.reader(Role.DESK_OFFICER), found)[0].data["intake"]["components"][0]["file"]["id"]
    return found, UUID(file)


def sits(world: World, client, role: Role, relation: Relation) -> None:
    client.force_login(world.user(role, SEAT[relation]))


@pytest.mark.parametrize(("role", "relation", "acts"), list(cells()))
def test_the_page_shows_what_the_table_allows(world, client, case, role, relation, acts):
    dossier, _file = case
    sits(world, client, role, relation)
    answer = client.get(f"/office/ho-so/{dossier}/")
    shown = answer.content.decode()
    assert answer.status_code == (200 if "s" in acts else 404)
    assert (NAME in shown) == ("n" in acts)
    assert (REQUEST in shown) == ("n" in acts)
    assert NUMBER not in shown
    assert ("Xem đầy đủ" in shown) == ("i" in acts)
    assert ("ct01.pdf" in shown) == ("f" in acts)


@pytest.mark.parametrize(("role", "relation", "acts"), list(cells()))
def test_the_number_opens_as_the_table_allows(world, client, case, role, relation, acts):
    dossier, _file = case
    sits(world, client, role, relation)
    answer = client.post(f"/office/ho-so/{dossier}/xem-day-du/")
    assert answer.status_code == (200 if "s" in acts else 404)
    assert (NUMBER in answer.content.decode()) == ("i" in acts)


@pytest.mark.parametrize(("role", "relation", "acts"), list(cells()))
def test_a_file_opens_as_the_table_allows(world, client, case, role, relation, acts):
    dossier, file = case
    sits(world, client, role, relation)
    answer = client.get(f"/office/ho-so/{dossier}/tep/{file}/")
    assert answer.status_code == (200 if "f" in acts else 403 if "s" in acts else 404)


@pytest.mark.parametrize(("role", "relation", "acts"), list(cells()))
def test_papers_print_as_the_table_allows(world, client, case, role, relation, acts):
    dossier, _file = case
    sits(world, client, role, relation)
    refused = 403 if "s" in acts else 404
    slip = client.get(f"/office/ho-so/{dossier}/giay/kiem-soat.pdf")
    receipt = client.get(f"/office/ho-so/{dossier}/giay/tiep-nhan.pdf")
    assert slip.status_code == (200 if "n" in acts else refused)
    assert receipt.status_code == (200 if "i" in acts else refused)


@pytest.mark.parametrize(("role", "relation", "acts"), list(cells()))
def test_acts_are_taken_as_the_table_allows(world, client, case, act_data, role, relation, acts):
    dossier, _file = case
    sits(world, client, role, relation)
    answer = client.post(f"/office/ho-so/{dossier}/rut/", act_data(dossier, reason="Theo đơn"))
    # Who may act may still be told that it is somebody else's function: that is the law's answer, not a closed door.
    allowed = {200, 302} if "a" in acts else {403} if "s" in acts else {404}
    assert answer.status_code in allowed


@pytest.mark.parametrize(("role", "relation", "acts"), list(cells()))
def test_a_search_finds_as_the_table_allows(world, client, case, role, relation, acts):
    dossier, _file = case
    code = queries.detail(world.reader(Role.DESK_OFFICER), dossier, _now()).row.code
    sits(world, client, role, relation)
    by_code = client.post("/office/tim/", {"q": code})
    assert (by_code.status_code == 302) == ("s" in acts)
    for words, letter in ((NAME, "n"), (NUMBER, "i")):
        assert (code in client.post("/office/tim/", {"q": words}).content.decode()) == (letter in acts)


def _now():
    from django.utils import timezone

    return timezone.now()


@pytest.mark.parametrize("role", list(Role))
def test_the_register_shows_names_as_the_table_allows(world, client, case, role):
    dossier, _file = case
    acts = next(letters for of, relation, letters in cells() if (of, relation) == (role, Relation.OWN_DESK))
    sits(world, client, role, Relation.OWN_DESK)
    answer = client.get("/office/so-theo-doi/")
    if role in (Role.CASE_OFFICER, Role.ADMINISTRATOR):
        assert answer.status_code == 403
        assert client.get("/office/so-theo-doi/in.pdf").status_code == 403
        return
    shown = answer.content.decode()
    assert (str(dossier) in shown) == ("s" in acts)
    assert (NAME in shown) == ("n" in acts)
    printed = text_of(client.get("/office/so-theo-doi/in.pdf").content)
    assert (squeeze(NAME) in printed) == ("n" in acts)
    assert (APPLICANT.phone in printed) == ("i" in acts)


@pytest.mark.parametrize("role", list(Role))
def test_the_register_holds_the_own_desks_dossiers_only(world, client, case, role):
    dossier, _file = case
    sits(world, client, role, Relation.NONE)
    assert str(dossier) not in client.get("/office/so-theo-doi/").content.decode()


def test_a_file_opens_through_its_own_dossier_only(world, client, case):
    _dossier, file = case
    other = world.receive().dossier_id
    client.force_login(world.user(Role.DESK_OFFICER))
    assert client.get(f"/office/ho-so/{other}/tep/{file}/").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_the_overview_is_for_those_who_follow_figures(world, client, role):
    client.force_login(world.user(role))
    allowed = role in (Role.LEADER, Role.REFORM_OFFICER)
    assert client.get("/office/tong-quan/").status_code == (200 if allowed else 403)


@pytest.mark.parametrize(
    "url", ["/office/", "/office/tiep-nhan/", "/office/so-theo-doi/", "/office/tong-quan/", "/office/tim/"]
)
def test_an_account_without_a_post_is_shown_nothing(db, client, url):
    from motcua.agencies.models import User

    client.force_login(User.objects.create_superuser("root", password="không dùng đến"))
    assert client.get(url).status_code == 403
