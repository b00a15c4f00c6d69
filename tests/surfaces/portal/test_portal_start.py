"""A portal that cannot start says why, in one sentence, and leaves nothing behind."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.surfaces.conftest import TRAKDESK
from tui import exits

pytestmark = pytest.mark.slow


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing is asked of it."""
    return sqlite_url


@pytest.fixture
def taken() -> Iterator[str]:
    """A port at which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


def start(environment: dict[str, str], **changed: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [TRAKDESK, "portal"], env=environment | changed, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert "Reference" not in done.stderr
    assert "The portal serves" not in done.stderr
    assert done.stdout == ""
    return done


def test_at_a_port_that_is_taken(environment: dict[str, str], taken: str) -> None:
    done = start(environment, TRAKDESK_PORTAL_PORT=taken)
    assert done.returncode == exits.NOT_DONE
    assert f"cannot listen at 127.0.0.1, port {taken}: another program does." in done.stderr
    assert "--port" in done.stderr
    home = environment["TRAKDESK_HOME"]
    assert not [one for one in psutil.process_iter(["cmdline"]) if home in (one.info["cmdline"] or ())]


def test_at_an_address_of_another_machine(environment: dict[str, str]) -> None:
    done = start(environment, TRAKDESK_PORTAL_HOST="192.0.2.1", TRAKDESK_PORTAL_PROXIES="192.0.2.2")
    assert done.returncode == exits.NOT_DONE
    assert "cannot listen at 192.0.2.1" in done.stderr
    assert "--host" in done.stderr


def test_without_a_home_folder_that_can_be_made(environment: dict[str, str]) -> None:
    done = start(environment, TRAKDESK_HOME="/proc/nowhere")
    assert done.returncode == exits.UNAVAILABLE
    assert "The home folder /proc/nowhere cannot be made" in done.stderr
    assert "--home" in done.stderr


def test_in_a_home_that_is_a_file(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = start(environment, TRAKDESK_HOME=str(tmp_path / "file"))
    assert done.returncode in (exits.NOT_DONE, exits.UNAVAILABLE)
    assert str(tmp_path / "file") in done.stderr


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://127.0.0.1:1/trakdesk", "The database does not answer."),
        ("sqlite:////nowhere/trakdesk.sqlite3", "The folder of the database, /nowhere, is not there."),
    ],
)
def test_without_its_database(environment: dict[str, str], url: str, words: str) -> None:
    done = start(environment, TRAKDESK_DATABASE_URL=url)
    assert done.returncode == exits.UNAVAILABLE
    assert words in done.stderr
