"""The delivery's loop: prompt with new mail, quick to end, and not to be thrown off by anything."""

# ruff: noqa: F401, F811 - fixtures are imported, and then asked for by their names

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import pytest

from models.agency import Agency
from models.states import MailState
from services.clock import ManualClock
from services.context import Context
from services.errors import Unavailable
from services.mail import delivery as delivery_module
from services.mail import queue
from services.mail.delivery import Delivery
from tests.services.mailing import RunningLoop, agency, mailing, reread, server, states, until, welcome, with_server
from tests.services.smtp_server import HANG, SmtpServer, Stage


def test_a_stop_gives_back_what_was_not_tried(mailing: Context, server: SmtpServer, agency: Agency) -> None:
    server.on(Stage.MAIL, HANG, times=1)
    welcome(mailing, agency, "ann", "bob")
    with RunningLoop(mailing) as loop:
        server.wait_until(lambda: server.seen[Stage.MAIL] == 1)
        loop.stop.set()
        server.behave()

    assert states(mailing) == {"ann": MailState.SENT, "bob": MailState.QUEUED}
    assert Delivery(mailing).run_once() == 1, "no lease holds it"


def test_the_loop_sends_new_mail_at_once(
    mailing: Context, server: SmtpServer, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 600.0)
    with RunningLoop(mailing):
        for count, name in enumerate(("ann", "bob", "cid"), 1):
            welcome(mailing, agency, name)
            server.wait_until(lambda: len(server.received) == count)  # noqa: B023 - used at once

    assert states(mailing) == {"ann": MailState.SENT, "bob": MailState.SENT, "cid": MailState.SENT}


def test_the_loop_finds_mail_that_another_process_queued(
    mailing: Context, server: SmtpServer, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 0.05)
    with RunningLoop(mailing):
        welcome(replace(mailing, mail_waiting=threading.Event()), agency, "ann")
        server.wait_until(lambda: len(server.received) == 1)


def test_the_loop_tries_deferred_mail_again_when_its_time_has_come(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 0.05)
    server.on(Stage.RCPT, "451 try later", times=1)
    with RunningLoop(mailing):
        welcome(mailing, agency, "ann")
        until(lambda: states(mailing) == {"ann": MailState.DEFERRED})
        clock.advance(seconds=10)
        server.wait_until(lambda: len(server.received) == 1)


def test_the_loop_ends_at_once_when_it_is_idle(mailing: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 600.0)
    with RunningLoop(mailing) as loop:
        loop.stop.set()
        loop.thread.join(2)
        assert not loop.thread.is_alive()


def test_the_loop_ends_soon_although_a_server_says_nothing(
    ctx: Context, server: SmtpServer, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "GRACE", 0.1)
    server.on(Stage.BODY, HANG)
    (message,) = welcome(ctx, agency, "ann")
    with RunningLoop(with_server(ctx, server, timeout=600)) as loop:
        server.wait_until(lambda: server.seen[Stage.BODY] == 1)
        loop.stop.set()
        loop.thread.join(5)
        assert not loop.thread.is_alive()

    assert reread(ctx, message).state is MailState.DEFERRED, "what became of it is not known, and it goes again"


def test_the_loop_outlives_a_database_that_is_away_and_a_fault_of_ours(
    mailing: Context,
    server: SmtpServer,
    agency: Agency,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(delivery_module, "LONGEST_PAUSE", 0.02)
    troubles = [Unavailable("secret one"), RuntimeError("secret two"), Unavailable("secret three")]
    real = queue.next_due

    def troubled(ctx: Context) -> object:
        if troubles:
            raise troubles.pop()
        return real(ctx)

    monkeypatch.setattr(queue, "next_due", troubled)
    welcome(mailing, agency, "ann")
    with caplog.at_level(logging.WARNING), RunningLoop(mailing):
        server.wait_until(lambda: len(server.received) == 1)

    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_the_loop_pauses_while_the_server_is_away_and_goes_on_when_it_is_back(
    mailing: Context, server: SmtpServer, agency: Agency, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(delivery_module, "LOOK_EVERY", 0.02)
    server.on(Stage.BANNER, "421 come back later", times=3)
    (message,) = welcome(mailing, agency, "ann")
    with RunningLoop(mailing):
        for tries in (1, 2, 3):
            until(lambda: reread(mailing, message).attempts == tries)  # noqa: B023 - used at once
            clock.advance(hours=1)
        server.wait_until(lambda: len(server.received) == 1)
