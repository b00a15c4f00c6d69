"""The mailbox of everybody in a sandbox: complete letters, with the links and codes that work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.outbox import OutboxMessage
from models.states import MailState
from services.credentials import tokens
from services.desk import Desk
from services.errors import NotFound
from services.mail.facts import OPENED_BY, facts_of, rows_where
from services.mail.render import Renderer, subject_of
from services.sandbox.clock import clock_of
from services.text import safe

MOST = 200
"""Mails that are listed."""


@dataclass(frozen=True, slots=True)
class SandboxMail:
    """A line of the mailbox."""

    id: int
    at: datetime
    to_name: str
    to_address: str
    subject: str


@dataclass(frozen=True, slots=True)
class SandboxLetter:
    """A mail as its reader has it.

    Attributes:
        link: stands in the text; empty where there is none.
    """

    mail: SandboxMail
    from_name: str
    from_address: str
    text: str
    link: str


class SandboxMailbox:
    """What has arrived; it exists over a sandbox only, since it shows what nobody at a desk may see."""

    def __init__(self, desk: Desk) -> None:
        """Raises TypeError for a desk that is no sandbox."""
        clock_of(desk)
        self._ctx = desk.ctx
        self._renderer = Renderer(desk.ctx.settings, desk.ctx.keys.mail)

    def newest(self) -> int:
        """The number of the newest mail, arrived or not; 0 for none."""
        with self._ctx.read():
            row = OutboxMessage.select(OutboxMessage.id).order_by(OutboxMessage.id.desc()).first()
            return 0 if row is None else int(row.id)

    def mails(self, words: str = "") -> tuple[SandboxMail, ...]:
        """What has arrived, the newest first; only what has these words in address, name or subject."""
        with self._ctx.read():
            rows = rows_where(OutboxMessage.state == MailState.SENT)
        # Not by number alone: what lies before a scene is written down when the scene is made.
        mails = sorted((_line(row) for row in rows), key=lambda mail: (mail.at, mail.id), reverse=True)
        wanted = words.casefold().split()
        return tuple(
            mail
            for mail in mails
            if all(word in f"{mail.to_name} {mail.to_address} {mail.subject}".casefold() for word in wanted)
        )[:MOST]

    def letter(self, number: int) -> SandboxLetter:
        """A mail in full. Raises NotFound."""
        with self._ctx.read():
            rows = rows_where(OutboxMessage.id == number)
        if not rows:
            raise NotFound("This mail is not in the sandbox any more.")
        [row] = rows
        written = self._renderer.render(facts_of(row), row["accepted_at"] or row["created_at"])
        purpose = OPENED_BY.get(row["purpose"])
        begins = (
            "" if purpose is None or purpose in tokens.CODE_ONLY else f"{self._ctx.settings.public_url}/#{purpose}="
        )
        link = next((word for word in written.text.split() if begins and word.startswith(begins)), "")
        return SandboxLetter(_line(row), safe(written.from_name), safe(written.from_address), written.text, link)


def _line(row: dict[str, Any]) -> SandboxMail:
    return SandboxMail(
        row["id"],
        row["accepted_at"] or row["created_at"],
        safe(row["to_name"]),
        safe(row["to_address"]),
        safe(subject_of(row["purpose"], row["agency_name"], row["details"])),
    )
