"""The locked kiosk in real pseudo-terminals: nothing leads out of it, and nothing of one person stays for the next."""

from __future__ import annotations

import os
import signal
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest

from models.identity import Session
from models.states import Role
from services import person_key
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.services.smtp_server import SmtpServer
from tests.surfaces.kiosk import HOME, STAFF_KEY, KioskTerm, enrol
from tests.surfaces.playing import desk_of
from tui import exits
from tui.kiosk.wiping import WIPE

pytestmark = pytest.mark.slow

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what happens to a terminal, which does not depend on the engine."""

WITHIN = 2.0
"""Seconds after which the first screen is back."""

Command = Callable[..., subprocess.CompletedProcess[str]]
Kiosk = Callable[..., KioskTerm]


@pytest.fixture
def desk(environment: dict[str, str]) -> Desk:
    """The desk of the kiosk without a screen, ten minutes ago."""
    environment["TRAKDESK_DELIVER_IN_DESK"] = "no"
    return desk_of(environment, earlier=True)


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def kiosk(environment: dict[str, str], ray: MadeAgency, command: Command) -> Iterator[Kiosk]:
    """Runs the enrolled kiosk "Lobby" and waits for its first screen."""
    enrol(command)
    with ExitStack() as stack:

        def start(*, wanted: str = HOME, **more: str) -> KioskTerm:
            term = stack.enter_context(KioskTerm(environment | more))
            term.expect(wanted, 40).settle(0.5, 5)
            return term

        yield start


def at_home(kiosk: KioskTerm) -> bool:
    return kiosk.has(HOME) and kiosk.has("Reset my password")


@ONE_ENGINE
def test_no_key_leads_out_and_the_process_stays(kiosk: Kiosk) -> None:
    term = kiosk()
    person = term.person().pid
    for _ in range(5):
        # ctrl+c, ctrl+z, ctrl+\, ctrl+q, ctrl+p, ctrl+d, ctrl+s, F1, alt+F1, alt+x
        term.pump(b"\x03\x1a\x1c\x11\x10\x04\x13\x1bOP\x1b\x1bOP\x1bx")
        term.settle(0.2, 2)
    assert at_home(term)
    assert term.person().pid == person
    assert term.supervisor().status() != psutil.STATUS_STOPPED


@ONE_ENGINE
@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGINT, signal.SIGQUIT, signal.SIGTTOU])
def test_signals_of_a_keyboard_do_nothing(kiosk: Kiosk, number: signal.Signals) -> None:
    term = kiosk()
    person = term.person()
    for process in (person, term.supervisor()):
        process.send_signal(number)
    term.settle(0.3, 2)
    term.key("tab").settle(0.3, 2)
    assert (at_home(term), term.person().pid) == (True, person.pid)
    assert psutil.STATUS_STOPPED not in (person.status(), term.supervisor().status())


@ONE_ENGINE
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_program_that_dies_is_replaced_within_two_seconds(
    kiosk: Kiosk, desk: Desk, number: signal.Signals, environment: dict[str, str]
) -> None:
    term = kiosk()
    took = []
    for _ in range(3):
        dead = term.person()
        dead.send_signal(number)
        term.absent(HOME, 10)
        took.append(term.within(HOME, 20))
        assert term.person().pid != dead.pid
        time.sleep(0.1)
    # A machine that does six other things is slower now and then.
    assert min(took) < WITHIN, took
    if number is not signal.SIGTERM:
        log = (Path(environment["TRAKDESK_HOME"]) / "trakdesk.log").read_text()
        term.expect("reference:", 5)
        reference = term.text.partition("reference: ")[2].split()[0]
        assert f"fault {reference}" in log
        until(lambda: reference in str([entry.details for entry in making.entries(desk.ctx, "kiosk_fault")]))
    assert not list(Path(environment["TRAKDESK_HOME"]).glob("core*"))


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@ONE_ENGINE
def test_an_idle_kiosk_writes_nothing(kiosk: Kiosk) -> None:
    term = kiosk()
    before = term.received
    term.settle(7, 7)
    assert term.received == before


@ONE_ENGINE
def test_a_program_that_hangs_is_replaced(kiosk: Kiosk) -> None:
    term = kiosk()
    hung = term.person()
    hung.send_signal(signal.SIGSTOP)
    term.absent(HOME, 40)
    term.expect(HOME, 20)
    assert term.person().pid != hung.pid


@ONE_ENGINE
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_leaves_the_terminal_as_it_was(
    kiosk: Kiosk, environment: dict[str, str], number: signal.Signals
) -> None:
    term = kiosk()
    fresh, other = os.openpty()
    plain = termios.tcgetattr(other)
    held = termios.tcgetattr(term.process.fd)
    assert not held[3] & (termios.ECHO | termios.ISIG)
    mark = len(term.raw)
    children = term.supervisor().children(recursive=True)
    term.process.kill(number)
    term.gone(10)
    assert term.process.exitstatus == 0
    after = termios.tcgetattr(term.process.fd)
    assert after[3] & (termios.ECHO | termios.ISIG | termios.ICANON) == plain[3] & (
        termios.ECHO | termios.ISIG | termios.ICANON
    )
    assert term.raw[mark:].endswith(b"\x1b[?25h")
    _, alive = psutil.wait_procs(children, 5)
    assert not alive
    os.close(fresh)
    os.close(other)


@ONE_ENGINE
def test_a_supervisor_that_is_killed_takes_its_processes_along(kiosk: Kiosk) -> None:
    term = kiosk()
    children = term.supervisor().children(recursive=True)
    term.process.kill(signal.SIGKILL)
    _, alive = psutil.wait_procs(children, 15)
    assert not alive


def test_staff_leave_behind_the_key_that_is_not_shown(kiosk: Kiosk, desk: Desk, ray: MadeAgency) -> None:
    making.make_staff(desk, ray.agency, "vera@example.com", role=Role.SUPERVISOR)
    term = kiosk()
    assert "ctrl" not in term.text.lower()
    term.send(STAFF_KEY)
    term.expect("Staff sign-in", 10)
    term.type("vera@example.com")
    term.key("enter")
    term.type(making.PASSWORD.reveal())
    term.key("enter")
    term.expect("Signed in: Ann Agent", 20).settle(0.3, 3)
    term.click("Leave the kiosk program")
    term.gone(15)
    assert term.process.exitstatus == exits.LEFT
    assert making.PASSWORD.reveal().encode() not in term.raw
    until(lambda: "signed_out" in {entry.action for entry in making.entries(desk.ctx) if entry.place == "Lobby"})
    with desk.ctx.read():
        assert not Session.select().where((Session.place == "Lobby") & Session.ended_at.is_null()).exists()


def test_revoked_while_it_runs_it_closes_and_enrolled_again_it_opens(kiosk: Kiosk, command: Command) -> None:
    term = kiosk()
    assert command("kiosks", "revoke", "Lobby").returncode == 0
    term.expect("This kiosk is closed", 20)
    enrol(command)
    term.expect(HOME, 20)


@ONE_ENGINE
def test_a_second_program_for_the_same_kiosk_is_refused(kiosk: Kiosk, environment: dict[str, str]) -> None:
    kiosk()
    with KioskTerm(environment) as second:
        second.expect("runs on this machine already", 20)
        second.gone(5)
        assert second.process.exitstatus == 2


@ONE_ENGINE
def test_a_kiosk_without_an_identity_says_how_to_get_one(environment: dict[str, str], ray: MadeAgency) -> None:
    with KioskTerm(environment, "Door") as term:
        term.expect("This kiosk is not enrolled", 40)
        term.expect('--name "Door"', 5)


@ONE_ENGINE
def test_without_its_database_it_says_so_at_the_start_and_goes_on_when_it_is_back(kiosk: Kiosk, tmp_path: Path) -> None:
    files = list(tmp_path.glob("desk.sqlite3*"))
    for file in files:
        file.rename(tmp_path / f"gone-{file.name}")
    (tmp_path / "desk.sqlite3").mkdir()
    term = kiosk(wanted="cannot serve anybody right now")
    term.key("enter").settle(0.5, 3)
    term.expect("cannot serve anybody right now", 5)
    (tmp_path / "desk.sqlite3").rmdir()
    for file in files:
        (tmp_path / f"gone-{file.name}").rename(file)
    term.expect(HOME, 20)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_is_told_on_the_first_screen_until_it_is_back(
    kiosk: Kiosk, postgresql_server: str, database_url: str
) -> None:
    name = database_url.partition("?")[0].rpartition("/")[2]
    term = kiosk()
    with psycopg.connect(postgresql_server, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        term.expect("cannot serve anybody right now", 20)
        term.key("enter").settle(0.5, 3)
        assert at_home(term)
        server.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    term.absent("cannot serve anybody right now", 20)
    assert at_home(term)


@ONE_ENGINE
def test_mail_leaves_by_a_process_of_its_own_that_ends_with_the_kiosk(
    environment: dict[str, str], post: SmtpServer, desk: Desk, ray: MadeAgency, command: Command
) -> None:
    enrol(command)
    with KioskTerm(environment | {"TRAKDESK_DELIVER_IN_DESK": "yes"}) as term:
        term.expect(HOME, 40)
        desk.accounts.create_and_welcome(ray.admin, person_key.client(making.make_client(desk, ray.agency).id))
        post.wait_until(lambda: post.received, 30)
        [courier] = [one for one in term.supervisor().children() if "tui.kiosk.courier" in one.cmdline()]
        term.process.kill(signal.SIGTERM)
        term.gone(10)
        assert not courier.is_running()


@ONE_ENGINE
def test_variables_load_nothing_and_drive_nothing(kiosk: Kiosk, tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "sitecustomize.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write('x')")
    (evil / "textual.py").write_text(f"open({str(tmp_path / 'loaded')!r}, 'a').write('x')")
    term = kiosk(
        PYTHONPATH=str(evil),
        PYTHONINSPECT="1",
        PYTHONSTARTUP=str(evil / "sitecustomize.py"),
        TEXTUAL_LOG=str(tmp_path / "keys.log"),
        TEXTUAL_PRESS="enter,enter",
        TEXTUAL_ALLOW_SIGNALS="1",
        TEXTUAL_DRIVER="evil:Driver",
        TEXTUAL_SCREENSHOT="1",
        COLUMNS="20",
        RICH_TRACEBACK="1",
        http_proxy="http://127.0.0.1:9",
    )
    for process in (term.supervisor(), term.person()):
        names = set(process.environ())
        assert not [name for name in names if name.startswith(("PYTHON", "RICH", "COLUMNS", "http"))], names
        assert not names & {"TEXTUAL_LOG", "TEXTUAL_PRESS", "TEXTUAL_ALLOW_SIGNALS", "TEXTUAL_DRIVER"}
    # The first interpreter starts before anybody can scrub anything; what it has become is another one.
    assert (tmp_path / "ran").read_text() == "x"
    assert not (tmp_path / "loaded").exists()
    assert not (tmp_path / "keys.log").exists()
    term.process.kill(signal.SIGTERM)
    term.gone(10)
    assert ">>>" not in term.text


@ONE_ENGINE
def test_of_the_person_before_nothing_is_left_on_the_terminal(kiosk: Kiosk) -> None:
    term = kiosk()
    before = term.person().pid
    term.send(STAFF_KEY)
    term.expect("Staff sign-in", 10)
    term.type("zoe.zimmer@example.com")
    term.key("enter")
    term.type("secret lilac meadow")
    term.expect("zoe.zimmer@example.com", 5)
    # Nobody touches anything: the kiosk asks, counts down, and goes home by itself.
    term.expect("Are you still there?", 60)
    mark = len(term.raw)
    term.expect(HOME, 30).settle(0.5, 5)
    assert term.person().pid != before
    assert b"secret lilac meadow" not in term.raw
    after = bytes(term.raw[mark:])
    for told in (b"zoe", b"zimmer", b"example.com", b"lilac"):
        assert told not in after
    assert WIPE.encode() in after
    assert b"\x1b[3J" in after
    assert b"\x1b]52;c;\x07" in after
    assert b"\x1b]52;c;" not in after.replace(b"\x1b]52;c;\x07", b"")
