"""A real Chromium against a real server. Each story is told twice: in English at a desk, in German on a phone."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from contacts.models import User

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
PASSWORD = "a long walk uphill"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Setting:
    """Where a reader sits and which language they read."""

    language: str
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.language}-{self.width}"


DESK = Setting("en", 1280, 900)
PHONE = Setting("de", 360, 740)


LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    stories = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in stories:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))
    if CHROMIUM is None and not os.environ.get("CI"):
        config.stash[LEFT_OUT] = len(stories)
        config.hook.pytest_deselected(items=stories)
        items[:] = [item for item in items if item not in stories]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        said = f"{left_out} browser stories are not told: no Chromium here. Debian: apt install chromium"
        terminalreporter.write_line(said, yellow=True)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    if CHROMIUM is None:
        pytest.fail("CI has no Chromium, and CI never skips: .ci/run must install it.")
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(params=[DESK, PHONE], ids=str)
def setting(request: pytest.FixtureRequest) -> Setting:
    return request.param


class Reader:
    """Somebody before a screen. Every problem the browser reports, a broken policy above all, fails the test."""

    def __init__(self, page: Page, address: str, setting: Setting) -> None:
        self.page, self.address, self.setting = page, address, setting
        self.problems: list[str] = []
        self.listening = True
        page.on("console", self._hears)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _hears(self, said: ConsoleMessage) -> None:
        """A refused form (422) is an answer like any other; what axe does to the page is not ours."""
        if self.listening and said.type in {"error", "warning"} and " 422 " not in said.text:
            self.problems.append(f"{said.text} at {said.location} on {self.page.url}")

    def goes_to(self, path: str) -> None:
        self.page.goto(self.address + path)

    def signs_in(self, user: User) -> None:
        user.language = self.setting.language
        user.set_password(PASSWORD)
        user.save()
        self.goes_to("/")
        self.page.fill("input[name=login]", user.email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form button[type=submit]")

    def shows(self, name: str) -> None:
        """A picture to look at, and proof that nothing is wider than the screen and that axe finds no fault."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.listening = False
        self.page.screenshot(path=SCREENSHOTS / f"{name}-{self.setting}.png", full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        report = Axe().run(self.page)
        self.listening = True
        assert wide <= 0, f"{name} is {wide} px wider than the screen"
        assert report.violations_count == 0, report.generate_report()


@pytest.fixture
def reader(browser: Browser, live_server, setting: Setting) -> Iterator[Reader]:
    """A browser window of its own, with the page's policy in force."""
    context = browser.new_context(viewport={"width": setting.width, "height": setting.height}, locale=setting.language)
    somebody = Reader(context.new_page(), live_server.url, setting)
    yield somebody
    context.close()
    assert somebody.problems == []
