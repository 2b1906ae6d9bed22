"""Where law and practice leave a choice, the installation's settings decide."""

from datetime import datetime, time

import pytest
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.dossiers import commands, intake, rules
from motcua.dossiers.models import Dossier, Event, LegalRules
from motcua.dossiers.rules import UnknownRules, pattern, rules_at, rules_of
from motcua.dossiers.wording import Refused
from motcua.law.dossier.reckoning import aware, local
from motcua.law.dossier.vocabulary import Channel, Pause
from motcua.law.numbering import PatternError
from support.world import MARRIAGE

MORNING, AFTERNOON = datetime(2026, 11, 17, 9, 0), datetime(2026, 11, 17, 15, 30)


@pytest.mark.parametrize(
    ("convention", "received", "due"),
    [
        ("day_exclusive", AFTERNOON, datetime(2026, 11, 20, 17, 0)),
        ("day_exclusive_after15", AFTERNOON, datetime(2026, 11, 23, 17, 0)),
        ("day_exclusive_after15", MORNING, datetime(2026, 11, 20, 17, 0)),
        ("hour_carry", MORNING, datetime(2026, 11, 20, 9, 0)),
    ],
)
def test_the_convention_of_working_days_is_a_setting(world, settings, convention, received, due):
    settings.MOTCUA_WORKING_DAY_CONVENTION = convention
    reader = world.reader("desk_officer")
    promise = intake.promised(reader, intake.offer(reader, MARRIAGE, Channel.DIRECT), aware(received))
    assert local(promise.due_at) == due
    assert promise.convention == convention


def test_the_cut_off_is_a_setting(world, settings):
    settings.MOTCUA_WORKING_DAY_CONVENTION = "day_exclusive_after15"
    settings.MOTCUA_CUTOFF = time(16, 0)
    reader = world.reader("desk_officer")
    promise = intake.promised(reader, intake.offer(reader, MARRIAGE, Channel.DIRECT), aware(AFTERNOON))
    assert local(promise.due_at) == datetime(2026, 11, 20, 17, 0)
    assert rules_at(aware(AFTERNOON)).cutoff == time(16, 0)


def test_the_pattern_of_codes_is_a_setting(world, settings):
    settings.MOTCUA_CODE_PATTERN = "000.00.{unit}-{yymmdd}-{serial:6}"
    answer = world.receive()
    day = timezone.localtime(Dossier.objects.get(pk=answer.dossier_id).received_at)
    assert answer.code == f"000.00.H99.01-{day:%y%m%d}-000001"


def test_a_pattern_that_cannot_number_is_refused():
    with pytest.raises(PatternError):
        pattern("{unit}-{yymmdd}")


def test_a_dossier_keeps_the_rules_it_was_received_under(world, settings, monkeypatch):
    monkeypatch.setattr(rules, "_KNOWN", {})
    settings.MOTCUA_MAX_SUPPLEMENTS = 2
    answer = world.receive()
    settings.MOTCUA_MAX_SUPPLEMENTS = None
    kept = LegalRules.objects.get()
    assert Dossier.objects.get(pk=answer.dossier_id).state["rules"] == kept.rules_id
    case, desk = world.reader(Role.CASE_OFFICER), world.reader(Role.DESK_OFFICER)
    for _ in range(2):  # the setting of now allows one
        commands.pause(case, answer.dossier_id, Pause.SUPPLEMENT, "Thiếu", command_id=commands.new_id())
        commands.resume(desk, answer.dossier_id, command_id=commands.new_id())
    with pytest.raises(Refused) as caught:
        commands.pause(case, answer.dossier_id, Pause.SUPPLEMENT, "Thiếu", command_id=commands.new_id())
    assert caught.value.refusal.code == "supplement_asked_once"


def test_the_layers_of_the_day_are_named_in_the_log_and_kept_once(world, monkeypatch):
    monkeypatch.setattr(rules, "_KNOWN", {})
    answers = [world.receive() for _ in range(3)]
    events = Event.objects.filter(dossier_id__in=[answer.dossier_id for answer in answers], type="received")
    (named,) = {event.data["rules"] for event in events}
    assert named.startswith("nd45-2020+nd118-2025+tt03-2025+nd367-2025+nd224-2026@")
    assert list(LegalRules.objects.values_list("rules_id", flat=True)) == [named]


def test_a_day_that_the_operator_sets_moves_the_forms(settings):
    moment = aware(datetime(2026, 11, 17, 9, 0))
    assert rules_at(moment).forms == "tt03-2025"
    settings.MOTCUA_LEGAL_DATES = {"tt03-2025": None}
    assert rules_at(moment).forms == "tt01-2018"


def test_rules_that_were_changed_behind_our_back_are_not_believed(world, monkeypatch):
    monkeypatch.setattr(rules, "_KNOWN", {})
    world.receive()
    kept = LegalRules.objects.get()
    changed = {**kept.data, "max_supplements": 9}
    forged = f"{kept.rules_id.partition('@')[0]}@{'0' * 16}"
    LegalRules.objects.create(rules_id=forged, data=changed)
    for unknown in (forged, "nd61-2018@1111111111111111"):
        with pytest.raises(UnknownRules):
            rules_of(unknown, timezone.now())
    assert rules_of(kept.rules_id, timezone.now()).id == kept.rules_id


def test_a_dossier_from_before_rules_were_kept_goes_by_the_layers_of_its_day(settings):
    assert rules_of(None, aware(datetime(2024, 3, 4, 9, 0))).layers[0] == "nd61-2018"


def test_the_second_dossier_of_a_day_costs_no_statement_more(living_world, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(rules, "_KNOWN", {})
    living_world.receive()
    with django_assert_num_queries(0):
        rules.remember(rules_at(timezone.now()))
