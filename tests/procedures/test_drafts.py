"""Drafts: who may edit, two people at once, what is refused, and that publishing makes exactly one version or none."""

from copy import deepcopy

import pytest

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers import queries as dossiers
from motcua.dossiers.circumstances import process as process_of
from motcua.law.process import ProcessError
from motcua.law.process_changes import ChangeKind, changes
from motcua.procedures import drafts, processes
from motcua.procedures import queries as catalogue
from motcua.procedures.checking import BLANK, TooLarge, problems_of
from motcua.procedures.commands import publish_process
from motcua.procedures.drafts import Conflict, Outdated
from motcua.procedures.processes import NoSuchProcess
from support.world import MARRIAGE, OTHER_WARD, POLICE, PROCESS, PROVINCE, WARD, World, make_world

REFORM, ADMIN = Role.REFORM_OFFICER, Role.ADMINISTRATOR


@pytest.fixture
def world(db) -> World:
    return make_world()


def changed(definition=PROCESS, **values):
    """A definition with its first step changed."""
    copy = deepcopy(dict(definition))
    copy["steps"][0] |= values
    return copy


@pytest.mark.parametrize(
    ("role", "seat", "agency", "may"),
    [
        (REFORM, WARD, WARD, True),
        (ADMIN, WARD, WARD, True),
        (ADMIN, PROVINCE, WARD, True),
        (ADMIN, PROVINCE, None, True),
        (REFORM, PROVINCE, PROVINCE, True),
        (ADMIN, WARD, None, False),
        (ADMIN, WARD, OTHER_WARD, False),
        (ADMIN, WARD, PROVINCE, False),
        (ADMIN, PROVINCE, POLICE, False),
        (ADMIN, POLICE, None, False),
        (Role.LEADER, WARD, WARD, False),
        (Role.DESK_OFFICER, WARD, WARD, False),
        (Role.INSPECTOR, PROVINCE, None, False),
    ],
)
def test_who_edits_whose_processes(world, role, seat, agency, may):
    reader, agency_id = world.reader(role, seat), world.agencies.get(agency)
    assert processes.may_edit(reader, agency_id) is may
    if may:
        assert drafts.begin(reader, agency_id=agency_id)
    else:
        with pytest.raises(NotPermitted):
            drafts.begin(reader, agency_id=agency_id)


def test_a_draft_begins_with_what_holds_and_there_is_one_of_it(world):
    reader, ward = world.reader(REFORM), world.agencies[WARD]
    first = drafts.begin(reader, procedure_code=MARRIAGE, agency_id=ward)
    assert drafts.begin(world.reader(ADMIN), procedure_code=MARRIAGE, agency_id=ward) == first
    draft = processes.draft(reader, first)
    assert draft.definition == PROCESS  # the general one, since there is none of its own
    assert (draft.current_id, draft.based_on_id, draft.procedure_code) == (None, None, MARRIAGE)
    assert processes.draft(reader, drafts.begin(world.reader(ADMIN, PROVINCE))).current_id is not None


def test_where_nothing_holds_it_begins_with_one_empty_step_and_says_what_is_missing(world):
    police = world.reader(ADMIN, POLICE)
    with pytest.raises(NoSuchProcess):
        drafts.begin(police, procedure_code="9.999999", agency_id=world.agencies[POLICE])
    assert {problem.code for problem in problems_of(BLANK)} == {"empty_name"}


def test_saving_moves_on_by_one_and_saving_the_same_does_not(world):
    reader = world.reader(REFORM)
    draft = drafts.begin(reader, agency_id=world.agencies[WARD])
    assert drafts.save(reader, draft, changed(name="A"), revision=1) == 2
    assert drafts.save(reader, draft, changed(name="A"), revision=2) == 2
    assert processes.turns(reader, draft) == ()  # nobody else had saved


def test_who_saves_second_is_told_and_nothing_is_lost(world):
    first, second = world.reader(REFORM), world.reader(ADMIN)
    draft = drafts.begin(first, agency_id=world.agencies[WARD])
    assert drafts.save(first, draft, changed(name="A"), revision=1) == 2
    with pytest.raises(Conflict) as caught:
        drafts.save(second, draft, changed(name="B"), revision=1)
    assert caught.value.draft.revision == 2
    assert caught.value.draft.saved_by_id == first.staff_id
    assert caught.value.draft.definition == changed(name="A")
    assert drafts.save(second, draft, changed(name="B"), revision=2) == 3
    (turn,) = processes.turns(second, draft)
    assert (turn.definition, turn.saved_by_id, turn.revision) == (changed(name="A"), first.staff_id, 2)


