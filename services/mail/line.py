"""One connection to a mail server, as smtplib makes it and yagmail holds it.

It also keeps to a limit in all, knows whether a whole letter has left, and lends its waiting time to other work.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

from services.settings import MailSecurity, MailSettings

PATIENCE = 3
"""Time-outs that connecting, or one letter, may take in all: a server that drips would outlast any lease otherwise."""

_NO_LIMIT = float("inf")


class Line(smtplib.SMTP):
    """A connection in clear, or in TLS after STARTTLS.

    Attributes:
        until: the moment on the monotonic clock after which no answer is waited for.
        meanwhile: a short piece of other work for each time that an answer is waited for; it must not raise.
        handed_over: whether the last thing sent was a letter with its final dot.
        answer: the last reply.
    """

    until = _NO_LIMIT
    meanwhile: Callable[[], object] | None = None
    handed_over = False
    answer: tuple[int, bytes] = (-1, b"")

    def __init__(self, *args: Any, **options: Any) -> None:
        self.limit(PATIENCE * options["timeout"])
        super().__init__(*args, **options)

    def limit(self, seconds: float) -> None:
        """Wait no longer than this for all that follows."""
        self.until = time.monotonic() + seconds

    def send(self, s: Any) -> None:
        self.handed_over = False
        super().send(s)
        # Commands are text; only a letter comes as bytes.
        self.handed_over = isinstance(s, bytes)

    def getreply(self) -> tuple[int, bytes]:
        if self.meanwhile is not None:
            self.meanwhile()
        if self.file is None and self.sock is not None:
            self.file = _Replies(self.sock, self)
        self.answer = super().getreply()
        return self.answer

    def abort(self) -> None:
        """End a wait of another thread on this connection at once."""
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                # Not the method of TLS sockets, which takes the encryption away under the other thread's feet.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Replies:
    """What a server says, line by line, as smtplib reads it.

    A time-out of the socket counts from the last octet, so that a server which drips would satisfy it for hours.
    """

    def __init__(self, sock: socket.socket, line: Line) -> None:
        self._sock = sock
        self._line = line
        self._buffer = bytearray()

    def readline(self, limit: int) -> bytes:
        """One line, or as much of it as came before the end. Raises TimeoutError."""
        while (end := self._buffer.find(b"\n") + 1) == 0 and len(self._buffer) < limit:
            left = self._line.until - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(min(self._line.timeout, left))
            octets = self._sock.recv(4096)
            if not octets:
                end = len(self._buffer)
                break
            self._buffer += octets
        taken = bytes(self._buffer[: end or limit])
        del self._buffer[: len(taken)]
        return taken

    def close(self) -> None:
        """Nothing is held but the socket, which its owner closes."""


class TlsLine(Line, smtplib.SMTP_SSL):
    """A connection in TLS from its first octet."""


def connect(settings: MailSettings) -> Any:
    """A yagmail connection, verified, not signed in, whose `smtp` is a `Line`. Raises OSError or SMTPException."""
    options: dict[str, Any] = {}
    if settings.security is not MailSecurity.NONE:
        options["context"] = ssl.create_default_context(cafile=settings.ca_file)
    starttls = settings.security is MailSecurity.STARTTLS
    held = _holder()(
        user={settings.from_address: settings.from_name},
        host=settings.host,
        port=settings.port,
        smtp_ssl=settings.security is MailSecurity.TLS,
        smtp_starttls={"context": options.pop("context")} if starttls else False,
        smtp_skip_login=True,
        soft_email_validation=False,
        timeout=settings.timeout,
        local_hostname=_own_name(settings),
        **options,
    )
    # Its log would go to the terminal, with addresses.
    held.set_logging(None)
    try:
        held.login()
        held.smtp.ehlo_or_helo_if_needed()
    except BaseException:
        drop(held)
        raise
    return held


def drop(held: Any) -> None:
    """Close a yagmail connection without a word; its own way would wait for the server's goodbye."""
    held.is_closed = True
    if held.smtp is not None:
        with suppress(OSError):
            held.smtp.close()


@cache
def _holder() -> Any:
    # Only whoever sends mail pays for the import.
    import yagmail

    class Holder(yagmail.SMTP):  # type: ignore[misc]  # yagmail brings no types
        """yagmail's connection, made of the lines above."""

        @property
        def connection(self) -> type[Line]:
            return TlsLine if self.ssl else Line

    return Holder


def _own_name(settings: MailSettings) -> str:
    """How this machine greets; smtplib would ask the network for it, which can take long."""
    name = socket.gethostname()
    if "." not in name or not name.isascii():
        name = settings.from_address.rpartition("@")[2]
    return name if name.isascii() and name else "localhost"
