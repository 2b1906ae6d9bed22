"""A real desk from one file: all of it or nothing, and again without harm."""

import json
import re
from pathlib import Path

import pytest

from motcua.agencies.access import for_staff
from motcua.agencies.commands import publish_calendar
from motcua.agencies.models import Agency, Staff, User
from motcua.dossiers import commands
from motcua.starter import procedures
from motcua.starter.calendar import starter_calendar
from motcua.starter.configuring import BadConfiguration, configure
from support.world import APPLICANT, PROCESS

PAGE = Path(__file__).parents[2] / "docs" / "operator" / "first-desk.md"


@pytest.fixture
def example(db):
    """The file of the operator's page, on an installation with the starter data."""
    procedures.load()
    publish_calendar("vn", starter_calendar().to_data(), "Lịch ban đầu")
    return json.loads(re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1])


def test_the_desk_of_the_page_can_receive_people(example):
    done = configure(example)
    assert done.counts == {
        "calendars": 0, "agencies": 1, "staff": 3, "successions": 0, "moves": 0, "stand_ins": 0, "processes": 0,
        "offers": 1, "retention": 0,
    }  # fmt: skip
    assert set(done.passwords) == {"an.tran", "binh.le", "chi.pham"}
    officer = User.objects.get(username="an.tran")
    assert officer.check_password(done.passwords["an.tran"])
    new = commands.NewDossier(procedure="1.004873", owner=APPLICANT)
    answer = commands.receive(for_staff(officer), new, command_id=commands.new_id())
    assert answer.code.startswith("H99.01-")


def test_the_same_file_again_keeps_passwords_and_adds_nothing(example):
    first = configure(example)
    again = configure(example)
    assert again.passwords == {}
    assert (Agency.objects.count(), Staff.objects.count()) == (1, 3)
    assert User.objects.get(username="an.tran").check_password(first.passwords["an.tran"])


BAD = {
    "an unknown section": ({"agency": []}, "agency"),
    "no list": ({"agencies": {}}, "agencies"),
    "no object": ({"agencies": ["W"]}, "agencies[0]"),
    "an unknown role": (
        {"staff": [{"username": "x", "display_name": "X", "agency_code": "W-TANAN", "roles": ["king"]}]},
        "staff[0].roles",
    ),
    "a missing name": ({"agencies": [{"code": "X"}]}, "agencies[0]"),
    "an unknown field": ({"agencies": [{"code": "X", "colour": "red"}]}, "agencies[0]"),
    "an unknown procedure": ({"offers": [{"desk": "W-TANAN", "procedures": ["9.999999"]}]}, "offers[0]"),
    "an unknown desk": ({"offers": [{"desk": "nowhere", "procedures": []}]}, "offers[0]"),
    "a dead end": ({"processes": [{"definition": PROCESS | {"start": "nirgends"}}]}, "processes[0]"),
    "a broken calendar": ({"calendars": [{"code": "vn", "data": {}, "reason": "x"}]}, "calendars[0].data"),
    "a wrong rule": ({"retention": [{"reason": "x", "valid_from": "2026-01-01", "counted_from": "closing",
        "rules": [{"years": 0}]}]}, "retention[0]"),
    "no data": ({"calendars": [{"code": "vn"}]}, "calendars[0].data"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_wrong_place_is_named_and_nothing_is_changed(example, what):
    configure(example)
    wrong, place = BAD[what]
    new_agency = example["agencies"][0] | {"code": "W-NEU"}
    with pytest.raises(BadConfiguration) as error:
        configure(wrong if "agencies" in wrong else {"agencies": [new_agency], **wrong})
    assert error.value.place == place
    assert not Agency.objects.filter(code="W-NEU").exists()


def test_changes_on_a_day_are_written_down_and_given_again_without_harm(example):
    configure(example)
    changes = json.loads(re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1])
    for _again in range(2):
        configure(changes)
        configure(example)
    posts = Staff.objects.filter(user__username="binh.le").order_by("pk").values_list("valid_from", "valid_to", "roles")
    assert [(str(start), str(end), held) for start, end, held in posts] == [
        ("None", "2030-01-06", ["case_officer"]),
        ("2030-01-07", "None", ["desk_officer"]),
    ]
    agency = example["agencies"][0]
    other = {**agency, "code": "W-MOI", "identifier": "H99.02"}
    configure(
        {"agencies": [other], "successions": [{"code": agency["code"], "successor_code": "W-MOI", "on": "2030-07-01"}]}
    )
    assert str(Agency.objects.get(code=agency["code"]).succeeded_on) == "2030-07-01"


def test_a_change_that_cannot_be_names_its_place(example):
    configure(example)
    with pytest.raises(BadConfiguration) as refused:
        configure({"moves": [{"username": "nobody", "agency_code": "W-TANAN", "on": "2030-01-07", "roles": []}]})
    assert refused.value.place == "moves[0].username"
