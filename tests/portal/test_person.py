"""A citizen signs in with the national identity (a real provider) and sees the own dossiers, and nobody else's."""

from dataclasses import replace

import pytest

from motcua.agencies import commands as agency_commands
from motcua.agencies.access import Role, for_citizen, for_person
from motcua.agencies.models import Session, Staff, User
from motcua.agencies.session_store import CITIZEN, SessionStore, row_key
from motcua.dossiers import commands, queries
from motcua.law.dossier.vocabulary import Pause
from motcua.persons import queries as persons
from motcua.persons.commands import note_access
from support.identity_provider import CLIENT, SECRET
from support.world import APPLICANT, PASSWORD, PROVINCE, World

BEGIN, DONE, MINE, SEEN = "/cong-dan/dang-nhap", "/cong-dan/dang-nhap/xong", "/cong-dan", "/cong-dan/luot-xem"
NUMBER = APPLICANT.id_number
OTHER = replace(APPLICANT, name="Lê Thị Hàng Xóm", id_number="079190000099")


@pytest.fixture
def provider(identity_provider, settings):
    """The provider as the national identity, which tells the number in a claim of its own."""
    values = {"issuer": identity_provider.issuer, "client_id": CLIENT, "secret": SECRET, "name": "VNeID"}
    settings.MOTCUA_OIDC = {"staff": None, "citizen": {**values, "scopes": ("openid",)}}
    settings.MOTCUA_CITIZEN_OIDC_ID_CLAIM = "so_dinh_danh"
    return identity_provider


def sign_in(client, provider, number=NUMBER, **how):
    back = provider.consent(client.get(BEGIN).headers["Location"], number, **how)
    return client.get(DONE, back)


def test_a_citizen_sees_the_own_dossiers_and_nobody_elses(world: World, client, provider):
    mine, other = world.receive(), world.receive(owner=OTHER)
    assert sign_in(client, provider).headers["Location"] == MINE
    page = client.get(MINE).content.decode()
    codes = [world_code(world, each.dossier_id) for each in (mine, other)]
    assert codes[0] in page and codes[1] not in page
    assert "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân" in page and "Hẹn trả" in page


def world_code(world, dossier):
    from django.utils import timezone

    return queries.detail(world.reader(Role.DESK_OFFICER), dossier, timezone.now()).row.code


@pytest.mark.parametrize("spelling", ["079190000012", "079 190 000 012", "079.190.000.012"])
def test_the_number_counts_however_the_provider_writes_it(world: World, client, provider, spelling):
    world.receive()
    sign_in(client, provider, spelling)
    assert "H99.01-" in client.get(MINE).content.decode()


@pytest.mark.parametrize("number", ["can.bo", "12345", "0791900000123"])
def test_without_a_number_of_twelve_digits_nobody_is_signed_in(world: World, client, provider, number):
    sign_in(client, provider, number)
    assert CITIZEN not in client.session
    assert "không cho biết số định danh" in client.get(MINE).content.decode()


def test_neither_name_nor_number_nor_anything_else_readable_is_kept_or_shown(world: World, client, provider):
    world.receive()
    sign_in(client, provider)
    key = client.cookies["sessionid"].value
    row = Session.objects.get(pk=row_key(key))
    kept = dict(SessionStore(key).items())
    assert row.user_id is None
    assert set(kept) == {CITIZEN, "_began"}
    assert NUMBER not in str(kept) and NUMBER not in row.session_data
    assert client.session[CITIZEN] == sorted(token.hex() for token in persons.person_tokens(NUMBER))
    for page in (client.get(MINE).content.decode(), client.get(SEEN).content.decode()):
        assert NUMBER not in page and APPLICANT.name not in page
    assert not User.objects.filter(username=NUMBER).exists()


def test_the_pages_are_for_nobodys_cache_and_no_search_engine(world: World, client, provider):
    sign_in(client, provider)
    for address in (MINE, SEEN):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store" and "noindex" in headers["X-Robots-Tag"]


def test_without_sign_in_the_pages_ask_for_it(world: World, client, provider):
    world.receive()
    for address in (MINE, SEEN):
        page = client.get(address).content.decode()
        assert "Đăng nhập bằng VNeID" in page and "H99.01-" not in page


def test_without_a_provider_the_page_leads_to_the_look_up_and_no_menu_names_it(world: World, client):
    page = client.get(MINE).content.decode()
    assert "Tra cứu bằng mã hồ sơ" in page and "Đăng nhập bằng" not in page
    assert MINE + '"' not in client.get("/").content.decode()
    assert client.get(BEGIN).headers["Location"] == MINE