def test_a_draft_may_have_defects_but_must_be_a_definition_of_a_size_that_a_page_holds(world):
    reader = world.reader(REFORM)
    draft = drafts.begin(reader, agency_id=world.agencies[WARD])
    assert drafts.save(reader, draft, changed(name="", outcomes=[]), revision=1) == 2
    with pytest.raises(ProcessError):
        drafts.save(reader, draft, {"name": "x"}, revision=2)
    many = deepcopy(PROCESS) | {"steps": [PROCESS["steps"][0] | {"code": f"c{number}"} for number in range(101)]}
    with pytest.raises(TooLarge):
        drafts.save(reader, draft, many, revision=2)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": " "}, "empty_name"),
        ({"name": "x" * 201}, "long_name"),
        ({"name": "a\nb"}, "bad_text"),
        ({"code": "x" * 61}, "bad_code"),
        ({"outcomes": []}, "dead_end"),
        ({"outcomes": [{"code": "", "name": "x", "to": "ky-duyet"}]}, "bad_code"),
        ({"outcomes": [{"code": "a", "name": "", "to": "ky-duyet"}]}, "empty_name"),
        ({"allotted_minutes": -5}, "negative_allotment"),
    ],
)
def test_what_has_a_defect_is_not_published_and_the_defect_is_named(world, values, problem):
    reader = world.reader(REFORM)
    draft = drafts.begin(reader, agency_id=world.agencies[WARD])
    revision = drafts.save(reader, draft, changed(**values), revision=1)
    with pytest.raises(ProcessError) as caught:
        drafts.publish(reader, draft, revision=revision, over=None, decision="QĐ 1")
    assert problem in {each.code for each in caught.value.problems}
    assert processes.draft(reader, draft).revision == revision


def test_a_dossier_under_way_stays_on_its_version_and_the_next_one_takes_the_new(world):
    before = world.receive().dossier_id
    reader, ward = world.reader(REFORM), world.agencies[WARD]
    draft = drafts.begin(reader, procedure_code=MARRIAGE, agency_id=ward)
    revision = drafts.save(reader, draft, changed(allotted_minutes=60), revision=1)
    done = drafts.publish(reader, draft, revision=revision, over=None, decision="QĐ 12/QĐ-UBND")
    assert done.outcome == "created"
    after = world.receive().dossier_id
    system = for_system("test")
    minutes = [
        process_of(_state(system, dossier).process_version).step("thu-ly").allotted_minutes
        for dossier in (before, after)
    ]
    assert minutes == [480, 60]
    (version,) = processes.detail(reader, done.process_id).versions
    assert (version.decision, version.published_by_id) == ("QĐ 12/QĐ-UBND", reader.staff_id)
    with pytest.raises(NoSuchProcess):
        processes.draft(reader, draft)


def _state(reader, dossier):
    from django.utils import timezone

    return dossiers.detail(reader, dossier, timezone.now()).state


def test_publishing_what_is_in_force_makes_no_version(world):
    admin = world.reader(ADMIN, PROVINCE)
    draft = drafts.begin(admin)
    there = processes.draft(admin, draft)
    done = drafts.publish(admin, draft, revision=1, over=there.current_id, decision="QĐ 1")
    assert done.outcome == "unchanged"
    assert len(processes.detail(admin, done.process_id).versions) == 1


def test_a_version_published_meanwhile_is_not_written_over_unseen(world):
    admin = world.reader(ADMIN, PROVINCE)
    draft = drafts.begin(admin)
    seen = processes.draft(admin, draft).current_id
    revision = drafts.save(admin, draft, changed(name="A"), revision=1)
    publish_process(changed(name="B"))
    with pytest.raises(Outdated) as caught:
        drafts.publish(admin, draft, revision=revision, over=seen, decision="QĐ 1")
    done = drafts.publish(admin, draft, revision=revision, over=caught.value.draft.current_id, decision="QĐ 1")
    assert [each.number for each in processes.detail(admin, done.process_id).versions] == [3, 2, 1]


