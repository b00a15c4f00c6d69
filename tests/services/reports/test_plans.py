"""On SQLite, each report goes along an index that has its order: no page reads or sorts the whole table."""

from __future__ import annotations

import pytest

from services.desk import Desk
from services.reports.catalogue import READINGS
from tests import making
from tests.making import MadeAgency
from tests.services.plans import watched, whole_reads
from tests.services.reports.reading import told


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.parametrize("name", READINGS)
def test_no_table_that_may_be_large_is_read_whole_or_sorted(
    desk: Desk, ray: MadeAgency, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    client = making.make_client(desk, ray.agency)
    making.give_account(desk, ray.admin, client)
    statements = watched(desk, monkeypatch)
    told(desk, ray.admin, name, READINGS[name].report.columns[0].name)
    assert whole_reads(desk, list(statements)) == []
