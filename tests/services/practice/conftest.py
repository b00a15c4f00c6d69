"""A sandbox is always SQLite, so these tests run on it alone."""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The URL of a new database."""
    return sqlite_url
