"""How far clients are with their accounts, how long people take to activate theirs, and what became of the mails."""

from __future__ import annotations

from typing import Any

from peewee import fn

from models.client import Client
from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import Access, IdentityState, MailState
from services.analytics.asked import Asked
from services.analytics.charts import Axis, Chart, Number, Series, Shape, Unit, counted, middle, within
from services.analytics.sight import accounts_in_sight, clients_in_sight
from services.analytics.values import AgencyChart
from services.clients.rows import ACCESS_NAMES
from services.mail.in_sight import mail_in_sight
from services.mail.mailbox import STATE_NAMES

_HOUR = 60
_DAY = 24 * _HOUR
STRETCHES = (
    ("within an hour", _HOUR),
    ("1 to 24 hours", _DAY),
    ("1 to 3 days", 3 * _DAY),
    ("3 to 7 days", 7 * _DAY),
    ("1 to 4 weeks", 28 * _DAY),
    ("later", None),
)
"""Each with the minutes at which it ends."""

NOT_YET = "not yet"
_MINUTE = 60_000


def access_states(asked: Asked) -> Chart:
    """How many clients are in which state."""
    found: Any = (
        Client.select(Client.access, fn.COUNT(Client.id))
        .where(clients_in_sight(asked.actor))
        .group_by(Client.access)
        .tuples()
    )
    counts = {Access(state): int(count) for state, count in found}
    total = sum(counts.values())
    if total:
        active = counts.get(Access.ACTIVE, 0)
        share = "less than 1%" if 0 < active < total / 100 else f"{active / total:.0%}"
        told = f"{counted(total, 'client', 'clients', asked.written)}, {share} of them active."
        undelivered = counts.get(Access.UNDELIVERABLE, 0)
        if undelivered:
            told += f" Mail does not reach {asked.written.count(undelivered)}."
    else:
        told = "There is no client yet."
    return Chart(
        key=AgencyChart.ACCESS,
        title="Clients by access",
        finding=told,
        shape=Shape.BARS,
        along=Axis("Access", Unit.NAME),
        up=Axis("Clients", Unit.COUNT),
        places=tuple(ACCESS_NAMES[state] for state in Access),
        series=(Series("Clients", tuple(counts.get(state, 0) for state in Access)),),
        written=asked.written,
    )


def activation(asked: Asked) -> Chart:
    """How long after their creation the accounts of the period were activated, clients' and colleagues' alike."""
    # Whole minutes keep the groups few, however many accounts there are.
    minutes = ((Identity.activated_at - Identity.created_at) / _MINUTE).alias("minutes")
    found: Any = (
        Identity.select(minutes, fn.COUNT(Identity.id))
        .where(
            accounts_in_sight(asked.actor, Identity.agency, Identity.id)
            & (Identity.created_at >= asked.pieces.since)
            # No state is older than its account; so the index of states leaves out all others.
            & Identity.state.in_(list(IdentityState))
            & (Identity.state_changed_at >= asked.pieces.since)
        )
        .group_by(minutes)
        .order_by(minutes)
        .tuples()
    )
    taken: list[tuple[Number, int]] = []
    waiting = 0
    counts = [0] * len(STRETCHES)
    for value, count in found:
        if value is None:
            waiting = int(count)
            continue
        span = max(0, int(value))
        taken.append((span, int(count)))
        counts[next(place for place, (_, end) in enumerate(STRETCHES) if end is None or span < end)] += int(count)
    return Chart(
        key=AgencyChart.ACTIVATION,
        title=f"Time to activation, accounts created in the last {asked.period}",
        finding=_activation_told(asked, sorted(taken), waiting),
        shape=Shape.BARS,
        along=Axis("After", Unit.NAME),
        up=Axis("Accounts", Unit.COUNT),
        places=(*(name for name, _ in STRETCHES), NOT_YET),
        series=(Series("Accounts", (*counts, waiting)),),
        written=asked.written,
    )


def _activation_told(asked: Asked, taken: list[tuple[Number, int]], waiting: int) -> str:
    half = middle(taken)
    done = sum(count for _, count in taken)
    if half is None and not waiting:
        return f"No account was created in the last {asked.period}."
    late = f"{counted(waiting, 'is', 'are', asked.written)} not activated yet." if waiting else "All are activated."
    if half is None:
        return f"None of the accounts that were created in the last {asked.period} is activated yet."
    return (
        f"{counted(done, 'account was', 'accounts were', asked.written)} activated, "
        f"half of them {within(int(half))}. {late}"
    )


def mails(asked: Asked) -> Chart:
    """What became of the mails of the period."""
    found: Any = (
        OutboxMessage.select(OutboxMessage.state, fn.COUNT(OutboxMessage.id))
        .where(mail_in_sight(asked.actor) & (OutboxMessage.created_at >= asked.pieces.since))
        .group_by(OutboxMessage.state)
        .tuples()
    )
    counts = {MailState(state): int(count) for state, count in found}
    total = sum(counts.values())
    lost = counts.get(MailState.FAILED, 0) + counts.get(MailState.EXPIRED, 0)
    if not total:
        told = f"No mail was written in the last {asked.period}."
    else:
        told = f"{counted(total, 'mail was', 'mails were', asked.written)} written; "
        share = f"{asked.written.count(lost)} ({lost / total:.1%}) did not arrive."
        told += share if lost else "none is known to be lost."
    return Chart(
        key=AgencyChart.MAILS,
        title=f"Mails of the last {asked.period} by state",
        finding=told,
        shape=Shape.BARS,
        along=Axis("State", Unit.NAME),
        up=Axis("Mails", Unit.COUNT),
        places=tuple(STATE_NAMES[state] for state in MailState),
        series=(Series("Mails", tuple(counts.get(state, 0) for state in MailState)),),
        written=asked.written,
    )
