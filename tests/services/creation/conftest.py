"""What the tests of creating accounts share."""

from __future__ import annotations

import pytest

from models.staff import StaffMember
from services.desk import Desk
from tests.making import MadeAgency
from tests.services.creating import make_colleague, make_office


@pytest.fixture
def frank(desk: Desk, ray: MadeAgency) -> StaffMember:
    """An agent of San Diego without an account."""
    return make_colleague(desk, ray.agency, office=make_office(desk, ray.agency))
