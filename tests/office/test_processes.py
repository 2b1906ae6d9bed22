"""The pages of processes: the editor with and without script, two editors, publishing, dry runs, files, permissions."""

from copy import deepcopy
from io import BytesIO

import pytest
from django.test import Client

from motcua.agencies.access import Role
from motcua.law.process import Process
from motcua.procedures import drafts, processes
from motcua.procedures.bpmn_reading import read
from motcua.procedures.bpmn_writing import written
from motcua.procedures.commands import publish_process
from office.counting import MOST, statements
from procedures.processes import LONG
from support.world import MARRIAGE, OTHER_WARD, POLICE, PROCESS, PROVINCE, WARD, World

REFORM, ADMIN, LEADER = Role.REFORM_OFFICER, Role.ADMINISTRATOR, Role.LEADER
LIST = "/office/quy-trinh/"


@pytest.fixture
def draft(world: World) -> int:
    """A draft of the ward for one procedure, begun from the general process."""
    return drafts.begin(world.reader(REFORM), procedure_code=MARRIAGE, agency_id=world.agencies[WARD])


@pytest.fixture
def editor(world: World, client: Client) -> Client:
    """The ward's reform officer, signed in."""
    client.force_login(world.user(REFORM))
    return client


def address(draft: int, rest: str = "") -> str:
    return f"{LIST}ban-thao/{draft}/{rest}"


def typed(definition=PROCESS, *, revision=1, **values):
    """What a browser sends for a definition, with some fields typed over."""
    data = {"revision": revision, "code": definition["code"], "name": definition["name"], "start": definition["start"]}
    for index, step in enumerate(definition["steps"]):
        prefix = f"s{index}-"
        data |= {
            f"{prefix}code": step["code"],
            f"{prefix}name": step["name"],
            f"{prefix}who": f"{step['agency']}/{step['function']}",
            f"{prefix}minutes": step["allotted_minutes"],
        }
        for number, outcome in enumerate(step["outcomes"]):
            data |= {f"{prefix}o{number}-{name}": outcome[name] for name in ("code", "name", "to")}
    return data | {"do": "save"} | values


def now(world: World, draft: int) -> dict:
    return processes.draft(world.reader(ADMIN), draft).definition


def test_what_an_outcome_means_in_law_can_be_said_and_taken_back(world, editor, draft):
    chosen = typed(**{"s0-o0-act": "send_back", "s1-o0-act": ""})
    assert editor.post(address(draft), chosen).status_code == 302
    assert now(world, draft)["steps"][0]["outcomes"][0]["act"] == "send_back"
    assert 'value="send_back" selected' in editor.get(address(draft)).content.decode()
    for nothing in ("", "no-such-act"):
        editor.post(address(draft), typed(revision=2, **{"s0-o0-act": nothing}))
        assert "act" not in now(world, draft)["steps"][0]["outcomes"][0]


def test_what_is_shown_and_sent_back_unchanged_stays_as_it_is(world, editor, draft):
    page = editor.get(address(draft))
    form = page.content.decode()
    assert page.status_code == 200
    for step in PROCESS["steps"]:
        assert step["name"] in form
    assert editor.post(address(draft), typed()).status_code == 302
    there = processes.draft(world.reader(REFORM), draft)
    assert (there.definition, there.revision) == (PROCESS, 1)


def test_what_the_form_does_not_show_is_kept(world, editor):
    more = deepcopy(PROCESS) | {"basis": "x"}
    more["steps"][0]["kind"] = "y"
    more["steps"][0]["outcomes"][0]["kind"] = "z"
    more["steps"][1]["outcomes"][1]["act"] = "send_back"
    draft = drafts.begin(world.reader(REFORM), agency_id=world.agencies[WARD], definition=more)
    editor.post(address(draft), typed(name="Tên mới"))
    assert now(world, draft) == more | {"name": "Tên mới"}


def test_an_outcome_that_leads_elsewhere_no_longer_means_what_it_did(world, editor):
    more = deepcopy(PROCESS)
    more["steps"][1]["outcomes"][1]["act"] = "send_back"
    draft = drafts.begin(world.reader(REFORM), agency_id=world.agencies[WARD], definition=more)
    editor.post(address(draft), typed(**{"s1-o1-to": "@refused"}))
    assert now(world, draft)["steps"][1]["outcomes"][1] == {
        "code": "lam-lai",
        "name": "Yêu cầu làm lại",
        "to": "@refused",
    }


