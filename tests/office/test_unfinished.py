"""A session that ends in the middle of a form loses nothing that was typed, and shows it to nobody else."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.agencies.commands import set_password
from motcua.agencies.models import Session
from motcua.dossiers import commands, queries
from support.world import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/office/gui-tiep/"
NOTE = "Đã gọi điện cho người nộp lúc 9 giờ <b>"


def end_session():
    past = timezone.now() - timedelta(minutes=1)
    assert Session.objects.update(expire_date=past) == 1


def sign_in(client, user):
    set_password(user.username, PASSWORD)
    return client.post("/accounts/login/", {"login": user.username, "password": PASSWORD, "next": PAGE})


def send(client, dossier, command_id):
    end_session()
    sent = {"note": NOTE, "command_id": str(command_id), "seen_seq": 2}
    return client.post(f"/office/ho-so/{dossier}/ghi-chu/", sent)


def test_what_was_sent_too_late_is_offered_after_signing_in_and_recorded_once(world, client):
    dossier, command_id, user = world.receive().dossier_id, commands.new_id(), world.user(Role.CASE_OFFICER)
    client.force_login(user)
    answer = send(client, dossier, command_id)
    assert answer.status_code == 302
    assert answer.url.endswith("next=/office/gui-tiep/")
    assert sign_in(client, user).url == PAGE
    shown = client.get(PAGE).content.decode()
    assert "Đã gọi điện cho người nộp lúc 9 giờ &lt;b&gt;" in shown
    fields = dict(re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', shown, re.S))
    assert fields["command_id"] == str(command_id)
    for _twice in range(2):
        client.post(f"/office/ho-so/{dossier}/ghi-chu/", {**fields, "note": NOTE})
    story = queries.story(world.reader(Role.CASE_OFFICER), dossier)
    assert [each.type for each in story].count("annotated") == 1
    assert client.get(PAGE).url == "/office/"  # it is sent: nothing is kept any more


def test_the_next_officer_at_the_same_browser_sees_nothing_of_it(world, client):
    dossier = world.receive().dossier_id
    client.force_login(world.user(Role.CASE_OFFICER))
    send(client, dossier, commands.new_id())
    sign_in(client, world.user(Role.DESK_OFFICER))
    answer = client.get(PAGE, follow=True)
    assert "Đã gọi điện" not in answer.content.decode()
    assert answer.redirect_chain == [("/office/", 302)]


def test_it_can_be_thrown_away(world, client):
    dossier, user = world.receive().dossier_id, world.user(Role.CASE_OFFICER)
    client.force_login(user)
    send(client, dossier, commands.new_id())
    sign_in(client, user)
    assert client.post(PAGE).url == "/office/"
    assert client.get(PAGE).url == "/office/"


def test_who_never_signed_in_leaves_nothing_behind(world, client):
    dossier = world.receive().dossier_id
    answer = client.post(f"/office/ho-so/{dossier}/ghi-chu/", {"note": NOTE})
    assert answer.url.endswith("next=/office/")
    assert not Session.objects.exists()


def test_files_are_asked_for_again(world, client):
    dossier, user = world.receive().dossier_id, world.user(Role.CASE_OFFICER)
    client.force_login(user)
    end_session()
    client.post(
        f"/office/ho-so/{dossier}/chuyen/", {"note": NOTE, "document": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}
    )
    sign_in(client, user)
    shown = client.get(PAGE).content.decode()
    assert 'type="file"' in shown
    assert 'name="document"' in shown
    assert "multipart/form-data" in shown


def test_the_database_holds_no_word_of_it(world, client):
    dossier = world.receive().dossier_id
    client.force_login(world.user(Role.CASE_OFFICER))
    send(client, dossier, commands.new_id())
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(s::text, ' ') FROM agencies_session s")
        assert "9 giờ" not in cursor.fetchone()[0]
