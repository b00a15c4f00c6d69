"""What the tests of lists share: taking one in."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.clients.importing import run as running
from services.desk import Desk
from tests.making import MadeAgency
from tests.services.uploading import Uploader


@pytest.fixture
def upload(desk: Desk, ray: MadeAgency, tmp_path: Path) -> Uploader:
    """Takes in lists for the agency."""
    return Uploader(desk, ray, tmp_path)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are a batch."""
    monkeypatch.setattr(running, "BATCH_ROWS", 3)
