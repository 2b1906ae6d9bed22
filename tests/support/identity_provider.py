"""A real OpenID Connect provider (allauth.idp.oidc) in a process of its own, which can be told to misbehave.

python tests/support/identity_provider.py FOLDER PORT
"""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

CLIENT, SECRET = "motcua-test", "bi-mat-cua-bai-thu"
CALLBACKS = ("http://testserver/office/dang-nhap/xong/", "http://testserver/cong-dan/dang-nhap/xong")
_PATIENCE = 30.0


@dataclass
class Provider:
    """The running provider, and a browser of somebody who has an account there."""

    issuer: str
    process: subprocess.Popen[bytes]

    def misbehave(self, how: str) -> None:
        """From now on: expired, nonce, no_nonce, audience, issuer, tampered, other_key, renamed; or empty."""
        requests.get(f"{self.issuer}/mode/", params={"how": how}, timeout=10).raise_for_status()

    def consent(self, address: str, username: str, *, cancel: bool = False) -> dict[str, str]:
        """Somebody signs in there and agrees, or cancels; gives what the browser is sent back with."""
        browser = requests.Session()
        browser.get(f"{self.issuer}/as/{username}/", timeout=10).raise_for_status()
        page = browser.get(address, timeout=10)
        assert page.status_code == 200, page.text
        form = dict(_hidden(page.text))
        form |= {"action": "cancel" if cancel else "grant", "scopes": "openid"}
        answer = browser.post(address, data=form, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def _hidden(page: str) -> Iterator[tuple[str, str]]:
    import html
    import re

    for tag in re.findall(r'<input[^>]+type="hidden"[^>]*>', page):
        values = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        yield values["name"], html.unescape(values.get("value", ""))


@pytest.fixture(scope="session")
def identity_provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """One provider for this process."""
    from support.server import free_port, wait_for

    folder, port = tmp_path_factory.mktemp("provider"), free_port()
    command = [sys.executable, __file__, str(folder), str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration", process)
        yield Provider(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


@pytest.fixture
def identity_provider(identity_provider_process: Provider) -> Provider:
    """The provider, behaving as it should."""
    identity_provider_process.misbehave("")
    return identity_provider_process


# -- the provider itself ----------------------------------------------------------------------------------------------

MODE = {"how": ""}


def _settings(folder: Path) -> dict[str, object]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    def pem() -> str:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        kind = serialization.PrivateFormat.PKCS8
        return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()

    return {
        "SECRET_KEY": "only for tests",
        "DEBUG": True,
        "ALLOWED_HOSTS": ["*"],
        "ROOT_URLCONF": "identity_provider_urls",
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite")}},
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        "MIDDLEWARE": [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "identity_provider_urls.tamper",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        "IDP_OIDC_PRIVATE_KEY": pem(),
        "IDP_OIDC_ADAPTER": "identity_provider_urls.Adapter",
        "OTHER_KEY": pem(),
        "USE_TZ": True,
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    }


def main(folder: Path, port: int) -> None:
    """Makes the database, the client and serves."""
    import types
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    import django
    from django.conf import settings

    settings.configure(**_settings(folder))
    module = types.ModuleType("identity_provider_urls")
    sys.modules["identity_provider_urls"] = module
    django.setup()
    module.__dict__.update(_urls())
    from allauth.idp.oidc.models import Client
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    client = Client(id=CLIENT, name="Motcua", redirect_uris="\n".join(CALLBACKS), scopes="openid\nprofile")
    client.set_secret(SECRET)
    client.save()

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet).serve_forever()


def _urls() -> dict[str, object]:
    from allauth.idp.oidc.adapter import DefaultOIDCAdapter
    from allauth.idp.oidc.models import PrivateKey
    from django.conf import settings
    from django.contrib.auth import get_user_model, login
    from django.http import HttpResponse
    from django.urls import include, path

    class Adapter(DefaultOIDCAdapter):
        def get_user_sub(self, client, user):
            return user.username

        def get_user_by_sub(self, client, sub):
            return get_user_model().objects.filter(username=sub).first()

        def get_claims(self, purpose, user, client, scopes, email=None, **kwargs):
            return {"sub": user.username, "preferred_username": user.username, "so_dinh_danh": user.username}

        def populate_id_token(self, id_token, client, scopes, **kwargs):
            how = MODE["how"]
            id_token |= {
                "expired": {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600},
                "nonce": {"nonce": "of another question"},
                "audience": {"aud": "another-client"},
                "issuer": {"iss": "https://another.example"},
            }.get(how, {})
            if how == "no_nonce":
                id_token.pop("nonce", None)

        def populate_server_metadata(self, data):
            if MODE["how"] == "renamed":
                data["issuer"] = "https://another.example"

        def get_signing_key(self):
            return PrivateKey(pem=settings.OTHER_KEY) if MODE["how"] == "other_key" else super().get_signing_key()

    def tamper(get_response):
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
        MODE["how"] = request.GET.get("how", "")
        return HttpResponse("ok")

    def be(request, username):
        user, _ = get_user_model().objects.get_or_create(username=username)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return HttpResponse("ok")

    urlpatterns = [
        path("mode/", mode),
        path("as/<str:username>/", be),
        path("accounts/", include("allauth.account.urls")),
        path("", include("allauth.idp.urls")),
    ]
    return {"Adapter": Adapter, "tamper": tamper, "urlpatterns": urlpatterns}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
