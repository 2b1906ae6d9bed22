"""Lists by keyset, capped counts, the inbox, tracking, the catalogue and the figures."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.agencies.access import Role
from motcua.dossiers import listing
from motcua.dossiers.worker import catch_up
from support.world import MARRIAGE, OTHER_WARD, POLICE, RESIDENCE, World

pytestmark = pytest.mark.django_db


def _walk(program, path: str, **values):
    seen, after = [], ""
    while True:
        page = program.get(path, after=after, limit=2, **values).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            return seen
        after = page["next"]


@pytest.mark.parametrize("path", ["/dossiers", "/inbox"])
def test_pages_lead_on_by_keyset_without_gap_or_double(world: World, connect, path):
    made = [str(world.receive().dossier_id) for _ in range(5)]
    program = connect("case_officer", "leader")
    assert sorted(_walk(program, path)) == sorted(made)


def test_a_list_is_narrowed_by_what_is_asked(world: World, connect):
    own, done = world.receive().dossier_id, world.receive().dossier_id
    world.finish(done)
    elsewhere = world.receive(RESIDENCE).dossier_id
    program = connect("leader")

    def found(**values):
        return {each["id"] for each in program.get("/dossiers", **values).json()["items"]}

    assert found() == {str(each) for each in (own, done, elsewhere)}
    assert found(status="resolved") == {str(done)}
    assert found(status=["resolved", "processing"], procedure=MARRIAGE) == {str(own), str(done)}
    assert found(side="settled") == {str(own), str(done)}
    assert found(opened_from=(timezone.now() + timedelta(days=1)).isoformat()) == set()
    assert found(agency=OTHER_WARD) == set()
    assert program.get("/dossiers", agency="none").status_code == 404


def test_a_count_stops_where_counting_would_take_long(world: World, connect, monkeypatch):
    for _ in range(3):
        world.receive()
    program = connect("leader")
    assert program.get("/dossiers").json()["count"] is None
    assert program.get("/dossiers", count="true").json()["count"] == {"value": 3, "capped": False, "text": "3"}
    monkeypatch.setattr(listing, "MANY", 2)
    assert program.get("/dossiers", count="true").json()["count"] == {"value": 2, "capped": True, "text": "2+"}


@pytest.mark.parametrize(("language", "text"), [("en", "1,000+"), ("vi", "1.000+")])
def test_a_capped_count_is_said_in_words(language, text):
    from django.utils import translation

    from motcua.api.dossiers import capped

    with translation.override(language):
        assert capped(listing.Counted(1000, True))["text"] == text


@pytest.mark.parametrize(
    "mark",
    [
        "x",
        "2026-01-01~x",
        "2026-01-01T00:00:00~019a0000-0000-7000-8000-000000000001",
        "9999-99-99T00:00Z~1",
        "2026-01-01T00:00:00~",
        "9999-12-31T23:59:59-15:00~019a0000-0000-7000-8000-000000000001",
    ],
)
def test_a_changed_mark_is_said_to_be_one(world: World, connect, mark):
    answer = connect("leader").get("/dossiers", after=mark)
    assert (answer.status_code, answer.json()["errors"][0]["name"]) == (422, "after")


@pytest.mark.parametrize("offset", ["-16:31", "+23:59"])
def test_a_moment_may_have_any_offset_that_can_be_written(world: World, connect, offset):
    leader = connect("leader")
    assert leader.get("/inbox", due_from=f"2022-11-13T06:44:04{offset}").status_code == 200
    mark = f"2026-01-01T00:00:00{offset}~019a0000-0000-7000-8000-000000000001"
    assert leader.get("/inbox", after=mark).status_code == 200


def test_the_inbox_has_its_figures(world: World, connect):
    world.receive()
    world.finish(world.receive().dossier_id)
    counts = connect("desk_officer").get("/inbox/counts").json()
    assert counts["ready"] == {"value": 1, "capped": False, "text": "1"}


def test_a_dossier_is_found_by_its_code_and_followed_by_its_token(world: World, connect):
    answer = world.receive()
    program, anybody = connect("leader"), connect(scopes=("catalogue:read",))
    assert program.get(f"/dossier-codes/{answer.code}").json()["id"] == str(answer.dossier_id)
    tracked = anybody.get(f"/tracking/{answer.token}").json()
    assert tracked == anybody.get("/tracking", code=answer.code).json()
    assert set(tracked) == {"code", "state", "step", "steps"}
    assert anybody.get(f"/tracking/{'0' * 32}").status_code == 404


def test_the_catalogue_says_what_can_be_filed_where_and_until_when(world: World, connect):
    anybody = connect(scopes=("catalogue:read",))
    assert {"W1", "W2", "P", POLICE} <= {each["code"] for each in anybody.get("/desks").json()}
    assert MARRIAGE in {each["code"] for each in anybody.get("/procedures", desk="W1").json()["items"]}
    assert anybody.get("/procedures", q="hon nhan").json()["items"][0]["code"] == MARRIAGE
    page = anybody.get(f"/procedures/{MARRIAGE}").json()
    assert page["content"]["components"]
    assert anybody.get(f"/procedures/{MARRIAGE}/versions").json()[0]["version"] == page["version"]
    assert RESIDENCE in anybody.get("/desks/W1/offerings").json()
    assert anybody.get(f"/desks/W1/offerings/{RESIDENCE}").json()["competent_agency"] == POLICE
    due = anybody.get(f"/desks/W1/offerings/{MARRIAGE}/due").json()
    assert due["due_at"] > due["at"]
    assert due["trace"]
    calendar = anybody.get("/desks/W1/calendar").json()
    assert anybody.get(f"/calendars/{calendar['code']}/versions").json()[0]["version"] == int(calendar["version"])
    assert anybody.get("/fields").json()


def test_figures_say_how_far_they_have_read(world: World, connect):
    world.finish(world.receive().dossier_id)
    catch_up()
    today = timezone.localdate().isoformat()
    span = connect("reform_officer").get("/figures", start=today, end=today).json()
    (own,) = span["agencies"]
    assert (own["agency"], own["received"], own["early"] + own["on_time"]) == ("W1", 1, 1)
    assert (span["behind"], span["position"] > 0) == (0, True)


def test_the_documentation_is_for_anybody_and_loads_nothing_from_elsewhere(client, db):
    assert client.get("/api/v1/").headers["Location"] == "/api/docs"
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "/api/v1/dossiers/{dossier_id}/hand-over" in text
    assert "persons:read" in text
    assert not [line for line in text.splitlines() if 'src="http' in line or "<style" in line or 'style="' in line]
    assert client.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"


def test_an_unknown_address_and_method_are_problems_too(world: World, connect):
    program = connect("leader")
    assert (program.get("/nothing").status_code, program.get("/nothing").json()["code"]) == (404, "not_found")
    answer = program.delete("/dossiers")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert set(answer["Allow"].replace(" ", "").split(",")) >= {"GET", "POST"}


def test_answers_are_not_kept_and_set_no_cookie(world: World, connect):
    answer = connect("leader").get("/dossiers")
    assert answer["Cache-Control"] == "no-store"
    assert set(answer["Vary"].replace(" ", "").split(",")) == {"Accept-Language", "Authorization"}
    assert not answer.cookies


def test_roles_are_those_of_the_table(world: World, connect):
    world.receive()
    assert connect(Role.ADMINISTRATOR.value).get("/dossiers").json()["items"] == []