def test_who_opened_the_data_shows_with_agency_and_purpose_and_without_a_name(world: World, client, provider):
    from motcua.persons.queries import Sight

    mine = world.receive()
    other = world.receive(owner=OTHER)
    officer = world.reader(Role.DESK_OFFICER)
    for answer, why in ((mine, "Gọi điện hẹn trả"), (other, "Việc của người khác")):
        from django.utils import timezone

        row = queries.detail(officer, answer.dossier_id, timezone.now()).row
        sight = Sight(row.owner_id, row.receiving_agency_id, row.competent_agency_id)
        persons.applicants(officer, [sight], full=True, purpose=why)
    sign_in(client, provider)
    page = client.get(SEEN).content.decode()
    assert "Gọi điện hẹn trả" in page and "Ủy ban nhân dân phường Tân An" in page
    assert "Việc của người khác" not in page
    assert officer.name not in page


def test_what_was_opened_through_the_own_dossier_shows_too_with_the_agency_where_it_was(world: World, client, provider):
    """A scan is no record of the person, and an officer with rights for some hours opens it for another agency."""
    mine, other = world.receive(), world.receive(owner=OTHER)
    officer = world.reader(Role.DESK_OFFICER)
    for answer in (mine, other):
        note_access(officer, [answer.dossier_id], act="see_files", purpose=f"Tệp {answer.code}", dossier=answer.code)
    note_access(officer, [mine.dossier_id], act="see_files", purpose="Không qua hồ sơ nào")
    Staff.objects.filter(pk=officer.staff_id).update(agency_id=world.agencies[PROVINCE])
    sign_in(client, provider)
    page = client.get(SEEN).content.decode()
    assert f"Tệp {mine.code}" in page and "Ủy ban nhân dân phường Tân An" in page
    assert other.code not in page and "Không qua hồ sơ nào" not in page


def test_a_new_appointment_is_told_with_the_first_one(world: World, client, provider):
    dossier = world.receive().dossier_id
    officer = world.reader(Role.CASE_OFFICER)
    commands.pause(officer, dossier, Pause.SUPPLEMENT, "- Tờ khai\nThiếu", command_id=commands.new_id())
    sign_in(client, provider)
    assert "Chờ bạn bổ sung giấy tờ" in client.get(MINE).content.decode()


@pytest.mark.parametrize("how", ["expired", "nonce", "no_nonce", "audience", "issuer", "tampered", "other_key"])
def test_an_answer_that_is_not_right_signs_nobody_in(world: World, client, provider, how):
    provider.misbehave(how)
    sign_in(client, provider)
    assert CITIZEN not in client.session
    assert "Không xác nhận được lần đăng nhập này" in client.get(MINE).content.decode()


def test_who_cancels_is_told_that_nothing_happened(world: World, client, provider):
    sign_in(client, provider, cancel=True)
    assert CITIZEN not in client.session
    assert "Bạn đã dừng đăng nhập" in client.get(MINE).content.decode()


def test_signing_out_ends_the_session_in_the_database(world: World, client, provider):
    sign_in(client, provider)
    key = client.cookies["sessionid"].value
    client.post("/cong-dan/dang-xuat")
    assert not SessionStore().exists(key)
    assert "Đăng nhập bằng VNeID" in client.get(MINE).content.decode()


def test_a_planted_session_does_not_become_the_citizens(world: World, client, provider):
    begun = client.get(BEGIN)
    before = client.cookies["sessionid"].value
    client.get(DONE, provider.consent(begun.headers["Location"], NUMBER))
    assert client.cookies["sessionid"].value != before
    assert not SessionStore().exists(before)


def test_an_officer_and_a_citizen_are_never_in_one_session(world: World, client, provider):
    officer = world.user(Role.DESK_OFFICER)
    client.force_login(officer)
    sign_in(client, provider)
    assert client.get("/office/").status_code == 302
    agency_commands.set_password(officer.username, PASSWORD)
    client.post("/accounts/login/", {"login": officer.username, "password": PASSWORD})
    assert client.get("/office/").status_code == 200
    assert CITIZEN not in client.session


def test_a_citizens_session_ends_sooner_than_an_officers(world: World, client, provider, settings):
    from django.utils import timezone

    sign_in(client, provider)
    left = Session.objects.get().expire_date - timezone.now()
    assert left.total_seconds() <= settings.MOTCUA_CITIZEN_IDLE_MINUTES * 60


def test_a_reader_without_tokens_owns_nothing(world: World):
    world.receive()
    assert queries.own(for_citizen("")) == () == persons.own_accesses(for_citizen(""))
    assert queries.own(world.reader(Role.LEADER)) == ()
    assert len(queries.own(for_person(persons.person_tokens(NUMBER)))) == 1
    assert for_person(persons.person_tokens(NUMBER)).roles == frozenset()


@pytest.mark.parametrize("address", [MINE, SEEN])
def test_a_page_needs_at_most_twelve_statements_however_much_there_is(
    world: World, client, provider, django_assert_max_num_queries, address
):
    for _ in range(5):
        world.receive()
    sign_in(client, provider)
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)
