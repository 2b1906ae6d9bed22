"""Peers' fault: reports of errors that repeated the headers of the request, tokens and cookies among them."""

import io
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from motcua.agencies.policies import public
from motcua.config import logs

SECRETS = {
    "Authorization": "Bearer bi-mat-cua-may-chu-5a7e",
    "Cookie": "sessionid=phien-bi-mat-77aa; csrftoken=mau-bi-mat-88bb",
    "X-Api-Key": "chia-khoa-99cc",
    "Referer": "https://a.example/?token=thu-gioi-thieu-11dd",
    "User-Agent": "trinh-duyet-la-22ee",
    "X-Forwarded-For": "192.0.2.199",
}
PARTS = ["bi-mat", "chia-khoa", "thu-gioi-thieu", "trinh-duyet-la", "192.0.2.199", "noi-dung-33ff", "hoi-44aa"]


def _broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("noi-dung-33ff")


urlpatterns = [path("broken", public(_broken))]


@pytest.fixture
def told():
    """What the logs would hold of the request."""
    stream = io.StringIO()
    handler = logs.Terminal(stream)
    handler.setFormatter(logs.JsonFormatter())
    handler.addFilter(logs.RouteFilter())
    for name in ("", "django"):
        logging.getLogger(name).addHandler(handler)
    yield stream
    for name in ("", "django"):
        logging.getLogger(name).removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_an_error_shows_nothing_of_the_request(told) -> None:
    client = Client(raise_request_exception=False, headers=SECRETS)
    reply = client.post("/broken?q=hoi-44aa", {"password": "noi-dung-33ff"})
    assert reply.status_code == 500
    everything = reply.content.decode() + str(reply.headers) + told.getvalue()
    assert "RuntimeError" in told.getvalue()
    assert [part for part in PARTS if part in everything] == []
    assert "Traceback" not in reply.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/v1/dossiers", "/api/v1/khong-co", "/oauth/token", "/khong-co", "/office/"])
def test_a_refusal_shows_nothing_of_the_request(told, address) -> None:
    for method in ("get", "post"):
        reply = getattr(Client(headers=SECRETS), method)(f"{address}?q=hoi-44aa")
        assert reply.status_code >= 300
        shown = reply.content.decode() + told.getvalue()
        assert [part for part in PARTS if part in shown] == []
        assert "hoi-44aa" not in str(reply.headers) or reply.headers["Location"].startswith("/accounts/login/")


def test_nobody_is_mailed_an_error() -> None:
    """Django would mail the whole request, headers included, to whoever is named."""
    from django.conf import settings

    assert settings.ADMINS == settings.MANAGERS == []
    assert not [name for name in settings.LOGGING["handlers"] if "mail" in name]
    assert [type(each).__name__ for each in logging.getLogger("django").handlers if "Mail" in type(each).__name__] == []
