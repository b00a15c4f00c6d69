"""Puts a rendered mail into its envelope: headers that nothing breaks out of, and bodies of short ASCII lines.

The standard library takes a millisecond for a mail, nearly all of it for what is the same in all mails of a batch.
That is made once, and each mail is put together from it, octet for octet as the library would make it.
"""

from __future__ import annotations

import binascii
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from typing import NamedTuple

from services.mail.render import RenderedMail

LONGEST_LINE = 900
"""Octets of a body line that goes as it stands; RFC 5321, 4.5.3.1.6, allows 998."""

# In seven bits no server need be asked what it takes.
_POLICY = SMTP.clone(cte_type="7bit")

# Nobody who writes a name or an address can guess them.
_BOUNDARY = f"={secrets.token_hex(16)}="
_MARK = secrets.token_hex(8)

# What the standard library neither quotes nor folds; the tests hold the two together.
_DOMAIN = r"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_ADDRESS = rf"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*{_DOMAIN}"
_SHORT = r"(?=[^\r]{,76}\r\n)"
_PLAIN_HEADERS = re.compile(
    rf"{_SHORT}To: (?:{_ADDRESS}|(?:[A-Za-z0-9'-]+ )+<{_ADDRESS}>)\r\n{_SHORT}Message-ID: <[0-9a-f]+{_DOMAIN}>\r\n"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it travels.

    Attributes:
        content: its octets; for an address beyond ASCII the message, since its octets depend on what the server can do.
    """

    to_address: str
    content: bytes | EmailMessage = field(repr=False)


class _Body(NamedTuple):
    encoding: str
    payload: str


def seal(mail: RenderedMail) -> Letter:
    """The mail, ready to go. Raises ValueError if an address or a name would break a header."""
    bodies = _bodies(mail)
    if not (mail.to_address.isascii() and mail.from_address.isascii()):
        return Letter(mail.to_address, _message(mail, bodies))
    head, between, tail = _frame(
        mail.from_name, mail.from_address, mail.reply_to, mail.subject, mail.date, *(body.encoding for body in bodies)
    )
    text, html = (body.payload.replace("\n", "\r\n") for body in bodies)
    return Letter(mail.to_address, "".join((_own_headers(mail), head, text, between, html, tail)).encode("ascii"))


def compose(mail: RenderedMail) -> EmailMessage:
    """The mail as a message. Raises ValueError if an address or a name would break a header."""
    return _message(mail, _bodies(mail))


def _bodies(mail: RenderedMail) -> tuple[_Body, _Body]:
    return _body(mail.text), _body(mail.html.encode("ascii", "xmlcharrefreplace").decode("ascii"))


def _body(text: str) -> _Body:
    if text.isascii() and max(map(len, text.split("\n"))) <= LONGEST_LINE:
        return _Body("7bit", text)
    return _Body("quoted-printable", binascii.b2a_qp(text.encode(), istext=True).decode("ascii"))


def _own_headers(mail: RenderedMail) -> str:
    """The two headers that no other mail has."""
    to = f"{mail.to_name} <{mail.to_address}>" if mail.to_name else mail.to_address
    plain = f"To: {to}\r\nMessage-ID: {mail.message_id}\r\n"
    if _PLAIN_HEADERS.fullmatch(plain):
        return plain
    message = EmailMessage(policy=_POLICY)
    _address_to(message, mail)
    return message.as_bytes().decode("ascii").removesuffix("\r\n")


def _address_to(message: EmailMessage, mail: RenderedMail) -> None:
    message["To"] = _address(mail.to_name, mail.to_address)
    message["Message-ID"] = mail.message_id


def _message(mail: RenderedMail, bodies: tuple[_Body, _Body]) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    _address_to(message, mail)
    message["From"] = _address(mail.from_name, mail.from_address)
    if mail.reply_to.isascii():
        with suppress(ValueError):
            # Without an address of the agency, or with one that is none, answers go to the sender.
            message["Reply-To"] = _address(mail.from_name, mail.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.date)
    message["Auto-Submitted"] = "auto-generated"
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = f'multipart/alternative; boundary="{_BOUNDARY}"'
    for subtype, body in zip(("plain", "html"), bodies, strict=True):
        part = EmailMessage(policy=_POLICY)
        part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
        part["Content-Transfer-Encoding"] = body.encoding
        part.set_payload(body.payload)
        message.attach(part)
    return message


def _address(name: str, address: str) -> Address:
    mailbox, _, domain = address.rpartition("@")
    if not mailbox or not domain or not address.isprintable() or " " in address:
        raise ValueError("no address that a mail can go to")
    return Address(name, mailbox, domain)


@lru_cache(maxsize=32)
def _frame(
    from_name: str, from_address: str, reply_to: str, subject: str, date: datetime, *encodings: str
) -> tuple[str, str, str]:
    """What stands after the mail's own headers, between its bodies, and after them."""
    mark = RenderedMail(
        from_address=from_address,
        from_name=from_name,
        to_address="mark@example.com",
        to_name="",
        reply_to=reply_to,
        subject=subject,
        message_id=f"<{_MARK}@example.com>",
        date=date,
        text="",
        html="",
    )
    text, html = (f"{number}{_MARK}" for number in range(2))
    message = _message(mark, (_Body(encodings[0], text), _Body(encodings[1], html)))
    after = message.as_bytes().decode("ascii").split(f"<{_MARK}@example.com>\r\n", 1)[1]
    head, after = after.split(text)
    between, tail = after.split(html)
    return head, between, tail
