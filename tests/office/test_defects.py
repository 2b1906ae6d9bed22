"""The integrity page: who sees which defects, their lists, and nothing where there is nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.dossiers import defects
from support.world import POLICE, RESIDENCE


def test_the_page_names_each_class_with_its_remedy_and_leads_to_the_list(world, client):
    answer = world.receive(RESIDENCE)
    defects.search(timezone.now() + timedelta(hours=25))
    client.force_login(world.user(Role.LEADER, POLICE))
    shown = client.get("/office/sai-sot/").content.decode()
    assert "đã giao mà chưa ai nhận" in shown
    assert "Nhận xử lý" in shown
    listed = client.get("/office/sai-sot/slip_gap/").content.decode()
    assert answer.code in listed
    assert f"/office/ho-so/{answer.dossier_id}/" in listed


def test_another_agency_sees_nothing_of_it(world, client):
    answer = world.receive(RESIDENCE)
    defects.search(timezone.now() + timedelta(hours=25))
    client.force_login(world.user(Role.LEADER, "W2"))
    assert "chưa ai nhận" not in client.get("/office/sai-sot/").content.decode()
    assert answer.code not in client.get("/office/sai-sot/slip_gap/").content.decode()


def test_nothing_wrong_is_said_as_such(world, client):
    client.force_login(world.user(Role.REFORM_OFFICER))
    assert "Không có sai sót nào" in client.get("/office/sai-sot/").content.decode()
    assert "Không còn sai sót nào loại này" in client.get("/office/sai-sot/no_scan/").content.decode()


@pytest.mark.parametrize("address", ["/office/sai-sot/other/", "/office/sai-sot/no_scan/?after=x"])
def test_what_nobody_gave_out_is_not_found(world, client, address):
    client.force_login(world.user(Role.LEADER))
    assert client.get(address).status_code == 404


def test_who_works_on_no_dossiers_is_not_let_in(world, client):
    client.force_login(world.user(Role.ADMINISTRATOR))
    assert client.get("/office/sai-sot/").status_code == 403


def test_the_pages_stay_within_their_statements(world, client, django_assert_max_num_queries):
    for _ in range(3):
        world.receive()
    defects.search(timezone.now() + timedelta(days=30))
    client.force_login(world.user(Role.LEADER))
    client.get("/office/sai-sot/")
    for address in ("/office/sai-sot/", "/office/sai-sot/late_without_apology/"):
        with django_assert_max_num_queries(12):
            client.get(address)
