"""The Mail tab: what was written to whom, what became of it and, without a mail server, the mails themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import Expression, fn

from models.outbox import OutboxMessage
from models.states import MailState
from services import sessions
from services.actor import Actor
from services.context import Context
from services.errors import NotFound
from services.mail.facts import facts_of, rows_where
from services.mail.handing_over import may_read
from services.mail.in_sight import mail_in_sight
from services.mail.render import Renderer, subject_of
from services.paged_rows import PagedRows
from services.rights import Right
from services.rows import TableRow
from services.when import show_moment

RECENT = timedelta(days=7)
"""How long a mail that did not arrive is counted, unless a newer one has taken its place."""

MAIL_COLUMNS = ("When", "To", "Subject", "State")
"""The titles of the columns, in the order of the cells."""

_SIGNS = {
    MailState.QUEUED: ("○ queued", "muted"),
    MailState.DEFERRED: ("◐ deferred", "warning"),
    MailState.SENT: ("● sent", "success"),
    MailState.FAILED: ("▲ failed", "error"),
    MailState.SUPERSEDED: ("□ superseded", "muted"),
    MailState.EXPIRED: ("▲ not sent in time", "error"),
}
STATE_NAMES = {state: words.partition(" ")[2] for state, (words, _) in _SIGNS.items()}
"""The states of a mail in words, without their signs."""

_NOT_HERE = "This mail is no longer here. Go back to the list and look again."


@dataclass(frozen=True, slots=True)
class MailCounts:
    """How much mail is not where it should be.

    Attributes:
        queued: waiting for its first try; deferred: for another one.
        failed: did not arrive in the last seven days, and no newer mail of its kind went to the same person.
    """

    queued: int
    deferred: int
    failed: int


@dataclass(frozen=True, slots=True)
class MailQuery:
    """Which mails the table shows.

    Attributes:
        words: what was typed; every word must begin a word of name, address or kind of mail.
        state: only these, or None for all.
    """

    words: str = ""
    state: MailState | None = None


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail as staff may see it.

    Attributes:
        state_words: where it is; server_words: what the mail server said last, or we in its place.
        secrets_shown: whether `text` and `html` hold the link and the code, or signs in their place.
        note: what to know about that; empty for mails without secrets.
    """

    id: int
    at: datetime
    to_name: str
    to_address: str
    subject: str
    state: MailState
    state_words: str
    server_words: str
    text: str
    html: str
    secrets_shown: bool
    note: str


class Mailbox:
    """What staff see of the mail of their agency.

    Attributes:
        keeps_all: whether no mail server is configured, so that all mail stays in the desk.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._renderer = Renderer(ctx.settings, ctx.keys.mail)
        self.keeps_all = not ctx.settings.mail.host

    def waiting(self, actor: Actor) -> MailCounts:
        """The numbers for the tab and the banner."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            seen = mail_in_sight(actor)
            return MailCounts(
                queued=_count(seen & (OutboxMessage.state == MailState.QUEUED)),
                deferred=_count(seen & (OutboxMessage.state == MailState.DEFERRED)),
                failed=_count(seen & _not_arrived(self._ctx.clock.now() - RECENT)),
            )

    def rows(self, actor: Actor, query: MailQuery) -> MailRows:
        """The table of the mails that a query asks for, newest first; nothing is read yet."""
        return MailRows(self._ctx, actor, query)

    def view(self, actor: Actor, message_id: int) -> MailView:
        """One mail. Link and code are in it only while they work and there is no other way to hand them over.

        Raises NotFound.
        """
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            rows = rows_where((OutboxMessage.id == message_id) & mail_in_sight(actor))
        if not rows:
            raise NotFound(_NOT_HERE)
        row = rows[0]
        shown, note = may_read(actor, row, self._ctx.clock.now(), keeps_all=self.keeps_all)
        text, html = self._bodies(row, hide_secrets=not shown)
        return MailView(
            id=row["id"],
            at=row["created_at"],
            to_name=row["to_name"],
            to_address=row["to_address"],
            subject=subject_of(row["purpose"], row["agency_name"], row["details"]),
            state=row["state"],
            state_words=_SIGNS[row["state"]][0],
            server_words=_server_words(row["reply_code"], row["reply_text"]),
            text=text,
            html=html,
            secrets_shown=shown,
            note=note,
        )

    def _bodies(self, row: dict[str, Any], *, hide_secrets: bool) -> tuple[str, str]:
        at = row["accepted_at"] or self._ctx.clock.now()
        try:
            mail = self._renderer.render(facts_of(row), at, hide_secrets=hide_secrets)
        except Exception:  # noqa: BLE001 - a mail that cannot be written must not break the tab that shows so
            return "This mail cannot be written. The log of the delivery says where.", ""
        return mail.text, mail.html


class MailRows(PagedRows):
    """The mails of one query, newest first."""

    def __init__(self, ctx: Context, actor: Actor, query: MailQuery) -> None:
        super().__init__(ctx, actor, query.words)
        self._state = query.state

    def _pages(self, size: int) -> Iterator[list[int]]:
        chosen = mail_in_sight(self._actor)
        if self._state is not None:
            chosen &= OutboxMessage.state == self._state
        at, number = OutboxMessage.created_at, OutboxMessage.id
        rest: Any = chosen
        while True:
            page: Any = OutboxMessage.select(
                number, at, OutboxMessage.to_name, OutboxMessage.to_address, OutboxMessage.purpose
            ).where(rest)
            rows = list(page.order_by(at.desc(), number.desc()).limit(size).tuples())
            yield [row[0] for row in rows if self._matches(*row[2:])]
            if len(rows) < size:
                return
            last, moment = rows[-1][:2]
            # The first of the three is what an index finds its beginning by.
            rest = chosen & (at <= moment) & ((at < moment) | (number < last))

    def _rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        now = self._ctx.clock.now()
        found = rows_where(OutboxMessage.id.in_(keys) & mail_in_sight(self._actor))
        return {row["id"]: _row(row, now) for row in found}


def _row(row: dict[str, Any], now: datetime) -> TableRow:
    words, mark = _SIGNS[row["state"]]
    if row["state"] in (MailState.DEFERRED, MailState.FAILED, MailState.EXPIRED) or row["reply_code"] is None:
        said = _server_words(row["reply_code"], row["reply_text"])
        words = f"{words}: {said}" if said else words
    to = f"{row['to_name']} <{row['to_address']}>" if row["to_name"] else row["to_address"]
    subject = subject_of(row["purpose"], row["agency_name"], row["details"])
    cells = (show_moment(row["created_at"], now), to, subject, words)
    return TableRow(row["id"], cells, ("", "", "", mark))


def _server_words(code: int | None, words: str) -> str:
    return words if code is None else f"{code} {words}".rstrip()


def _count(condition: Expression) -> int:
    return int(OutboxMessage.select().where(condition).count())


def _not_arrived(since: datetime) -> Expression:
    newer = OutboxMessage.alias()
    replaced = newer.select(fn.COUNT(newer.id)).where(
        (newer.identity_id == OutboxMessage.identity_id)
        & (newer.purpose == OutboxMessage.purpose)
        & (newer.id > OutboxMessage.id)
    )
    return (
        OutboxMessage.state.in_((MailState.FAILED, MailState.EXPIRED))
        & (OutboxMessage.ended_at >= since)
        & (replaced == 0)
    )
