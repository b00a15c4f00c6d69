"""Closed accounts that somebody was using, or still tries to use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from peewee import fn

from models.audit import AuditEntry
from models.identity import Identity, Session
from models.states import IdentityState
from services.audit import Action
from services.offices import Scope
from services.reports.people import WHO, behind, in_sight
from services.reports.reading import Found, Reading, accounts_in
from services.reports.values import Column, Days, Kind, Report, Row
from services.rights import Right
from services.text import safe

REPORT = Report(
    name="deactivated-active",
    title="Deactivated, but recently active",
    about="Closed accounts whose owner signed in shortly before that, or has tried to get in since, the newest first.",
    columns=(
        *WHO,
        Column("deactivated_at", "Deactivated", Kind.MOMENT),
        Column("deactivated_by", "By"),
        Column("reason", "Reason"),
        Column("last_sign_in", "Last sign-in", Kind.MOMENT),
        Column("tries_since", "Tries", Kind.NUMBER),
        Column("last_try", "Last try", Kind.MOMENT),
    ),
    none="No closed account was in use shortly before, or is tried since.",
    telling="tries_since",
    days=Days(30, 1, 3650, "before it was closed"),
    right=Right.REPORTS,
)

_TRIED, _USED = "tried", "used"
_TRIES = (Action.SIGN_IN_FAILED, Action.SIGN_IN_DELAYED, Action.SSH_KEY_REFUSED, Action.RESET_ASKED)
"""By what somebody shows who wants to get in."""


class DeactivatedActive(Reading):
    """By the moment of the deactivation."""

    report = REPORT

    def pages(self) -> Iterator[list[Found]]:
        """The accounts that were used shortly before, or are tried since."""

        def keep(rows: list[Any], scope: Scope) -> list[Found]:
            numbers = [row[1] for row in rows]
            signed_in, tries = _last_sign_ins(numbers), _tries_since(numbers)
            active = [
                (number, _TRIED if number in tries else _USED)
                for closed_at, number in rows
                if number in tries or self._recent(signed_in.get(number), closed_at)
            ]
            seen = in_sight([number for number, _ in active], scope)
            return [found for found in active if found[0] in seen]

        return accounts_in(self, self.actor.agency_id, IdentityState.DEACTIVATED, keep, newest=True)

    def read(self, keys: Sequence[int], scope: Scope) -> list[Row]:
        """The accounts with these numbers that are still closed."""
        people, signed_in, tries = behind(keys, scope), _last_sign_ins(keys), _tries_since(keys)
        closed = Identity.id.in_(list(people)) & (Identity.state == IdentityState.DEACTIVATED)
        rows = []
        for account in Identity.select().where(closed):
            count, last_try = tries.get(account.id, (0, None))
            cells = (
                *people[account.id].cells,
                *(account.state_changed_at, safe(account.state_changed_by), safe(account.state_reason)),
                *(signed_in.get(account.id), count, last_try),
            )
            rows.append(Row(account.id, cells, people[account.id].person, "error" if count else "warning"))
        return rows

    def told(self, counts: Counter[str], figure: Callable[[int], str]) -> str:
        """How many, and how many of them still try."""
        total = counts.total()
        was, tried_at = ("account was", "is") if total == 1 else ("accounts were", "are")
        tried = f"{figure(counts[_TRIED]) if counts[_TRIED] else 'none'} of them tried"
        return f"{figure(total)} closed {was} in use until shortly before, or {tried_at} tried since: {tried}."

    def _recent(self, signed_in: datetime | None, closed_at: int) -> bool:
        moment = Identity.state_changed_at.python_value(closed_at)
        return signed_in is not None and moment is not None and signed_in >= moment - self.span


def _last_sign_ins(identity_ids: Sequence[int]) -> dict[int, datetime]:
    """When each account was signed in last, of those that ever were."""
    opened = Session.identity.in_(list(identity_ids)) & Session.awaits.is_null()
    newest = fn.MAX(Session.created_at)
    rows: Any = Session.select(Session.identity, newest).where(opened).group_by(Session.identity).tuples()
    return dict(rows)


def _tries_since(identity_ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """How often somebody has tried to get into each account since it was closed, and when last."""
    rows: Any = (
        AuditEntry.select(AuditEntry.identity_id, fn.COUNT(AuditEntry.id), fn.MAX(AuditEntry.at))
        .join(Identity, on=(Identity.id == AuditEntry.identity_id))
        .where(
            AuditEntry.identity_id.in_(list(identity_ids))
            & (AuditEntry.at >= Identity.state_changed_at)
            & AuditEntry.action.in_([action.value for action in _TRIES])
        )
        .group_by(AuditEntry.identity_id)
        .tuples()
    )
    return {number: (count, at) for number, count, at in rows}
