"""Opening personal data asks for a purpose, leaves a row that nobody changes, and inspectors read these rows only."""

import pytest
from django.utils import timezone

from motcua.agencies import walls
from motcua.agencies.access import NotPermitted, for_staff
from motcua.agencies.roles import Role
from motcua.dossiers.worker import catch_up
from motcua.persons import purposes
from motcua.persons import queries as persons
from motcua.persons.models import Access
from motcua.persons.queries import Asked
from office.counting import MOST, statements
from support.world import APPLICANT, OTHER_WARD, POLICE, PROVINCE, RESIDENCE, WARD, World

LOG = "/office/nhat-ky-truy-cap/"


def reveal(client, dossier, **values: str):
    return client.post(f"/office/ho-so/{dossier}/xem-day-du/", values)


@pytest.fixture
def opened(world: World, client):
    """A dossier whose applicant a case officer of the police has opened for two purposes."""
    answer = world.receive(RESIDENCE)
    client.force_login(world.user(Role.CASE_OFFICER, POLICE))
    reveal(client, answer.dossier_id, purpose="verify")
    reveal(client, answer.dossier_id, purpose="request", reference="12/GM-UBND")
    return answer


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, "Hãy chọn mục đích."),
        ({"purpose": "curiosity"}, "Hãy chọn mục đích."),
        ({"purpose": "request"}, "Mục đích này cần số văn bản yêu cầu."),
        ({"purpose": "settle", "reference": "hỏi hộ chị Mẫu"}, "Hãy ghi số, ký hiệu văn bản"),
        ({"purpose": "settle", "reference": "079190000012"}, "Hãy ghi số, ký hiệu văn bản"),
        ({"purpose": "settle", "reference": "NguyenVanMau"}, "Hãy ghi số, ký hiệu văn bản"),
    ],
)
def test_nothing_opens_without_a_purpose_from_the_list(world: World, client, values, missing):
    dossier = world.receive(RESIDENCE).dossier_id
    client.force_login(world.user(Role.CASE_OFFICER, POLICE))
    shown = reveal(client, dossier, **values).content.decode()
    assert missing in shown
    assert APPLICANT.address not in shown
    assert not Access.objects.exists()


def test_each_opening_is_one_row_with_its_purpose_agency_and_dossier(world: World, opened):
    rows = Access.objects.order_by("pk").values_list("purpose", "agency_id", "dossier", "act")
    police = world.agencies[POLICE]
    assert list(rows) == [
        ("Đối chiếu, xác minh thông tin", police, opened.code, "see_id"),
        ("Theo yêu cầu của cơ quan có thẩm quyền (12/GM-UBND)", police, opened.code, "see_id"),
    ]


def test_a_printed_paper_and_a_printed_register_leave_their_purpose(world: World, client):
    answer = world.receive(RESIDENCE)
    catch_up()
    client.force_login(world.user(Role.DESK_OFFICER))
    assert client.get(f"/office/ho-so/{answer.dossier_id}/giay/tiep-nhan.pdf").status_code == 200
    assert client.get("/office/so-theo-doi/in.pdf").status_code == 200
    rows = Access.objects.order_by("pk").values_list("purpose", "dossier")
    assert list(rows) == [(f"In giấy tờ của hồ sơ {answer.code}", answer.code), ("In sổ theo dõi hồ sơ", "")]


@pytest.mark.parametrize(("agency", "seen"), [(POLICE, True), (WARD, False), (PROVINCE, False), (OTHER_WARD, False)])
def test_an_inspector_reads_the_log_of_the_own_agency_and_below(world: World, client, opened, agency, seen):
    client.force_login(world.user(Role.INSPECTOR, agency))
    shown = client.get(LOG).content.decode()
    assert (opened.code in shown) == seen
    assert APPLICANT.name not in shown
    assert APPLICANT.id_number not in shown


def test_a_province_reads_what_was_opened_in_its_wards(world: World, client):
    answer = world.receive(RESIDENCE)
    client.force_login(world.user(Role.DESK_OFFICER))
    reveal(client, answer.dossier_id, purpose="contact")
    client.force_login(world.user(Role.INSPECTOR, PROVINCE))
    assert answer.code in client.get(LOG).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INSPECTOR])
def test_nobody_else_reads_the_log(world: World, client, opened, role):
    client.force_login(world.user(role, POLICE))
    assert client.get(LOG).status_code == 403
    with pytest.raises(NotPermitted):
        persons.access_log(world.reader(role, POLICE), Asked())
    with walls.guarding():
        for_staff(world.user(role, POLICE))
        assert not Access.objects.exists()


def test_the_wall_gives_an_inspector_the_same_rows_without_any_condition(world: World, opened):
    with walls.guarding():
        for_staff(world.user(Role.INSPECTOR, POLICE))
        assert Access.objects.count() == 2
        for_staff(world.user(Role.INSPECTOR, OTHER_WARD))
        assert not Access.objects.exists()


def test_rows_of_before_that_know_no_agency_are_found_by_who_opened(world: World, opened):
    post = world.posts[POLICE, Role.CASE_OFFICER]
    Access.objects.create(staff_id=post, act="see_id", purpose="Trước đây", record_ids=[])
    reader = world.reader(Role.INSPECTOR, POLICE)
    assert persons.access_log(reader, Asked())[0].agency_id == world.agencies[POLICE]
    with walls.guarding():
        for_staff(world.user(Role.INSPECTOR, POLICE))
        assert Access.objects.count() == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("nguoi={post}", 2),
        ("nguoi={other}", 0),
        ("ma={code}", 2),
        ("ma=h99.01-000000-9999", 0),
        ("tu={today}&den={today}", 2),
        ("den=01/01/2020", 0),
    ],
)
def test_the_log_is_narrowed_by_officer_day_and_dossier(world: World, client, opened, query, found):
    other = world.posts[POLICE, Role.LEADER]
    client.force_login(world.user(Role.INSPECTOR, POLICE))
    today = f"{timezone.localdate():%d/%m/%Y}"
    post = world.posts[POLICE, Role.CASE_OFFICER]
    answer = client.get(f"{LOG}?{query.format(post=post, other=other, code=opened.code.lower(), today=today)}")
    assert len(answer.context["lines"]) == found


def test_the_log_goes_on_from_page_to_page_in_few_statements(world: World, client):
    post, agency = world.posts[WARD, Role.DESK_OFFICER], world.agencies[WARD]
    Access.objects.bulk_create(
        Access(staff_id=post, agency_id=agency, act="see_id", purpose=str(number), record_ids=[])
        for number in range(120)
    )
    client.force_login(world.user(Role.INSPECTOR))
    seen, address = [], LOG
    while address:
        answer = client.get(address)
        seen += [line["row"].purpose for line in answer.context["lines"]]
        older = answer.context["older"]
        address = f"{LOG}?truoc={older}" if older else ""
    assert seen == [str(number) for number in reversed(range(120))]
    assert statements(lambda: client.get(LOG)) <= MOST


def test_an_inspector_sees_nothing_else_of_anybody(world: World, client, opened):
    client.force_login(world.user(Role.INSPECTOR, POLICE))
    assert client.get(f"/office/ho-so/{opened.dossier_id}/").status_code == 404
    assert client.get("/office/").headers["Location"] == LOG


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("12/GM-UBND", True),
        ("1234567", True),
        ("05/QĐ-TTr_2026", True),
        ("12345678", False),
        ("a b 1", False),
        ("NguyenVanMau", False),
        ("", False),
    ],
)
def test_a_reference_is_the_number_of_a_document(text, good):
    assert purposes.is_reference(text) == good
