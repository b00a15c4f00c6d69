"""What the launcher passes on of an environment that anybody may have prepared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tui import exits
from tui.ssh.entrance import kept, parent_is_sshd

LINE = {"SSH_CONNECTION": "203.0.113.7 50022 10.0.0.1 22", "SSH_TTY": "/dev/pts/3", "TERM": "xterm-256color"}
HOSTILE = {
    "LD_PRELOAD": "/tmp/x.so",
    "LD_LIBRARY_PATH": "/tmp",
    "PYTHONPATH": "/tmp",
    "PYTHONSTARTUP": "/tmp/x.py",
    "TEXTUAL_DRIVER": "x:Driver",
    "TEXTUAL_LOG": "/tmp/keys",
    "RICH_TRACEBACK": "1",
    "TRAKDESK_DATABASE_URL": "sqlite:////tmp/other",
    "TRAKDESK_MAIL_HOST": "evil.example",
    "COLUMNS": "100000",
    "LINES": "100000",
    "LC_ALL": "xx",
    "OPENSSL_CONF": "/tmp/x.cnf",
    "PGSERVICEFILE": "/tmp/x",
    "SSH_AUTH_SOCK": "/tmp/agent",
    "DISPLAY": ":0",
    "BASH_ENV": "/tmp/x",
    "HTTPS_PROXY": "http://evil.example",
}


def passed(**more: str) -> dict[str, str]:
    return kept(LINE | more, "/var/lib/trakdesk", over_ssh=True)


def test_of_a_hostile_environment_nothing_is_passed_on() -> None:
    assert passed(**HOSTILE) == passed()
    assert set(passed()) == {"HOME", "PATH", "LANG", "TRAKDESK_HOME", "TERM", "SSH_CONNECTION", "SSH_TTY"}


def test_the_home_is_the_one_that_was_installed() -> None:
    told = passed(TRAKDESK_HOME="/tmp/other", HOME="/tmp/other")
    assert (told["TRAKDESK_HOME"], told["HOME"]) == ("/var/lib/trakdesk", "/var/lib/trakdesk")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TERM", "screen.xterm-256color", "screen.xterm-256color"),
        ("TERM", "", "dumb"),
        ("TERM", "unknown", "dumb"),
        ("TERM", "x\x1b]0;PWN\x07", "dumb"),
        ("TERM", "../../../tmp/x", "dumb"),
        ("TERM", "x" * 100, "dumb"),
        ("TRAKDESK_THEME", "ansi", "ansi"),
        ("TRAKDESK_THEME", "ansi; id", None),
        ("NO_COLOR", "anything\n", "1"),
        ("NO_COLOR", "", None),
        ("COLORTERM", "truecolor", "truecolor"),
        ("COLORTERM", "$(id)", None),
        ("TZ", "Europe/Berlin", "Europe/Berlin"),
        ("TZ", ":/etc/passwd", None),
        ("TZ", "/etc/passwd", None),
        ("TZ", "../../etc/passwd", None),
        ("SSH_CONNECTION", "fe80::1%eth0 1 ::1 22", "fe80::1%eth0 1 ::1 22"),
        ("SSH_CONNECTION", "203.0.113.7", None),
        ("SSH_CONNECTION", "evil 1 10.0.0.1 22", None),
        ("SSH_CONNECTION", "203.0.113.7 1 10.0.0.1 22\n", None),
        ("SSH_TTY", "/dev/../etc/passwd", None),
        ("SSH_USER_AUTH", "/tmp/sshauth.aBc123", "/tmp/sshauth.aBc123"),
        ("SSH_USER_AUTH", "/tmp/x y", None),
    ],
)
def test_each_value_is_looked_at(name: str, value: str, expected: str | None) -> None:
    assert passed(**{name: value}).get(name) == expected


def test_who_does_not_come_from_sshd_cannot_say_that_they_do() -> None:
    """`su desk` opens the account to local users: an address or a key would be whatever they like."""
    told = kept(LINE | {"SSH_USER_AUTH": "/tmp/mine"}, "/var/lib/trakdesk", over_ssh=False)
    assert not [name for name in told if name.startswith("SSH")]
    assert not parent_is_sshd()


def launch(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    enter = f"enter({str(home)!r}, sessions=3, sessions_per_address=3)"
    program = f"import sys; from tui.ssh.entrance import enter; sys.exit({enter})"
    return subprocess.run(
        [sys.executable, "-I", "-c", program, *words], env={}, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def test_without_a_terminal_it_refuses_with_a_sentence(tmp_path: Path) -> None:
    done = launch(tmp_path, "-c", "id")
    assert (done.returncode, done.stdout) == (exits.NOT_DONE, "")
    assert "needs a terminal, and nothing else" in done.stderr
    assert not list(tmp_path.iterdir())
