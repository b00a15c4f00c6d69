"""Carries letters to the mail server over one connection, and says in plain terms what became of each.

yagmail holds the connection; everything that it would do to a message is left out (DESIGN, section 7).
"""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

from services.mail import line
from services.mail.letter import Letter
from services.mail.line import Line
from services.settings import MailSettings
from services.text import safe

MOST_PER_CONNECTION = 100
LONGEST_IDLE = 60.0
"""Seconds after which a connection is not trusted any more."""

ASKED_WHEN_IDLE = 1.0
"""Seconds after which the server is asked whether it is still there before it gets a letter."""

WORDS_KEPT = 200
"""Signs of a server's answer that are kept."""

LONGEST_PASSWORD_FILE = 4096

_NOT_OF_THE_LETTER = (421, 530, 534, 538)
"""The service closes, or wants a sign-in or encryption: no letter at all would be taken (RFC 5321, RFC 4954)."""


class Kind(StrEnum):
    """What became of a letter."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter.

    Attributes:
        code: the server's; None if it said nothing.
        words: the server's or ours, one harmless line.
        of_server: whether any other letter would fare the same now.
    """

    kind: Kind
    code: int | None
    words: str
    of_server: bool = False


class PasswordUnusable(OSError):
    """The file with the password of the mail account cannot be used; the text says why and what to do."""


class Smtp:
    """The way to one mail server: connects when it must, and again after a failure."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._held: Any = None
        self._carried = 0
        self._used_at = 0.0

    def __enter__(self) -> Smtp:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def longest(self) -> float:
        """Seconds that `send` can take."""
        return (1 + 2 * line.PATIENCE) * self._settings.timeout

    def send(self, letter: Letter, meanwhile: Callable[[], object] | None = None) -> Outcome:
        """Hand one letter over; never raises for what a server or a network does.

        Args:
            meanwhile: a short piece of other work, done each time the server is waited for; it must not raise.
        """
        try:
            open_line = self._connected()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            return _not_reached(error, self._settings)
        open_line.limit(line.PATIENCE * self._settings.timeout)
        open_line.meanwhile = meanwhile
        try:
            return _hand_over(open_line, letter, self._settings.from_address)
        finally:
            open_line.meanwhile = None
            self._carried += 1
            self._used_at = time.monotonic()

    def reach(self) -> str:
        """Connect and sign in to the server; says why that does not work, or nothing when it does."""
        try:
            self._connected()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            return _not_reached(error, self._settings).words
        return ""

    @property
    def certificate_ends(self) -> datetime | None:
        """Until when the server's certificate holds; None without a connection, and without encryption."""
        open_line = self._line()
        sock = None if open_line is None else open_line.sock
        told = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC) if told else None

    def close(self) -> None:
        """Say goodbye, if there is a connection; may be called twice."""
        open_line = self._line()
        if open_line is not None:
            open_line.limit(1)
            with suppress(OSError, smtplib.SMTPException):
                open_line.quit()
        self._drop()

    def rest(self) -> None:
        """Say goodbye if the connection has not been used for long."""
        if self._held is not None and time.monotonic() - self._used_at > LONGEST_IDLE:
            self.close()

    def abort(self) -> None:
        """End a wait of another thread in `send`, whose outcome then is that the line broke."""
        open_line = self._line()
        if open_line is not None:
            open_line.abort()

    def _line(self) -> Line | None:
        """The connection, if one is open."""
        held = self._held
        return held.smtp if held is not None and held.smtp.sock is not None else None

    def _drop(self) -> None:
        if self._held is not None:
            line.drop(self._held)
            self._held = None

    def _connected(self) -> Line:
        idle = time.monotonic() - self._used_at
        if self._carried >= MOST_PER_CONNECTION or idle > LONGEST_IDLE:
            self.close()
        open_line = self._line()
        if open_line is not None and (idle < ASKED_WHEN_IDLE or _is_there(open_line, self._settings)):
            return open_line
        self._drop()
        held = line.connect(self._settings)
        try:
            if self._settings.user:
                held.smtp.login(self._settings.user, _password(self._settings.password_file))
        except BaseException:
            line.drop(held)
            raise
        self._held, self._carried = held, 0
        return self._held.smtp  # type: ignore[no-any-return]  # yagmail brings no types


