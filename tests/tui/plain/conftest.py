"""What the talks have in common: an agency, and a client of it."""

from __future__ import annotations

import pytest

from models.client import Client
from services.desk import Desk
from tests import making
from tests.making import MadeAgency


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def brent(desk: Desk, ray: MadeAgency) -> Client:
    return making.make_client(desk, ray.agency)