def test_what_somebody_saved_meanwhile_is_neither_published_nor_given_up_unseen(world):
    first, second = world.reader(REFORM), world.reader(ADMIN)
    draft = drafts.begin(first, agency_id=world.agencies[WARD])
    drafts.save(first, draft, changed(name="A"), revision=1)
    with pytest.raises(Conflict):
        drafts.publish(second, draft, revision=1, over=None, decision="QĐ 1")
    with pytest.raises(Conflict):
        drafts.discard(second, draft, revision=1)
    drafts.discard(second, draft, revision=2)
    with pytest.raises(NoSuchProcess):
        processes.draft(first, draft)


def test_a_list_shows_what_holds_here_and_below_and_what_is_begun(world):
    ward, province = world.agencies[WARD], world.reader(ADMIN, PROVINCE)
    draft = drafts.begin(world.reader(REFORM), procedure_code=MARRIAGE, agency_id=ward)
    publish_process(changed(name="P"), agency_id=world.agencies[POLICE])
    rows = processes.listed(world.reader(Role.LEADER))
    assert [(row.procedure_code, row.agency_id, row.draft_id) for row in rows] == [
        (None, None, None),
        (MARRIAGE, ward, draft),
    ]
    assert [row.draft_id for row in processes.listed(province)] == [None, draft]
    assert [row.agency_id for row in processes.listed(world.reader(ADMIN, OTHER_WARD))] == [None]
    with pytest.raises(NoSuchProcess):
        processes.draft(world.reader(ADMIN, OTHER_WARD), draft)


@pytest.mark.parametrize(
    ("procedure", "agency", "found"),
    [
        (MARRIAGE, WARD, "both"),
        (MARRIAGE, OTHER_WARD, "procedure"),
        ("2.000815", WARD, "agency"),
        ("2.000815", OTHER_WARD, "general"),
    ],
)
def test_what_holds_is_chosen_as_an_intake_chooses(world, procedure, agency, found):
    ward = world.agencies[WARD]
    publish_process(changed(name="both"), procedure_code=MARRIAGE, agency_id=ward)
    publish_process(changed(name="procedure"), procedure_code=MARRIAGE)
    publish_process(changed(name="agency"), agency_id=ward)
    publish_process(changed(name="general"))
    reader = for_system("test")
    page = catalogue.procedure_page(reader, procedure)
    _own, holding = processes.in_force(page.id, world.agencies[agency])
    assert holding.definition["steps"][0]["name"] == found
    assert catalogue.offering(reader, world.agencies[agency], procedure).process_version_id == holding.id


def test_changes_are_told_step_by_step():
    after = deepcopy(PROCESS)
    after["name"] = "Khác"
    after["steps"][0]["allotted_minutes"] = 1
    after["steps"][0]["outcomes"][0]["to"] = "@granted"
    after["steps"][0]["outcomes"].append({"code": "moi", "name": "Mới", "to": "@refused"})
    after["steps"][1]["outcomes"].pop()
    after["steps"].append(PROCESS["steps"][0] | {"code": "them"})
    found = {(each.kind, each.step, each.outcome, each.field) for each in changes(PROCESS, after)}
    assert found == {
        (ChangeKind.CHANGED, "", "", "name"),
        (ChangeKind.CHANGED, "thu-ly", "", "allotted_minutes"),
        (ChangeKind.CHANGED, "thu-ly", "trinh-ky", "to"),
        (ChangeKind.ADDED, "thu-ly", "moi", ""),
        (ChangeKind.REMOVED, "ky-duyet", "lam-lai", ""),
        (ChangeKind.ADDED, "them", "", ""),
    }
    back = {(each.kind, each.step, each.outcome) for each in changes(after, PROCESS)}
    assert (ChangeKind.REMOVED, "them", "") in back
    assert changes(PROCESS, PROCESS) == ()


def test_another_order_of_steps_and_of_outcomes_is_a_change():
    turned = deepcopy(PROCESS)
    turned["steps"].reverse()
    turned["steps"][0]["outcomes"].reverse()
    assert [(each.kind, each.step) for each in changes(PROCESS, turned)] == [
        (ChangeKind.MOVED, ""),
        (ChangeKind.MOVED, "ky-duyet"),
    ]
