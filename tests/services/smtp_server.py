"""A mail server on loopback, made of aiosmtpd, that keeps what it is sent and misbehaves on request."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.services.certificates import Certificate


class Stage(StrEnum):
    """Where in the conversation something can go wrong; BODY is after the final dot."""

    BANNER = "banner"
    EHLO = "ehlo"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    NOOP = "noop"


DROP = "drop the line"
HANG = "say nothing until released"


@dataclass(frozen=True)
class Received:
    """One mail as it came in.

    Attributes:
        connection: a number for the connection on which it came; user: who signed in on it, or empty.
    """

    sender: str
    recipients: tuple[str, ...]
    octets: bytes
    connection: int
    user: str
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """The mail as a mail program reads it."""
        return message_from_bytes(self.octets, policy=policy.default)

    @property
    def message_id(self) -> str:
        """The Message-ID with its brackets."""
        return str(self.message["Message-ID"])


@dataclass
class _Rule:
    action: str
    address: str
    times: int


class SmtpServer:
    """Runs in a thread of this process; use it as a context manager."""

    def __init__(
        self,
        *,
        certificate: Certificate | None = None,
        implicit_tls: bool = False,
        login: tuple[str, str] | None = None,
        utf8: bool = False,
    ) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self.seen: Counter[Stage] = Counter()
        self.changed = threading.Condition()
        self._certificate, self._implicit_tls, self._login, self._utf8 = certificate, implicit_tls, login, utf8
        self._rules: dict[Stage, list[_Rule]] = {}
        self._loop = asyncio.new_event_loop()
        self._released = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-server", daemon=True)
        self.port = 0

    def __enter__(self) -> SmtpServer:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def on(self, stage: Stage, action: str, *, address: str = "", times: int = 1_000_000) -> None:
        """From now on answer like this at a stage: a reply such as "550 no such user", DROP or HANG.

        Args:
            address: only for mail to it; from RCPT on.
            times: how often.
        """
        self._rules.setdefault(stage, []).append(_Rule(action, address, times))

    def behave(self) -> None:
        """Forget all bad manners, and let go of who hangs."""
        self._rules.clear()
        self.let_go()

    def let_go(self) -> None:
        """Answer those who hang; whoever comes later hangs again."""

        def release() -> None:
            self._released.set()
            self._released = asyncio.Event()

        self._loop.call_soon_threadsafe(release)

    def wait_until(self, condition: Callable[[], bool], timeout: float = 20) -> None:
        """Wait for what the server sees; fails the test if it does not come."""
        with self.changed:
            assert self.changed.wait_for(condition, timeout), f"the server saw {len(self.received)} mails, {self.seen}"

    def message_ids(self) -> Counter[str]:
        """How often each Message-ID came in."""
        return Counter(mail.message_id for mail in self.received)

    def addresses(self) -> list[str]:
        """Who got mail, in its order."""
        return [mail.recipients[0] for mail in self.received]

    def stop_listening(self) -> None:
        """Take no new connections, as a server that is away."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)

    def listen_again(self) -> None:
        """Be there again, at the same port."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    async def _listen(self) -> None:
        context = None
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate.chain, self._certificate.key)
        self._server = await self._loop.create_server(
            lambda: _Protocol(self, None if self._implicit_tls else context, self._login, self._utf8, self._loop),
            "127.0.0.1",
            self.port,
            ssl=context if self._implicit_tls else None,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()

    async def _end(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def noted(self, change: Callable[[], object]) -> None:
        """Change what the tests look at, and tell who waits for it."""
        with self.changed:
            change()
            self.changed.notify_all()

    async def act(self, protocol: _Protocol, stage: Stage, addresses: list[str]) -> str | None:
        """Do what is asked for at this stage; the reply to give instead of the usual one, if any."""
        self.noted(lambda: self.seen.update([stage]))
        for rule in self._rules.get(stage, []):
            if rule.times > 0 and (not rule.address or rule.address in addresses):
                rule.times -= 1
                if rule.action == HANG:
                    await self._released.wait()
                    return None
                if rule.action == DROP:
                    assert protocol.transport is not None
                    protocol.transport.abort()  # type: ignore[attr-defined]
                    raise ConnectionResetError
                return rule.action
        return None


class _Protocol(SMTP):
    """One connection."""

    def __init__(
        self,
        server: SmtpServer,
        starttls: ssl.SSLContext | None,
        login: tuple[str, str] | None,
        utf8: bool,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._script = server
        self._known = login
        server.noted(lambda: setattr(server, "connections", server.connections + 1))
        self._number = server.connections
        super().__init__(
            _Handler(server, self),
            hostname="localhost",
            loop=loop,
            tls_context=starttls,
            enable_SMTPUTF8=utf8,
            authenticator=self._check if login else None,
            auth_required=login is not None,
            auth_require_tls=False,
        )

    @property
    def number(self) -> int:
        return self._number

    def _check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = (data.login.decode(), data.password.decode()) == self._known
        return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)

    async def push(self, status: Any) -> None:
        if str(status).startswith("220 localhost"):
            status = await self._script.act(self, Stage.BANNER, []) or status
        await super().push(status)

    async def _unless_scripted(self, stage: Stage, addresses: list[str], usual: Callable[[], Any]) -> None:
        reply = await self._script.act(self, stage, addresses)
        if reply is None:
            await usual()
        else:
            await self.push(reply)

    async def smtp_EHLO(self, hostname: str) -> None:
        await self._unless_scripted(Stage.EHLO, [], lambda: super(_Protocol, self).smtp_EHLO(hostname))

    async def smtp_HELO(self, hostname: str) -> None:
        await self._unless_scripted(Stage.EHLO, [], lambda: super(_Protocol, self).smtp_HELO(hostname))

    async def smtp_AUTH(self, arg: str) -> None:
        await self._unless_scripted(Stage.AUTH, [], lambda: super(_Protocol, self).smtp_AUTH(arg))

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self._unless_scripted(Stage.MAIL, [], lambda: super(_Protocol, self).smtp_MAIL(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:
        address = (arg or "").partition("<")[2].partition(">")[0]
        await self._unless_scripted(Stage.RCPT, [address], lambda: super(_Protocol, self).smtp_RCPT(arg))

    async def smtp_DATA(self, arg: str) -> None:
        assert self.envelope is not None
        addresses = list(self.envelope.rcpt_tos)
        await self._unless_scripted(Stage.DATA, addresses, lambda: super(_Protocol, self).smtp_DATA(arg))

    async def smtp_NOOP(self, arg: str) -> None:
        await self._unless_scripted(Stage.NOOP, [], lambda: super(_Protocol, self).smtp_NOOP(arg))


class _Handler:
    """Takes a mail after its final dot."""

    def __init__(self, server: SmtpServer, protocol: _Protocol) -> None:
        self._script, self._protocol = server, protocol

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        transport = self._protocol.transport
        assert transport is not None
        mail = Received(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            octets=bytes(envelope.original_content or b""),
            connection=self._protocol.number,
            user=str(session.auth_data or ""),
            encrypted=session.ssl is not None or transport.get_extra_info("sslcontext") is not None,
        )
        # A server that drops the line has taken the mail all the same; one that answers 4xx or 5xx has not.
        taken = not any(
            rule.times > 0 and rule.action[:1] in "45" and (not rule.address or rule.address in envelope.rcpt_tos)
            for rule in self._script._rules.get(Stage.BODY, [])
        )
        if taken:
            self._script.noted(lambda: self._script.received.append(mail))
        reply = await self._script.act(self._protocol, Stage.BODY, list(envelope.rcpt_tos))
        return reply or f"250 2.0.0 Ok: queued as {len(self._script.received):06X}"
