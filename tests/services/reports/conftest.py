"""Reports look back over months, longer than any session lasts: whoever reads them here is at the command line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.desk import Desk
from tests import making
from tests.making import MadeAgency


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency, and its administrator, whose session never ends."""
    made = making.make_agency(desk)
    return made._replace(admin=replace(made.admin, session_id=None))
