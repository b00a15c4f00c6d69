"""The delivery as real processes on one database: killed at any moment, and two of them at work."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from models.agency import Agency
from models.states import MailState
from services.clock import ManualClock, SystemClock
from services.context import Context
from services.mail.delivery import LEASE, Delivery
from tests.places import ROOT
from tests.services.mailing import many, states, until, welcome, with_server
from tests.services.smtp_server import HANG, SmtpServer, Stage

pytestmark = pytest.mark.surface

# Leases, looks and time-outs are short, so that what a killed process held is free again soon.
_PROGRAM = """
import sys, threading
from datetime import timedelta
from pathlib import Path
import services.mail.delivery
from services.opening import open_desk
from services.settings import load_settings

services.mail.delivery.LOOK_EVERY = 0.05
services.mail.delivery.LEASE = timedelta(seconds=float(sys.argv[2]))
desk = open_desk(load_settings(Path(sys.argv[1]), {}))
stop = threading.Event()
thread = threading.Thread(target=desk.delivery.run, args=(stop, desk.ctx.mail_waiting))
thread.start()
print("ready", flush=True)
sys.stdin.read()
stop.set()
thread.join()
"""


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def now(ctx: Context) -> Context:
    """The same desk in the time of this machine, as its processes have it."""
    return replace(ctx, clock=SystemClock())


@pytest.fixture
def agency(now: Context) -> Agency:
    with now.unit():
        return Agency.create(name="Ray Staging", code="919236", code_key="919236", created_at=now.clock.now())


@contextlib.contextmanager
def process(ctx: Context, server: SmtpServer, *, lease: float, timeout: float) -> Iterator[subprocess.Popen[str]]:
    """A process that delivers; told to stop at the end, and expected to do so in good order if it still lives."""
    home = ctx.settings.home
    (home / "trakdesk.toml").write_text(
        f'database_url = "{ctx.settings.database_url}"\npublic_url = "https://portal.example"\n'
        f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nfrom_address = "desk@ray.example"\n'
        f"timeout = {timeout}\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(home), str(lease)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n"
        yield child
        killed = child.returncode is not None
        _, said = child.communicate(timeout=30)
        assert killed or (child.returncode, said) == (0, "")
    finally:
        child.kill()
        child.communicate()


def kill(child: subprocess.Popen[str]) -> None:
    """As the kernel does it when memory runs out."""
    child.kill()
    child.wait(10)


def test_killed_between_the_servers_acceptance_and_its_own_record_it_repeats_under_the_same_message_id(
    now: Context, server: SmtpServer, agency: Agency
) -> None:
    first, second, third = welcome(now, agency, "first", "second", "third")
    # The mail is taken, but nobody hears of it any more.
    server.on(Stage.BODY, HANG, address="first@example.com")
    with process(now, server, lease=120, timeout=30) as child:
        server.wait_until(lambda: len(server.received) == 1)
        kill(child)
    server.behave()
    assert states(now) == dict.fromkeys(("first", "second", "third"), MailState.QUEUED)

    later = with_server(replace(now, clock=ManualClock(now.clock.now() + LEASE + timedelta(seconds=90))), server)
    assert Delivery(later).run_once() == 3

    assert states(now) == dict.fromkeys(("first", "second", "third"), MailState.SENT)
    assert server.message_ids() == {
        f"<{first.uuid}@ray.example>": 2,
        f"<{second.uuid}@ray.example>": 1,
        f"<{third.uuid}@ray.example>": 1,
    }
    links = [re.search(rb"#activate=\w+", mail.octets) for mail in server.received if first.uuid in mail.message_id]
    assert len({link[0] for link in links if link}) == 1, "a repeated mail carries the same link"


@pytest.mark.slow
def test_two_processes_on_one_database_send_nothing_twice(now: Context, server: SmtpServer, agency: Agency) -> None:
    with process(now, server, lease=120, timeout=5), process(now, server, lease=120, timeout=5):
        messages = welcome(now, agency, *many(120))
        server.wait_until(lambda: len(server.received) >= 120)
        until(lambda: set(states(now).values()) == {MailState.SENT})

    assert server.message_ids() == {f"<{message.uuid}@ray.example>": 1 for message in messages}
    assert len({mail.connection for mail in server.received}) > 1


@pytest.mark.slow
def test_killed_again_and_again_it_loses_no_mail_and_invents_none(
    now: Context, server: SmtpServer, agency: Agency
) -> None:
    messages = welcome(now, agency, *many(200))
    for death in (1, 2, 26, 51, 77, 140):
        with process(now, server, lease=0.3, timeout=0.05) as child:
            server.wait_until(lambda: len(server.received) >= death)  # noqa: B023 - used at once
            kill(child)
    with process(now, server, lease=0.3, timeout=5):
        # On a busy machine one of the killed may have put a letter off, by ten seconds, then by thirty.
        until(lambda: set(states(now).values()) == {MailState.SENT}, seconds=120)

    expected = {f"<{message.uuid}@ray.example>" for message in messages}
    assert set(server.message_ids()) == expected
    repeated = Counter(server.message_ids().values())
    assert sum(repeated[times] for times in repeated if times > 1) < 6 * 50
