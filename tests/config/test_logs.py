"""Whatever goes wrong, no name and no number reaches the logs: values are planted in errors of every kind."""

import contextlib
import http.client
import io
import json
import logging
import os
import subprocess
import sys
import urllib.request
from datetime import timedelta

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

from motcua.agencies.access import Role
from motcua.agencies.policies import public
from motcua.config import logs
from motcua.dossiers import duties, followers, sequencer
from motcua.persons.keys import KeyTrouble
from support.server import free_port, wait_for
from support.session import HOME

NAME, NUMBER = "Nguyễn Văn Kín", "079012345678"
TOLD = f"{NAME} {NUMBER}"


@pytest.fixture
def lines():
    """What the two kinds of log would hold, as one text that is filled while the test runs."""
    stream = io.StringIO()
    handlers = []
    for formatter in (logs.JsonFormatter(), logs.PlainFormatter()):
        handler = logs.Terminal(stream)
        handler.setFormatter(formatter)
        handler.addFilter(logs.RouteFilter())
        handlers.append(handler)
    loggers = [logging.getLogger(name) for name in ("", "django", "_granian")]
    for logger in loggers:
        for handler in handlers:
            logger.addHandler(handler)
    yield stream
    for logger in loggers:
        for handler in handlers:
            logger.removeHandler(handler)


# -- requests that end badly ------------------------------------------------------------------------------------------


def _raise(_request):
    raise ValueError(TOLD)


def _suspicious(_request):
    raise SuspiciousOperation(TOLD)


def _database(_request):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kin (name text UNIQUE) ON COMMIT DROP")
        cursor.execute("INSERT INTO kin VALUES (%s), (%s)", [TOLD, TOLD])


def _template(_request):
    return HttpResponse(engines["django"].from_string("{{ who.name.kin.again|date:who }}{% widthratio who 1 2 %}")
                        .render({"who": _Unfit()}))  # fmt: skip


def _streamed(_request):
    def pieces():
        yield b"a"
        raise ValueError(TOLD)

    return StreamingHttpResponse(pieces())


class _Unfit:
    """Something that a template cannot show."""

    @property
    def name(self):
        raise ValueError(TOLD)

    def __str__(self) -> str:
        raise ValueError(TOLD)


urlpatterns = [
    path(address, public(view))
    for address, view in {
        "raise/<str:who>": lambda request, who: _raise(request),
        "suspicious": _suspicious,
        "database": _database,
        "template": _template,
        "streamed": _streamed,
        "form": lambda request: HttpResponse(request.POST.get("q", "")),
    }.items()
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        (f"/raise/{TOLD}", 500, "builtins.ValueError"),
        (f"/raise/{TOLD}?q={NUMBER}", 500, "/raise/<str:who>"),
        ("/suspicious", 400, "400"),
        ("/database", 500, "SQLSTATE 23505"),
        ("/template", 500, "builtins.ValueError"),
        (f"/khong-co/{TOLD}?q={TOLD}", 404, "no such page"),
    ],
)
def test_a_request_that_fails_tells_its_kind_and_route_only(lines, address, status, said) -> None:
    assert Client(raise_request_exception=False).get(address).status_code == status
    _expect(lines, said)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_an_answer_that_breaks_off_is_told_by_its_kind(lines) -> None:
    reply = Client().get("/streamed")
    with pytest.raises(ValueError, match=NAME):
        b"".join(reply.streaming_content)
    _expect(lines, "an answer broke off")


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_refused_form_tells_nothing_of_what_was_typed(lines) -> None:
    reply = Client(enforce_csrf_checks=True).post("/form", {"q": TOLD}, headers={"referer": f"https://a/{NUMBER}"})
    assert reply.status_code == 403
    _expect(lines, "403")


@pytest.mark.django_db
def test_an_unknown_host_name_is_not_repeated(lines) -> None:
    assert Client().get("/", headers={"host": f"{NUMBER}.example"}).status_code == 400
    _expect(lines, "400")


def test_the_line_of_a_request_names_route_and_post_and_nobody(client, world, lines) -> None:
    dossier = world.receive().dossier_id
    client.force_login(world.user(Role.DESK_OFFICER))
    client.get(f"/office/ho-so/{dossier}/")  # what never changes is read once by each process
    lines.seek(0)
    lines.truncate()
    reply = client.get(f"/office/ho-so/{dossier}/?{NUMBER}")
    line = json.loads(next(text for text in lines.getvalue().splitlines() if '"motcua.access"' in text))
    assert line["request"] == reply.headers["X-Request-ID"]
    assert line["route"] == "/office/ho-so/<uuid:dossier_id>/"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["staff"] == world.posts["W1", Role.DESK_OFFICER]
    assert line["statements"] <= 12
    assert line["ms"] > 0
    assert str(dossier) not in lines.getvalue()
    _expect(lines, "GET")


# -- the worker -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_duty_that_fails_is_told_by_the_kind_of_its_error(lines) -> None:
    def fail() -> None:
        raise ValueError(TOLD)

    duties.perform(duties.Duty("publish", timedelta(days=1), fail))
    _expect(lines, "duty publish failed")


def test_a_follower_that_fails_is_told_by_the_kind_of_its_error(world, lines) -> None:
    def fail(_batch) -> None:
        raise ValueError(TOLD)

    world.receive()
    sequencer.place(100)
    followers.follow(followers.Follower("lost", fail))
    _expect(lines, "follower lost set position 1 aside")


