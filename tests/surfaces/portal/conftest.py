"""What the tests of the portal share: a real one on a free port, with a database and a mail server of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.services.smtp_server import SmtpServer
from tests.surfaces.portal.browsing import Tab, launched
from tests.surfaces.portal.house import House, opened_house
from tests.surfaces.portal.running import Portal, found_agency
from tests.surfaces.portal.scripted import ScriptedPortal, Visit


@pytest.fixture
def start_portal(environment: dict[str, str], post: SmtpServer, tmp_path: Path) -> Iterator[Callable[..., Portal]]:
    """Starts a portal: `start_portal(TRAKDESK_PORTAL_SESSIONS="3")`, `start_portal(public_url="https://…")`."""
    with ExitStack() as stack:

        def start(public_url: str = "", port: int = 0, **variables: str) -> Portal:
            return stack.enter_context(Portal(environment | variables, tmp_path, port, public_url))

        yield start


@pytest.fixture
def portal(start_portal: Callable[..., Portal]) -> Portal:
    """A running portal; `portal.url` is where browsers find it, `post` has the mails that it sends."""
    return start_portal()


@pytest.fixture(scope="module")
def open_tab() -> Iterator[Callable[..., Tab]]:
    """Opens tabs of a real Chromium; each has a browser's memory of its own."""
    # Not for the whole session: Playwright keeps a loop running, which no other loop of this thread may meet.
    with launched() as opens:
        yield opens


@pytest.fixture
def scripted() -> Iterator[ScriptedPortal]:
    """A server with the real page, and a test in place of the program."""
    with ScriptedPortal() as portal:
        yield portal


@pytest.fixture
def house(
    environment: dict[str, str], post: SmtpServer, tmp_path: Path, start_portal: Callable[..., Portal]
) -> Iterator[House]:
    """The portal of an agency behind nginx with TLS, below a path."""
    with opened_house(environment, post, tmp_path, start_portal) as opened:
        yield opened


@pytest.fixture(scope="module")
def lasting_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One for all tests of a module that leave it as it was: on SQLite, without a mail server."""
    folder = tmp_path_factory.mktemp("portal")
    environment = {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TRAKDESK_HOME": str(folder / "home"),
        "TRAKDESK_PORTAL_SESSIONS_PER_ADDRESS": "6",
        # What drives or watches Textual must not reach a program.
        "TEXTUAL_LOG": str(folder / "typed.log"),
        "PYTHONPATH": str(folder),
        "SECRET_OF_SOMEBODY": "plum",
    }
    found_agency(environment)
    with Portal(environment, folder) as portal:
        yield portal


@pytest.fixture
def come(open_tab: Callable[..., Tab], scripted: ScriptedPortal) -> Callable[..., tuple[Tab, Visit]]:
    """Opens the page, as far as the program's first screen."""

    def to(fragment: str = "", **device: Any) -> tuple[Tab, Visit]:
        tab = open_tab(**device).open(scripted.url + (f"#{fragment}" if fragment else ""))
        visit = scripted.visit().ready()
        tab.expect("Hello from the desk")
        return tab, visit

    return to
