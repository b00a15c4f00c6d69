"""What the tests of the Clients tab share: the desk, and a row as it is stored."""

from __future__ import annotations

import pytest

from screens.workplace import Workplace
from services.desk import Desk
from tests.screens.desk_stage import DeskStage


@pytest.fixture
def stage(place: Workplace, desk: Desk) -> DeskStage:
    """The desk of an agency without clients."""
    return DeskStage(place, desk)
