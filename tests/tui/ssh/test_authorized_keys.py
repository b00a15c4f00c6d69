"""What sshd hears of a key: one line for a bound one, nothing for any other, whatever goes wrong."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.identity import Identity
from models.staff import StaffMember
from models.states import IdentityState
from services import person_key
from services.desk import Desk
from tests.making import MadeAgency, make_agency
from tests.places import ROOT
from tests.services.ssh_keys.keying import a_key, print_of
from tui.ssh.authorized_keys import main

US = pwd.getpwuid(os.geteuid()).pw_name
Serve = Callable[..., str]


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(desk)


@pytest.fixture
def key(desk: Desk, made: MadeAgency) -> str:
    """The administrator's key, bound."""
    line = a_key("")
    with desk.ctx.read():
        sue = person_key.staff(StaffMember.get(StaffMember.identity == made.admin.identity_id).id)
    desk.ssh_keys.bind(made.admin, sue, line)
    return line


@pytest.fixture
def serve(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Serve:
    """Asks as sshd does; what was printed, to either stream."""
    monkeypatch.setenv("TRAKDESK_DATABASE_URL", desk.ctx.settings.database_url)

    def ask(*words: str) -> str:
        assert main(["--home", str(desk.ctx.settings.home), *words]) == 0
        printed = capsys.readouterr()
        return printed.out + printed.err

    return ask


def test_a_bound_key_opens_a_terminal_and_nothing_else(serve: Serve, key: str) -> None:
    assert serve("--", US, *key.split()) == f"restrict,pty {key}\n"


def test_any_other_key_is_met_with_silence(serve: Serve, desk: Desk, made: MadeAgency, key: str) -> None:
    kind, blob = key.split()
    assert serve(US, *a_key("").split()) == ""
    assert serve(US, "ssh-rsa", blob) == ""
    assert serve(US, kind, f"{blob}\n") == ""
    desk.ssh_keys.revoke(made.admin, print_of(key))
    assert serve(US, kind, blob) == ""


@pytest.mark.parametrize("state", [IdentityState.DEACTIVATED, IdentityState.PENDING])
def test_the_key_of_an_account_that_is_not_active_opens_nothing(
    serve: Serve, desk: Desk, key: str, state: IdentityState
) -> None:
    with desk.ctx.unit():
        Identity.update(state=state).execute()
    assert serve(US, *key.split()) == ""


def test_no_other_account_of_the_machine_is_opened(serve: Serve, key: str) -> None:
    assert serve("somebody", *key.split()) == ""


@pytest.mark.parametrize("words", [(), (US,), (US, "a", "b", "c"), ("--help",), (US, "'; DROP TABLE ssh_key--", "ä")])
def test_strange_words_are_met_with_silence(serve: Serve, key: str, words: tuple[str, ...]) -> None:
    assert serve(*words) == ""
    assert serve(US, *key.split())


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/desk.sqlite3", "postgresql://nobody@127.0.0.1:1/desk", "oracle://x", "sqlite:////dev/null"],
)
def test_a_database_that_is_away_is_met_with_silence_and_a_line_in_the_log(
    serve: Serve, desk: Desk, key: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAKDESK_DATABASE_URL", url)
    assert serve(US, *key.split()) == ""
    log = (desk.ctx.settings.home / "trakdesk.log").read_text()
    assert ("fault" in log, key.split()[1] in log) == (True, False)


def test_it_imports_neither_the_tables_nor_a_user_interface() -> None:
    code = (
        "import sys, tui.ssh.authorized_keys; "
        "print([name for name in ('peewee', 'textual', 'cryptography', 'psycopg', 'logging') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_home_that_is_not_there_is_met_with_silence(key: str, tmp_path: Path) -> None:
    assert main(["--home", str(tmp_path / "none"), US, *key.split()]) == 0
    assert not (tmp_path / "none").exists()
