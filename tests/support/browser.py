"""Real headless Chromium for the journeys."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from support.chromium import MISSING, find

# Chromium asks for updates, fonts and lists of its own accord: every name but this machine's is unknown to it.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for this process; without one the journeys fail with the line that says what to install."""
    path = find()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    # Playwright keeps an event loop in this thread, at which Django would refuse plain database work.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser profiles of their own (one for each person of a journey); takes Playwright's options.

    Pages are Vietnamese and stand in Vietnam's time zone unless the options say otherwise.
    """
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**({"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"} | options))
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """One page in a profile of its own."""
    return new_context().new_page()