@pytest.mark.parametrize(
    ("do", "codes", "outcomes"),
    [
        ("add-step", ["thu-ly", "ky-duyet", "buoc-1"], [2, 2, 1]),
        ("remove:0", ["ky-duyet"], [2]),
        ("up:1", ["ky-duyet", "thu-ly"], [2, 2]),
        ("down:0", ["ky-duyet", "thu-ly"], [2, 2]),
        ("up:0", ["thu-ly", "ky-duyet"], [2, 2]),
        ("add-outcome:1", ["thu-ly", "ky-duyet"], [2, 3]),
        ("remove-outcome:0:1", ["thu-ly", "ky-duyet"], [1, 2]),
        ("remove:7", ["thu-ly", "ky-duyet"], [2, 2]),
        ("remove-outcome:0:9", ["thu-ly", "ky-duyet"], [2, 2]),
        ("nonsense", ["thu-ly", "ky-duyet"], [2, 2]),
        ("remove", ["thu-ly", "ky-duyet"], [2, 2]),
    ],
)
def test_every_button_works_without_script(world, editor, draft, do, codes, outcomes):
    answer = editor.post(address(draft), typed(do=do), follow=True)
    assert answer.status_code == 200
    found = now(world, draft)
    assert [step["code"] for step in found["steps"]] == codes
    assert [len(step["outcomes"]) for step in found["steps"]] == outcomes


def test_what_was_typed_is_saved_with_the_button_that_was_pressed(world, editor, draft):
    editor.post(address(draft), typed(do="add-step", **{"s0-name": "Việc khác", "s1-minutes": "1.440"}))
    found = now(world, draft)
    assert found["steps"][0]["name"] == "Việc khác"
    assert found["steps"][1]["allotted_minutes"] == 1440


def test_each_defect_stands_beside_its_step(editor, draft):
    editor.post(address(draft), typed(**{"s0-name": "", "s1-o0-to": ""}))
    page = editor.get(address(draft))
    first, second = page.context["rows"]
    assert len(first.problems) == 1
    assert len(second.problems) == 1
    shown = page.content.decode()
    for words in (*first.problems, *second.problems):
        assert shown.count(words) == 2  # above, with a link, and in the step
    assert 'href="#s1"' in shown


def test_minutes_that_are_no_number_are_asked_again_and_all_that_was_typed_stays(world, editor, draft):
    page = editor.post(address(draft), typed(**{"s0-minutes": "nửa ngày", "s1-name": "Ký mới"}))
    shown = page.content.decode()
    assert 'value="nửa ngày"' in shown
    assert 'value="Ký mới"' in shown
    assert page.context["rows"][0].mistake in shown
    assert now(world, draft) == PROCESS


def test_two_editors_the_second_is_told_and_keeps_what_was_typed(world, editor, draft):
    other = Client()
    other.force_login(world.user(ADMIN))
    assert other.post(address(draft), typed(name="Của người khác")).status_code == 302
    page = editor.post(address(draft), typed(name="Của tôi"))
    shown = page.content.decode()
    assert page.status_code == 409
    assert 'value="Của tôi"' in shown
    assert str(world.user(ADMIN).display_name) in shown
    assert page.context["conflict"]
    assert now(world, draft)["name"] == "Của người khác"
    assert editor.post(address(draft), typed(name="Của tôi", revision="", do="save")).status_code == 409
    assert editor.post(address(draft), typed(name="Của tôi", revision="", do="save/2")).status_code == 302
    assert now(world, draft)["name"] == "Của tôi"
    turn, begun = processes.turns(world.reader(REFORM), draft)
    assert (turn.definition["name"], begun.definition) == ("Của người khác", PROCESS)
    assert 'value="Của người khác"' in editor.get(address(draft) + f"?luot={turn.id}").content.decode()


def test_what_was_typed_into_a_draft_that_is_gone_becomes_a_new_one(world, editor, draft):
    drafts.discard(world.reader(ADMIN), draft, revision=1)
    gone = {"agency": world.agencies[WARD], "procedure": MARRIAGE}
    answer = editor.post(address(draft), typed(name="Của tôi", **gone))
    (row,) = (row for row in processes.listed(world.reader(REFORM)) if row.draft_id)
    assert answer.url == address(row.draft_id)
    assert now(world, row.draft_id)["name"] == "Của tôi"
    late = editor.post(address(draft), typed(name="Của tôi nữa", **gone))
    assert late.status_code == 409
    assert 'value="Của tôi nữa"' in late.content.decode()
    assert editor.post(address(draft), typed()).status_code == 404


