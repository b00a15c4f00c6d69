"""What the tests of screens share: a desk on an SQLite file; `tests.settling` has the waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models.states import Surface
from screens.workplace import Workplace
from services.actor import Origin
from services.desk import Desk


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Screens hold no rule that could differ between engines, so one is enough here."""
    return sqlite_url


@pytest.fixture
def place(desk: Desk) -> Iterator[Workplace]:
    """A workplace over the desk of the test."""
    workplace = Workplace(desk, Origin(Surface.DESK, "tests"))
    yield workplace
    workplace.close()