# -- what libraries and programs say ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("logger", "text", "values", "said"),
    [
        ("motcua.dossiers", "it failed: %s", (ValueError(TOLD),), "it failed: builtins.ValueError"),
        ("somebody.else", "found %s twice", (TOLD,), "found %s twice"),
        ("somebody.else", f"found {TOLD} twice", (), "(text withheld) test_logs.py:"),
        ("_granian", f"Application callable raised an exception\nValueError: {TOLD}", (), "raised an exception"),
        ("django.template", "%s", (TOLD,), "%s"),
    ],
)
def test_a_message_of_others_is_shown_without_its_values(lines, logger, text, values, said) -> None:
    logging.getLogger(logger).error(text, *values)
    _expect(lines, said)


def test_a_chain_of_errors_is_told_by_its_kinds(lines) -> None:
    try:
        try:
            raise KeyError(TOLD)
        except KeyError as error:
            raise LookupError(TOLD) from error
    except LookupError:
        logging.getLogger("motcua.dossiers").exception("lost")
    _expect(lines, "builtins.LookupError")


def test_what_was_written_for_the_operator_is_told(lines) -> None:
    try:
        raise KeyTrouble("Thiếu khóa dữ liệu a1b2.")
    except KeyTrouble:
        logging.getLogger("motcua.persons").exception("lost")
    _expect(lines, "Thiếu khóa dữ liệu a1b2.")


def test_a_line_break_that_was_typed_makes_no_second_line(lines) -> None:
    logging.getLogger("motcua.dossiers").warning("said %s", 'x\n{"level": "INFO"}')
    first = lines.getvalue().splitlines()[0]
    assert json.loads(first)["message"] == 'said x\n{"level": "INFO"}'


_UNCAUGHT = """
import sys, threading, warnings, logging
import django
django.setup()
from motcua.config import logs
logs.withhold_uncaught()
told = sys.argv[1]

class Late:
    def __del__(self):
        raise ValueError(told)

def fail():
    raise ValueError(told)

warnings.warn(told)
late = Late()
del late
thread = threading.Thread(target=fail)
thread.start()
thread.join()
logging.getLogger("motcua.x").warning("two %s %s", told)
try:
    raise KeyError(told)
except KeyError as error:
    raise ValueError(told) from error
"""


def test_what_nobody_caught_is_told_by_its_kind_in_every_corner_of_a_program() -> None:
    done = subprocess.run([sys.executable, "-c", _UNCAUGHT, TOLD], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert NAME not in done.stderr + done.stdout
    assert NUMBER not in done.stderr + done.stdout
    told = [line for line in done.stderr.splitlines() if "ended by an error" in line]
    assert len(told) == 3, done.stderr
    assert all(json.loads(line)["error"] == "builtins.ValueError" for line in told)
    assert "could not be written" in done.stderr
    assert "py.warnings" in done.stderr


_BREAKING = f"""
import django
django.setup()

def application(environ, start_response):
    if environ["PATH_INFO"] == "/raise":
        raise ValueError("{TOLD}")
    start_response("200 OK", [])
    return pieces()

def pieces():
    yield b"a"
    raise ValueError("{TOLD}")
"""


@pytest.fixture
def served(tmp_path, fresh_database):
    """Starts the web server with an application; gives what it answers to addresses and what it said meanwhile."""

    def serve(application: str, addresses: list[str]) -> str:
        port = free_port()
        said = tmp_path / "said"
        with said.open("wb") as output:
            web = subprocess.Popen(
                [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1",
                 "--blocking-threads", "2", "--no-ws", "--log-level", "warning", application],
                cwd=tmp_path, stdout=output, stderr=subprocess.STDOUT,
                env=os.environ | {"DATABASE_URL": fresh_database.url, "MOTCUA_HOME": str(HOME)},
            )  # fmt: skip
            try:
                wait_for(f"http://127.0.0.1:{port}{addresses[0]}", web)
                for address in addresses:
                    request = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"Referer": NUMBER})
                    with contextlib.suppress(OSError, http.client.HTTPException):
                        urllib.request.urlopen(request).read()
            finally:
                web.terminate()
                web.wait(timeout=30)
        return said.read_text(encoding="utf-8")

    return serve


def test_the_web_server_says_no_more_than_the_application(served, collected_static) -> None:
    said = served("motcua.config.wsgi:application", [f"/t/{NUMBER}", f"/thu-tuc?q={NUMBER}", f"/khong-co/{NUMBER}"])
    assert said.count('"motcua.access"') >= 4, said
    assert NUMBER not in said


def test_an_error_that_reaches_the_web_server_is_told_without_its_text(served, tmp_path) -> None:
    (tmp_path / "breaking.py").write_text(_BREAKING, encoding="utf-8")
    said = served("breaking:application", ["/raise", "/stream"])
    assert said.count("raised an exception") >= 3, said
    assert NAME not in said
    assert NUMBER not in said


def _expect(lines: io.StringIO, said: str) -> None:
    text = lines.getvalue()
    assert said in text
    assert NAME not in text
    assert NUMBER not in text
    assert "K\\u00edn" not in text
    for line in text.splitlines():
        if line.startswith("{"):
            assert json.loads(line)["level"]
