"""What happened to a client's account, and the mail to it, as time went by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import SQL, Case, fn

from models.audit import AuditEntry
from models.client import Client
from models.outbox import OutboxMessage
from models.states import AuditResult
from services.analytics.charts import Axis, Chart, Series, Shape, Unit, counted
from services.analytics.periods import Period, Pieces, pieces_of
from services.analytics.resets import IS_RESET
from services.analytics.values import ClientChart
from services.audit import Action
from services.conventions import Conventions

KINDS = ("Sign-ins", "Failed sign-ins", "Resets", "Mails")
_SIGN_INS, _FAILED, _RESETS, _MAILS = range(len(KINDS))

_FAILURES = (Action.SIGN_IN_FAILED.value, Action.SIGN_IN_DELAYED.value, Action.SIGN_IN_CODE_WRONG.value)


def activity(client: Client, period: Period, now: datetime, written: Conventions) -> Chart:
    """How often the client signed in, tried to, needed a reset and was written to, in each piece of the period.

    Call it inside a read, with the session checked and the client in sight.
    """
    pieces = pieces_of(period, now)
    counts = [[0] * len(pieces.starts) for _ in KINDS]
    for place, kind, count in _events(client, pieces):
        counts[int(kind)][int(place)] += int(count)
    for place, count in _mails(client, pieces):
        counts[_MAILS][int(place)] += int(count)
    return Chart(
        key=ClientChart.ACTIVITY,
        title=f"The account in the last {period}, by {pieces.word}",
        finding=_told(client, period, [sum(one) for one in counts], written),
        shape=Shape.COLUMNS,
        along=Axis(pieces.word.capitalize(), pieces.unit),
        up=Axis("Times", Unit.COUNT),
        places=pieces.starts,
        series=tuple(Series(name, tuple(values)) for name, values in zip(KINDS, counts, strict=True)),
        written=written,
    )


def _events(client: Client, pieces: Pieces) -> Any:
    done = AuditEntry.result == AuditResult.DONE
    signed_in = (AuditEntry.action == Action.SIGNED_IN.value) & done
    failed = AuditEntry.action.in_(_FAILURES)
    kind = Case(None, [(signed_in, _SIGN_INS), (failed, _FAILED)], _RESETS)
    # What somebody does who is signed in stands under their account alone.
    theirs = AuditEntry.client_id == client.id
    if client.identity_id is not None:
        theirs |= AuditEntry.identity_id == client.identity_id
    return (
        AuditEntry.select(pieces.number_of(AuditEntry.at), kind, fn.COUNT(AuditEntry.id))
        .where(
            theirs
            & (AuditEntry.agency_id == client.agency_id)
            & (AuditEntry.at >= pieces.since)
            & (signed_in | failed | (IS_RESET & done))
        )
        .group_by(SQL("1"), SQL("2"))
        .tuples()
    )


def _mails(client: Client, pieces: Pieces) -> Any:
    if client.identity_id is None:
        return ()
    return (
        OutboxMessage.select(pieces.number_of(OutboxMessage.created_at), fn.COUNT(OutboxMessage.id))
        .where((OutboxMessage.identity_id == client.identity_id) & (OutboxMessage.created_at >= pieces.since))
        .group_by(SQL("1"))
        .tuples()
    )


def _told(client: Client, period: Period, totals: list[int], written: Conventions) -> str:
    if client.identity_id is None and not any(totals):
        return "This client has no account yet, so nothing happened to it."
    if not any(totals):
        return f"Nothing happened to the account in the last {period}."
    parts = (
        counted(totals[_SIGN_INS], "sign-in", "sign-ins", written),
        counted(totals[_FAILED], "failed one", "failed ones", written),
        counted(totals[_RESETS], "reset", "resets", written),
        counted(totals[_MAILS], "mail", "mails", written),
    )
    return f"In the last {period}: {', '.join(parts[:-1])} and {parts[-1]}."