def _is_there(open_line: Line, settings: MailSettings) -> bool:
    open_line.limit(settings.timeout)
    try:
        return open_line.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _hand_over(open_line: Line, letter: Letter, sender: str) -> Outcome:
    if smtplib.quoteaddr(letter.to_address) != f"<{letter.to_address}>":
        # smtplib would make an address of it by leaving things out.
        return Outcome(Kind.REFUSED, None, "This is no address that a mail can go to.")
    try:
        if isinstance(letter.content, bytes):
            open_line.sendmail(sender, [letter.to_address], letter.content)
        else:
            open_line.send_message(letter.content, sender, [letter.to_address])
    except smtplib.SMTPRecipientsRefused as error:
        return _answered(*error.recipients[letter.to_address])
    except smtplib.SMTPSenderRefused as error:
        return _answered(error.smtp_code, error.smtp_error)
    except smtplib.SMTPDataError as error:
        with suppress(OSError, smtplib.SMTPException):
            # smtplib leaves the server waiting for the letter when it refuses to begin.
            open_line.rset()
        return _answered(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPNotSupportedError, ValueError):
        return Outcome(Kind.REFUSED, None, "The mail server takes no address with such signs.")
    except (OSError, smtplib.SMTPException) as error:
        handed_over = open_line.handed_over
        open_line.close()
        if handed_over:
            return Outcome(Kind.UNKNOWN, None, "The line broke before the server said whether it took the mail.")
        return Outcome(Kind.DEFERRED, None, f"The line to the mail server broke: {_words(str(error))}")
    return _answered(*open_line.answer)


def _answered(code: int, reply: bytes | str) -> Outcome:
    words = _words(reply)
    if code in _NOT_OF_THE_LETTER:
        return Outcome(Kind.DEFERRED, code, words, of_server=True)
    if 200 <= code < 300:
        return Outcome(Kind.ACCEPTED, code, words)
    if 500 <= code < 600:
        return Outcome(Kind.REFUSED, code, words)
    return Outcome(Kind.DEFERRED, code if 100 <= code < 1000 else None, words)


def _words(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return safe(text[: 4 * WORDS_KEPT]).strip()[:WORDS_KEPT]


def _not_reached(error: Exception, settings: MailSettings) -> Outcome:
    code = None
    server = f"{settings.host}:{settings.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        code, words = (
            error.smtp_code,
            f"{server} does not accept the user name and password: {_words(error.smtp_error)}",
        )
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, f"{server} lets nobody in: {_words(error.smtp_error)}"
    else:
        words = _reason(error, settings)
    return Outcome(Kind.DEFERRED, code, words[:WORDS_KEPT], of_server=True)


def _reason(error: Exception, settings: MailSettings) -> str:
    server = f"{settings.host}:{settings.port}"
    if isinstance(error, PasswordUnusable):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {server} is not trusted: {_words(error.verify_message)}"
    if isinstance(error, ssl.SSLError):
        return f"No encrypted line to {server}: {_words(error.reason or str(error))}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{server} does not offer what the settings ask for: {_words(str(error))}"
    if isinstance(error, UnicodeError):
        return f"The user name, the password or the name of {server} holds signs that no mail server takes."
    if isinstance(error, TimeoutError):
        return f"{server} does not answer."
    if isinstance(error, FileNotFoundError | PermissionError):
        return f"The file of the certificate authority, {settings.ca_file}, cannot be read: {error.strerror}"
    if isinstance(error, socket.gaierror):
        return f"Nobody knows where {server} is: {_words(error.strerror or '')}"
    return f"No line to {server}: {_words(getattr(error, 'strerror', None) or str(error))}"


def _password(path: Path | None) -> str:
    """Read anew for each connection, so that a changed password needs no restart."""
    if path is None:
        raise PasswordUnusable(
            "There is a user name for the mail server but no password_file. Name one in the settings."
        )
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(LONGEST_PASSWORD_FILE)
    except OSError as error:
        raise PasswordUnusable(f"The password file {path} cannot be read: {error.strerror}") from error
    if mode & 0o077:
        raise PasswordUnusable(f"Others on this machine can read {path}. Run `chmod 600 {path}`.")
    return text.decode().rstrip("\r\n")
