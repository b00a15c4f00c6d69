"""A trail of ten entries to do something to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.audit import AuditEntry
from models.states import Role, Surface
from services import audit
from services.actor import Actor, Origin
from services.auditing.checking import Report, check
from services.context import Context

SUE = Actor(1, 7, 3, "Sue Wright", Role.ADMINISTRATOR, Origin(Surface.DESK, "203.0.113.7"))
AT_THE_MACHINE = Actor(1, None, None, "command line (root)", Role.ADMINISTRATOR, Origin(Surface.COMMAND, "root"))

Write = Callable[..., None]


@pytest.fixture
def write(ctx: Context) -> Write:
    """Writes so many entries, each in a unit of its own."""

    def some(count: int = 1) -> None:
        for _ in range(count):
            with ctx.unit():
                audit.record(ctx, SUE, audit.Action.RESET_SENT, subject="Brent Thomas", details={"to": "b@x.ca"})

    return some


@pytest.fixture
def trail(write: Write) -> None:
    """Entries 1 to 10."""
    write(10)


def numbers(ctx: Context) -> list[int]:
    """The numbers of all entries, in order."""
    with ctx.read():
        return [int(row.id) for row in AuditEntry.select(AuditEntry.id).order_by(AuditEntry.id)]


def found(report: Report) -> list[tuple[str, int, int]]:
    """What does not hold, and where."""
    return [(finding.kind.value, finding.first, finding.last) for finding in report.findings]


def problems(ctx: Context) -> list[tuple[str, int, int]]:
    """The same of a whole check."""
    return found(check(ctx))
