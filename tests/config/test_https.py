"""Behind TLS every cookie is bound to this host and encrypted, and browsers are told to encrypt."""

import json
import os
import subprocess
import sys

_ASK = """
import json, django
django.setup()
from django.conf import settings
from motcua.config.headers import cookie_name
print(json.dumps({
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME],
    "ours": [cookie_name("desk"), cookie_name("device")],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE],
    "hsts": [settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS],
    "redirect": settings.SECURE_SSL_REDIRECT,
    "proxies": settings.ALLAUTH_TRUSTED_PROXY_COUNT,
}))
"""


def _settings(**environment: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", _ASK], env=os.environ | environment, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def test_behind_tls_cookies_and_browsers_are_bound_to_it() -> None:
    told = _settings(MOTCUA_HTTPS="1", MOTCUA_HSTS_SUBDOMAINS="1")
    assert all(name.startswith("__Host-") for name in told["names"])
    assert all(name.startswith("__Secure-") for name in told["ours"])
    assert told["secure"] == [True, True, True]
    assert told["hsts"] == [365 * 24 * 3600, True]
    assert told["redirect"] is True
    assert told["proxies"] == 1


def test_without_tls_nothing_asks_for_it() -> None:
    told = _settings(MOTCUA_HTTPS="0")
    assert not any(name.startswith("__") for name in [*told["names"], *told["ours"]])
    assert told["hsts"] == [0, False]
    assert told["proxies"] == 0
