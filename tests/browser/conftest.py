"""A headless Chromium over the live server; every page is watched while it is used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Officer
from tests.conftest import chromium_path

# A loaded machine with two cores may need long for one answer.
TIMEOUT_MS = 30_000
# What the page's policy forbids is an error like any other.
REPORT_CSP = """
document.addEventListener("securitypolicyviolation", function (event) {
  console.error("CSP " + event.violatedDirective + " " + event.blockedURI);
});
"""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Watch:
    """What must stay empty: errors of the console and of scripts, requests to anywhere else."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@dataclass
class Window:
    """One signed-in window of a width, and what was noticed in it."""

    page: Page
    watch: Watch
    address: str

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, number: str, password: str) -> None:
        self.open("/accounts/sign-in/")
        self.page.get_by_label("警号").fill(number)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"{self.address}/")

    def enter(self, officer: Officer) -> None:
        """Signed in without the form: a session of the officer, given to the browser."""
        client = Client()
        client.force_login(officer)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.address}]
        )

    def expect_errors(self, *parts: str) -> None:
        """Take the noise of an intended failure out of the watch; anything else stays."""
        self.watch.errors = [
            error for error in self.watch.errors if not any(part in error for part in parts)
        ]

    def assert_quiet(self) -> None:
        assert self.watch.errors == []
        assert self.watch.outside == []

    def assert_fits(self) -> None:
        """No sideways scroll of the page."""
        spare = "element => element.scrollWidth - element.clientWidth"
        assert self.page.locator("html").evaluate(spare) <= 0, self.page.url


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """One browser for the tests of a module.

    Playwright keeps an event loop in the test's thread. Django takes that for asynchronous code,
    and gives it a database connection of its own: it needs the migrated rows that come back
    before each test, and has to be closed in the end.
    """
    migrated_rows = connection._test_serialized_contents  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        connection._test_serialized_contents = migrated_rows  # type: ignore[attr-defined]
        path = os.environ.get("CHROMIUM") or chromium_path()
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
        if connection.connection is not None:
            connection.connection.close()
            connection.connection = None  # the next module's browser finds the same wrapper


@pytest.fixture
def window(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[[int], Window]]:
    """Opens windows of a width, each with its own session; closed and looked at in the end."""
    opened: list[Window] = []

    def open_window(width: int, *, scripts: bool = True) -> Window:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            java_script_enabled=scripts,
            reduced_motion="reduce",  # no scroll that is still under way when the test looks
        )
        context.set_default_timeout(TIMEOUT_MS)
        context.set_default_navigation_timeout(TIMEOUT_MS)
        made = Window(context.new_page(), Watch(), live_server.url)
        _watch(made)
        opened.append(made)
        return made

    yield open_window
    for made in opened:
        made.page.context.close()
    for made in opened:
        made.assert_quiet()


def _watch(made: Window) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            made.watch.errors.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith((made.address, "data:")):
            made.watch.outside.append(request.url)

    made.page.add_init_script(REPORT_CSP)
    made.page.on("console", on_console)
    made.page.on("pageerror", lambda error: made.watch.errors.append(str(error)))
    made.page.on("request", on_request)