def test_htmx_is_given_the_conflict_to_show(world, editor, draft):
    drafts.save(world.reader(ADMIN), draft, deepcopy(PROCESS) | {"name": "Của người khác"}, revision=1)
    page = editor.post(address(draft), typed(name="Của tôi"), headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert page.context["conflict"]
    assert 'name="revision" value=""' in page.content.decode()  # so that saving by itself goes on being refused


def test_publishing_asks_for_the_decision_and_makes_a_version(world, editor, draft):
    assert editor.post(address(draft), typed(do="publish", name="Tên mới")).url == address(draft, "cong-bo/")
    page = editor.get(address(draft, "cong-bo/"))
    values = {"revision": page.context["draft"].revision, "over": ""}
    refused = editor.post(address(draft, "cong-bo/"), values)
    assert refused.status_code == 200
    assert refused.context["form"].errors["decision"]
    done = editor.post(address(draft, "cong-bo/"), values | {"decision": "QĐ 12/QĐ-UBND"}, follow=True)
    assert "QĐ 12/QĐ-UBND" in done.content.decode()
    assert "Tên mới" in done.content.decode()
    assert editor.get(address(draft)).status_code == 404


def test_a_draft_with_defects_cannot_be_published_and_the_page_says_why(editor, draft):
    editor.post(address(draft), typed(do="add-step"))
    page = editor.get(address(draft, "cong-bo/"))
    assert len(page.context["problems"]) >= 2
    answer = editor.post(address(draft, "cong-bo/"), {"revision": 2, "over": "", "decision": "QĐ 1"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_allotments_beyond_the_limit_are_warned_of(world, editor, draft):
    editor.post(address(draft), typed(**{"s0-minutes": "1500"}))
    assert editor.get(address(draft, "cong-bo/")).context["warning"]  # 1740 minutes against 3 working days
    editor.post(address(draft), typed(revision=2, **{"s0-minutes": "1200"}))
    assert editor.get(address(draft, "cong-bo/")).context["warning"] is None


def test_versions_are_listed_and_compared(world, editor):
    ward = world.agencies[WARD]
    for name in ("Một", "Hai", "Ba"):
        done = publish_process(deepcopy(PROCESS) | {"name": name}, agency_id=ward)
    page = editor.get(f"{LIST}{done.process_id}/?phien-ban=3&so-voi=1")
    assert page.context["differences"] == ["Quy trình: tên “Một” → “Ba”."]
    assert [line["version"].number for line in page.context["versions"]] == [3, 2, 1]
    assert editor.get(f"{LIST}{done.process_id}/?phien-ban=99&so-voi=x").status_code == 200
    assert LIST in editor.get("/office/quy-trinh/").content.decode()


def test_a_file_goes_out_and_comes_in(world, editor, draft):
    editor.post(address(draft), typed(name=LONG))
    there = now(world, draft)
    file = editor.get(address(draft, "quy-trinh.bpmn"))
    assert file.headers["Content-Disposition"] == 'attachment; filename="hai-buoc-ban-thao.bpmn"'
    assert read(file.content).definition == there
    editor.post(address(draft), typed(do="remove:1", revision=2))
    assert editor.get(address(draft, "quy-trinh.bpmn")).status_code == 302  # it leads nowhere now
    page = editor.post(address(draft, "nhap/"), {"revision": 3, "file": BytesIO(file.content)})
    assert page.context["done"]
    assert page.context["notes"] == []
    assert now(world, draft) == there


@pytest.mark.parametrize(
    ("content", "revision"), [(b"<svg/>", 1), (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', 1), (b"", 1), (b"good", 7)]
)
def test_a_bad_file_and_a_late_one_change_nothing(world, editor, draft, content, revision):
    data = written(Process.from_data(PROCESS | {"name": "Từ tệp"})) if content == b"good" else content
    page = editor.post(address(draft, "nhap/"), {"revision": revision, "file": BytesIO(data)})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert now(world, draft) == PROCESS


def test_a_version_is_downloaded(world, editor):
    done = publish_process(PROCESS, agency_id=world.agencies[WARD])
    assert read(editor.get(f"{LIST}{done.process_id}/v1.bpmn").content).definition == PROCESS
    assert editor.get(f"{LIST}{done.process_id}/v2.bpmn").status_code == 404


def test_a_dry_run_says_that_its_figures_are_simulated(world, editor, draft):
    page = editor.get(address(draft, "chay-thu/"))
    found = page.context["result"]["found"]
    assert found.dossiers == 10_000
    assert page.context["form"]["limit"].value() == "3 ngày làm việc"
    assert page.content.decode().count("mô phỏng") >= 3
    assert page.context["result"]["headline"].startswith("Mô phỏng")


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=bao+lâu", "limit"), ("per_day=0", "per_day"), ("share=x", "share"), ("people0=0", "people0")],
)
def test_an_assumption_without_sense_is_asked_again(editor, draft, query, field):
    page = editor.get(address(draft, f"chay-thu/?{query}"))
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert page.context["result"] is None


def test_a_dry_run_shows_where_dossiers_are_stuck(editor, draft):
    editor.post(address(draft), typed(**{"s1-o0-to": "", "s1-o1-to": ""}))
    page = editor.get(address(draft, "chay-thu/"))
    assert page.context["result"]["lost"] > 0
    assert page.context["problems"]["ky-duyet"]


def test_a_dry_run_without_a_start_says_so(editor, draft):
    editor.post(address(draft), typed(start="nowhere"))
    page = editor.get(address(draft, "chay-thu/"))
    assert page.context["result"] is None
    assert page.context["trouble"] in page.content.decode()


def test_a_draft_is_given_up(world, editor, draft):
    editor.post(address(draft), typed(name="Khác"))
    editor.post(address(draft, "bo/"), {"revision": 1})
    assert now(world, draft)["name"] == "Khác"
    assert editor.post(address(draft, "bo/"), {"revision": 2}).url == LIST
    assert editor.get(address(draft)).status_code == 404


@pytest.mark.parametrize(
    ("agency", "procedure", "begun"),
    [
        ("own", MARRIAGE, True),
        ("own", "", True),
        ("own", "9.999999", False),
        ("tat-ca", "", False),
        ("other", "", False),
    ],
)
def test_a_draft_is_begun_for_agencies_that_one_looks_after(world, editor, agency, procedure, begun):
    chosen = {"own": world.agencies[WARD], "other": world.agencies[OTHER_WARD]}.get(agency, agency)
    answer = editor.post(LIST, {"agency": chosen, "procedure": procedure})
    assert answer.status_code == (302 if begun else 200)
    assert begun or answer.context["form"].errors


@pytest.mark.parametrize(
    ("role", "seat", "sees", "saves"),
    [
        (REFORM, WARD, 200, 302),
        (ADMIN, PROVINCE, 200, 302),
        (LEADER, WARD, 200, 403),
        (REFORM, OTHER_WARD, 404, 404),
        (ADMIN, POLICE, 404, 404),
        (Role.CASE_OFFICER, WARD, 403, 403),
        (Role.DESK_OFFICER, WARD, 403, 403),
        (Role.INSPECTOR, WARD, 403, 403),
    ],
)
def test_who_sees_and_saves_a_draft_of_the_ward(world, client, draft, role, seat, sees, saves):
    client.force_login(world.user(role, seat))
    assert client.get(address(draft)).status_code == sees
    assert client.post(address(draft), typed(name="Khác")).status_code == saves
    assert (now(world, draft)["name"] == "Khác") == (saves == 302)


def test_who_may_only_look_finds_no_button(world, client, draft):
    client.force_login(world.user(LEADER))
    assert 'name="do"' not in client.get(address(draft)).content.decode()


@pytest.mark.parametrize(
    "rest",
    ["", "chay-thu/", "cong-bo/", "quy-trinh.bpmn"],
)
def test_a_page_of_a_draft_needs_at_most_twelve_statements(world, editor, draft, rest):
    for number in range(1, 6):  # turns of two people
        reader = world.reader((REFORM, ADMIN)[number % 2])
        drafts.save(reader, draft, deepcopy(PROCESS) | {"name": f"n{number}"}, revision=number)
    editor.get(address(draft, rest))
    assert statements(lambda: editor.get(address(draft, rest))) <= MOST


def test_pages_of_processes_need_at_most_twelve_statements(world, editor, draft):
    for number in range(4):
        done = publish_process(deepcopy(PROCESS) | {"name": f"n{number}"}, agency_id=world.agencies[WARD])
    drafts.begin(world.reader(ADMIN, PROVINCE))
    for url in (LIST, f"{LIST}{done.process_id}/?so-voi=1", f"{LIST}{done.process_id}/chay-thu/"):
        assert editor.get(url).status_code == 200
        assert statements(lambda url=url: editor.get(url)) <= MOST
    assert statements(lambda: editor.post(address(draft), typed(do="add-step"))) <= MOST
    assert statements(lambda: editor.post(address(draft), typed(do="add-step"))) <= MOST  # refused: it has gone on


@pytest.mark.parametrize("rest", ["", "chay-thu/", "cong-bo/"])
def test_a_draft_of_what_holds_for_all_costs_no_more(world, client, rest):
    draft = drafts.begin(world.reader(ADMIN, PROVINCE))
    client.force_login(world.user(ADMIN, PROVINCE))
    assert client.get(address(draft, rest)).status_code == 200
    assert statements(lambda: client.get(address(draft, rest))) <= MOST
    assert statements(lambda: client.post(address(draft), typed(name="Khác", revision=7))) <= MOST
    assert statements(lambda: client.post(address(draft), typed(name="Khác"))) <= MOST
