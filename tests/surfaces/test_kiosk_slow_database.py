"""A database that answers late, or goes away for real, while somebody stands at a kiosk; real terminals."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import psycopg
import pytest

from models.help_queue import KioskVisit
from models.identity import OneTimeToken
from models.states import TokenPurpose, TokenState
from services.desk import Desk
from tests import making
from tests.recovering import USER
from tests.services.smtp_server import SmtpServer
from tests.surfaces.kiosk import HOME, KioskTerm, enrol
from tests.surfaces.playing import desk_of
from tests.surfaces.stoppable import Server
from tests.surfaces.test_kiosk_reset import OWN, go, kiosk_code
from tui.kiosk.wiping import WIPE

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(environment: dict[str, str], post: SmtpServer) -> Desk:
    """The desk without a screen, ten minutes ago: Brent has an account."""
    desk = desk_of(environment, earlier=True)
    ray = making.make_agency(desk)
    making.give_account(desk, ray.admin, making.make_client(desk, ray.agency))
    return desk


@pytest.fixture
def kiosk(environment: dict[str, str], desk: Desk, command: Callable[..., object]) -> Iterator[KioskTerm]:
    """The kiosk in the lobby, where somebody has typed their address once."""
    enrol(command)
    with KioskTerm(environment) as term:
        term.expect(HOME, 40).settle(0.5, 5)
        term.key("enter").expect("What is your e-mail address?", 30)
        go(term, USER, "Type the address once more")
        term.settle(0.3, 5)
        yield term


def to_the_code(kiosk: KioskTerm, post: SmtpServer) -> str:
    """Have the code mailed, which is acknowledged, and read the mail."""
    go(kiosk, USER, "Type the code from your mail")
    kiosk.settle(0.3, 5)
    return kiosk_code(post)


def what_was_acknowledged_stays(desk: Desk) -> None:
    """The code still is good; the visit is over."""
    with desk.ctx.read():
        [token] = OneTimeToken.select().where(OneTimeToken.purpose == TokenPurpose.KIOSK)
        assert (token.state, token.wrong_tries) == (TokenState.LIVE, 0)
        [visit] = KioskVisit.select()
        assert visit.ended_at is not None


def nothing_of_it_is_shown(kiosk: KioskTerm, mark: int, code: str) -> None:
    """Of the answer that came after the kiosk went home at `mark`, or of what was typed before."""
    kiosk.settle(1.0, 5)
    assert kiosk.has(HOME)
    after = bytes(kiosk.raw[kiosk.raw.index(WIPE.encode(), mark) :]).decode(errors="replace").lower()
    assert HOME.lower() in after
    for word in ("brent", "mortgageclient", code.lower(), "choose a new", "step "):
        assert word not in after, word


@contextmanager
def file_held(database_url: str) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield
        holder.execute("ROLLBACK")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_comes_after_the_end_is_shown_to_nobody_and_what_was_done_stays(
    kiosk: KioskTerm, desk: Desk, post: SmtpServer, database_url: str
) -> None:
    """No service waits as long as an idle kiosk for a file, so its program is told to end instead."""
    person, code = kiosk.person(), to_the_code(kiosk, post)
    with file_held(database_url):
        kiosk.type(code).key("enter").settle(1.0, 2.0)
        assert not kiosk.has("Choose a new")
        mark = len(kiosk.raw)
        person.send_signal(signal.SIGTERM)
        kiosk.absent("Type the code", 5)
        assert person.is_running(), "it waits for what it began"
    kiosk.expect(HOME, 30)
    person.wait(30)
    what_was_acknowledged_stays(desk)
    nothing_of_it_is_shown(kiosk, mark, code)


@contextmanager
def backends_stopped(database_url: str, server_url: str) -> Iterator[None]:
    """All that serve this database stand still, and others begin: as behind a network that swallows everything."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server_url, autocommit=True) as server:
        found = server.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", (name,)).fetchall()
    pids = [pid for (pid,) in found]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_kiosk_that_went_home_idle_shows_no_late_answer(
    kiosk: KioskTerm, desk: Desk, post: SmtpServer, database_url: str, postgresql_server: str
) -> None:
    person, code = kiosk.person(), to_the_code(kiosk, post)
    with backends_stopped(database_url, postgresql_server):
        kiosk.type(code).key("enter").settle(1.0, 2.0)
        assert not kiosk.has("Choose a new")
        kiosk.expect("Are you still there?", 90)
        mark = len(kiosk.raw)
        kiosk.expect(HOME, 40)
        assert person.is_running(), "it waits for what it began"
    person.wait(30)
    what_was_acknowledged_stays(desk)
    nothing_of_it_is_shown(kiosk, mark, code)


@pytest.mark.parametrize("database_url", ["server"], indirect=True)
def test_a_server_that_stops_and_starts_again_costs_nothing_that_was_typed(
    kiosk: KioskTerm, server: Server, post: SmtpServer
) -> None:
    server.stop()
    began = time.monotonic()
    go(kiosk, USER, "does not reach the desk right now")
    print(f"told after {time.monotonic() - began:.1f} s")
    kiosk.expect("typed is still here")
    server.start()
    began = time.monotonic()
    kiosk.key("enter").expect("Type the address once more", 20).settle(0.3, 5)
    kiosk.key("enter").expect("Type the code from your mail", 30)
    print(f"went on after {time.monotonic() - began:.1f} s")
    code = kiosk_code(post)
    kiosk.settle(0.3, 5)
    server.stop()
    go(kiosk, code, "does not reach the desk right now")
    server.start()
    kiosk.key("enter").expect(code, 20).settle(0.3, 5)
    kiosk.key("enter").expect("Choose a new", 30).settle(0.3, 5)
    kiosk.type(OWN).key("enter").settle(0.3, 5)
    go(kiosk, OWN, "Your new password is set")
    kiosk.expect(HOME, 30)
