"""Who got an account and never opened it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import IdentityState, MailState
from services.accounts.access import OPENING_MAIL
from services.mail.mailbox import STATE_NAMES
from services.offices import Scope
from services.reports.people import WHO, behind, in_sight
from services.reports.reading import Found, Reading, accounts_in
from services.reports.values import Column, Days, Kind, Report, Row

REPORT = Report(
    name="never-activated",
    title="Never activated",
    about="Accounts that nobody has opened since they were created, the oldest first, with what became of their mail.",
    columns=(
        *WHO,
        Column("since", "Since", Kind.MOMENT),
        Column("days", "Days", Kind.NUMBER),
        Column("mail", "Newest mail"),
        Column("mail_at", "Mail of", Kind.MOMENT),
    ),
    none="No account has waited {days}.",
    telling="mail",
    days=Days(14, 0, 3650, "or longer"),
)

MAIL_WORDS = STATE_NAMES | {MailState.EXPIRED: "given up"}
"""What became of a mail, short enough for a narrow column."""


class NeverActivated(Reading):
    """By the moment since which an account waits."""

    report = REPORT

    def pages(self) -> Iterator[list[Found]]:
        """The accounts that have waited that long."""

        def keep(rows: list[Any], scope: Scope) -> list[Found]:
            seen = in_sight([row[1] for row in rows], scope)
            return [(row[1], "") for row in rows if row[1] in seen]

        until = self.now - self.span
        return accounts_in(self, self.actor.agency_id, IdentityState.PENDING, keep, until=until)

    def read(self, keys: Sequence[int], scope: Scope) -> list[Row]:
        """The accounts with these numbers that are still not activated."""
        people, mails, now = behind(keys, scope), _newest_mails(keys), self.now
        waiting = (Identity.id.in_(keys)) & (Identity.state == IdentityState.PENDING)
        rows: Any = Identity.select(Identity.id, Identity.state_changed_at).where(waiting).tuples()
        return [
            Row(
                identity,
                (*people[identity].cells, since, (now - since).days, *mails.get(identity, ("none", None))),
                people[identity].person,
                "error" if mails.get(identity, ("",))[0] == MAIL_WORDS[MailState.FAILED] else "",
            )
            for identity, since in rows
            if identity in people
        ]

    def told(self, counts: Counter[str], figure: Callable[[int], str]) -> str:
        """How many."""
        one = counts.total() == 1
        days = f"for {self._asked.shown_days}"
        return f"{figure(counts.total())} {'account has' if one else 'accounts have'} not been activated {days}."


def _newest_mails(identity_ids: Sequence[int]) -> dict[int, tuple[str, Any]]:
    """The state and the moment of the newest mail that opens an account, by account."""
    opening = OutboxMessage.identity_id.in_(list(identity_ids)) & OutboxMessage.purpose.in_(OPENING_MAIL)
    columns = (OutboxMessage.identity_id, OutboxMessage.state, OutboxMessage.created_at)
    rows: Any = OutboxMessage.select(*columns).where(opening).order_by(OutboxMessage.id).tuples()
    return {identity: (MAIL_WORDS[state], at) for identity, state, at in rows}
