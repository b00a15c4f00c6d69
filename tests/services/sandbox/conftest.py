"""A desk with the clock and the post of a sandbox, small and quick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.desk import Desk
from services.sandbox.clock import SandboxClock
from services.sandbox.post import MAIL_HOST


def in_sandbox(desk: Desk) -> Desk:
    """The same desk, as a sandbox has it."""
    ctx = desk.ctx
    settings = replace(ctx.settings, mail=replace(ctx.settings.mail, host=MAIL_HOST))
    return Desk(replace(ctx, settings=settings, clock=SandboxClock(settings.home / "clock")))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """A sandbox is always embedded."""
    return sqlite_url


@pytest.fixture
def sandbox(desk: Desk) -> Iterator[Desk]:
    """A desk with the clock and the post of a sandbox."""
    yield in_sandbox(desk)
