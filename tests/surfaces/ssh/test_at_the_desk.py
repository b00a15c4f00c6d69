"""`ssh desk@host`: what somebody at the other end of a line sees, does, and costs."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.making import PASSWORD
from tests.surfaces.playing import fill
from tests.surfaces.ssh.conftest import HOME, Machine, processes
from tests.surfaces.term import Term
from tui.memory import SETTLING

Ssh = Callable[..., Term]

USER = "sue@raystaging.example.com"
FORM = "Sign in with your account"


def sign_in(term: Term) -> None:
    # There is one agency, whose code stands there already.
    term.expect(FORM, 40).expect("RAY-919", 5)
    fill(term, USER, PASSWORD.reveal())
    term.key("enter").expect("Anna00", 20).settle(0.5, 5)


def until(condition: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it stayed as it was"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_person_signs_in_and_the_audit_knows_the_address(ssh: Ssh, served: Machine) -> None:
    term = ssh()
    sign_in(term)
    [[surface, place]] = served.query("SELECT surface, place FROM session ORDER BY id DESC LIMIT 1")
    assert (surface, place) == ("desk", "127.0.0.1")
    term.key("ctrl+q").gone(20)
    assert served.opened() == []


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "painted", "moved"), [("dark", 40_000, 1_000), ("ansi", 20_000, 600)])
def test_a_first_paint_a_cursor_move_and_rest_cost_what_they_may(
    ssh: Ssh, theme: str, painted: int, moved: int
) -> None:
    term = ssh("-o", f"SetEnv=TRAKDESK_THEME={theme}")
    term.expect(FORM, 40).settle(0.5, 5)
    assert term.received < painted
    fill(term, USER)
    term.settle(SETTLING, 5)
    at_rest = term.received
    # The cursor stands in a field.
    term.settle(3, 3)
    assert term.received == at_rest
    term.key("tab").settle(0.3, 3)
    # Two fields are drawn, not the whole form.
    assert term.received - at_rest < painted / 10
    term.type(PASSWORD.reveal())
    before = term.received
    term.key("enter").expect("Anna00", 20).settle(0.5, 5)
    assert term.received - before < painted
    for _ in range(3):
        before = term.received
        term.key("down").settle(0.3, 3)
        assert 0 < term.received - before <= moved
    before = term.received
    term.settle(3, 3)
    assert term.received == before


@pytest.mark.slow
def test_the_colours_of_this_run_are_those_that_the_client_names(ssh: Ssh) -> None:
    ansi = ssh("-o", "SetEnv=TRAKDESK_THEME=ansi").expect(FORM, 40)
    usual = ssh("-o", "SetEnv=TRAKDESK_THEME=../../etc COLORTERM=$(id)").expect(FORM, 40)
    assert b"38;2;" not in ansi.raw
    assert b"38;2;" in usual.raw or b"38;5;" in usual.raw


@pytest.mark.slow
@pytest.mark.parametrize("how", ["the client is killed", "the client is asked to stop"])
def test_a_dropped_line_ends_the_session_within_seconds(ssh: Ssh, served: Machine, how: str) -> None:
    term = ssh()
    sign_in(term)
    running = processes(served)
    assert len(running) == 1
    assert served.opened()
    term.process.kill(signal.SIGKILL if "killed" in how else signal.SIGTERM)
    _, alive = psutil.wait_procs(running, 10)
    assert not alive
    assert served.opened() == []
    assert "fault" not in served.read(HOME / "trakdesk.log")


@pytest.mark.slow
@pytest.mark.parametrize("locked", [False, True])
def test_after_twelve_hours_the_next_key_is_the_last(ssh: Ssh, served: Machine, locked: bool) -> None:
    term = ssh()
    sign_in(term)
    if locked:
        term.key("ctrl+l").expect("This desk is locked", 20).settle(0.3, 5)
    served.query("UPDATE session SET expires_at = created_at WHERE ended_at IS NULL")
    try:
        if locked:
            term.type(PASSWORD.reveal())
            term.key("enter")
        else:
            term.key("down")
        term.expect("its time is over", 20)
        assert "Anna00" not in term.key("enter").expect(FORM, 20).text
    finally:
        # Nobody ends what has ended by itself.
        served.query("UPDATE session SET ended_at = expires_at WHERE ended_at IS NULL")


@pytest.mark.slow
def test_a_line_that_is_cut_without_a_word_ends_the_session_within_a_minute(ssh: Ssh, served: Machine) -> None:
    term = ssh()
    sign_in(term)
    running = processes(served)
    # Nothing answers any more, and nothing says goodbye.
    psutil.Process(term.process.pid).suspend()
    _, alive = psutil.wait_procs(running, 60)
    psutil.Process(term.process.pid).kill()
    assert not alive
    assert served.opened() == []


def test_a_terminal_that_only_prints_lines_is_asked_line_by_line(ssh: Ssh) -> None:
    term = ssh(TERM="dumb")
    term.expect("asks line by line", 40)
    assert b"\x1b[?1049h" not in term.raw


def test_a_terminal_of_a_strange_name_shows_the_desk(ssh: Ssh) -> None:
    ssh(TERM="my-own-terminal").expect(FORM, 40)


def test_without_a_terminal_it_says_why_it_does_not_open(served: Machine) -> None:
    answer = served.client().ask("-T")
    assert answer.code == 2
    assert "needs a terminal" in answer.err
    assert answer.out == b""


@pytest.mark.slow
def test_a_hundred_half_open_connections_keep_nobody_else_out(ssh: Ssh, served: Machine) -> None:
    lines = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(100)]
    try:
        for number, line in enumerate(lines):
            if number % 2:
                line.sendall(b"SSH-2.0-slow\r\n")
        begun = time.monotonic()
        # Somebody at another address.
        ssh("-o", "BindAddress=127.0.0.2").expect(FORM, 40)
        assert time.monotonic() - begun < 15
    finally:
        for line in lines:
            line.close()


def test_the_account_cannot_look_into_another_session(ssh: Ssh, served: Machine) -> None:
    ssh().expect(FORM, 40)
    [session] = processes(served)
    assert session.uids().real == psutil.Process(session.pid).uids().effective != 0
    names = set(session.environ())
    assert not {name for name in names if not name.startswith(("SSH_", "TRAKDESK_", "TEXTUAL_"))} - {
        *("HOME", "PATH", "LANG", "TERM", "ESCDELAY", "COLORTERM", "TZ")
    }
    number = next(line.split()[-1] for line in status(session.pid) if line.startswith("NSpid"))
    as_account = ("setpriv", "--reuid", "desk", "--clear-groups", "--bounding-set", "-all")
    for secret in ("environ", "mem", "maps", "fd/0"):
        done = served.run(*as_account, "head", "-c1", f"/proc/{number}/{secret}", code=None)
        assert "ermission denied" in done.stderr, secret


def status(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/status").read_text().splitlines()
