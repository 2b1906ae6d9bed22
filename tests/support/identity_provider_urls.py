"""Addresses and manners of the tests' OpenID Connect provider; imported in its own process only."""

import base64
import json
import time

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import PrivateKey
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpResponse
from django.urls import include, path

MODE = {"how": ""}
WRONG = {
    "expired": lambda: {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600},
    "nonce": lambda: {"nonce": "of another question"},
    "audience": lambda: {"aud": "another-client"},
    "issuer": lambda: {"iss": "https://another.example"},
}


class Adapter(DefaultOIDCAdapter):
    """Knows everybody by the sign-in name, and does wrong when it is told to."""

    def get_user_sub(self, client, user):
        return user.username

    def get_user_by_sub(self, client, sub):
        return get_user_model().objects.filter(username=sub).first()

    def get_claims(self, purpose, user, client, scopes, email=None, **kwargs):
        return {"sub": user.username, "preferred_username": user.username, "so_dinh_danh": user.username}

    def populate_id_token(self, id_token, client, scopes, **kwargs):
        how = MODE["how"]
        id_token |= WRONG[how]() if how in WRONG else {}
        if how == "no_nonce":
            id_token.pop("nonce", None)

    def populate_server_metadata(self, data):
        if MODE["how"] == "renamed":
            data["issuer"] = "https://another.example"

    def get_signing_key(self):
        return PrivateKey(pem=settings.OTHER_KEY) if MODE["how"] == "other_key" else super().get_signing_key()


def tamper(get_response):
    """Middleware: somebody on the way writes another name into the token and leaves the signature."""

    def middleware(request):
        response = get_response(request)
        if MODE["how"] == "tampered" and request.path.endswith("/api/token"):
            body = json.loads(response.content)
            head, claims, signature = body["id_token"].split(".")
            told = json.loads(base64.urlsafe_b64decode(claims + "=="))
            told |= {"sub": "boss", "preferred_username": "boss"}
            forged = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
            response.content = json.dumps(body | {"id_token": f"{head}.{forged}.{signature}"})
        return response

    return middleware


def mode(request):
    """How to behave from now on."""
    MODE["how"] = request.GET.get("how", "")
    return HttpResponse("ok")


def be(request, username):
    """Signs this browser in as somebody, whom it makes up."""
    user, _ = get_user_model().objects.get_or_create(username=username)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse("ok")


urlpatterns = [
    path("mode/", mode),
    path("as/<str:username>/", be),
    path("accounts/", include("allauth.account.urls")),
    path("", include("allauth.idp.urls")),
]
