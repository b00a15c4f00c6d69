"""What the tests of the delivery share: a server, an agency, mail to send, and ways to wait for threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from models.agency import Agency
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.states import IdentityState, MailState, Role, TokenPurpose
from services.context import Context
from services.credentials import tokens
from services.mail.delivery import Delivery
from services.settings import MailSecurity, MailSettings
from tests.services.smtp_server import SmtpServer


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def mailing(ctx: Context, server: SmtpServer) -> Context:
    """The context of a desk that has this mail server."""
    return with_server(ctx, server)


@pytest.fixture
def agency(ctx: Context) -> Agency:
    with ctx.unit():
        return Agency.create(name="Ray Staging", code="919236", code_key="919236", created_at=ctx.clock.now())


def with_server(ctx: Context, server: SmtpServer, timeout: float = 5) -> Context:
    mail = MailSettings(
        host="127.0.0.1",
        port=server.port,
        security=MailSecurity.NONE,
        from_address="desk@ray.example",
        timeout=timeout,
    )
    return replace(ctx, settings=replace(ctx.settings, mail=mail))


def welcome(ctx: Context, agency: Agency, *names: str) -> list[OutboxMessage]:
    """Queue a welcome mail for each name, to NAME@example.com."""
    now = ctx.clock.now()
    made = []
    with ctx.unit():
        for name in names:
            identity = Identity.create(
                agency=agency,
                email=f"{name}@example.com",
                email_key=f"{name}@example.com",
                name=name.title(),
                role=Role.CLIENT,
                state=IdentityState.PENDING,
                created_at=now,
                state_changed_at=now,
                state_changed_by="test",
            )
            made.append(tokens.issue(ctx, identity, TokenPurpose.ACTIVATE, by="Sue Wright").message)
    return made


def many(count: int) -> list[str]:
    return [f"person{number:03}" for number in range(count)]


def reread(ctx: Context, message: OutboxMessage) -> OutboxMessage:
    with ctx.read():
        return OutboxMessage.get_by_id(message.id)


def states(ctx: Context) -> dict[str, MailState]:
    with ctx.read():
        return {row.to_address.partition("@")[0]: row.state for row in OutboxMessage.select()}


def token_of(ctx: Context, message: OutboxMessage) -> OneTimeToken:
    with ctx.read():
        return OneTimeToken.get(OneTimeToken.message == message)


def until(condition: Callable[[], bool], seconds: int = 20) -> None:
    """Wait for what another thread writes into the database."""
    for _ in range(20 * seconds):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come to this")


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


class RunningLoop:
    """The delivery's loop in a thread of its own, stopped at the end of the `with`."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.stop = threading.Event()
        self.delivery = Delivery(ctx)
        self.thread = threading.Thread(target=self.delivery.run, args=(self.stop, ctx.mail_waiting), daemon=True)

    def __enter__(self) -> RunningLoop:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()
