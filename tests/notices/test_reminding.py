"""Staff are reminded once and in working hours; leaders are told in time; apologies lie ready before their last day."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from motcua.agencies import changes
from motcua.agencies.access import Role
from motcua.agencies.models import StandIn
from motcua.dossiers import commands, defects
from motcua.dossiers.models import Dossier
from motcua.dossiers.worker import catch_up
from motcua.law.dossier.reckoning import local
from motcua.law.dossier.vocabulary import Pause
from motcua.notices import drafting, queries, reminding
from motcua.notices.commands import see
from motcua.notices.models import ApologyDraft, Reminder
from office.counting import MOST, statements
from papers.reading import squeeze, text_of
from support.world import POLICE, RESIDENCE

pytestmark = pytest.mark.django_db


def due_of(dossier_id):
    return Dossier.objects.values_list("due_at_current", flat=True).get(pk=dossier_id)


def reminded(**values):
    return set(Reminder.objects.filter(**values).values_list("staff_id", flat=True))


def test_before_a_dossier_falls_due_all_of_its_function_are_reminded_once_for_each_threshold(world, settings):
    settings.MOTCUA_REMIND_HOURS, settings.MOTCUA_REMIND_STEP_HOURS = (8, 2), ()
    settings.MOTCUA_ESCALATE_HOURS = ()
    dossier = world.receive().dossier_id
    due = due_of(dossier)
    assert reminding.remind(due - timedelta(days=9)) == 0
    officers = {world.posts["W1", Role.CASE_OFFICER], world.second_case_officer}
    assert reminding.remind(due - timedelta(hours=3)) == 2
    assert reminded(kind="dossier", hours=8) == officers
    assert reminding.remind(due - timedelta(hours=3)) == 0
    assert reminding.remind(due - timedelta(hours=1)) == 2
    assert reminded(kind="dossier", hours=2) == officers
    assert reminding.remind(due - timedelta(minutes=30)) == 0


def test_hours_before_are_working_hours_so_a_monday_s_promise_is_told_on_friday(world, settings):
    settings.MOTCUA_REMIND_HOURS, settings.MOTCUA_REMIND_STEP_HOURS, settings.MOTCUA_ESCALATE_HOURS = (4,), (), ()
    dossier = world.receive().dossier_id
    world.user(Role.CASE_OFFICER)
    # Half past eight: four working hours before begin in the afternoon of the last working day.
    monday = due_of(dossier)
    while local(monday).weekday():
        monday += timedelta(days=1)
    monday = monday.replace(hour=1, minute=30)
    Dossier.objects.filter(pk=dossier).update(due_sort=monday)
    friday = monday - timedelta(days=3)
    assert reminding.remind(friday.replace(hour=4)) == 0
    assert reminding.remind(friday.replace(hour=9)) == len(
        {world.posts["W1", Role.CASE_OFFICER], world.second_case_officer}
    )


def test_who_holds_a_step_is_reminded_alone(world, settings):
    settings.MOTCUA_REMIND_HOURS, settings.MOTCUA_ESCALATE_HOURS = (), ()
    dossier = world.receive().dossier_id
    world.user(Role.CASE_OFFICER)
    commands.assign(world.reader(Role.LEADER), dossier, world.second_case_officer, command_id=commands.new_id())
    step_due = Dossier.objects.get(pk=dossier).state["step_due_at"]
    assert reminding.remind(datetime.fromisoformat(step_due) - timedelta(hours=1)) == 1
    assert reminded(kind="step") == {world.second_case_officer}


def test_a_stand_in_is_reminded_in_the_days_they_stand_in(world, settings):
    settings.MOTCUA_REMIND_STEP_HOURS, settings.MOTCUA_ESCALATE_HOURS = (), ()
    dossier = world.receive().dossier_id
    due = due_of(dossier)
    desk = world.posts["W1", Role.DESK_OFFICER]
    StandIn.objects.create(
        staff_id=desk, roles=["case_officer"], valid_from=local(due).date(), valid_to=local(due).date(), reason="phép"
    )
    reminding.remind(due - timedelta(hours=1))
    assert desk in reminded(kind="dossier")


def test_the_leaders_of_the_competent_agency_hear_of_what_is_about_to_be_late_and_of_what_is(world, settings):
    settings.MOTCUA_REMIND_HOURS, settings.MOTCUA_REMIND_STEP_HOURS = (), ()
    settings.MOTCUA_ESCALATE_HOURS = (4, 0)
    dossier = world.receive(RESIDENCE).dossier_id
    due, leader = due_of(dossier), {world.posts[POLICE, Role.LEADER]}
    reminding.remind(due - timedelta(hours=1))
    assert reminded(kind="leader", hours=4) == leader
    reminding.remind(due + timedelta(hours=1))
    assert reminded(kind="leader", hours=0) == leader
    assert reminding.remind(due + timedelta(days=30)) == 0


def test_what_waits_for_the_applicant_or_is_done_reminds_nobody(world, settings):
    settings.MOTCUA_ESCALATE_HOURS = (4, 0)
    waiting, done = world.receive().dossier_id, world.receive().dossier_id
    due = due_of(done)
    officer = world.reader(Role.CASE_OFFICER)
    commands.pause(officer, waiting, Pause.SUPPLEMENT, "- Tờ khai", command_id=commands.new_id())
    world.finish(done)
    assert reminding.remind(due - timedelta(hours=1)) == 0


def test_the_owner_of_defects_is_told_how_many_there_are(world):
    world.receive()
    now = due_of(world.receive().dossier_id) + timedelta(days=2)
    leaders = {world.posts["W1", Role.LEADER], world.posts["W1", Role.REFORM_OFFICER]}
    defects.search(now)
    reminding.remind(now)
    told = Reminder.objects.filter(kind="defects", agency_id=world.agencies["W1"])
    assert set(told.values_list("staff_id", flat=True)) == leaders
    assert told.first().number == sum(
        each.number for each in defects.counted(world.reader(Role.LEADER)) if each.agency_id == world.agencies["W1"]
    )


def test_an_apology_lies_ready_before_its_last_day_and_goes_when_it_is_not_needed(world, settings):
    settings.MOTCUA_DRAFT_DAYS = 1
    dossier = world.receive().dossier_id
    due = due_of(dossier)
    assert drafting.draft(due - timedelta(days=4)) == 0
    assert drafting.draft(due - timedelta(days=2)) == 1
    assert drafting.draft(due - timedelta(days=2)) == 0
    draft = ApologyDraft.objects.get()
    assert local(draft.limit_at).date() == local(due).date() - timedelta(days=1)
    assert draft.new_due_at > due
    world.finish(dossier)
    drafting.draft(due - timedelta(days=2))
    assert not ApologyDraft.objects.exists()


def drafted(world, count=2):
    dossiers = [world.receive().dossier_id for _ in range(count)]
    now = due_of(dossiers[0]) - timedelta(days=2)
    assert drafting.draft(now) == count
    return dossiers


def form(dossiers, **values):
    return urlencode({"dossier": [str(each) for each in dossiers], "once": str(uuid4()), **values}, doseq=True)


FORM = "application/x-www-form-urlencoded"


def test_a_leader_sees_the_drafts_looks_at_the_letters_and_sends_them_together(world, client):
    dossiers = drafted(world)
    client.force_login(world.user(Role.LEADER))
    assert client.get("/office/xin-loi/").content.decode().count('name="dossier"') == 2
    data = form(dossiers, reason="Chờ ý kiến của cơ quan phối hợp\r\nvà xác minh tại nơi cư trú cũ")
    letters = client.post("/office/xin-loi/xem-truoc.pdf", data, content_type=FORM)
    assert letters["Content-Type"] == "application/pdf"
    assert squeeze(text_of(letters.content)).count(squeeze("Chờ ý kiến của cơ quan phối hợp")) == 2
    assert Dossier.objects.filter(state__letters__gt=0).count() == 0
    for _twice in range(2):
        then = client.post("/office/xin-loi/gui/", data, content_type=FORM, follow=True).content.decode()
        assert "Đã xin lỗi, hẹn lại 2 hồ sơ." in then
        assert "chỗ cần sửa" not in then  # it leads to where the letters are printed, of today
    assert Dossier.objects.filter(state__letters=1).count() == 2
    catch_up()
    drafting.draft()
    assert client.get("/office/xin-loi/").content.decode().count('name="dossier"') == 0


def test_what_was_typed_stays_when_the_reason_is_missing(world, client):
    dossiers = drafted(world)
    client.force_login(world.user(Role.LEADER))
    sent = form(dossiers[:1], due_at_0="30/12/2026", due_at_1="09:00")
    answer = client.post("/office/xin-loi/gui/", sent, content_type=FORM)
    shown = answer.content.decode()
    assert "Hãy ghi lý do" in shown
    assert shown.count(" checked") == 1
    assert "30/12/2026" in shown


def test_what_the_law_refuses_is_said_with_the_code_and_the_others_are_done(world, client):
    first, second = drafted(world)
    answer = Dossier.objects.get(pk=first).code
    client.force_login(world.user(Role.LEADER))
    leader = world.reader(Role.LEADER)
    commands.appoint_again(leader, first, due_of(first) + timedelta(days=7), "đã hẹn", command_id=commands.new_id())
    page = client.post("/office/xin-loi/gui/", form([first, second], reason="Lý do"), content_type=FORM, follow=True)
    assert answer in page.content.decode()
    assert Dossier.objects.get(pk=second).state["letters"] == 1


def test_drafts_are_the_competent_agency_s_leader_s_alone(world, client):
    dossier = world.receive(RESIDENCE).dossier_id
    drafting.draft(due_of(dossier) - timedelta(hours=2))
    assert queries.drafts(world.reader(Role.LEADER, POLICE))[0]
    for role, agency in ((Role.LEADER, "W1"), (Role.LEADER, "P"), (Role.CASE_OFFICER, POLICE)):
        assert queries.drafts(world.reader(role, agency)) == ((), None)
    client.force_login(world.user(Role.LEADER))
    answer = client.post("/office/xin-loi/gui/", form([dossier], reason="Lý do"), content_type=FORM)
    assert "Hãy chọn ít nhất một hồ sơ" in answer.content.decode()


def test_reminders_are_the_reader_s_own_and_are_seen_once(world, client):
    dossier = world.receive().dossier_id
    officer, leader = world.reader(Role.CASE_OFFICER), world.reader(Role.LEADER)
    reminding.remind(due_of(dossier) - timedelta(hours=1))
    assert queries.unseen(officer) > 0
    client.force_login(world.user(Role.CASE_OFFICER))
    page = client.get("/office/nhac-viec/").content.decode()
    assert "Hồ sơ sắp đến hạn" in page
    assert "nav-count" in page
    client.post("/office/nhac-viec/da-xem/")
    assert queries.unseen(officer) == 0
    assert queries.unseen(leader) > 0
    assert see(officer) == 0
    assert "nav-count" not in client.get("/office/").content.decode()


@pytest.mark.parametrize("address", ["/office/nhac-viec/", "/office/xin-loi/"])
def test_the_pages_stay_within_their_statements(world, client, address):
    client.force_login(world.user(Role.LEADER))
    drafted(world, 1)
    reminding.remind(due_of(Dossier.objects.first().pk) - timedelta(hours=1))
    few = statements(lambda: client.get(address))
    ApologyDraft.objects.all().delete()
    now = due_of(Dossier.objects.first().pk)
    for _ in range(5):
        world.receive()
    drafting.draft(now - timedelta(days=2))
    reminding.remind(now - timedelta(hours=1))
    assert statements(lambda: client.get(address)) <= min(MOST, few + 1)


def test_a_merged_agency_s_work_reminds_its_successor(world, settings):
    settings.MOTCUA_REMIND_STEP_HOURS, settings.MOTCUA_ESCALATE_HOURS = (), ()
    dossier = world.receive().dossier_id
    due = due_of(dossier)
    old, new = world.posts["W1", Role.CASE_OFFICER], world.posts["W2", Role.CASE_OFFICER]
    changes.succeed("W1", "W2", local(due).date())
    reminding.remind(due - timedelta(hours=1))
    assert new in reminded(kind="dossier")
    assert old not in reminded(kind="dossier")


def test_what_reminds_nobody_any_more_goes(world):
    world.user(Role.CASE_OFFICER)
    due = due_of(world.receive().dossier_id)
    assert reminding.remind(due - timedelta(hours=1))
    reminding.remind(due + timedelta(days=100))
    assert not Reminder.objects.filter(made_at__lt=due).exists()
