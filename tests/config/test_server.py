"""The real server answers in a real browser with every guard of its headers in place."""

import urllib.request


def test_the_sign_in_page_comes_with_its_guards(motcua_server) -> None:
    with urllib.request.urlopen(motcua_server.url + "/accounts/login/") as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_cookies_stay_with_this_site_and_away_from_scripts(motcua_server) -> None:
    with urllib.request.urlopen(motcua_server.url + "/accounts/login/") as answer:
        cookies = answer.headers.get_all("Set-Cookie")
    assert cookies
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_chromium_opens_the_sign_in_page_without_a_complaint(motcua_server, page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(motcua_server.url + "/accounts/login/")
    page.locator("input[type=password]").wait_for()
    assert complaints == []
