"""The post of a sandbox: takes every letter and keeps it where it is, or refuses it as a mail server would."""

from __future__ import annotations

from collections.abc import Callable

from services.desk import Desk
from services.mail.delivery import Delivery
from services.mail.letter import Letter
from services.mail.smtp import Kind, Outcome
from services.sandbox.clock import clock_of

MAIL_HOST = "nowhere.invalid."
"""Stands in the settings, so that the desk believes in a mail server; no name can ever lead there (RFC 6761)."""

REFUSED_DOMAINS = ("invalid", "wrong.example")
"""Mail to these domains, and to those below them, bounces."""

_TAKEN = Outcome(Kind.ACCEPTED, 250, "2.0.0 taken by the mailbox of the sandbox")
_BOUNCED = Outcome(Kind.REFUSED, 550, "5.1.1 No such user here")


def refuses(address: str) -> bool:
    """Whether mail to this address bounces in a sandbox."""
    domain = address.rpartition("@")[2].casefold()
    return any(domain == refused or domain.endswith(f".{refused}") for refused in REFUSED_DOMAINS)


def deliver(desk: Desk) -> int:
    """Deal with all mail of a sandbox that is due, at the present moment of its clock. Returns with how much.

    Raises TypeError for a desk that is no sandbox.
    """
    clock_of(desk)
    delivery, dealt = Delivery(desk.ctx, SandboxPost()), 0
    while done := delivery.run_once():
        dealt += done
    return dealt


class SandboxPost:
    """Carries letters nowhere."""

    longest = 0.0

    def send(self, letter: Letter, meanwhile: Callable[[], object] | None = None) -> Outcome:
        """What a mail server would have said."""
        return _BOUNCED if refuses(letter.to_address) else _TAKEN

    def rest(self) -> None:
        """There is no connection."""

    def close(self) -> None:
        """There is no connection."""

    def abort(self) -> None:
        """Nothing is waited for."""
