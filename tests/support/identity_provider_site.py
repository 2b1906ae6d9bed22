"""The site of the tests' OpenID Connect provider: allauth.idp.oidc on SQLite, served on loopback.

python tests/support/identity_provider_site.py FOLDER PORT CLIENT SECRET CALLBACK…
"""

import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

APPS = ["contenttypes", "auth", "sessions", "messages"]
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]


def pem() -> str:
    """A new private key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def configure(folder: Path) -> None:
    """Django's settings."""
    templates = "django.template.backends.django.DjangoTemplates"
    settings.configure(
        SECRET_KEY="only for tests",
        DEBUG=True,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="identity_provider_urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite")}},
        INSTALLED_APPS=[*(f"django.contrib.{app}" for app in APPS), "allauth", "allauth.account", "allauth.idp.oidc"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "identity_provider_urls.tamper",
        ],
        TEMPLATES=[{"BACKEND": templates, "APP_DIRS": True, "OPTIONS": {"context_processors": PROCESSORS}}],
        IDP_OIDC_PRIVATE_KEY=pem(),
        IDP_OIDC_ADAPTER="identity_provider_urls.Adapter",
        OTHER_KEY=pem(),
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def main(folder: Path, port: int, client_id: str, secret: str, *callbacks: str) -> None:
    """Makes the database and the client, and serves."""
    configure(folder)
    django.setup()
    from allauth.idp.oidc.models import Client
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    client = Client(id=client_id, name="Motcua", redirect_uris="\n".join(callbacks), scopes="openid\nprofile")
    client.set_secret(secret)
    client.save()
    make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet).serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
