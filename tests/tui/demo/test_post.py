"""The stage's post, beside a sandbox whose database may be exchanged at any moment."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services.desk import Desk
from services.errors import NotFound
from services.sandbox.post import deliver
from tests import making
from tests.services.sandbox.conftest import in_sandbox
from tui.demo.post import Post


class _Held:
    """In the place of a sandbox's lock: knows how often it was taken."""

    def __init__(self) -> None:
        self.times = 0

    def __enter__(self) -> None:
        self.times += 1

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """A sandbox is always embedded."""
    return sqlite_url


async def test_a_letter_is_read_only_while_nobody_exchanges_the_database(desk: Desk) -> None:
    sandbox = in_sandbox(desk)
    making.make_agency(sandbox)
    held = _Held()
    box: Any = SimpleNamespace(desk=sandbox, replacing=held, deliver=lambda: deliver(sandbox))
    stage: Any = SimpleNamespace()
    with pytest.raises(NotFound):
        await Post(box, stage).open(99)
    assert held.times == 1
